import type { ParsedAttendee, ParsedSession } from '../parse.ts';
import { formsOfPerson } from './names.ts';
import { wordsOf } from './words.ts';

interface FullName {
  readonly words: readonly string[];
  /** Roster position of whose name it is. */
  readonly of: number;
}

const known = new WeakMap<ParsedSession, ReadonlyMap<string, readonly FullName[]>>();

/** Full names of a session, in both orders, by first word. */
function fullNamesOf(session: ParsedSession): ReadonlyMap<string, readonly FullName[]> {
  const before = known.get(session);
  if (before !== undefined) return before;
  const byWord = new Map<string, FullName[]>();
  for (const { index, fields } of session.attendees) {
    if (!fields.patient) continue;
    const names = formsOfPerson(fields.patient);
    for (const first of names.first) {
      for (const last of names.last) {
        for (const words of [
          [...first, ...last],
          [...last, ...first],
        ]) {
          const key = words[0] as string;
          const same = byWord.get(key);
          if (same === undefined) byWord.set(key, [{ words, of: index }]);
          else same.push({ words, of: index });
        }
      }
    }
  }
  known.set(session, byWord);
  return byWord;
}

/**
 * Whether somebody else of the session stands with first and last name in a text about `own`, such as a line of an address:
 * there a surname alone is more often a street. A name that is the patient's own, too, is nobody else's.
 */
export function namesOtherInFull(session: ParsedSession, own: ParsedAttendee, text: string): boolean {
  const { folded } = wordsOf(text);
  const byWord = fullNamesOf(session);
  return folded.some((word, at) => {
    const found = byWord.get(word)?.filter(({ words }) => words.every((w, i) => folded[at + i] === w)) ?? [];
    return found.length > 0 && !found.some(({ of }) => of === own.index);
  });
}
