import type { ClaimState } from '../../schemas/common.ts';
import { type AmendAction, amendAction, asCorrection, sameOnWire } from '../claim/amend.ts';
import type { ClaimDraft } from '../claim/draft.ts';
import { MAX_REVISION } from '../claim/identifiers.ts';
import { clearPending, REOPENING, setPending } from '../ledger/amendments.ts';
import { ancestorsOf, type By, findClaim, lockClaim, moveClaims } from '../ledger/claims.ts';
import { recordEvents } from '../ledger/events.ts';
import type { Executor } from '../ledger/executor.ts';
import { insertHolds, liftHolds } from '../ledger/holds.ts';
import { openTasks } from '../ledger/tasks.ts';
import type { Row } from '../ledger/types.ts';
import { decisionsOn } from './amend-decisions.ts';
import { type Acted, type Amending, policyFor, type Wish } from './amending.ts';
import { bearAnew, bearCorrection } from './bear-claims.ts';
import type { PipelineDeps } from './deps.ts';
import { draftUnderOverrides } from './override-draft.ts';
import { inFrequencyOf, NO_REVISION_LEFT, rejudgeClaim } from './rejudge-claim.ts';
import type { SealedClaim, SealedPending } from './sealed.ts';

const by = (a: Amending): By => ({ actor: a.actor, cause: 'amendment' });

/** Takes a claim until the transaction ends and gives it as it is then, whatever the gate or a person did to it meanwhile. */
export async function lockAsItIs(tx: Executor, id: string): Promise<Row<'claim'>> {
  for (;;) {
    const seen = await findClaim(tx, id, null);
    if (seen === undefined) throw new Error('a claim that does not exist cannot be amended');
    if (!(await lockClaim(tx, id, seen.state as ClaimState))) continue;
    return (await findClaim(tx, id, null)) as Row<'claim'>;
  }
}

const NOTHING = (wish: Wish): Acted => ({ findings: wish.findings, alarms: [], born: null });

interface Head {
  readonly action: AmendAction;
  /** As it was built last. */
  readonly stored: ClaimDraft;
}

/** What an amendment means for this claim, the last of its chain, in its present state. */
export async function lookAtHead(deps: PipelineDeps, tx: Executor, a: Amending, wish: Wish, claim: Row<'claim'>): Promise<Head> {
  const draftOf = (c: Row<'claim'>) => deps.vault.open<SealedClaim>(c.practice_id, 'claim', c.id, c.sealed).draft;
  const stored = draftOf(claim);
  const draft = wish.draft && (await draftUnderOverrides(tx, a.gated, claim, { externalId: wish.externalId, draft: wish.draft }));
  const policy = policyFor(a, claim);
  const predecessor = claim.replaces === null ? undefined : await findClaim(tx, claim.replaces, null);
  const number = claim.payer_claim_control_number;
  // Tried on the claim as it is: what the policy does not know (an override may say otherwise), the claim itself does.
  const corrected = number === null ? null : asCorrection(stored, '8', number);
  const refusal = corrected === null || corrected.ok ? null : corrected.reason;
  const action = amendAction(claim.state as ClaimState, wish.change, {
    frequencyCode: claim.frequency_code,
    supportsReplacement: policy.supportsReplacement && refusal !== 'original_medicare',
    replaceBeforeAdjudication: policy.replaceBeforeAdjudication,
    hasControlNumber: number !== null && refusal !== 'unfit_reference',
    sameOnWire: draft !== null && (!wish.wire || sameOnWire(stored, draft)),
    otherPayer: draft !== null && draft.payerId !== claim.payer_id,
    sameAsReplaced: draft !== null && predecessor !== undefined && sameOnWire(draftOf(predecessor), draft),
    voided: predecessor?.state === 'voided',
  });
  return { action, stored };
}

/**
 * Carries one attendee's amendment out on one claim, the last of its chain and locked by the caller, as its state demands.
 * Where a correction is given up, the claim that it was to correct is next.
 */
export async function actOnHead(deps: PipelineDeps, tx: Executor, a: Amending, wish: Wish, claim: Row<'claim'>): Promise<Acted> {
  const { action, stored } = await lookAtHead(deps, tx, a, wish, claim);
  if (action === 'rebuild' || action === 'resubmit') return rework(deps, tx, a, wish, claim, action, stored);
  if (action === 'cancel' || action === 'unvoid') return giveUp(deps, tx, a, wish, claim, action);
  if (action === 'wait' || action === 'task') {
    await keepPending(deps, tx, a, wish, claim, action);
    return NOTHING(wish);
  }
  // A change of documentation leaves what waits as it is.
  if (claim.pending_action !== null && (wish.wire || action !== 'none')) await clearPending(tx, [claim.id]);
  await tell(tx, a, claim, action);
  if (action === 'none') return NOTHING(wish);
  if (action === 'renew') return bearAnew(deps, tx, a, wish, claim);
  const done = await bearCorrection(deps, tx, a, wish, claim, action === 'void' ? '8' : '7', stored);
  // Another payer is to be billed (R6): it gets an original once the void is taken.
  if (action === 'void' && wish.draft !== null) await keepPending(deps, tx, a, wish, done.claim, 'wait');
  return done;
}

