import type { SegmentPosition } from '../../rules/walk-frame.ts';
import type { SnipType, X12Finding } from './finding.ts';

/** Where the validator stands; one object that changes as it goes. */
export interface Cursor {
  inFile: number;
  /** 0 outside a set. */
  inSet: number;
  interchange: string | null;
  group: string | null;
  set: string | null;
  claim: string | null;
}

/** A finding without the place that the cursor knows. */
export interface Fault {
  readonly snip: SnipType;
  readonly severity?: X12Finding['severity'];
  readonly rule: string;
  readonly segment: string;
  readonly loop: string | null;
  readonly element: string | null;
  readonly message: string;
  readonly ik3?: string | null;
  readonly ik4?: string | null;
  readonly status?: X12Finding['status'];
  /** Another segment than the one at hand. */
  readonly at?: SegmentPosition;
}

export interface Reporter {
  readonly cursor: Cursor;
  report(fault: Fault): void;
}

/** Types as a number: bit n for type n. */
export const bitsOf = (snip: readonly SnipType[]): number => snip.reduce((bits, type) => bits | (1 << type), 0);

/** Hands the findings of the types asked for to `sink`. */
export function createReporter(snip: readonly SnipType[], sink: (finding: X12Finding) => void): Reporter {
  const wanted = bitsOf(snip);
  const cursor: Cursor = { inFile: 0, inSet: 0, interchange: null, group: null, set: null, claim: null };
  return {
    cursor,
    report(fault) {
      if ((wanted & (1 << fault.snip)) === 0) return;
      const { inFile, inSet } = fault.at ?? cursor;
      sink({
        snip: fault.snip,
        severity: fault.severity ?? 'error',
        rule: fault.rule,
        place: {
          inFile,
          inSet: inSet === 0 ? null : inSet,
          loop: fault.loop,
          segment: fault.segment,
          element: fault.element,
          repetition: null,
          interchange: cursor.interchange,
          group: cursor.group,
          set: cursor.set,
          claim: cursor.claim,
        },
        message: fault.message,
        ik3: fault.ik3 ?? null,
        ik4: fault.ik4 ?? null,
        status: fault.status ?? null,
      });
    },
  };
}
