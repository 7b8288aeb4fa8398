import type { StreamFault } from '../../segment-stream.ts';
import { MAX_SEGMENT } from '../../segment-stream.ts';
import type { Fault } from './reporter.ts';

interface FaultText {
  readonly rule: string;
  readonly segment: string;
  readonly message: string;
  readonly severity?: 'warning';
}

const FILE_FAULTS: Readonly<Record<StreamFault | 'bom' | 'utf16', FaultText>> = {
  no_isa: { rule: 'file.no_interchange', segment: 'ISA', message: 'The file holds no interchange: there is no ISA segment.' },
  garbage: {
    rule: 'file.garbage',
    segment: 'ISA',
    message: 'There is text outside of an interchange: before its ISA or behind an IEA.',
  },
  short_isa: {
    rule: 'isa.unreadable',
    segment: 'ISA',
    message: 'The ISA ends too early: it must have 16 elements and 106 characters.',
  },
  bad_delimiters: {
    rule: 'isa.unreadable',
    segment: 'ISA',
    message:
      'The ISA does not name usable delimiters: element, component and segment separator must be three different characters, no letter, digit or space.',
  },
  unterminated: { rule: 'file.unterminated', segment: '', message: 'The last segment has no terminator.' },
  too_long: {
    rule: 'segment.too_long',
    segment: '',
    message: `A segment is longer than ${MAX_SEGMENT} characters; its terminator is probably missing.`,
  },
  empty: { rule: 'segment.empty', segment: '', message: 'There is an empty segment: two terminators follow one another.' },
  padded: { rule: 'segment.padded', segment: '', message: 'A space or tab stands before a segment.' },
  bom: {
    rule: 'file.byte_order_mark',
    segment: 'ISA',
    severity: 'warning',
    message: 'The file begins with a byte order mark; many receivers take it for text before the ISA.',
  },
  utf16: {
    rule: 'file.encoding',
    segment: 'ISA',
    message: 'The file is in UTF-16; X12 files have one byte per character (ASCII).',
  },
};

/** What is wrong with a file before its segments are looked at. */
export function fileFault(fault: StreamFault | 'bom' | 'utf16'): Fault {
  return { snip: 1, loop: null, element: null, ...FILE_FAULTS[fault] };
}
