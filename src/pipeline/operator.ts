import type { ClaimState } from '../../schemas/common.ts';
import { STATE_GUIDE } from '../claim/states.ts';
import { findClaim, moveClaims } from '../ledger/claims.ts';
import { recallUnstaged } from '../ledger/drops.ts';
import { recordAudit, recordEvents } from '../ledger/events.ts';
import type { Executor } from '../ledger/executor.ts';
import { insertHolds, liftHolds, openHolds } from '../ledger/holds.ts';
import { findLane } from '../ledger/lanes.ts';
import { armClaims, type Replan, replanClaims } from '../ledger/planning.ts';
import type { Row } from '../ledger/types.ts';
import type { PipelineDeps } from './deps.ts';
import { takeDuplicateKeys } from './duplicates.ts';
import { alarmOf, armAll, deadlineOf, lanePolicyOf, planClaims } from './plan-claims.ts';
import { ProblemError } from './problem.ts';
import type { SealedClaim } from './sealed.ts';
import type { ClaimActionName, Principal } from './service.ts';

/** Holds that stand for a possible second original: only a two-person override lifts them (`03` §3.2). */
const DUPLICATE_RULES = new Set(['K1', 'A05', 'K3']);

/**
 * What a person may do to one claim. Each action is one transaction, conditional on the state it saw, with an event and
 * an audit row. Throws 404, or 409 with a sentence that names the right action.
 */
export async function actOnClaim(
  deps: PipelineDeps,
  who: Principal,
  id: string,
  action: ClaimActionName,
  reason: string,
): Promise<Row<'claim'>> {
  const claim = await findClaim(deps.ledger.db, id, who.practiceId);
  if (claim === undefined) throw new ProblemError(404, 'not_found', 'No such claim');
  await deps.vault.warm(claim.practice_id);
  const actor = who.keyId;
  if (action === 'hold') await holdClaim(deps, claim, actor, reason);
  else if (action === 'unhold') await unholdClaim(deps, claim, actor, reason);
  else if (action === 'cancel') await cancelClaim(deps, claim, actor, reason);
  else await expediteClaim(deps, claim, actor, reason);
  return (await findClaim(deps.ledger.db, id, null)) as Row<'claim'>;
}

function forbidden(claim: Row<'claim'>, action: string): ProblemError {
  const { nextAction } = STATE_GUIDE[claim.state as ClaimState];
  return new ProblemError(409, 'state_forbids', `A claim that is ${claim.state} cannot be ${action}`, {
    detail: nextAction.startsWith('Nothing')
      ? 'This claim is final: a further service is a new session, a change an amendment.'
      : nextAction,
  });
}

async function audited(tx: Executor, actor: string, action: string, target: string, reason: string): Promise<void> {
  await recordAudit(tx, { actor, action, target, detail: { reason } });
}

/** A claim already on its way can be stopped only while no byte was staged; its numbers are abandoned then. */
async function recalled(tx: Executor, claim: Row<'claim'>, action: string): Promise<void> {
  if (claim.drop_id === null || !(await recallUnstaged(tx, claim.drop_id))) throw forbidden(claim, action);
}

async function holdClaim(deps: PipelineDeps, claim: Row<'claim'>, actor: string, reason: string): Promise<void> {
  const state = claim.state as ClaimState;
  if (state !== 'scheduled' && state !== 'released' && state !== 'held') throw forbidden(claim, 'held');
  await deps.ledger.transaction(async (tx) => {
    if (state === 'released') await recalled(tx, claim, 'held');
    if (state !== 'held')
      await moveClaims(tx, [{ id: claim.id, from: state, to: 'held', reason: 'operator', note: reason }], {
        actor,
        cause: 'operator',
      });
    await insertHolds(tx, [{ claimId: claim.id, rule: 'OPERATOR', severity: 'operator', message: reason, path: '', actor }]);
    await audited(tx, actor, 'claim.hold', claim.id, reason);
  });
}

async function cancelClaim(deps: PipelineDeps, claim: Row<'claim'>, actor: string, reason: string): Promise<void> {
  const state = claim.state as ClaimState;
  if (state !== 'scheduled' && state !== 'held' && state !== 'released') throw forbidden(claim, 'cancelled');
  await deps.ledger.transaction(async (tx) => {
    if (state === 'released') {
      await recalled(tx, claim, 'cancelled');
      await moveClaims(tx, [{ id: claim.id, from: 'released', to: 'held', reason: 'recalled', note: reason }], {
        actor,
        cause: 'operator',
      });
    }
    await moveClaims(
      tx,
      [{ id: claim.id, from: state === 'released' ? 'held' : state, to: 'cancelled', reason: 'operator', note: reason }],
      {
        actor,
        cause: 'operator',
      },
    );
    await liftHolds(tx, claim.id, actor, reason);
    await audited(tx, actor, 'claim.cancel', claim.id, reason);
  });
}

