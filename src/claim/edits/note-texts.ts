import type { Attendee } from '../../../schemas/group-session.ts';
import { notesOf, type Paragraph, wordsIn } from '../../session/notes/session-notes.ts';
import type { Words } from '../../session/notes/words.ts';
import { isFaulty } from '../../session/parse.ts';
import type { AttendeeContext } from '../context.ts';

export interface ReadNote {
  /** Null when there is no note at all. */
  readonly note: NonNullable<Attendee['note']> | null;
  /** Null when there is no text in it. */
  readonly paragraph: Paragraph | null;
  /** JSON pointer of the note, or of the attendee where there is none. */
  readonly path: string;
}

/** The attendee's note as rules read it; null when it could not be read, which its fault of shape says already. */
export function readNote({ attendee, base, input: { session } }: AttendeeContext): ReadNote | null {
  if (isFaulty(attendee, 'note')) return null;
  const note = attendee.fields.note ?? null;
  return {
    note,
    paragraph: notesOf(session).paragraphs.get(attendee.index) ?? null,
    path: note === null ? base : `${base}/note`,
  };
}

/** Pointer of a field of the note; of the note itself where the field was not sent. */
export function fieldPath({ note, path }: ReadNote, field: keyof NonNullable<Attendee['note']>): string {
  return note?.[field] === undefined ? path : `${path}/${field}`;
}

/** Fields of a note that hold text in somebody's words. */
export const TEXT_FIELDS = ['text', 'moodAffect', 'participation', 'plan'] as const;

/** A text field of the note as words; null where nothing is written. */
export function fieldWords(
  { input: { session } }: AttendeeContext,
  { note }: ReadNote,
  field: (typeof TEXT_FIELDS)[number],
): Words | null {
  const text = note?.[field];
  return text ? wordsIn(session, text) : null;
}

/** Roster positions as JSON pointers, the first few of them. */
export function rosterPointers(positions: readonly number[]): string {
  const named = positions.slice(0, 5).map((p) => `/attendees/${p}`);
  const more = positions.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
}
