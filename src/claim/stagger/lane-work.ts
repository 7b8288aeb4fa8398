import type { PlanReason } from '../../../schemas/common.ts';
import type { LanePolicy, LaneSpacing, PlanClaim } from './types.ts';
import type { SendCalendar } from './windows.ts';

/** One claim on its way through the planner. */
export interface Draft {
  readonly claim: PlanClaim;
  readonly gapMs: number;
  /** Slot kept free for a claim with a deadline, the latest that still meets it; null = no deadline, or none was left. */
  reserved: number | null;
  notBefore: number;
  pulled: boolean;
  order: string;
  estimate: number;
  readonly reasons: Set<PlanReason>;
}

/** What the steps of one lane's plan share. */
export interface LaneWork {
  readonly policy: LanePolicy;
  readonly spacing: LaneSpacing;
  readonly calendar: SendCalendar;
  /** First instant at which the lane can drop anything. */
  readonly opensAt: number;
  readonly now: number;
}

const byId = (a: Draft, b: Draft): number => (a.claim.claimId < b.claim.claimId ? -1 : a.claim.claimId > b.claim.claimId ? 1 : 0);
/** Deadline as a sortable number. */
export const deadlineOf = (draft: Draft): number => draft.claim.deadlineAt ?? Number.POSITIVE_INFINITY;
/** Earliest deadline first, claim id as the tie-break: the order of the input never matters. */
export const byDeadline = (a: Draft, b: Draft): number =>
  deadlineOf(a) === deadlineOf(b) ? byId(a, b) : deadlineOf(a) < deadlineOf(b) ? -1 : 1;

/** Latest instant per key, among the claims before and those of this plan. */
export interface KeyTimes {
  latest(key: string): number | undefined;
  raise(key: string, at: number): void;
}

export function createKeyTimes(before: ReadonlyMap<string, number>): KeyTimes {
  const own = new Map<string, number>();
  const latest = (key: string): number | undefined => own.get(key) ?? before.get(key);
  return { latest, raise: (key, at) => own.set(key, Math.max(at, latest(key) ?? at)) };
}

/** Key under which one person's claims for one service stay apart whatever the deadline, or null where unknown. */
export const personKeyOf = (claim: Pick<PlanClaim, 'siblingKey' | 'personKey'>): string | null =>
  claim.siblingKey === null || claim.personKey === undefined || claim.personKey === null
    ? null
    : `${claim.siblingKey}\u0000${claim.personKey}`;
