import { TRANSLITERATION } from './transliteration.ts';

/**
 * The basic character set of X12 (appendix B.1.1.2.2): `A–Z 0–9 ! " & ' ( ) * + , - . / : ; ? =` and space. `*` and `:`
 * are in it but are our delimiters, and 5010 has no escape character, so that no data may hold them (spec 04 §4.1).
 */
const DATA_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!"&\'()+,-./;?= ';

/** By UTF-16 code unit, so that no lookup is ever out of bounds. */
const IS_DATA = new Uint8Array(65_536);
for (const c of DATA_CHARACTERS) IS_DATA[c.charCodeAt(0)] = 1;

const SPACE = 32;

export type FitNote = 'transliterated' | 'replaced' | 'emptied';

/** True when every character may stand inside an element that we write. */
export function isDataText(value: string): boolean {
  for (let i = 0; i < value.length; i++) if (IS_DATA[value.charCodeAt(i)] !== 1) return false;
  return true;
}

/** True when the first `count` texts are data characters only, none with a space at an end: one pass where `isDataText` would take a call for each. */
export function areDataTexts(texts: readonly { readonly value: string }[], count: number): boolean {
  for (let n = 0; n < count; n++) {
    const text = (texts[n] as { readonly value: string }).value;
    const last = text.length - 1;
    if (last < 0) continue;
    for (let i = 0; i <= last; i++) if (IS_DATA[text.charCodeAt(i)] !== 1) return false;
    if (text.charCodeAt(0) === SPACE || text.charCodeAt(last) === SPACE) return false;
  }
  return true;
}

/** How much work a text needs: 0 none (data characters, single spaces, none at an end), 1 only upper case, 2 more. */
function effort(value: string): 0 | 1 | 2 {
  let result: 0 | 1 = 0;
  let before = 32;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (IS_DATA[code] !== 1) {
      if (code < 97 || code > 122) return 2;
      result = 1;
    } else if (code === 32 && before === 32) {
      return 2;
    }
    before = code;
  }
  return before === 32 && value.length > 0 ? 2 : result;
}

const NO_NOTES: readonly FitNote[] = [];

/**
 * Any Unicode → text of the basic set (spec 02 A14). Letters lose their accents or are spelt out (é→E, ß→SS, Æ→AE, Ł→L,
 * ’→'), case goes up; what has no equivalent (delimiters, `#`, emoji, control characters) becomes a space; runs of spaces
 * become one and the ends are trimmed. Marks without width vanish. `notes` says what happened, each at most once:
 * `transliterated`, `replaced` (by a space), `emptied` (nothing is left of a non-empty value).
 */
export function fitText(value: string): { readonly text: string; readonly notes: readonly FitNote[] } {
  const needed = effort(value);
  if (needed < 2) return { text: needed === 0 ? value : value.toUpperCase(), notes: NO_NOTES };
  const codes: number[] = [];
  let transliterated = false;
  let replaced = false;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < 128) {
      const upper = code >= 97 && code <= 122 ? code - 32 : code;
      if (IS_DATA[upper] !== 1) replaced = true;
      pushOnce(codes, IS_DATA[upper] === 1 ? upper : SPACE);
      continue;
    }
    const character = String.fromCodePoint(value.codePointAt(i) ?? SPACE);
    i += character.length - 1;
    const spelling = transliterate(character);
    if (spelling === null) replaced = true;
    else transliterated = true;
    for (let k = 0; k < (spelling ?? ' ').length; k++) pushOnce(codes, (spelling ?? ' ').charCodeAt(k));
  }
  if (codes.at(-1) === SPACE) codes.pop();
  const text = fromCodes(codes);
  const notes: FitNote[] = [];
  if (transliterated) notes.push('transliterated');
  if (replaced) notes.push('replaced');
  if (text === '' && value !== '') notes.push('emptied');
  return { text, notes };
}

/** The text of `fitText` alone. */
export function plainText(value: string): string {
  const needed = effort(value);
  if (needed === 0) return value;
  return needed === 1 ? value.toUpperCase() : fitText(value).text;
}

/** True when something is left of a text made to fit. */
export function leavesText(value: string): boolean {
  return effort(value) < 2 ? value !== '' : fitText(value).text !== '';
}

/** Appends a character; a space only behind something that is none. */
function pushOnce(codes: number[], code: number): void {
  if (code === SPACE && (codes.length === 0 || codes[codes.length - 1] === SPACE)) return;
  codes.push(code);
}

function fromCodes(codes: readonly number[]): string {
  let text = '';
  for (let i = 0; i < codes.length; i += 4096) text += String.fromCharCode(...codes.slice(i, i + 4096));
  return text;
}

const SPELLED = new Map<string, string | null>(TRANSLITERATION);

/** Data characters for one non-ASCII character, '' where it has no width, null where there is no equivalent. */
function transliterate(character: string): string | null {
  let spelling = SPELLED.get(character);
  if (spelling === undefined) {
    spelling = spell(character);
    if (character < '\u2e80') SPELLED.set(character, spelling);
  }
  return spelling;
}

function spell(character: string): string | null {
  if (/^[\p{M}\p{Cf}]$/u.test(character)) return '';
  if (/^\p{Zs}$/u.test(character)) return ' ';
  let result = '';
  for (const part of character.normalize('NFKD')) {
    const mark = /^\p{M}$/u.test(part) ? '' : null;
    const piece = part.charCodeAt(0) < 128 ? part.toUpperCase() : (TRANSLITERATION.get(part) ?? mark);
    if (piece === null || !isDataText(piece)) return null;
    result += piece;
  }
  return result === '' ? null : result;
}

/**
 * An identifier (member id, group number, authorization) is only trimmed and put in upper case; anything outside the
 * basic set, a delimiter, or nothing at all → not ok.
 */
export function fitIdentifier(value: string): { readonly ok: true; readonly value: string } | { readonly ok: false } {
  const fitted = plainIdentifier(value);
  return fitted === null ? { ok: false } : { ok: true, value: fitted };
}

/** The same as the identifier itself, or null. */
export function plainIdentifier(value: string): string | null {
  if (effort(value) === 0 && value !== '') return value;
  const trimmed = value.trim();
  if (trimmed === '' || !isIdentifierText(trimmed)) return null;
  return trimmed.toUpperCase();
}

function isIdentifierText(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (IS_DATA[code >= 97 && code <= 122 ? code - 32 : code] !== 1) return false;
  }
  return true;
}

/** At most `max` characters of a fitted text; never ends in a space. Compare lengths to know whether something was lost. */
export function cutText(text: string, max: number): string {
  return text.length <= max ? text : text.slice(0, max).trimEnd();
}

/**
 * Fits two address lines into `max` characters each: what does not fit the first flows into the second, broken at a
 * word where there is one. `cut` is true when something was lost.
 */
export function fitAddressLines(
  line1: string,
  line2: string | null,
  max = 55,
): { readonly line1: string; readonly line2: string | null; readonly cut: boolean } {
  let first = plainText(line1);
  if (line2 === null && first !== '' && first.length <= max) return { line1: first, line2: null, cut: false };
  let second = line2 === null ? '' : plainText(line2);
  if (first === '') {
    first = second;
    second = '';
  }
  if (first.length > max) {
    const space = first.lastIndexOf(' ', max);
    const end = space > 0 ? space : max;
    second = `${first.slice(end).trimStart()} ${second}`.trimEnd();
    first = first.slice(0, end);
  }
  const kept = cutText(second, max);
  return { line1: first, line2: kept === '' ? null : kept, cut: kept.length < second.length };
}
