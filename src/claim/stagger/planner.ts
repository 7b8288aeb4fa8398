import type { PlanReason } from '../../../schemas/common.ts';
import { estimateDrops } from './estimate.ts';
import { fairTurns, orderOfPulled, orderOfTurn } from './fair-order.ts';
import { jittered } from './gaps.ts';
import { spaceKeys } from './key-spacing.ts';
import { type Draft, deadlineOf, type LaneWork } from './lane-work.ts';
import { reserveDeadlines } from './reserve.ts';
import type { LanePolicy, PlanClaim, PlannedClaim, PlanSpacing } from './types.ts';
import { createSendCalendar } from './windows.ts';

export interface PlanInput {
  readonly claims: readonly PlanClaim[];
  readonly lanes: readonly LanePolicy[];
  readonly spacing: PlanSpacing;
  readonly now: number;
  /** Number in [-1, 1] that is always the same for the claim (`jitterFrom`). */
  readonly jitter: (claimId: string) => number;
}

const REASON_ORDER: readonly PlanReason[] = [
  'deadline_pull',
  'collision',
  'look_alike_gap',
  'window',
  'cap',
  'circuit_open',
  'catch_up',
  'lane_gap',
  'operator',
];

const byOrder = (a: Draft, b: Draft): number => (a.order < b.order ? -1 : 1);

/**
 * Number in [-1, 1] from the first 48 bits of HMAC(key, claim id): the same claim gets the same number at every rerun.
 * Throws RangeError when fewer than six bytes are given.
 */
export function jitterFrom(hmac: Uint8Array): number {
  if (hmac.length < 6) throw new RangeError('jitter needs at least six bytes');
  const value = hmac.subarray(0, 6).reduce((sum, byte) => sum * 256 + byte, 0);
  return (value / (2 ** 48 - 1)) * 2 - 1;
}

function planLane(input: PlanInput, policy: LanePolicy, claims: readonly PlanClaim[]): readonly Draft[] {
  const { now } = input;
  const spacing = input.spacing.lanes.get(policy.laneId) ?? { nextAt: now, occupied: [], tail: now };
  const work: LaneWork = {
    policy,
    spacing,
    calendar: createSendCalendar(policy),
    opensAt: Math.max(now, spacing.nextAt, policy.circuitOpenUntil ?? now),
    now,
  };
  const drafts: Draft[] = claims.map((claim) => ({
    claim,
    gapMs: claim.lookAlikeGapMs > 0 ? jittered(claim.lookAlikeGapMs, input.jitter(claim.claimId)) : 0,
    reserved: null,
    notBefore: now,
    pulled: false,
    order: '',
    estimate: now,
    reasons: new Set<PlanReason>(),
  }));
  const slots = reserveDeadlines(work, drafts);
  spaceKeys(work, drafts, input.spacing);
  const turns = fairTurns(
    drafts.map((draft) => ({ ...draft.claim, notBefore: draft.notBefore })),
    { now, stepMs: policy.gapMs, lastTurnByPractice: spacing.lastTurnByPractice },
  );
  const setOrder = (draft: Draft, index: number): void => {
    const { claimId } = draft.claim;
    draft.order = draft.pulled ? orderOfPulled(deadlineOf(draft), claimId) : orderOfTurn(turns[index] ?? now, claimId);
  };
  drafts.forEach(setOrder);
  estimateDrops(work, drafts.toSorted(byOrder), slots);
  drafts.forEach(setOrder);
  return drafts;
}

/**
 * Plans new claims into their lanes (`03` §3.1): when each may go at the earliest, in which order, and when it will
 * probably go. Pure: the same input gives the same plan, whatever the order of `claims`; the answer is in that order.
 * Cost O(k log n) for k claims, with n bounded by `OCCUPIED_LIMIT` and k, never by the backlog.
 * Throws RangeError for a claim whose lane is not among `lanes`.
 */
export function plan(input: PlanInput): PlannedClaim[] {
  const policies = new Map(input.lanes.map((lane) => [lane.laneId, lane]));
  const byLane = new Map<string, PlanClaim[]>();
  for (const claim of input.claims) {
    if (!policies.has(claim.laneId)) throw new RangeError(`no policy for lane ${claim.laneId}`);
    const list = byLane.get(claim.laneId);
    if (list === undefined) byLane.set(claim.laneId, [claim]);
    else list.push(claim);
  }
  const planned = new Map<string, PlannedClaim>();
  for (const [laneId, claims] of byLane) {
    const policy = policies.get(laneId);
    if (policy === undefined) continue;
    for (const draft of planLane(input, policy, claims)) {
      planned.set(draft.claim.claimId, {
        claimId: draft.claim.claimId,
        notBefore: draft.notBefore,
        deadlineAt: draft.claim.deadlineAt,
        order: draft.order,
        estimate: draft.estimate,
        reasons: REASON_ORDER.filter((reason) => draft.reasons.has(reason)),
      });
    }
  }
  return input.claims.map((claim) => planned.get(claim.claimId)).filter((entry) => entry !== undefined);
}