async function tell(tx: Executor, a: Amending, claim: Row<'claim'>, action: AmendAction): Promise<void> {
  const detail = { version: a.version, action };
  await recordEvents(tx, [{ subject: claim.id, kind: 'claim.amended', actor: a.actor, reason: 'amended', detail }]);
}

/** Unsent or rejected: built again in place. A rejected original gets the next revision, a correction keeps its CLM01 (`03` §3.3). */
async function rework(
  deps: PipelineDeps,
  tx: Executor,
  a: Amending,
  wish: Wish,
  claim: Row<'claim'>,
  action: 'rebuild' | 'resubmit',
  stored: ClaimDraft,
): Promise<Acted> {
  if (wish.draft === null) throw new Error('a claim that is not billed any more cannot be built again');
  const from = claim.state as ClaimState;
  let revision = claim.revision;
  if (from === 'rejected' || from === 'not_billable') {
    await moveClaims(tx, [{ id: claim.id, from, to: 'held', reason: 'amended', dropId: null }], by(a));
    if (from === 'rejected' && claim.frequency_code === '1') revision += 1;
  }
  if (revision > MAX_REVISION) {
    revision = MAX_REVISION;
    const message = 'the claim number has no revision left: this service cannot be sent again under it';
    await insertHolds(tx, [{ claimId: claim.id, rule: NO_REVISION_LEFT, severity: 'block', message, path: '', actor: 'gate' }]);
  }
  if (claim.pending_action !== null) await clearPending(tx, [claim.id]);
  const chain = await ancestorsOf(tx, [claim.id]);
  const decisions = await decisionsOn(tx, a, wish, claim, stored);
  const unsent = { ...decisions.claim, state: from === 'scheduled' ? 'scheduled' : 'held' };
  const done = await rejudgeClaim(
    deps,
    tx,
    a.gated,
    {
      by: by(a),
      event: 'claim.amended',
      reason: 'amended',
      heldReason: 'amended',
      detail: { version: a.version, action },
      lifter: 'amendment',
      keepsLifted: decisions.stand,
    },
    {
      claim: unsent,
      externalId: wish.externalId,
      index: wish.index,
      draft: await inFrequencyOf(tx, claim, wish.draft),
      findings: wish.findings,
      chain,
      revision,
    },
  );
  return { ...done, born: null };
}

/** Never adjudicated and not under way: not billable or cancelled. The claim that a correction was to correct is the last again. */
async function giveUp(
  deps: PipelineDeps,
  tx: Executor,
  a: Amending,
  wish: Wish,
  claim: Row<'claim'>,
  action: 'cancel' | 'unvoid',
): Promise<Acted> {
  const original = claim.frequency_code === '1';
  const to = original && wish.notBillable !== null ? 'not_billable' : 'cancelled';
  let from = claim.state as ClaimState;
  if (from === 'rejected') {
    await moveClaims(tx, [{ id: claim.id, from, to: 'held', reason: 'amended' }], by(a));
    from = 'held';
  }
  const reason = to === 'not_billable' ? wish.notBillable : 'amended';
  await moveClaims(tx, [{ id: claim.id, from, to, reason, detail: { version: a.version, action } }], by(a));
  await liftHolds(tx, claim.id, 'amendment', 'amended');
  if (claim.pending_action !== null) await clearPending(tx, [claim.id]);
  if (original || claim.replaces === null) return NOTHING(wish);
  return actOnHead(deps, tx, a, { ...wish, wire: true }, await lockAsItIs(tx, claim.replaces));
}

/** Kept on the claim until its state lets it happen; a later amendment takes its place. */
async function keepPending(
  deps: PipelineDeps,
  tx: Executor,
  a: Amending,
  wish: Wish,
  claim: Row<'claim'>,
  action: 'wait' | 'task',
): Promise<void> {
  const kind = wish.draft === null ? 'withdraw' : 'amend';
  const sealed: SealedPending = { wish: { ...wish, findings: [...wish.findings] } };
  await setPending(tx, {
    claimId: claim.id,
    sessionVersion: a.version,
    kind,
    shown: action === 'task' ? REOPENING : kind,
    sealed: deps.vault.seal(claim.practice_id, 'pending', claim.id, sealed),
    actor: a.actor,
  });
  await tell(tx, a, claim, action);
  if (action === 'wait') return;
  await openTasks(tx, [
    {
      practiceId: claim.practice_id,
      kind: REOPENING,
      claimId: claim.id,
      rule: null,
      relatedClaimId: null,
      message:
        kind === 'withdraw'
          ? 'the attendee is not to be billed any more, and this payer takes no void: ask for a reopening or a redetermination'
          : 'the claim was amended after it was decided, and this payer takes no replacement: ask for a reopening or a redetermination',
      actor: a.actor,
    },
  ]);
}
