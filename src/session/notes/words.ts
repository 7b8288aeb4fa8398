/** How two words are parted: a colon ends a label, a sentence end a clause, a new line a line. */
export const BREAK = { none: 0, colon: 1, sentence: 2, line: 3 } as const;

/** A text cut into words. Parallel arrays, by position: a session can have a million words, an object each is too much. */
export interface Words {
  /** NFKC of what was written; `starts` and `ends` point into it. */
  readonly text: string;
  /** Lower case, without diacritics, apostrophes and possessive ending: `O’Brien’s` → `obrien`. */
  readonly folded: readonly string[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** What stands before the word, `BREAK`; a text begins with a line. */
  readonly breaks: readonly number[];
  /** What stands after the last word, `BREAK`. */
  readonly lastBreak: number;
  /** For a limit of length: two characters of a script that is written without spaces count as one word. */
  readonly count: number;
}

/**
 * 40 000 characters, all that a note may have, are about 6 700 words of English; whoever has more writes words of one
 * letter, or letters that NFKC unfolds to eighteen. What comes after is not read, so that a body of 2 MiB cannot cost more
 * than its prose could.
 */
const MAX_WORDS = 8_000;
const MAX_CHARACTERS = 40_000;

const BEYOND_ASCII = /[^ -~]/;
const APOSTROPHES = /['’‘ʼ`]/g;
const CLITIC = /['’‘ʼ`](?:s|d|ll|re|ve|m)$/;
/** Letters that have no decomposition but are written without their stroke when a keyboard lacks them. */
const STROKES: Readonly<Record<string, string>> = { ø: 'o', ł: 'l', đ: 'd', ß: 'ss', æ: 'ae', œ: 'oe', ı: 'i', ς: 'σ' };

/** One word as it is compared. */
export function foldWord(raw: string): string {
  const word = withoutApostrophes(raw.toLowerCase());
  if (!BEYOND_ASCII.test(word)) return word;
  return word
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[øłđßæœıς]/g, (letter) => STROKES[letter] ?? letter)
    .normalize('NFC');
}

function withoutApostrophes(word: string): string {
  return word.search(APOSTROPHES) < 0 ? word : word.replace(CLITIC, '').replace(APOSTROPHES, '');
}

/** What a character is to a text. Above `OTHER`, `BREAK` is added. */
const UNKNOWN = 0;
const LETTER = 1;
const MARK = 2;
const APOSTROPHE = 3;
/** Of a script that puts no spaces between words: each character is a word. */
const UNSPACED = 4;
const OTHER = 5;

const UNSPACED_SCRIPT =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const BREAKS: readonly (readonly [number, string])[] = [
  [BREAK.colon, ':'],
  [BREAK.sentence, '.!?;•|。'],
  [BREAK.line, '\n\r\u2028\u2029'],
];

function classify(character: string): number {
  if ("'’‘ʼ`".includes(character)) return APOSTROPHE;
  for (const [code, characters] of BREAKS) if (characters.includes(character)) return OTHER + code;
  if (!/[\p{L}\p{N}\p{M}]/u.test(character)) return OTHER;
  if (UNSPACED_SCRIPT.test(character)) return UNSPACED;
  return /\p{M}/u.test(character) ? MARK : LETTER;
}

/** Filled as characters are met: a look-up in it costs a twentieth of a match of `\p{L}`. */
const CLASSES = new Uint8Array(0x11_0000);

/** From here on a unit may be half of a character. */
const SURROGATES = 0xd800;

function codeAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit < SURROGATES ? unit : (text.codePointAt(at) as number);
}

function classAt(text: string, at: number): number {
  const code = codeAt(text, at);
  const known = CLASSES[code] as number;
  if (known !== UNKNOWN) return known;
  const found = classify(String.fromCodePoint(code));
  CLASSES[code] = found;
  return found;
}

const width = (text: string, at: number): number => (codeAt(text, at) > 0xffff ? 2 : 1);

/** End of the word that begins at `start`: letters, digits and their marks, with apostrophes between them. */
function wordEnd(text: string, start: number): number {
  let at = start + width(text, start);
  while (at < text.length) {
    const kind = classAt(text, at);
    if (kind === LETTER || kind === MARK) at += width(text, at);
    else if (kind === APOSTROPHE && at + 1 < text.length && classAt(text, at + 1) === LETTER) at += 2;
    else break;
  }
  return Math.min(at, text.length);
}

const isDigit = (character: string | undefined): boolean => character !== undefined && character >= '0' && character <= '9';

/** Cuts a text into words, Unicode-aware; linear in its length. */
export function wordsOf(written: string): Words {
  const text = BEYOND_ASCII.test(written) ? written.normalize('NFKC').slice(0, MAX_CHARACTERS) : written.slice(0, MAX_CHARACTERS);
  const lower = text.toLowerCase();
  const aligned = lower.length === text.length;
  const folded: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const breaks: number[] = [];
  let unspaced = 0;
  let gap: number = BREAK.line;
  let at = 0;
  while (at < text.length && folded.length < MAX_WORDS) {
    const kind = classAt(text, at);
    if (kind >= OTHER || kind === APOSTROPHE || kind === MARK) {
      const code = kind > OTHER ? kind - OTHER : BREAK.none;
      // A time of day is one thing: "5:30".
      const inTime = code === BREAK.colon && isDigit(text[at - 1]) && isDigit(text[at + 1]);
      if (code > gap && !inTime) gap = code;
      at += width(text, at);
      continue;
    }
    const end = kind === UNSPACED ? at + width(text, at) : wordEnd(text, at);
    if (kind === UNSPACED) unspaced += 1;
    folded.push(aligned ? foldLower(lower.slice(at, end)) : foldWord(text.slice(at, end)));
    starts.push(at);
    ends.push(end);
    breaks.push(gap);
    gap = BREAK.none;
    at = end;
  }
  const lastBreak = gap === BREAK.none ? BREAK.line : gap;
  return { text, folded, starts, ends, breaks, lastBreak, count: folded.length - Math.floor(unspaced / 2) };
}

/** A word that is in lower case already; most are plain letters, and plain letters need nothing more. */
function foldLower(word: string): string {
  for (let i = 0; i < word.length; i += 1) {
    const code = word.charCodeAt(i);
    if (code > 126 || code === 39 || code === 96) return foldWord(word);
  }
  return word;
}

/** The word as it was written. */
export function rawWord(words: Words, at: number): string {
  return words.text.slice(words.starts[at], words.ends[at]);
}
