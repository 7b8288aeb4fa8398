import { readFileSync } from 'node:fs';

/**
 * Turns the reference table (`shared/reference/837P-005010X222A1.tsv`, one line per element) into the compact text of
 * `src/x12/837p/guide-table.ts`, whose grammar `src/x12/rules/table.ts` explains. Loop 2300 is listed twice in the
 * source, under the subscriber and under the patient; both lists must be equal and are kept once.
 */
export function compactGuide(tsv: string): string {
  const rows = tsv
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
  const lines: string[] = [];
  const seen = new Map<string, string>();
  let skipUnder: string | null = null;
  let segment: string[] | null = null;
  const flush = (): void => {
    if (segment !== null)
      lines.push(segment.join('|').replace(/(\|N)+$/, (tail) => (tail.length > 2 ? `|N${tail.length / 2}` : tail)));
    segment = null;
  };

  for (const [path = '', what = '', usage = '', repeat = '', name = '', type = '', length = '', codes = '', extra = ''] of rows) {
    if (skipUnder !== null && path.startsWith(skipUnder)) {
      if (path !== skipUnder || what !== 'LOOP') continue;
    } else {
      skipUnder = null;
    }
    const position = extra.startsWith('pos ') ? String(Number(extra.slice(4))) : '-';
    if (what === 'LOOP') {
      flush();
      const ids = path.split('/').slice(1);
      const id = ids.at(-1) ?? '';
      lines.push(`${'>'.repeat(ids.length)}${id} ${usage} ${repeat} ${position} ${name}`);
      const first = seen.get(id);
      if (first === undefined) {
        seen.set(id, path);
      } else {
        assertSameRows(rows, first, path);
        skipUnder = path;
      }
      continue;
    }
    if (what.startsWith('SEG ')) {
      flush();
      const notes = codes === '' ? '-' : codes.replace('syntax ', '').replaceAll(';', ',');
      segment = [`${path.split('/').at(-1)} ${what.slice(4)} ${usage} ${repeat} ${position} ${notes} ${name}`];
      continue;
    }
    if (segment === null) throw new Error(`element outside a segment: ${what}`);
    const component = what.includes('-');
    if (component && segment.at(-1) === 'N') continue;
    const mark = component ? '.' : '';
    if (usage === 'N') {
      segment.push(`${mark}N`);
      continue;
    }
    if (repeat !== '') throw new Error(`a repeating element is in use: ${what}`);
    if (what.startsWith('COMP ')) {
      segment.push(`${usage} C - - ${name}`);
      continue;
    }
    const values = codes !== '' ? codes : extra !== '' ? `/${extra}/` : '-';
    segment.push(`${mark}${usage} ${type} ${length} ${values} ${name}`);
  }
  flush();
  return lines.join('\n');
}

function assertSameRows(rows: readonly string[][], first: string, second: string): void {
  const under = (prefix: string): string =>
    JSON.stringify(
      rows
        .filter((r) => (r[0] ?? '').startsWith(prefix) && !(r[0] === prefix && r[1] === 'LOOP'))
        .map((r) => [(r[0] ?? '').slice(prefix.length), ...r.slice(1)]),
    );
  if (under(first) !== under(second)) throw new Error(`the two lists of ${first} differ`);
}

const HEAD = `/**
 * Segment table of 005010X222A1: loops, segments, elements with usage, type, length, codes and syntax notes.
 * Generated from shared/reference/837P-005010X222A1.tsv by test/unit/x12/guide-source.ts; do not edit. The test
 * guide-table.test.ts compares it with that table where the table is present and rewrites it on UPDATE_GOLDEN=1.
 * What the table says wrongly or leaves open is in guide-corrections.ts. Grammar: src/x12/rules/table.ts.
 */
export const GUIDE_TABLE = \`
`;

/** The whole text of `src/x12/837p/guide-table.ts`. */
export function guideTableModule(tsvPath: string): string {
  const text = compactGuide(readFileSync(tsvPath, 'utf8'));
  if (/[`\\]|\$\{/.test(text)) throw new Error('the table needs escaping');
  return `${HEAD}${text}\n\`;\n`;
}
