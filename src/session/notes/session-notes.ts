import { hasAttended } from '../disposition.ts';
import type { ParsedAttendee, ParsedSession } from '../parse.ts';
import { headingsIn } from './headings.ts';
import { type Mask, maskFor, type PersonName, personsIn } from './names.ts';
import { maskedWords, type ShingleIndex, shingleIndex } from './shingles.ts';
import { type Words, wordsOf } from './words.ts';

/** One attendee's paragraph, read once for every rule that needs it. */
export interface Paragraph {
  /** Roster position. */
  readonly index: number;
  readonly words: Words;
  /** By word: 1 where a person is meant. */
  readonly persons: Uint8Array;
  /** By word: 1 where it belongs to a heading that the group shares. */
  readonly headings: Uint8Array;
  /** Words without headings (`Words.count` otherwise). */
  readonly ownCount: number;
  /** All shingles, each once, and those that the group note does not have. */
  readonly shingles: readonly number[];
  readonly own: readonly number[];
}

export interface SessionNotes {
  /** By roster position; only of attendees who were there and have a text. */
  readonly paragraphs: ReadonlyMap<number, Paragraph>;
  readonly mask: Mask;
  readonly index: ShingleIndex;
}

const cut = new WeakMap<ParsedSession, Map<string, Words>>();

/** A text of a session as words: cut once, whatever rules read it, and kept as long as the session is. */
export function wordsIn(session: ParsedSession, text: string): Words {
  let texts = cut.get(session);
  if (texts === undefined) {
    texts = new Map();
    cut.set(session, texts);
  }
  const before = texts.get(text);
  if (before !== undefined) return before;
  const words = wordsOf(text);
  texts.set(text, words);
  return words;
}

function sumOf(marks: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < marks.length; at += 1) sum += marks[at] as number;
  return sum;
}

const nameOf = ({ fields: { patient } }: ParsedAttendee): readonly PersonName[] => (patient ? [patient] : []);

const read = (session: ParsedSession): SessionNotes => {
  const mask = maskFor(session.attendees.flatMap(nameOf));
  const index = shingleIndex();
  const shinglesOf = (words: Words, headings: Uint8Array, persons: Uint8Array): readonly number[] =>
    index.of(maskedWords(words.folded, persons, headings));

  const { theme, interventions, dynamics } = session.groupNote;
  const ofGroup = new Set(
    [theme, dynamics, ...interventions].flatMap((text) => {
      const words = wordsIn(session, text);
      return shinglesOf(words, new Uint8Array(words.folded.length), personsIn(words, mask));
    }),
  );

  const present = session.attendees.filter((a) => hasAttended(a.status) && (a.fields.note?.text ?? '') !== '');
  const texts = present.map((a) => wordsIn(session, a.fields.note?.text ?? ''));
  const headings = headingsIn(texts);
  const paragraphs = present.map(({ index: position }, i): [number, Paragraph] => {
    const [words, inHeading] = [texts[i] as Words, headings[i] as Uint8Array];
    const persons = personsIn(words, mask);
    const shingles = shinglesOf(words, inHeading, persons);
    const own = ofGroup.size === 0 ? shingles : shingles.filter((s) => !ofGroup.has(s));
    const ownCount = words.count - sumOf(inHeading);
    return [position, { index: position, words, persons, headings: inHeading, ownCount, shingles, own }];
  });
  return { paragraphs: new Map(paragraphs), mask, index };
};

const known = new WeakMap<ParsedSession, SessionNotes>();

/** The paragraphs of a session, cut, masked and numbered; read once per session, kept as long as the session is. */
export function notesOf(session: ParsedSession): SessionNotes {
  const before = known.get(session);
  if (before !== undefined) return before;
  const notes = read(session);
  known.set(session, notes);
  return notes;
}
