import type { ParsedAttendee, ParsedSession } from '../parse.ts';
import {
  COMMON_WORD_NAMES,
  formsOfPerson,
  isCapitalised,
  isSingleLetter,
  isTitle,
  type NameForm,
  type PersonName,
} from './names.ts';
import { BREAK, rawWord, type Words } from './words.ts';

interface Form {
  readonly words: NameForm;
  /** Roster position of whose name it is. */
  readonly of: number;
  readonly kind: 'first' | 'last';
}

/** Names of a session, by first word. */
interface NameIndex {
  readonly byWord: ReadonlyMap<string, readonly Form[]>;
  /** Words of each one's own names, by roster position. */
  readonly own: ReadonlyMap<number, ReadonlySet<string>>;
  /** Words of the names of those who led the group: they may be named anywhere. */
  readonly leaders: ReadonlySet<string>;
}

const leadersOf = (session: ParsedSession): readonly PersonName[] => [
  session.renderingProvider,
  ...(session.supervisingProvider ? [session.supervisingProvider] : []),
  ...session.coFacilitators,
];

const allWords = (person: PersonName): readonly string[] => {
  const { first, middle, last } = formsOfPerson(person);
  return [...first, ...middle, ...last].flat();
};

const read = (session: ParsedSession): NameIndex => {
  const byWord = new Map<string, Form[]>();
  const add = (form: Form): void => {
    const first = form.words[0] as string;
    // A letter alone is an initial, not a name that anybody could be found by.
    if (form.words.length === 1 && isSingleLetter(first)) return;
    const list = byWord.get(first);
    if (list === undefined) byWord.set(first, [form]);
    else list.push(form);
  };
  const own = new Map<number, ReadonlySet<string>>();
  for (const { index, fields } of session.attendees) {
    if (!fields.patient) continue;
    const { first, last } = formsOfPerson(fields.patient);
    for (const words of first) add({ words, of: index, kind: 'first' });
    for (const words of last) add({ words, of: index, kind: 'last' });
    own.set(index, new Set(allWords(fields.patient)));
  }
  return { byWord, own, leaders: new Set(leadersOf(session).flatMap(allWords)) };
};

const known = new WeakMap<ParsedSession, NameIndex>();

const indexOf = (session: ParsedSession): NameIndex => {
  const before = known.get(session);
  if (before !== undefined) return before;
  const index = read(session);
  known.set(session, index);
  return index;
};

const fits = (words: Words, form: NameForm, at: number): boolean => form.every((word, i) => words.folded[at + i] === word);

/** A capital there means a name: nothing begins at the word, or it is no word of the language. */
const opensSentence = (words: Words, at: number): boolean => {
  if ((words.breaks[at] as number) !== BREAK.none) return at === 0 || !isTitle(words.folded[at - 1] as string);
  const before = words.text[(words.starts[at] as number) - 1] ?? '';
  return '"“‘«('.includes(before) && before !== '';
};

const isPossessive = (words: Words, at: number): boolean => /['’‘ʼ`]s$/i.test(rawWord(words, at));

/** In a text without lower case a capital says nothing. */
const allCapitals = (words: Words): boolean => !/\p{Ll}/u.test(words.text);

/** A shorter surname in lower case is more often a word of some language than somebody's name. */
const SURE_IN_LOWER_CASE = 4;

export interface NamesFound {
  /** Roster positions whose surname or full name is there. */
  readonly surely: readonly number[];
  /** Roster positions of whom the first name alone is there, or a surname that may be a word. */
  readonly perhaps: readonly number[];
}

/**
 * Whose names stand in a text about `own` (N09). A surname counts where it has a capital; one that is also a word
 * (`COMMON_WORD_NAMES`) not where a sentence begins. The person's own names and those of the group's leaders are nobody
 * else's, unless a full name says so.
 */
export function otherNamesIn(session: ParsedSession, own: ParsedAttendee, words: Words): NamesFound {
  const { byWord, own: ownWords, leaders } = indexOf(session);
  const mine = ownWords.get(own.index) ?? new Set<string>();
  const excused = (form: NameForm): boolean => form.every((word) => mine.has(word) || leaders.has(word));
  const surely = new Set<number>();
  const perhaps = new Set<number>();
  const { folded } = words;

  const isFullName = (form: Form, at: number): boolean => {
    const wanted = form.kind === 'first' ? 'last' : 'first';
    const next = at + form.words.length;
    if (next >= folded.length || (words.breaks[next] as number) > BREAK.none) return false;
    const pair = (byWord.get(folded[next] as string) ?? []).find(
      (f) => f.of === form.of && f.kind === wanted && fits(words, f.words, next),
    );
    if (pair === undefined) return false;
    const whole = [...form.words, ...pair.words];
    // Two people called Sarah Moreno: on the page they are one.
    if (whole.every((word) => mine.has(word)) || whole.every((word) => leaders.has(word))) return false;
    return isCapitalised(words, at) || isCapitalised(words, next) || !whole.some((word) => COMMON_WORD_NAMES.has(word));
  };

  for (let at = 0; at < folded.length; at += 1) {
    const forms = byWord.get(folded[at] as string);
    if (forms === undefined) continue;
    const capital = isCapitalised(words, at);
    for (const form of forms) {
      if (form.of === own.index || !fits(words, form.words, at)) continue;
      if (isFullName(form, at)) surely.add(form.of);
      else if (!excused(form.words)) {
        const common = form.words.length === 1 && COMMON_WORD_NAMES.has(form.words[0] as string);
        const ambiguous = common && !isPossessive(words, at) && (opensSentence(words, at) || allCapitals(words));
        if (form.kind === 'last') {
          if (capital && !ambiguous) surely.add(form.of);
          else if (capital || (!common && (form.words[0] as string).length >= SURE_IN_LOWER_CASE)) perhaps.add(form.of);
        } else if (capital && !ambiguous) perhaps.add(form.of);
      }
    }
  }
  return { surely: [...surely], perhaps: [...perhaps].filter((position) => !surely.has(position)) };
}
