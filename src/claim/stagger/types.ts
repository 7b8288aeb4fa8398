import type { PlanReason } from '../../../schemas/common.ts';

/** All instants are epoch milliseconds of the ledger's clock. */
export interface PlanClaim {
  readonly claimId: string;
  readonly practiceId: string;
  readonly laneId: string;
  readonly lookAlikeKey: string;
  readonly lookAlikeGapMs: number;
  readonly siblingKey: string | null;
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

/** What is already taken, read by index from the ledger: never the backlog. */
export interface PlanSpacing {
  /** Latest of stored plan and `spacing` row per look-alike / sibling key: the next claim of that key keeps its gap from it. */
  readonly lastByKey: ReadonlyMap<string, number>;
  /** Per lane: earliest next drop (`spacing` row), up to 512 next planned times ascending, and the last planned time of all. */
  readonly lanes: ReadonlyMap<string, { readonly nextAt: number; readonly occupied: readonly number[]; readonly tail: number }>;
}

export interface PlannedClaim {
  readonly claimId: string;
  /** Look-alike, sibling and window only: the gate may not release earlier. */
  readonly notBefore: number;
  readonly deadlineAt: number | null;
  /** Sorts lexicographically within a lane: deadline pulled first, then fair interleave. */
  readonly order: string;
  /** Estimate of the drop, lane floor included. */
  readonly estimate: number;
  readonly reasons: readonly PlanReason[];
}