async function unholdClaim(deps: PipelineDeps, claim: Row<'claim'>, actor: string, reason: string): Promise<void> {
  if (claim.state !== 'held') throw forbidden(claim, 'taken off hold');
  const draft = deps.vault.open<SealedClaim>(claim.practice_id, 'claim', claim.id, claim.sealed).draft;
  const held = await deps.ledger.transaction(async (tx) => {
    const holds = await openHolds(tx, [claim.id]);
    const blocking = holds.filter((h) => h.severity === 'block');
    if (blocking.length > 0 || draft.claim === null || claim.lane_id === null || claim.look_alike_key === null) {
      throw new ProblemError(409, 'blocked', 'A block is lifted only by an amendment of the session', {
        errors: blocking.map((h) => ({ pointer: h.path, code: h.rule, message: h.message })),
      });
    }
    const duplicates = holds.filter((h) => DUPLICATE_RULES.has(h.rule));
    if (duplicates.length > 0) {
      throw new ProblemError(409, 'override_needed', 'A possible duplicate is released only by an override of two people', {
        errors: duplicates.map((h) => ({ pointer: h.path, code: h.rule, message: h.message })),
      });
    }
    await liftHolds(tx, claim.id, actor, reason);
    await audited(tx, actor, 'claim.unhold', claim.id, reason);
    // A claim that was born held owns no keys yet; whoever scheduled the same service meanwhile keeps it on hold.
    const verdicts = (await takeDuplicateKeys(tx, deps.vault, [{ claimId: claim.id, draft }])).get(claim.id) ?? [];
    await insertHolds(
      tx,
      verdicts.map((v) => ({
        claimId: claim.id,
        rule: v.rule,
        severity: 'hold' as const,
        message: v.message,
        path: '',
        actor: 'gate',
      })),
    );
    if (verdicts.length > 0) {
      await recordEvents(tx, [{ subject: claim.id, kind: 'claim.hold', actor: 'gate', reason: verdicts[0]?.reason ?? null }]);
      return true;
    }
    await moveClaims(tx, [{ id: claim.id, from: 'held', to: 'scheduled', note: reason }], { actor, cause: 'operator' });
    return false;
  });
  if (!held) await planAgain(deps, claim.id);
}

/** First in its lane and free of the look-alike plan; the gate's own rows still keep the floor of every gap. */
async function expediteClaim(deps: PipelineDeps, claim: Row<'claim'>, actor: string, reason: string): Promise<void> {
  if (claim.state !== 'scheduled') throw forbidden(claim, 'expedited');
  const now = (await deps.ledger.now()).getTime();
  await deps.ledger.transaction(async (tx) => {
    await replanClaims(tx, [{ claimId: claim.id, notBefore: now, estimate: now, reasons: ['operator'], expedited: true }]);
    await recordEvents(tx, [{ subject: claim.id, kind: 'claim.planned', actor, reason, detail: { reasons: ['operator'] } }]);
    await audited(tx, actor, 'claim.expedite', claim.id, reason);
  });
  await armOne(deps, claim.id, now);
}

/** Gives a claim that came back to `scheduled` a time against what is planned now, and its alarm. */
export async function planAgain(deps: PipelineDeps, claimId: string): Promise<void> {
  const claim = await findClaim(deps.ledger.db, claimId, null);
  if (
    claim === undefined ||
    claim.state !== 'scheduled' ||
    claim.lane_id === null ||
    claim.look_alike_key === null ||
    claim.clearinghouse_id === null
  )
    return;
  const clearinghouse = await deps.configs.clearinghouse(claim.clearinghouse_id);
  if (clearinghouse === null) return;
  const now = (await deps.ledger.now()).getTime();
  const { lane_id: laneId, look_alike_key: lookAlikeKey, clearinghouse_id: clearinghouseId } = claim;
  const estimate = await deps.ledger.transaction(async (tx) => {
    const policy = lanePolicyOf(clearinghouseId, clearinghouse.body, (await findLane(tx, laneId)) ?? null);
    const planned = await planClaims(tx, deps.vault, {
      claims: [
        {
          claimId,
          practiceId: claim.practice_id,
          laneId,
          lookAlikeKey,
          lookAlikeGapMs: claim.look_alike_gap_ms,
          siblingKey: claim.sibling_key,
          deadlineAt: deadlineOf(claim.file_by),
        },
      ],
      lanes: [policy],
      now,
    });
    const plan = planned.get(claimId);
    if (plan === undefined) throw new Error('the planner left a claim out');
    const replan: Replan = {
      claimId,
      notBefore: plan.notBefore,
      estimate: plan.estimate,
      reasons: plan.reasons,
      order: plan.order,
    };
    await replanClaims(tx, [replan]);
    await recordEvents(tx, [{ subject: claimId, kind: 'claim.planned', actor: 'planner', detail: { reasons: plan.reasons } }]);
    return plan.estimate;
  });
  await armOne(deps, claimId, estimate);
}

async function armOne(deps: PipelineDeps, claimId: string, at: number): Promise<void> {
  const now = (await deps.ledger.now()).getTime();
  if (at > now + deps.settings.alarmHorizonMs) return;
  const armed = await armClaims(deps.ledger.db, [{ claimId, at }]);
  await armAll(
    deps,
    armed.map((a) => alarmOf(a, now)),
  );
}
