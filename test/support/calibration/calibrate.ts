import { runGate } from '../../../src/claim/gate.ts';
import { notesOf } from '../../../src/session/notes/session-notes.ts';
import { type Pair, similarPairs } from '../../../src/session/notes/similarity.ts';
import { estimateJaccard, sketchNotes } from '../../../src/session/notes/sketch.ts';
import { type ParsedSession, parseSession } from '../../../src/session/parse.ts';
import { gateInput } from '../gate.ts';
import { KINDS, type Kind, NOTE_SETS, type NoteSet } from './note-sets.ts';

export const OUTCOMES = ['block', 'hold', 'info', 'none'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Measured {
  readonly set: NoteSet;
  /** Per note: what N11 says of it. */
  readonly outcomes: readonly Outcome[];
  /** Words per note. */
  readonly lengths: readonly number[];
  /** Every pair of the set that has a shingle in common. */
  readonly pairs: readonly Pair[];
  /** Greatest difference between a pair's similarity and what the sketches say. */
  readonly sketchError: number;
}

const parsed = (set: NoteSet): ParsedSession => {
  const result = parseSession(set.session);
  if (!result.ok) throw new Error('a labelled set is no session');
  return result.session;
};

const SALT = new Uint8Array(16).fill(42);

function measure(set: NoteSet): Measured {
  const session = parsed(set);
  const { paragraphs, index } = notesOf(session);
  const all = [...paragraphs.values()];
  const pairs = similarPairs(
    all.map((p) => p.own),
    index.size(),
    () => true,
  );
  const minima = sketchNotes(session, SALT, 1).map((s) => s.minima);
  const errors = pairs.map((p) => {
    const [a, b] = [minima[p.a], minima[p.b]];
    return a === undefined || b === undefined ? 0 : Math.abs(estimateJaccard(a, b) - p.jaccard);
  });
  const outcomes = runGate(gateInput(set.session)).attendees.map((a): Outcome => {
    const found = a.findings.find((f) => f.rule === 'N11')?.severity ?? 'none';
    return found === 'warn' ? 'none' : found;
  });
  return { set, outcomes, lengths: all.map((p) => p.words.count), pairs, sketchError: Math.max(0, ...errors) };
}

export function measureAll(): readonly Measured[] {
  return NOTE_SETS.map(measure);
}

const of = (all: readonly Measured[], kind: Kind): readonly Measured[] => all.filter((m) => m.set.kind === kind);
const two = (n: number): string => n.toFixed(2);
const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

/** Per attendee of a set: similarity to the one that is most like it; 0 when nothing is in common. */
const closest = ({ pairs, outcomes }: Measured): readonly number[] =>
  outcomes.map((_, i) => Math.max(0, ...pairs.filter((p) => p.a === i || p.b === i).map((p) => p.jaccard)));

/** The calibration as Markdown: what N11 says of each kind, the similarities behind it, and what other limits would do. */
export function calibrationTables(all: readonly Measured[] = measureAll()): string {
  const confusion = table(
    ['kind', 'sets', 'notes', 'words', ...OUTCOMES],
    KINDS.map((kind) => {
      const sets = of(all, kind);
      const outcomes = sets.flatMap((m) => m.outcomes);
      const lengths = sets.flatMap((m) => m.lengths);
      const counted = OUTCOMES.map((o) => outcomes.filter((x) => x === o).length);
      return [kind, sets.length, outcomes.length, `${Math.min(...lengths)}–${Math.max(...lengths)}`, ...counted];
    }),
  );
  const similarities = table(
    ['kind', 'least', 'median', 'greatest', 'greatest containment'],
    KINDS.map((kind) => {
      const sets = of(all, kind);
      const values = sets.flatMap(closest).sort((a, b) => a - b);
      const containment = Math.max(0, ...sets.flatMap((m) => m.pairs.map((p) => p.containment)));
      const [least = 0, median = 0, greatest = 0] = [values[0], values[values.length >> 1], values[values.length - 1]];
      return [kind, two(least), two(median), two(greatest), two(containment)];
    }),
  );
  const limits = table(
    ['limit of Jaccard', 'copies found', 'own notes flagged'],
    [0.2, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.85].map((limit) => {
      const share = (cloned: boolean): string => {
        const values = all.filter((m) => m.set.cloned === cloned).flatMap(closest);
        return `${values.filter((v) => v >= limit).length} of ${values.length}`;
      };
      return [two(limit), share(true), share(false)];
    }),
  );
  const error = Math.max(...all.map((m) => m.sketchError));
  return [
    'What N11 says of the notes of each kind:',
    confusion,
    'Similarity (Jaccard) of each note to the one of its session that is most like it:',
    similarities,
    'What another limit would do, containment left out:',
    limits,
    `Greatest error of a sketch over all pairs: ${two(error)}.`,
  ].join('\n\n');
}
