import type { ClaimState } from '../../schemas/common.ts';
import { STATE_GUIDE } from '../claim/states.ts';
import { type By, ClaimMovedElsewhere, claimsByDrop, findClaim, lockClaim, moveClaims } from '../ledger/claims.ts';
import { recallUnstaged } from '../ledger/drops.ts';
import { recordAudit, recordEvents } from '../ledger/events.ts';
import type { Executor } from '../ledger/executor.ts';
import { insertHolds, liftHolds, openHolds } from '../ledger/holds.ts';
import { armClaims, replanClaims } from '../ledger/planning.ts';
import { freeSpacing } from '../ledger/spacing.ts';
import type { Row } from '../ledger/types.ts';
import type { PipelineDeps } from './deps.ts';
import { takeDuplicateKeys } from './duplicates.ts';
import { keysOf } from './lane-bars.ts';
import { alarmOf, armAll } from './plan-claims.ts';
import { ProblemError } from './problem.ts';
import { schedule } from './schedule-claim.ts';
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
  try {
    if (action === 'hold') await holdClaim(deps, claim, actor, reason);
    else if (action === 'unhold') await unholdClaim(deps, claim, actor, reason);
    else if (action === 'cancel') await cancelClaim(deps, claim, actor, reason);
    else await expediteClaim(deps, claim, actor, reason);
  } catch (error) {
    if (!(error instanceof ClaimMovedElsewhere)) throw error;
    throw new ProblemError(409, 'changed_meanwhile', 'The claim has just changed its state; look at it again');
  }
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

/**
 * A claim already on its way can be stopped only while no byte was staged; its numbers are abandoned then. The other
 * claims of its file go back to their lane: nothing was wrong with them.
 */
async function recall(tx: Executor, claim: Row<'claim'>, action: string, by: By, note: string): Promise<void> {
  const dropId = claim.drop_id;
  if (dropId === null || !(await recallUnstaged(tx, dropId))) throw forbidden(claim, action);
  const members = (await claimsByDrop(tx, [dropId])).filter((c) => c.state === 'released');
  await freeSpacing(tx, members.flatMap(keysOf));
  await moveClaims(
    tx,
    members.map((c) =>
      c.id === claim.id
        ? { id: c.id, from: 'released' as const, to: 'held' as const, reason: 'operator', note, dropId: null }
        : { id: c.id, from: 'released' as const, to: 'scheduled' as const, note: 'its file was recalled', dropId: null },
    ),
    by,
  );
}

async function holdClaim(deps: PipelineDeps, claim: Row<'claim'>, actor: string, reason: string): Promise<void> {
  const state = claim.state as ClaimState;
  const by: By = { actor, cause: 'operator' };
  if (state !== 'scheduled' && state !== 'released' && state !== 'held') throw forbidden(claim, 'held');
  await deps.ledger.transaction(async (tx) => {
    await stillThere(tx, claim);
    if (state === 'released') await recall(tx, claim, 'held', by, reason);
    else if (state === 'scheduled')
      await moveClaims(tx, [{ id: claim.id, from: 'scheduled', to: 'held', reason: 'operator', note: reason }], by);
    await insertHolds(tx, [{ claimId: claim.id, rule: 'OPERATOR', severity: 'operator', message: reason, path: '', actor }]);
    await audited(tx, actor, 'claim.hold', claim.id, reason);
  });
}

async function cancelClaim(deps: PipelineDeps, claim: Row<'claim'>, actor: string, reason: string): Promise<void> {
  const state = claim.state as ClaimState;
  const by: By = { actor, cause: 'operator' };
  if (state !== 'scheduled' && state !== 'held' && state !== 'released') throw forbidden(claim, 'cancelled');
  await deps.ledger.transaction(async (tx) => {
    await stillThere(tx, claim);
    if (state === 'released') await recall(tx, claim, 'cancelled', by, reason);
    const from = state === 'released' ? 'held' : state;
    await moveClaims(tx, [{ id: claim.id, from, to: 'cancelled', reason: 'operator', note: reason }], by);
    await liftHolds(tx, claim.id, actor, reason);
    await audited(tx, actor, 'claim.cancel', claim.id, reason);
  });
}

/** Two people at one claim go one after the other, and the second is told when the first has changed its state. */
async function stillThere(tx: Executor, claim: Row<'claim'>): Promise<void> {
  if (await lockClaim(tx, claim.id, claim.state as ClaimState)) return;
  throw new ProblemError(409, 'changed_meanwhile', 'The claim has just changed its state; look at it again');
}

async function unholdClaim(deps: PipelineDeps, claim: Row<'claim'>, actor: string, reason: string): Promise<void> {
  if (claim.state !== 'held') throw forbidden(claim, 'taken off hold');
  const draft = deps.vault.open<SealedClaim>(claim.practice_id, 'claim', claim.id, claim.sealed).draft;
  const clearinghouse = claim.clearinghouse_id === null ? null : await deps.configs.clearinghouse(claim.clearinghouse_id);
  const now = (await deps.ledger.now()).getTime();
  const alarms = await deps.ledger.transaction(async (tx) => {
    await stillThere(tx, claim);
    refuseUnliftable(await openHolds(tx, [claim.id]), draft.claim === null || claim.lane_id === null || clearinghouse === null);
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
    if (verdicts.length > 0 || clearinghouse === null) {
      await recordEvents(tx, [{ subject: claim.id, kind: 'claim.hold', actor: 'gate', reason: verdicts[0]?.reason ?? null }]);
      return [];
    }
    return schedule(deps, tx, { claim, clearinghouse: clearinghouse.body, now, by: { actor, cause: 'operator' }, note: reason });
  });
  await armAll(deps, alarms);
}

function refuseUnliftable(holds: readonly Row<'claim_hold'>[], unbuildable: boolean): void {
  const named = (list: readonly Row<'claim_hold'>[]) => list.map((h) => ({ pointer: h.path, code: h.rule, message: h.message }));
  const blocking = holds.filter((h) => h.severity === 'block');
  if (blocking.length > 0 || unbuildable) {
    throw new ProblemError(409, 'blocked', 'A block is lifted only by an amendment of the session', { errors: named(blocking) });
  }
  const duplicates = holds.filter((h) => DUPLICATE_RULES.has(h.rule));
  if (duplicates.length > 0) {
    throw new ProblemError(409, 'override_needed', 'A possible duplicate is released only by an override of two people', {
      errors: named(duplicates),
    });
  }
}

/** First in its lane and free of the look-alike plan; the gate's own rows still keep the floor of every gap. */
async function expediteClaim(deps: PipelineDeps, claim: Row<'claim'>, actor: string, reason: string): Promise<void> {
  if (claim.state !== 'scheduled') throw forbidden(claim, 'expedited');
  const now = (await deps.ledger.now()).getTime();
  const alarms = await deps.ledger.transaction(async (tx) => {
    await stillThere(tx, claim);
    await replanClaims(tx, [{ claimId: claim.id, notBefore: now, estimate: now, reasons: ['operator'], expedited: true }]);
    await recordEvents(tx, [{ subject: claim.id, kind: 'claim.planned', actor, reason, detail: { reasons: ['operator'] } }]);
    await audited(tx, actor, 'claim.expedite', claim.id, reason);
    return (await armClaims(tx, [{ claimId: claim.id, at: now }])).map((a) => alarmOf(a, now));
  });
  await armAll(deps, alarms);
}
