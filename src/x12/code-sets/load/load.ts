import { type CodeSpan, type CodeTable, parseShipped } from '../table.ts';
import { parseIcd10cm } from './icd10cm.ts';
import { parsePlaces, parseTaxonomy, parseX12List } from './lists.ts';
import type { LoadableSet, ParsedList } from './parsed.ts';

/** An official file by what it is. Faults name lines; nothing is thrown. */
export function parseOfficial(set: LoadableSet, text: string): ParsedList {
  switch (set) {
    case 'icd10cm':
      return parseIcd10cm(text);
    case 'carc':
    case 'rarc':
      return parseX12List(text, set);
    case 'taxonomy':
      return parseTaxonomy(text);
    case 'pos':
      return parsePlaces(text);
  }
}

/** The codes in the shipped lists' form (`table.ts`), grouped by their days: a tenth of the official file. */
export function compactList(codes: ReadonlyMap<string, CodeSpan>): string {
  const lines = new Map<string, string[]>();
  for (const [code, { from, to, header }] of codes) {
    const head = `${header ? 'header' : 'leaf'} ${from ?? '-'} ${to ?? '-'}`;
    const line = lines.get(head);
    if (line === undefined) lines.set(head, [code]);
    else line.push(code);
  }
  return [...lines].map(([head, listed]) => `${head} ${listed.join(' ')}\n`).join('');
}

/** One stored load as a list. Throws when `compact` is not of the form that `compactList` writes. */
export function loadedTable(load: {
  readonly set: LoadableSet;
  readonly fileName: string;
  readonly compact: string;
  readonly from: string | null;
  readonly to: string | null;
  /** The last day for which the file is known to list every code. */
  readonly vouched: string | null;
}): CodeTable {
  return {
    set: load.set,
    name: load.fileName,
    source: 'loaded',
    from: load.from,
    to: load.to,
    dated: load.set === 'carc' || load.set === 'rarc' || load.set === 'pos',
    codes: parseShipped(load.compact).codes,
    complete: [{ prefix: '', from: load.from, to: load.vouched }],
  };
}
