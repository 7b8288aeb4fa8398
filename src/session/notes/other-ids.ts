import type { ParsedAttendee, ParsedSession } from '../parse.ts';
import { formsOfPerson, type NameForm } from './names.ts';

/** What can be told from counts and words where it stands inside a text. */
const LEAST_IN_TEXT = 4;
/** A shorter surname is often a part of some other word. */
const LEAST_NAME = 4;

interface Owned {
  readonly ids: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
}

interface IdIndex {
  /** Roster positions by what is theirs. */
  readonly ids: ReadonlyMap<string, readonly number[]>;
  readonly names: ReadonlyMap<string, readonly number[]>;
  /** By roster position: what may stand on that one's own claim although it is another's, too. */
  readonly own: readonly Owned[];
}

/** An identifier as it is compared: letters and digits alone, in upper case. */
const plain = (id: string): string => id.toUpperCase().replace(/[^A-Z0-9]/g, '');

const memberIds = ({ fields }: ParsedAttendee): readonly string[] => (fields.coverages ?? []).map((c) => c.memberId);

const inOneWord = ([whole = []]: readonly NameForm[]): string => whole.join('').toUpperCase();

/** A surname alone and with first name or initial on either side: how people make numbers out of names. */
function namesOf({ fields }: ParsedAttendee): readonly string[] {
  if (!fields.patient) return [];
  const forms = formsOfPerson(fields.patient);
  const [first, last] = [inOneWord(forms.first), inOneWord(forms.last)];
  if (last.length < LEAST_NAME) return [];
  const firsts = first === '' ? [] : [first, first.slice(0, 1)];
  return [last, ...firsts.flatMap((f) => [f + last, last + f])];
}

const read = ({ attendees }: ParsedSession): IdIndex => {
  const ids = new Map<string, number[]>();
  const names = new Map<string, number[]>();
  const add = (to: Map<string, number[]>, key: string, of: number): void => {
    const known = to.get(key);
    if (known !== undefined) known.push(of);
    else if (key !== '') to.set(key, [of]);
  };
  const own = attendees.map((a): Owned => {
    // Not the record number: that it is somebody else's may be the very mistake.
    const mine = { ids: new Set([a.externalId, ...memberIds(a)].map(plain)), names: new Set(namesOf(a)) };
    for (const id of new Set([...mine.ids, plain(a.fields.claim?.medicalRecordNumber ?? '')])) add(ids, id, a.index);
    for (const name of mine.names) add(names, name, a.index);
    return mine;
  });
  return { ids, names, own };
};

const known = new WeakMap<ParsedSession, IdIndex>();

const indexOf = (session: ParsedSession): IdIndex => {
  const before = known.get(session);
  if (before !== undefined) return before;
  const index = read(session);
  known.set(session, index);
  return index;
};

/** Every run of letters and digits, and every chain of them that single signs part: `1EG4-TE5-MK73`, `pt-1002`. */
function chainsIn(text: string): readonly string[] {
  const runs = [...text.toUpperCase().matchAll(/[A-Z0-9]+/g)];
  const chains: string[] = [];
  runs.forEach((run, from) => {
    let chain = run[0];
    chains.push(chain);
    let end = run.index + chain.length;
    for (let to = from + 1; to < runs.length; to += 1) {
      const next = runs[to] as RegExpExecArray;
      if (next.index > end + 1) break;
      chain += next[0];
      chains.push(chain);
      end = next.index + next[0].length;
    }
  });
  return chains;
}

const others = (session: ParsedSession, own: ParsedAttendee, positions: readonly number[]): readonly number[] =>
  [...new Set(positions)].filter((of) => session.attendees[of]?.externalId !== own.externalId);

/**
 * Roster positions whose external id, member id or medical record number stands in a text, whatever single signs part its
 * own. Ids without a digit or of fewer than four signs are not looked for: they are words and counts.
 */
export function otherIdsInText(session: ParsedSession, own: ParsedAttendee, text: string): readonly number[] {
  if (!/\d/.test(text)) return [];
  const index = indexOf(session);
  const found = chainsIn(text)
    .filter((chain) => chain.length >= LEAST_IN_TEXT && /\d/.test(chain) && !index.own[own.index]?.ids.has(chain))
    .flatMap((chain) => index.ids.get(chain) ?? []);
  return others(session, own, found);
}

/**
 * The same of an identifier: it is theirs as a whole, theirs stands in it, or one of its runs of letters is their surname,
 * alone or with first name or initial (`MDELGADO-0412`).
 */
export function otherIdsInIdentifier(session: ParsedSession, own: ParsedAttendee, identifier: string): readonly number[] {
  const index = indexOf(session);
  const mine = index.own[own.index];
  const whole = plain(identifier);
  const runs = (identifier.toUpperCase().match(/[A-Z]+/g) ?? []).filter((run) => !mine?.names.has(run));
  return others(session, own, [
    ...(mine?.ids.has(whole) ? [] : (index.ids.get(whole) ?? [])),
    ...runs.flatMap((run) => index.names.get(run) ?? []),
    ...otherIdsInText(session, own, identifier),
  ]);
}
