import { type Delimiters, declaredDelimiters } from './delimiters.ts';

export interface ReadSegment {
  readonly tag: string;
  /** Element 01 first; composites are not split yet. */
  readonly elements: readonly string[];
  /** Where the segment starts, in characters of the decoded text. */
  readonly offset: number;
  readonly delimiters: Delimiters;
}

/** Why reading stopped: no ISA where one must be, an ISA that ends early or names unusable delimiters, text after the last terminator. */
export interface ReadFault {
  readonly reason: 'no_isa' | 'short_isa' | 'bad_delimiters' | 'unterminated';
  readonly offset: number;
}

/** The segments up to the end or to the first fault. */
export interface ReadResult {
  readonly segments: readonly ReadSegment[];
  readonly fault: ReadFault | null;
}

/** Bytes of an X12 file as text: UTF-16 by its mark or its zero bytes, UTF-8 where it is valid, else Latin-1. A byte order mark is dropped. */
export function decodeX12(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return new TextDecoder('utf-16le').decode(bytes);
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}

/**
 * Splits a file into segments. Delimiters are those that each ISA declares, taken from behind its sixteen elements, so
 * that an ISA of wrong width is still read. Line ends after a terminator are skipped; several interchanges may follow
 * one another. Never throws: what stops the reading is in `fault`.
 */
export function readSegments(text: string): ReadResult {
  const segments: ReadSegment[] = [];
  let delimiters: Delimiters | null = null;
  let offset = skipLineEnds(text, 0);
  while (offset < text.length) {
    if (
      text.startsWith('ISA', offset) &&
      (delimiters === null || text.charAt(offset + 3) === delimiters.element || segments.at(-1)?.tag === 'IEA')
    ) {
      const declared = declaredDelimiters(text, offset);
      if (typeof declared === 'string') return { segments, fault: { reason: declared, offset } };
      delimiters = declared.delimiters;
    } else if (delimiters === null || segments.at(-1)?.tag === 'IEA') {
      return { segments, fault: { reason: 'no_isa', offset } };
    }
    const end = text.indexOf(delimiters.segment, offset);
    if (end === -1) return { segments, fault: { reason: 'unterminated', offset } };
    const [tag = '', ...elements] = text.slice(offset, end).split(delimiters.element);
    segments.push({ tag, elements, offset, delimiters });
    offset = skipLineEnds(text, end + 1);
  }
  return segments.length === 0 ? { segments, fault: { reason: 'no_isa', offset: 0 } } : { segments, fault: null };
}

/** The components of one element; a simple element is its own only component. */
export function splitComponents(value: string, delimiters: Delimiters): readonly string[] {
  return value.split(delimiters.component);
}

function skipLineEnds(text: string, from: number): number {
  let offset = from;
  while (offset < text.length) {
    const code = text.charCodeAt(offset);
    if (code !== 10 && code !== 13 && code !== 32 && code !== 9 && code !== 0xfeff && code !== 26) break;
    offset++;
  }
  return offset;
}
