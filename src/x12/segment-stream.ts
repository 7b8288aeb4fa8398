import { type Delimiters, declaredDelimiters, ISA_REACH, isDelimiter } from './delimiters.ts';

/**
 * What stops or disturbs the splitting of a file. `no_isa` nothing in it is an interchange; `garbage` text before an ISA or
 * behind an IEA; `short_isa`, `bad_delimiters` an ISA that ends early or names unusable delimiters (its interchange is passed
 * over); `unterminated` the last segment has no terminator (it is handed on all the same); `too_long` a segment beyond
 * MAX_SEGMENT (dropped); `empty` a terminator with nothing before it; `padded` spaces or tabs before a segment.
 */
export type StreamFault =
  | 'no_isa'
  | 'garbage'
  | 'short_isa'
  | 'bad_delimiters'
  | 'unterminated'
  | 'too_long'
  | 'empty'
  | 'padded';

/** Takes the segments in order. */
export interface SegmentSink {
  /** Comes before the ISA that declares them. */
  delimiters(declared: Delimiters): void;
  /** `text.slice(from, to)` is one segment without its terminator. */
  segment(text: string, from: number, to: number): void;
  fault(fault: StreamFault): void;
}

/** Text of a file goes in, in pieces of any size; memory holds one segment at most. */
export interface SegmentStream {
  push(text: string): void;
  end(): void;
}

/** No segment of a claim comes near: twelve diagnoses have under 500 characters, four communication numbers under 900. */
export const MAX_SEGMENT = 32_768;

export function createSegmentStream(sink: SegmentSink): SegmentStream {
  /** Null between interchanges. */
  let delimiters: Delimiters | null = null;
  let rest = '';
  let dropping = false;
  let seenIsa = false;
  let padded = false;
  /** What lies between the interchanges: nothing, text that no fault has named yet, text behind an ISA that cannot be read. */
  let between: 'nothing' | 'garbage' | 'unreadable' = 'nothing';

  function push(text: string): void {
    let input = text;
    if (dropping) {
      const end = input.indexOf(delimiters?.segment ?? '');
      if (end === -1) return;
      dropping = false;
      input = input.slice(end + 1);
    }
    if (rest !== '') {
      if (delimiters !== null && rest.length > ISA_REACH && !input.includes(delimiters.segment)) {
        hold(rest + input);
        return;
      }
      input = rest + input;
      rest = '';
    }
    split(input, false);
  }

  function end(): void {
    const last = rest;
    rest = '';
    if (last !== '') split(last, true);
    if (delimiters === null) {
      if (!seenIsa) sink.fault('no_isa');
      else if (between === 'garbage') sink.fault('garbage');
    }
  }

  /** Keeps the beginning of a segment, unless it is beyond all measure. */
  function hold(text: string): void {
    if (text.length <= MAX_SEGMENT) {
      rest = text;
      return;
    }
    sink.fault('too_long');
    rest = '';
    dropping = true;
  }

  function split(text: string, ended: boolean): void {
    let at = 0;
    while (at < text.length) {
      if (delimiters === null) at = seekInterchange(text, at, ended);
      else at = nextSegment(text, at, ended, delimiters);
    }
  }

  function nextSegment(text: string, at: number, ended: boolean, d: Delimiters): number {
    const start = skipBlank(text, at, d);
    if (start === text.length) return start;
    if (isHeader(text, start)) {
      delimiters = null;
      return start;
    }
    const stop = text.indexOf(d.segment, start);
    if (stop === -1) {
      if (!ended) hold(text.slice(start));
      else if (text.length - start > MAX_SEGMENT) sink.fault('too_long');
      else {
        sink.fault('unterminated');
        sink.segment(text, start, text.length);
      }
      return text.length;
    }
    if (stop === start) sink.fault('empty');
    else if (stop - start > MAX_SEGMENT) sink.fault('too_long');
    else {
      sink.segment(text, start, stop);
      if (text.startsWith('IEA', start) && (stop === start + 3 || text[start + 3] === d.element)) delimiters = null;
    }
    return stop + 1;
  }

  /** Line ends behind a terminator are nobody's fault, spaces and tabs are. */
  function skipBlank(text: string, from: number, d: Delimiters): number {
    let at = from;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 32 || code === 9) {
        if (text[at] === d.segment || text[at] === d.element) break;
        padded = true;
      } else if ((code !== 10 && code !== 13) || text[at] === d.segment) break;
    }
    if (padded && at < text.length) {
      padded = false;
      sink.fault('padded');
    }
    return at;
  }

  /** Between interchanges: to the next ISA that declares its delimiters. Answers where to go on; the length of the text when more is needed. */
  function seekInterchange(text: string, from: number, ended: boolean): number {
    let at = from;
    while (at < text.length && isBetween(text.charCodeAt(at))) at++;
    if (at === text.length) return at;
    if (!text.startsWith('ISA', at) && !('ISA'.startsWith(text.slice(at)) && !ended)) {
      if (between === 'nothing') between = 'garbage';
      const next = text.indexOf('ISA', at + 1);
      if (next !== -1) return next;
      if (!ended) rest = text.slice(Math.max(at + 1, text.length - 2));
      return text.length;
    }
    if (!ended && text.length - at < ISA_REACH + 4) {
      rest = text.slice(at);
      return text.length;
    }
    const declared = declaredDelimiters(text, at);
    if (typeof declared === 'string') {
      if (isHeader(text, at) && between === 'nothing') {
        sink.fault(declared);
        seenIsa = true;
        between = 'unreadable';
      } else if (between === 'nothing') between = 'garbage';
      return at + 3;
    }
    if (between === 'garbage') sink.fault('garbage');
    between = 'nothing';
    seenIsa = true;
    delimiters = declared.delimiters;
    sink.delimiters(delimiters);
    sink.segment(text, at, declared.end);
    return declared.end + 1;
  }

  return { push, end };
}

const isHeader = (text: string, at: number): boolean => text.startsWith('ISA', at) && isDelimiter(text.charAt(at + 3));

/** Space, line ends, tab, end-of-file mark, byte order mark and NUL: padding between interchanges. */
function isBetween(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9 || code === 26 || code === 0 || code === 0xfeff;
}
