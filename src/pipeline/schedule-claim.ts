import type { Clearinghouse } from '../../schemas/clearinghouse.ts';
import type { PlannedClaim } from '../claim/stagger/types.ts';
import { type By, moveClaims } from '../ledger/claims.ts';
import type { Executor } from '../ledger/executor.ts';
import { findLane } from '../ledger/lanes.ts';
import { armClaims, replanClaims } from '../ledger/planning.ts';
import type { Row } from '../ledger/types.ts';
import type { PipelineDeps } from './deps.ts';
import { alarmOf, deadlineOf, lanePolicyOf, planClaims } from './plan-claims.ts';
import type { Alarm } from './ports.ts';

export interface PlanOneInput {
  readonly claim: Pick<
    Row<'claim'>,
    'id' | 'practice_id' | 'lane_id' | 'clearinghouse_id' | 'look_alike_key' | 'look_alike_gap_ms' | 'sibling_key' | 'file_by'
  >;
  readonly clearinghouse: Clearinghouse;
  /** Ledger time, epoch ms. */
  readonly now: number;
}

export interface ScheduleInput extends PlanOneInput {
  readonly by: By;
  readonly note: string;
}

/** A time for one claim against what is planned now; writes nothing. */
export async function planOne(deps: PipelineDeps, tx: Executor, input: PlanOneInput): Promise<PlannedClaim> {
  const { claim, now } = input;
  if (claim.lane_id === null || claim.look_alike_key === null || claim.clearinghouse_id === null) {
    throw new Error('a claim without a lane cannot be scheduled');
  }
  const policy = lanePolicyOf(claim.clearinghouse_id, input.clearinghouse, (await findLane(tx, claim.lane_id)) ?? null);
  const planned = await planClaims(tx, deps.vault, {
    claims: [
      {
        claimId: claim.id,
        practiceId: claim.practice_id,
        laneId: claim.lane_id,
        lookAlikeKey: claim.look_alike_key,
        lookAlikeGapMs: claim.look_alike_gap_ms,
        siblingKey: claim.sibling_key,
        deadlineAt: deadlineOf(claim.file_by, now),
      },
    ],
    lanes: [policy],
    now,
  });
  const plan = planned.get(claim.id);
  if (plan === undefined) throw new Error('the planner left a claim out');
  return plan;
}

/** Gives a claim that is, or is about to be, scheduled another time. */
export async function storePlan(tx: Executor, plan: PlannedClaim): Promise<void> {
  await replanClaims(tx, [
    {
      claimId: plan.claimId,
      notBefore: plan.notBefore,
      estimate: plan.estimate,
      reasons: plan.reasons,
      order: plan.order,
      deadlineAt: plan.deadlineAt,
    },
  ]);
}

/** The alarm of a scheduled claim, when it comes within the horizon; handed to the queue after the commit. */
export async function armOne(deps: PipelineDeps, tx: Executor, plan: PlannedClaim, now: number): Promise<readonly Alarm[]> {
  if (plan.estimate > now + deps.settings.alarmHorizonMs) return [];
  const armed = await armClaims(tx, [{ claimId: plan.claimId, at: plan.estimate }]);
  return armed.map((a) => alarmOf(a, now));
}

/**
 * Held → scheduled, in the caller's transaction: a time against what is planned now first, then the state, so that no
 * claim is ever scheduled without a plan. Returns the alarms to hand to the queue after the commit.
 */
export async function schedule(deps: PipelineDeps, tx: Executor, input: ScheduleInput): Promise<readonly Alarm[]> {
  const plan = await planOne(deps, tx, input);
  await storePlan(tx, plan);
  await moveClaims(
    tx,
    [{ id: input.claim.id, from: 'held', to: 'scheduled', note: input.note, detail: { reasons: plan.reasons } }],
    input.by,
  );
  return armOne(deps, tx, plan, input.now);
}
