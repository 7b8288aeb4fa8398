import type { CodeSpan } from '../table.ts';

/** The lists that `rollcall tables load` takes in their official form. */
export type LoadableSet = 'icd10cm' | 'carc' | 'rarc' | 'pos' | 'taxonomy';
export const LOADABLE_SETS: readonly LoadableSet[] = ['icd10cm', 'carc', 'rarc', 'pos', 'taxonomy'];

export interface LineFault {
  /** 1-based line of the file. */
  readonly line: number;
  readonly message: string;
}

/** All of a file or nothing of it: one faulty line refuses it. Faults come with every line at once, at most a hundred. */
export type ParsedList =
  | { readonly ok: true; readonly codes: ReadonlyMap<string, CodeSpan> }
  | { readonly ok: false; readonly faults: readonly LineFault[] };

const MOST_FAULTS = 100;

/** Collects codes and faults; a code that comes twice is a fault. */
export function collector(): {
  readonly add: (line: number, code: string, span: CodeSpan) => void;
  readonly fault: (line: number, message: string) => void;
  readonly end: () => ParsedList;
} {
  const codes = new Map<string, CodeSpan>();
  const faults: LineFault[] = [];
  const fault = (line: number, message: string): void => {
    if (faults.length < MOST_FAULTS) faults.push({ line, message });
  };
  return {
    add(line, code, span) {
      if (codes.has(code)) fault(line, `${code} is there twice`);
      codes.set(code, span);
    },
    fault,
    end() {
      if (faults.length > 0) return { ok: false, faults };
      if (codes.size === 0) return { ok: false, faults: [{ line: 1, message: 'the file lists no code' }] };
      return { ok: true, codes };
    },
  };
}

export interface CsvRow {
  /** The line that the row begins on. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Comma or tab separated text (the first line tells), quoted cells may hold separators, doubled quotes and line ends. */
export function readRows(text: string): readonly CsvRow[] {
  const source = text.replace(/^\uFEFF/, '');
  const firstLine = source.slice(0, Math.max(0, source.search(/[\r\n]|$/)));
  const separator = firstLine.includes('\t') ? '\t' : ',';
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  let line = 1;
  let began = 1;
  const endRow = (): void => {
    cells.push(cell.trim());
    if (cells.some((c) => c !== '')) rows.push({ line: began, cells });
    cells = [];
    cell = '';
  };
  for (let i = 0; i < source.length; i++) {
    const c = source.charAt(i);
    if (c === '\n') line += 1;
    if (quoted) {
      if (c !== '"') cell += c;
      else if (source.charAt(i + 1) === '"') {
        cell += '"';
        i++;
      } else quoted = false;
    } else if (c === '"' && cell.trim() === '') {
      cell = '';
      quoted = true;
    } else if (c === separator) {
      cells.push(cell.trim());
      cell = '';
    } else if (c === '\n') {
      endRow();
      began = line;
    } else if (c !== '\r') cell += c;
  }
  endRow();
  return rows;
}

/** `2026-10-01`, `10/01/2026` or `20261001` as `2026-10-01`; null for anything else. */
export function readDay(text: string): string | null {
  const us = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  const [year = '', month = '', day = ''] = us
    ? [us[3], us[1], us[2]]
    : (/^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text)?.slice(1) ?? []);
  if (year === '' || Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > 31) return null;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}
