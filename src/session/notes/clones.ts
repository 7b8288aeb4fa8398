import type { ParsedSession } from '../parse.ts';
import type { CloneBands } from './bands.ts';
import { notesOf, type Paragraph } from './session-notes.ts';
import { type Pair, similarPairs } from './similarity.ts';

export type CloneSeverity = 'block' | 'hold' | 'info';

/** What one attendee's paragraph has in common with the others of the session. */
export interface CloneVerdict {
  readonly severity: CloneSeverity;
  /** Roster positions of the paragraphs at this severity, the closest first. */
  readonly others: readonly number[];
  /** Of the closest pair. */
  readonly jaccard: number;
  readonly containment: number;
}

const RANK: Readonly<Record<CloneSeverity, number>> = { block: 3, hold: 2, info: 1 };

const severityOf = (jaccard: number, containment: number, bands: CloneBands): CloneSeverity | null => {
  if (jaccard >= bands.block) return 'block';
  if (jaccard >= bands.hold || containment >= bands.containmentHold) return 'hold';
  return jaccard >= bands.info ? 'info' : null;
};

/** Positions in a list of paragraphs → roster positions. */
const among = (list: readonly Paragraph[], pairs: readonly Pair[]): readonly Pair[] =>
  pairs.map((pair) => ({ ...pair, a: (list[pair.a] as Paragraph).index, b: (list[pair.b] as Paragraph).index }));

/** Too short to measure, yet 25 words may have so few shingles of their own: then the same ones twice are a clone, too. */
const MIN_EQUAL = 5;

function equalPairs(short: readonly Paragraph[]): readonly Pair[] {
  const byShingles = new Map<string, number[]>();
  for (const { index, own } of short) {
    const key = [...own].sort((x, y) => x - y).join(' ');
    byShingles.set(key, [...(byShingles.get(key) ?? []), index]);
  }
  return [...byShingles.values()].flatMap((same) =>
    same.flatMap((a, i) => same.slice(i + 1).map((b): Pair => ({ a, b, jaccard: 1, containment: 1 }))),
  );
}

/**
 * Cloned notes within one session, by roster position (`02` §2.3): every pair compared exactly, what is said of a pair is
 * said of both. Attendees of whom nothing is to be said are not in the map.
 */
export function clonesIn(session: ParsedSession, bands: CloneBands): ReadonlyMap<number, CloneVerdict> {
  const { paragraphs, index } = notesOf(session);
  const all = [...paragraphs.values()];
  const long = all.filter((p) => p.own.length >= bands.minShingles);
  const pairs = [
    ...among(
      long,
      similarPairs(
        long.map((p) => p.own),
        index.size(),
        (jaccard, containment) => severityOf(jaccard, containment, bands) !== null,
      ),
    ),
    ...equalPairs(all.filter((p) => p.own.length < bands.minShingles && p.own.length >= MIN_EQUAL)),
  ];
  const found = new Map<number, { readonly other: number; readonly severity: CloneSeverity; readonly pair: Pair }[]>();
  for (const pair of pairs) {
    const severity = severityOf(pair.jaccard, pair.containment, bands);
    if (severity === null) continue;
    for (const [one, other] of [[pair.a, pair.b] as const, [pair.b, pair.a] as const]) {
      const list = found.get(one);
      const entry = { other, severity, pair };
      if (list === undefined) found.set(one, [entry]);
      else list.push(entry);
    }
  }
  return new Map(
    [...found].map(([position, list]): [number, CloneVerdict] => {
      list.sort(
        (x, y) =>
          RANK[y.severity] - RANK[x.severity] ||
          y.pair.jaccard - x.pair.jaccard ||
          y.pair.containment - x.pair.containment ||
          x.other - y.other,
      );
      const [{ severity, pair }] = list as [(typeof list)[number]];
      const others = list.filter((e) => e.severity === severity).map((e) => e.other);
      return [position, { severity, others, jaccard: pair.jaccard, containment: pair.containment }];
    }),
  );
}
