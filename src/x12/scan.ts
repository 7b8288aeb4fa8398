import { isDataText } from './charset.ts';
import type { Delimiters } from './delimiters.ts';

/** What a segment holds somewhere; a set bit sends the checks to look where. */
export const HAS_COMPONENTS = 1;
export const HAS_REPETITION = 2;
/** Characters of the extended set only: lower case, `@`, `#` … */
export const HAS_EXTENDED = 4;
/** Control characters and what is not ASCII: in neither set. */
export const HAS_FOREIGN = 8;
/** An element or component that begins or ends with a space. */
export const HAS_EDGE_SPACE = 16;

const DATA = 0;
const SPACE = 1;
const ELEMENT = 2;
const COMPONENT = 3;
const REPETITION = 4;
const EXTENDED = 5;
const FOREIGN = 6;

/** Class of each character code below 256 under certain delimiters. */
export type CharacterClasses = Uint8Array;

/** A segment taken apart; one object is filled again and again. */
export interface ScannedSegment {
  tag: string;
  /** Element 01 first. */
  elements: string[];
  flags: number;
}

let known: { readonly delimiters: Delimiters; readonly classes: CharacterClasses } | null = null;

/** The classes under these delimiters; those of the last delimiters are kept, as most files have the same. */
export function characterClasses(delimiters: Delimiters): CharacterClasses {
  if (known === null || !sameDelimiters(known.delimiters, delimiters)) known = { delimiters, classes: classesFor(delimiters) };
  return known.classes;
}

const sameDelimiters = (a: Delimiters, b: Delimiters): boolean =>
  a.element === b.element && a.component === b.component && a.repetition === b.repetition;

function classesFor(delimiters: Delimiters): CharacterClasses {
  const classes = new Uint8Array(256).fill(FOREIGN);
  for (let code = 32; code < 127; code++) classes[code] = isDataText(String.fromCharCode(code)) ? DATA : EXTENDED;
  for (const c of '*:') classes[c.charCodeAt(0)] = DATA;
  classes[32] = SPACE;
  const mark = (character: string | null, value: number): void => {
    if (character !== null && character.charCodeAt(0) < 256) classes[character.charCodeAt(0)] = value;
  };
  mark(delimiters.repetition, REPETITION);
  mark(delimiters.component, COMPONENT);
  mark(delimiters.element, ELEMENT);
  return classes;
}

/** Segment tags by their two or three characters as one number. */
export type Tags = ReadonlyMap<number, string>;

/**
 * Tags that a reader expects. One string for all occurrences instead of a new one for each keeps its hash, by which every
 * segment is looked up several times.
 */
export const tagTable = (tags: Iterable<string>): Tags => new Map([...tags].map((tag) => [tagNumber(tag, 0, tag.length), tag]));

/** Different for all that are of two or three ASCII characters, -1 for anything else. */
function tagNumber(text: string, from: number, to: number): number {
  if (to - from !== 2 && to - from !== 3) return -1;
  const a = text.charCodeAt(from);
  const b = text.charCodeAt(from + 1);
  const c = to - from === 3 ? text.charCodeAt(from + 2) : -1;
  return (a | b | Math.max(c, 0)) < 128 ? (a << 16) | (b << 8) | (c + 1) : -1;
}

/** Takes `text.slice(from, to)` apart in one pass. */
export function scanSegment(
  text: string,
  from: number,
  to: number,
  classes: CharacterClasses,
  tags: Tags,
  into: ScannedSegment,
): void {
  let flags = 0;
  let before = ELEMENT;
  let separators = 0;
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    const kind = code < 256 ? (classes[code] as number) : FOREIGN;
    if (kind !== DATA) {
      if (kind === ELEMENT) {
        if (before === SPACE) flags |= HAS_EDGE_SPACE;
        if (separators === offsets.length) offsets = longer(offsets);
        offsets[separators++] = i;
      } else if (kind === SPACE) {
        if (before >= ELEMENT && before <= REPETITION) flags |= HAS_EDGE_SPACE;
      } else if (kind === COMPONENT || kind === REPETITION) {
        flags |= kind === COMPONENT ? HAS_COMPONENTS : HAS_REPETITION;
        if (before === SPACE) flags |= HAS_EDGE_SPACE;
      } else flags |= kind === EXTENDED ? HAS_EXTENDED : HAS_FOREIGN;
    }
    before = kind;
  }
  if (before === SPACE) flags |= HAS_EDGE_SPACE;
  const elements = new Array<string>(separators);
  for (let n = 0; n < separators; n++) {
    const end = n + 1 < separators ? (offsets[n + 1] as number) : to;
    elements[n] = text.slice((offsets[n] as number) + 1, end);
  }
  const tagEnd = separators === 0 ? to : (offsets[0] as number);
  into.tag = tags.get(tagNumber(text, from, tagEnd)) ?? text.slice(from, tagEnd);
  into.elements = elements;
  into.flags = flags;
}

/** Where the element separators of the segment at hand stand. */
let offsets = new Int32Array(64);

function longer(list: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const result = new Int32Array(list.length * 2);
  result.set(list);
  return result;
}

/** True when every character is in the extended set: printable ASCII. */
export function isExtendedText(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < 32 || code > 126) return false;
  }
  return true;
}
