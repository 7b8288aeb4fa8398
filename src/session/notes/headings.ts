import { BREAK, type Words } from './words.ts';

/** A label ("Mood:") or a title line of its own. Longer than this it is a sentence that somebody wrote. */
const MAX_HEADING_WORDS = 6;

interface Segment {
  readonly from: number;
  readonly to: number;
  readonly key: string;
}

/** Labels (whatever stands before a colon) and short lines of one text. */
function candidates(words: Words): readonly Segment[] {
  const { folded, breaks, lastBreak } = words;
  const found: Segment[] = [];
  for (let from = 0; from < folded.length; ) {
    let to = from + 1;
    while (to < folded.length && breaks[to] === BREAK.none) to += 1;
    const after = to < folded.length ? breaks[to] : lastBreak;
    const wholeLine = breaks[from] === BREAK.line && after === BREAK.line;
    if (to - from <= MAX_HEADING_WORDS && (after === BREAK.colon || wholeLine)) {
      found.push({ from, to, key: folded.slice(from, to).join(' ') });
    }
    from = to;
  }
  return found;
}

/**
 * The headings of a template, by text: 1 where a word belongs to one. A heading is a label or a short line that at least
 * half of the group's paragraphs share, and two of them at least. What stands under it is never one, however alike.
 */
export function headingsIn(texts: readonly Words[]): readonly Uint8Array[] {
  const segments = texts.map(candidates);
  const shared = new Map<string, number>();
  for (const own of segments) for (const key of new Set(own.map((s) => s.key))) shared.set(key, (shared.get(key) ?? 0) + 1);
  const enough = Math.max(2, Math.ceil(texts.length / 2));
  return texts.map((words, i) => {
    const marks = new Uint8Array(words.folded.length);
    for (const { from, to, key } of segments[i] ?? []) if ((shared.get(key) ?? 0) >= enough) marks.fill(1, from, to);
    return marks;
  });
}
