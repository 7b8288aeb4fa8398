import type { CodeSetName, CodeSets, CodeStatus } from './code-sets.ts';

/** The days `YYYY-MM-DD` on which a code was in effect, both inclusive; null is open. */
export interface CodeSpan {
  readonly from: string | null;
  readonly to: string | null;
  /** Exists, but is no billable leaf (ICD-10-CM). */
  readonly header: boolean;
}

/** Codes that begin with `prefix` are all listed for these days: one that is not listed does not exist then. */
export interface Coverage {
  readonly prefix: string;
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * One list as shipped or loaded. `from` and `to` are the days that it speaks of. Where `dated`, the spans are the codes' own
 * dates, so that a listed code outside its span is known not to be in effect even where the list is not complete.
 */
export interface CodeTable {
  readonly set: CodeSetName;
  /** What people see in `rollcall tables list`. */
  readonly name: string;
  readonly source: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly dated: boolean;
  readonly codes: ReadonlyMap<string, readonly CodeSpan[]>;
  readonly complete: readonly Coverage[];
}

const within = (span: { readonly from: string | null; readonly to: string | null }, on: string): boolean =>
  (span.from === null || on >= span.from) && (span.to === null || on <= span.to);

function lookIn(table: CodeTable, code: string, on: string): CodeStatus {
  if (!within(table, on)) return 'not_checked';
  const spans = table.codes.get(code);
  if (spans !== undefined) {
    for (const span of spans) if (within(span, on)) return span.header ? 'header' : 'valid';
    if (table.dated) return 'not_in_effect';
  }
  for (const part of table.complete) {
    if (code.startsWith(part.prefix) && within(part, on)) return spans === undefined ? 'unknown' : 'not_in_effect';
  }
  return 'not_checked';
}

/**
 * The look-up over lists in order of authority: the first one that can say something does. A code that the deciding list
 * does not have, but another one has for other days, is `not_in_effect` rather than `unknown`.
 */
export function createCodeSets(tables: readonly CodeTable[]): CodeSets {
  const bySet = new Map<CodeSetName, CodeTable[]>();
  for (const table of tables) bySet.set(table.set, [...(bySet.get(table.set) ?? []), table]);
  return {
    look(set, code, on) {
      const lists = bySet.get(set);
      if (lists === undefined) return 'not_checked';
      for (const list of lists) {
        const status = lookIn(list, code, on);
        if (status === 'not_checked') continue;
        return status === 'unknown' && lists.some((other) => other.codes.has(code)) ? 'not_in_effect' : status;
      }
      return 'not_checked';
    },
  };
}

/**
 * The shipped lists' own form, one statement a line: `leaf FROM TO CODE …`, `header FROM TO CODE …` (`-` is an open end) and
 * `complete PREFIX FROM TO` (`*` for every code). Throws on anything else: the data is part of the program.
 */
export function parseShipped(
  text: string,
): Pick<CodeTable, 'complete'> & { readonly codes: ReadonlyMap<string, readonly CodeSpan[]> } {
  const codes = new Map<string, CodeSpan[]>();
  const complete: Coverage[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [kind = '', ...rest] = line.split(' ');
    if (kind === 'complete') {
      const [prefix = '', from = '', to = ''] = rest;
      complete.push({ prefix: prefix === '*' ? '' : prefix, from: day(from), to: day(to) });
      continue;
    }
    const [from = '', to = '', ...listed] = rest;
    if ((kind !== 'leaf' && kind !== 'header') || listed.length === 0) throw new Error(`code list: ${line.slice(0, 40)}`);
    const span = { from: day(from), to: day(to), header: kind === 'header' };
    for (const code of listed) {
      const known = codes.get(code);
      if (known === undefined) codes.set(code, [span]);
      else known.push(span);
    }
  }
  return { codes, complete };
}

function day(text: string): string | null {
  if (text === '-') return null;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new Error(`code list: ${text} is no day`);
  return text;
}
