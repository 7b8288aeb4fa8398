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

/** Takes `text.slice(from, to)` apart in one pass. */
export function scanSegment(text: string, from: number, to: number, classes: CharacterClasses, into: ScannedSegment): void {
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
  into.tag = text.slice(from, separators === 0 ? to : offsets[0]);
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
