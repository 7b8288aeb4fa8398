import { TRANSLITERATION } from './transliteration.ts';

/**
 * The basic character set of X12 (appendix B.1.1.2.2): `A–Z 0–9 ! " & ' ( ) * + , - . / : ; ? =` and space. `*` and `:`
 * are in it but are our delimiters, and 5010 has no escape character, so that no data may hold them (spec 04 §4.1).
 */
const DATA_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!"&\'()+,-./;?= ';

const IS_DATA = new Uint8Array(128);
for (const c of DATA_CHARACTERS) IS_DATA[c.charCodeAt(0)] = 1;

export type FitNote = 'transliterated' | 'replaced' | 'emptied';

/** True when every character may stand inside an element that we write. */
export function isDataText(value: string): boolean {
  for (let i = 0; i < value.length; i++) if (IS_DATA[value.charCodeAt(i)] !== 1) return false;
  return true;
}

/** Data characters only, no space at an end, no two in a row: `fitText` would not change it. */
function isFit(value: string): boolean {
  let spaceBefore = true;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (IS_DATA[code] !== 1 || (code === 32 && spaceBefore)) return false;
    spaceBefore = code === 32;
  }
  return !spaceBefore || value.length === 0;
}

/**
 * Any Unicode → text of the basic set (spec 02 A14). Letters lose their accents or are spelt out (é→E, ß→SS, Æ→AE, Ł→L,
 * ’→'), case goes up; what has no equivalent (delimiters, `#`, emoji, control characters) becomes a space; runs of spaces
 * become one and the ends are trimmed. Marks without width vanish. `notes` says what happened, each at most once:
 * `transliterated`, `replaced` (by a space), `emptied` (nothing is left of a non-empty value).
 */
export function fitText(value: string): { readonly text: string; readonly notes: readonly FitNote[] } {
  if (isFit(value)) return { text: value, notes: [] };
  let text = '';
  let transliterated = false;
  let replaced = false;
  for (const character of value) {
    const code = character.charCodeAt(0);
    if (code < 128) {
      const upper = code >= 97 && code <= 122 ? code - 32 : code;
      if (IS_DATA[upper] === 1) {
        text += String.fromCharCode(upper);
      } else {
        text += ' ';
        replaced = true;
      }
      continue;
    }
    const mapped = transliterate(character);
    if (mapped === null) {
      text += ' ';
      replaced = true;
    } else {
      text += mapped;
      transliterated = true;
    }
  }
  text = text.replace(/ {2,}/g, ' ').trim();
  const notes: FitNote[] = [];
  if (transliterated) notes.push('transliterated');
  if (replaced) notes.push('replaced');
  if (text === '' && value !== '') notes.push('emptied');
  return { text, notes };
}

/** Data characters for one non-ASCII character, '' where it has no width, null where there is no equivalent. */
function transliterate(character: string): string | null {
  const known = TRANSLITERATION.get(character);
  if (known !== undefined) return known;
  if (/^[\p{M}\p{Cf}]$/u.test(character)) return '';
  if (/^\p{Zs}$/u.test(character)) return ' ';
  let result = '';
  for (const part of character.normalize('NFKD')) {
    const piece =
      part.charCodeAt(0) < 128 ? part.toUpperCase() : (TRANSLITERATION.get(part) ?? (/^\p{M}$/u.test(part) ? '' : null));
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
  const trimmed = value.trim();
  if (trimmed === '') return { ok: false };
  for (let i = 0; i < trimmed.length; i++) {
    const code = trimmed.charCodeAt(i);
    if (IS_DATA[code >= 97 && code <= 122 ? code - 32 : code] !== 1) return { ok: false };
  }
  return { ok: true, value: trimmed.toUpperCase() };
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
  let first = fitText(line1).text;
  let second = line2 === null ? '' : fitText(line2).text;
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
