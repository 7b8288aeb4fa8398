import type { PlanReason } from '../../../schemas/common.ts';

/** All instants are epoch milliseconds of the ledger's clock. */
export interface PlanClaim {
  readonly claimId: string;
  readonly practiceId: string;
  readonly laneId: string;
  readonly lookAlikeKey: string;
  readonly lookAlikeGapMs: number;
  readonly siblingKey: string | null;
  /**
   * Keyed hash of the patient, where the caller has it: two claims of one sibling key and one person are never pulled
   * together by a deadline (duplicate protection beats the deadline). Left out, the claim ledger's keys alone protect.
   */
  readonly personKey?: string | null;
  /** Timely-filing limit minus safety; null = none. */
  readonly deadlineAt: number | null;
}

/** A lane's sending policy, from its clearinghouse. */
export interface LanePolicy {
  readonly laneId: string;
  readonly gapMs: number;
  readonly maxPerHour: number | null;
  readonly maxPerDay: number | null;
  readonly batchMaxClaims: number;
  readonly windows: readonly { readonly days: readonly string[]; readonly from: string; readonly to: string }[];
  readonly timezone: string;
  readonly holidays: 'us_federal' | null;
  readonly circuitOpenUntil: number | null;
}

/** Entries of `PlanSpacing.lanes[].occupied` that the planner reads; a full list means that more follow up to `tail`. */
export const OCCUPIED_LIMIT = 512;

/** What is already taken in one lane. */
export interface LaneSpacing {
  /** Earliest next drop: the lane's `spacing` row. */
  readonly nextAt: number;
  /** Up to `OCCUPIED_LIMIT` next planned times, ascending. */
  readonly occupied: readonly number[];
  /** The last planned time of all. */
  readonly tail: number;
  /**
   * Per practice the turn (`turnOf(order)`) of its last scheduled claim in this lane. With it a practice that posts
   * session after session queues behind itself, not before the others; without it every plan starts its turns at `now`.
   */
  readonly lastTurnByPractice?: ReadonlyMap<string, number>;
}

/** What is already taken, read by index from the ledger: never the backlog. */
export interface PlanSpacing {
  /**
   * Instant of the latest claim per look-alike or sibling key, planned (`not_before`) or dropped, whichever is later:
   * the next claim of that key keeps its gap from it. A `spacing` row holds the *next* instant; hand in that minus the gap.
   */
  readonly lastByKey: ReadonlyMap<string, number>;
  readonly lanes: ReadonlyMap<string, LaneSpacing>;
}

export interface PlannedClaim {
  readonly claimId: string;
  /** Look-alike, sibling and window only: the gate may not release earlier. */
  readonly notBefore: number;
  readonly deadlineAt: number | null;
  /** Sorts lexicographically within a lane: deadline pulled first, then fair interleave. Digits and the claim id only. */
  readonly order: string;
  /** Estimate of the drop, lane floor included. */
  readonly estimate: number;
  readonly reasons: readonly PlanReason[];
}
