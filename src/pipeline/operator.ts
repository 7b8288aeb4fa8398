import type { ClaimView } from '../../schemas/claim.ts';
import type { Clearinghouse } from '../../schemas/clearinghouse.ts';
import type { ClaimState } from '../../schemas/common.ts';
import type { ClaimDraft } from '../claim/draft.ts';
import { STATE_GUIDE } from '../claim/states.ts';
import { type By, ClaimMovedElsewhere, findClaim, lockClaim, moveClaims } from '../ledger/claims.ts';
import { recordAudit, recordEvents } from '../ledger/events.ts';
import type { Executor } from '../ledger/executor.ts';
import { exchangeHolds, insertHolds, liftHolds, openHolds } from '../ledger/holds.ts';
import { ledgerNow } from '../ledger/settings.ts';
import type { Row } from '../ledger/types.ts';
import { carryOut, type Effect } from './carry-out.ts';
import type { PipelineDeps } from './deps.ts';
import { takeDuplicateKeys } from './duplicates.ts';
import { expediteClaim } from './expedite-claim.ts';
import { refuseUnliftable, settledRules } from './liftable.ts';
import { ProblemError } from './problem.ts';
import { recallClaim } from './recall-claim.ts';
import type { Occasion } from './rejudge-claim.ts';
import { findingsOn, judgesClaim, judgeWithLedger, readForJudging, rejudgeAttendee } from './rejudge-stored.ts';
import { schedule } from './schedule-claim.ts';
import type { SealedClaim } from './sealed.ts';
import type { ClaimActionName, KeepAnswer, Principal } from './service.ts';
import { claimViewOf } from './views.ts';

/**
 * What a person may do to one claim. Each action is one transaction, conditional on the state it saw, with an event and
 * an audit row. Throws 404, or 409 with a sentence that names the right action.
 */
export async function actOnClaim(
  deps: PipelineDeps,
  who: Principal,
  act: {
    readonly id: string;
    readonly action: ClaimActionName;
    readonly reason: string;
    readonly keep: KeepAnswer | undefined;
  },
): Promise<ClaimView> {
  const { id } = act;
  const claim = await findClaim(deps.ledger.db, id, who.practiceId);
  if (claim === undefined) throw new ProblemError(404, 'not_found', 'No such claim');
  await deps.vault.warm(claim.practice_id);
  const effect = await effectOf(deps, claim, act.action, who.keyId, act.reason);
  try {
    return await carryOut(deps, act.keep, async (tx) => {
      const alarms = await effect(tx);
      const now = (await findClaim(tx, id, null)) as Row<'claim'>;
      return { answer: await claimViewOf(tx, deps.vault, now), alarms };
    });
  } catch (error) {
    if (!(error instanceof ClaimMovedElsewhere)) throw error;
    throw new ProblemError(409, 'changed_meanwhile', 'The claim has just changed its state; look at it again');
  }
}

