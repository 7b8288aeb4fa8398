import type { Lexicon } from './lexicons.ts';
import { BREAK, foldWord, rawWord, type Words } from './words.ts';

interface Phrase {
  /** Each a whole word, the beginning of one (`prefix`), one written in capitals, or null for any word. */
  readonly words: readonly { readonly text: string | null; readonly prefix: boolean; readonly capitals: boolean }[];
}

/** A lexicon made ready: looked up by the first word, or by `prefixOf` the first word. */
export interface Matcher {
  /** 1 where some phrase has a first word of these two first letters; most words of a text are told apart by that. */
  readonly beginnings: Uint8Array;
  readonly exact: ReadonlyMap<string, readonly Phrase[]>;
  readonly byPrefix: ReadonlyMap<number, readonly Phrase[]>;
}

export interface Match {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

const PREFIX_LETTERS = 3;
const BEGINNINGS = 1 << 10;

/** Number of a word's first two letters below `BEGINNINGS`; others may have the same. A second one that is not there counts 0. */
const beginningOf = (word: string): number => ((word.charCodeAt(0) & 31) << 5) | (word.charCodeAt(1) & 31);

/** Number of a word's first three letters, so that no string is made of them; a few words of other scripts share one. */
const prefixOf = (word: string): number =>
  ((word.charCodeAt(0) & 0x3ff) << 20) | ((word.charCodeAt(1) & 0x3ff) << 10) | (word.charCodeAt(2) & 0x3ff);

const compile = (phrase: string): Phrase => ({
  words: phrase.split(' ').map((word) => {
    if (word === '_') return { text: null, prefix: false, capitals: false };
    const prefix = word.endsWith('*');
    return { text: foldWord(prefix ? word.slice(0, -1) : word), prefix, capitals: word !== word.toLowerCase() };
  }),
});

function append<K>(map: Map<K, Phrase[]>, key: K, phrase: Phrase): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [phrase]);
  else list.push(phrase);
}

/** Throws on a phrase that begins with `_` or with fewer than three letters and a star: it would match nearly anything. */
export function matcherOf(lexicon: Lexicon): Matcher {
  const exact = new Map<string, Phrase[]>();
  const byPrefix = new Map<number, Phrase[]>();
  const beginnings = new Uint8Array(BEGINNINGS);
  for (const phrase of lexicon.phrases.map(compile)) {
    const [first] = phrase.words;
    if (first === undefined || first.text === null || (first.prefix && first.text.length < PREFIX_LETTERS)) {
      throw new RangeError(`a phrase of ${lexicon.id} begins with too little`);
    }
    if (first.prefix) append(byPrefix, prefixOf(first.text), phrase);
    else append(exact, first.text, phrase);
    beginnings[beginningOf(first.text)] = 1;
  }
  return { beginnings, exact, byPrefix };
}

/** End of the clause that word `at` stands in, exclusive: up to a sentence end or a new line. A label belongs to its clause. */
export function clauseEnd(words: Words, at: number): number {
  let end = at + 1;
  while (end < words.folded.length && (words.breaks[end] as number) < BREAK.sentence) end += 1;
  return end;
}

const fits = (words: Words, phrase: Phrase, at: number): boolean => {
  for (let i = 0; i < phrase.words.length; i += 1) {
    const word = words.folded[at + i];
    if (word === undefined || (i > 0 && (words.breaks[at + i] as number) >= BREAK.sentence)) return false;
    const wanted = phrase.words[i] as Phrase['words'][number];
    if (wanted.text === null) continue;
    if (wanted.prefix ? !word.startsWith(wanted.text) : word !== wanted.text) return false;
    if (wanted.capitals && rawWord(words, at + i) !== rawWord(words, at + i).toUpperCase()) return false;
  }
  return true;
};

const longest = (words: Words, candidates: readonly Phrase[] | undefined, at: number, best: number): number => {
  let length = best;
  for (const phrase of candidates ?? []) {
    if (phrase.words.length > length && fits(words, phrase, at)) length = phrase.words.length;
  }
  return length;
};

/** The longest phrase that begins at each word, in order; matches may overlap. */
export function matchesIn(words: Words, matcher: Matcher): readonly Match[] {
  const found: Match[] = [];
  for (let at = 0; at < words.folded.length; at += 1) {
    const word = words.folded[at] as string;
    if (matcher.beginnings[beginningOf(word)] === 0) continue;
    let length = longest(words, matcher.exact.get(word), at, 0);
    if (word.length >= PREFIX_LETTERS) length = longest(words, matcher.byPrefix.get(prefixOf(word)), at, length);
    if (length > 0) found.push({ from: at, to: at + length });
  }
  return found;
}
