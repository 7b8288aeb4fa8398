import type { CodeSets } from '../../../code-sets/code-sets.ts';
import type { SnipType, X12Finding } from '../finding.ts';
import type { ReadClaim, TreeSegment } from '../tree.ts';

/** What a receiver's configuration says about files for it; what it leaves open is null. */
export interface ReceiverProfile {
  /** ISA15 that it expects: production or test. */
  readonly usage: 'P' | 'T' | null;
  /** ISA06 and ISA08 as agreed, without padding. */
  readonly senderId: string | null;
  readonly receiverId: string | null;
  /** By payer id (2010BB NM109): what is known of its member ids. */
  readonly payers: ReadonlyMap<string, { readonly memberIdPattern: RegExp | null }> | null;
}

/** What a rule may know beside the claim. */
export interface RuleContext {
  /** `CCYYMMDD`, the day on which the file is looked at. */
  readonly today: string;
  /** Null when no lists are at hand: then nothing is said about codes. */
  readonly codeSets: CodeSets | null;
  readonly receiver: ReceiverProfile | null;
  /** True for a file that we wrote: house style and our limits apply. */
  readonly own: boolean;
  /** True when this file had the value before under the same scope. Remembers at least the last 100 000 of a scope, so that memory stays flat. */
  readonly repeated: (scope: string, value: string) => boolean;
}

/** What a rule says. The place is that of the segment reported, unless it names another: a segment that is missing from that loop. */
export interface RuleFinding {
  /** Instead of the rule's own id. */
  readonly rule?: string;
  /** `error` unless given. */
  readonly severity?: X12Finding['severity'];
  /** Tag of the segment that is missing, and the loop that should hold it when it is not the reported segment's. */
  readonly segment?: string;
  readonly loop?: string;
  /** `CLM02`, `SV101-02`; null when the whole segment is meant. */
  readonly element: string | null;
  /** One plain sentence for a biller, without any value of the patient's. */
  readonly message: string;
  readonly ik3?: string | null;
  readonly ik4?: string | null;
  readonly status?: X12Finding['status'];
}

export type Report = (at: TreeSegment, finding: RuleFinding) => void;

/**
 * A check of types 3 to 7. It runs once per claim, when the claim's last segment has been read, in the order of the
 * registry, and only when its type is asked for. It keeps nothing between claims and never throws.
 */
export interface ClaimRule {
  readonly snip: Exclude<SnipType, 1 | 2>;
  /** `E19`. */
  readonly rule: string;
  readonly check: (claim: ReadClaim, context: RuleContext, report: Report) => void;
}
