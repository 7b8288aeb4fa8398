import { type CsvRow, collector, type ParsedList, readDay, readRows } from './parsed.ts';

const CARC = /^(?:[1-9]\d{0,2}|[A-Z]\d{1,3})$/;
const RARC = /^(?:M|MA|N)\d{1,3}$/;
const TAXONOMY = /^[0-9A-Z]{9}X$/;

const columnOf = (header: CsvRow, wanted: RegExp): number => header.cells.findIndex((cell) => wanted.test(cell));

/**
 * The export of X12's list of claim adjustment reason codes (139) or remittance remark codes (411), comma or tab separated.
 * Dates stand in columns of their own (`Start`, `Stop`) or at the end of the description: `Start: 01/01/1995 | Stop: …`.
 * The stop day itself is no longer in effect. Lines without a code carry on the description above them.
 */
export function parseX12List(text: string, set: 'carc' | 'rarc'): ParsedList {
  const found = collector();
  const [header, ...rows] = readRows(text);
  if (header === undefined) return found.end();
  const code = columnOf(header, /^(?:carc |rarc |reason |remark )?code$/i);
  const start = columnOf(header, /^(?:start|effective)(?: date)?$/i);
  const stop = columnOf(header, /^(?:stop|end|deactivation)(?: date)?$/i);
  const words = columnOf(header, /description/i);
  if (code === -1) found.fault(header.line, 'the header has no column "Code"');
  else if (start === -1 && words === -1) found.fault(header.line, 'the header has neither a column "Start" nor "Description"');
  else {
    const shape = set === 'carc' ? CARC : RARC;
    const entries: { line: number; code: string; start: string; stop: string; words: string }[] = [];
    for (const { line, cells } of rows) {
      const cell = cells[code] ?? '';
      const last = entries.at(-1);
      if (shape.test(cell))
        entries.push({ line, code: cell, start: cells[start] ?? '', stop: cells[stop] ?? '', words: cells[words] ?? '' });
      else if (last !== undefined && cells.length < header.cells.length) last.words += ` ${cells.join(' ')}`;
      else found.fault(line, `the column "Code" holds no ${set === 'carc' ? 'adjustment reason' : 'remark'} code`);
    }
    for (const entry of entries) {
      const from = dateOf(entry.start, entry.words, 'Start');
      const end = dateOf(entry.stop, entry.words, 'Stop');
      if (from === undefined) found.fault(entry.line, 'the start date is no date');
      else if (end === undefined) found.fault(entry.line, 'the stop date is no date');
      else found.add(entry.line, entry.code, { from, to: end === null ? null : dayBefore(end), header: false });
    }
  }
  return found.end();
}

/** Null when there is none, undefined when it cannot be read. */
function dateOf(cell: string, words: string, label: string): string | null | undefined {
  const text = cell !== '' ? cell : new RegExp(`${label}: *([0-9/-]+)`).exec(words)?.[1];
  return text === undefined ? null : (readDay(text) ?? undefined);
}

function dayBefore(day: string): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  if (date > 1) return `${day.slice(0, 8)}${String(date - 1).padStart(2, '0')}`;
  if (month === 1) return `${year - 1}-12-31`;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const length = month === 3 ? (leap ? 29 : 28) : [5, 7, 10, 12].includes(month) ? 30 : 31;
  return `${year}-${String(month - 1).padStart(2, '0')}-${length}`;
}

/** NUCC's `nucc_taxonomy_NNN.csv`: a column `Code` with ten characters. */
export function parseTaxonomy(text: string): ParsedList {
  const found = collector();
  const [header, ...rows] = readRows(text);
  if (header === undefined) return found.end();
  const code = columnOf(header, /^code$/i);
  if (code === -1) found.fault(header.line, 'the header has no column "Code"');
  else {
    for (const { line, cells } of rows) {
      const cell = cells[code] ?? '';
      if (TAXONOMY.test(cell)) found.add(line, cell, { from: null, to: null, header: false });
      else found.fault(line, 'the column "Code" holds no taxonomy code');
    }
  }
  return found.end();
}

/**
 * CMS's place of service list: comma or tab separated with a column of codes, or lines that begin with the code. Ranges
 * such as `28-30` and codes that are unassigned are passed over. A column `Effective` gives a code's first day.
 */
export function parsePlaces(text: string): ParsedList {
  const found = collector();
  const rows = readRows(text);
  const first = rows[0];
  const titled = first !== undefined && !/^\d/.test(first.cells[0] ?? '');
  const code = titled ? columnOf(first, /code/i) : 0;
  const since = titled ? columnOf(first, /effective/i) : -1;
  if (titled && code === -1) found.fault(first.line, 'the header has no column of codes');
  else {
    for (const { line, cells } of titled ? rows.slice(1) : rows) {
      const cell = cells[code] ?? '';
      const [number = ''] = /^\d{1,2}(?= |$)/.exec(cell) ?? [];
      if (/^\d{1,2} ?[-–] ?\d{1,2}/.test(cell) || cells.some((c) => /unassigned/i.test(c))) continue;
      const from = since === -1 || (cells[since] ?? '') === '' ? null : (readDay(cells[since] ?? '') ?? undefined);
      if (number === '') found.fault(line, 'the line has no place of service code');
      else if (from === undefined) found.fault(line, 'the effective date is no date');
      else found.add(line, number.padStart(2, '0'), { from, to: null, header: false });
    }
  }
  return found.end();
}