/** Reads what the action needs beside the ledger's transaction, and refuses what the claim's state forbids. */
async function effectOf(
  deps: PipelineDeps,
  claim: Row<'claim'>,
  action: ClaimActionName,
  actor: string,
  reason: string,
): Promise<Effect> {
  if (action === 'hold') return holdClaim(claim, actor, reason);
  if (action === 'unhold') return unholdClaim(deps, claim, actor, reason);
  if (action === 'cancel') return cancelClaim(claim, actor, reason);
  if (claim.state !== 'scheduled') throw forbidden(claim, 'expedited');
  return expediteClaim(deps, claim, actor, reason);
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

/** Takes a claim on its way back, or says why it cannot be. */
async function recall(tx: Executor, claim: Row<'claim'>, action: string, by: By, note: string): Promise<void> {
  if (!(await recallClaim(tx, claim, by, { reason: 'operator', note }))) throw forbidden(claim, action);
}

function holdClaim(claim: Row<'claim'>, actor: string, reason: string): Effect {
  const state = claim.state as ClaimState;
  const by: By = { actor, cause: 'operator' };
  if (state !== 'scheduled' && state !== 'released' && state !== 'held') throw forbidden(claim, 'held');
  return async (tx) => {
    await stillThere(tx, claim);
    if (state === 'released') await recall(tx, claim, 'held', by, reason);
    else if (state === 'scheduled')
      await moveClaims(tx, [{ id: claim.id, from: 'scheduled', to: 'held', reason: 'operator', note: reason }], by);
    await insertHolds(tx, [{ claimId: claim.id, rule: 'OPERATOR', severity: 'operator', message: reason, path: '', actor }]);
    await audited(tx, actor, 'claim.hold', claim.id, reason);
    return [];
  };
}

function cancelClaim(claim: Row<'claim'>, actor: string, reason: string): Effect {
  const state = claim.state as ClaimState;
  const by: By = { actor, cause: 'operator' };
  if (state !== 'scheduled' && state !== 'held' && state !== 'released') throw forbidden(claim, 'cancelled');
  return async (tx) => {
    await stillThere(tx, claim);
    if (state === 'released') await recall(tx, claim, 'cancelled', by, reason);
    const from = state === 'released' ? 'held' : state;
    await moveClaims(tx, [{ id: claim.id, from, to: 'cancelled', reason: 'operator', note: reason }], by);
    await liftHolds(tx, claim.id, actor, reason);
    await audited(tx, actor, 'claim.cancel', claim.id, reason);
    return [];
  };
}

/** Two people at one claim go one after the other, and the second is told when the first has changed its state. */
async function stillThere(tx: Executor, claim: Row<'claim'>): Promise<void> {
  if (await lockClaim(tx, claim.id, claim.state as ClaimState)) return;
  throw new ProblemError(409, 'changed_meanwhile', 'The claim has just changed its state; look at it again');
}

async function unholdClaim(deps: PipelineDeps, claim: Row<'claim'>, actor: string, reason: string): Promise<Effect> {
  if (claim.state !== 'held') throw forbidden(claim, 'taken off hold');
  const { draft } = deps.vault.open<SealedClaim>(claim.practice_id, 'claim', claim.id, claim.sealed);
  const clearinghouse = claim.clearinghouse_id === null ? null : await deps.configs.clearinghouse(claim.clearinghouse_id);
  const read = await readForJudging(deps, claim.session_id);
  const by: By = { actor, cause: 'operator' };
  return async (tx) => {
    const judged = read === null ? null : await judgeWithLedger(deps, tx, read);
    await stillThere(tx, claim);
    const unbuildable = draft.claim === null || claim.lane_id === null || clearinghouse === null;
    const open = await openHolds(tx, [claim.id]);
    const settled = settledRules(open, judged === null ? null : findingsOn(judged, claim));
    refuseUnliftable(
      open.filter((h) => !settled.includes(h.rule)),
      unbuildable,
    );
    // What has settled itself is nobody's decision, which would count for the next conflict, too.
    const others = [...new Set(open.map((h) => h.rule))].filter((r) => !settled.includes(r));
    await exchangeHolds(tx, open, [], { lifter: 'regate', reason: 'its cause is gone', keep: others });
    await liftHolds(tx, claim.id, actor, reason);
    await audited(tx, actor, 'claim.unhold', claim.id, reason);
    // What the ledger has learned since may stop it again: keys that others took, units that are used up, a restriction.
    if (judged !== null && judgesClaim(judged, claim)) return rejudgeAttendee(deps, tx, judged, claim, unholding(by, reason));
    return letGo(deps, tx, { claim, draft, clearinghouse: clearinghouse?.body ?? null, by, reason });
  };
}

const unholding = (by: By, reason: string): Occasion => ({
  by,
  event: 'claim.unhold',
  reason,
  heldReason: 'on_hold_again',
  lifter: 'regate',
  keepsLifted: () => true,
});

interface LettingGo {
  readonly claim: Row<'claim'>;
  readonly draft: ClaimDraft;
  readonly clearinghouse: Clearinghouse | null;
  readonly by: By;
  readonly reason: string;
}

/** A claim that no session speaks of any more as it is (a void): as it was built, if its keys are free. */
async function letGo(deps: PipelineDeps, tx: Executor, { claim, draft, clearinghouse, by, reason }: LettingGo) {
  const verdicts = (await takeDuplicateKeys(tx, deps.vault, [{ claimId: claim.id, draft }])).get(claim.id) ?? [];
  await insertHolds(
    tx,
    verdicts.map((v) => ({ claimId: claim.id, rule: v.rule, severity: 'hold', message: v.message, path: '', actor: 'gate' })),
  );
  if (verdicts.length > 0 || clearinghouse === null) {
    await recordEvents(tx, [{ subject: claim.id, kind: 'claim.hold', actor: 'gate', reason: verdicts[0]?.reason ?? null }]);
    return [];
  }
  const now = await ledgerNow(tx);
  return schedule(deps, tx, { claim, clearinghouse, now, by, note: reason });
}
