import type { OverrideRequest, OverrideView } from '../../schemas/override.ts';
import { CONSENT_RULE, DUPLICATE_RULES, WRONG_PAYER_CARCS, WRONG_PAYER_STATES } from '../claim/overrides.ts';
import { ClaimMovedElsewhere, findClaim, lockClaim } from '../ledger/claims.ts';
import { recordAudit, recordEvents } from '../ledger/events.ts';
import type { Executor } from '../ledger/executor.ts';
import { liftUnderOverride, openHolds } from '../ledger/holds.ts';
import {
  approveOverride,
  findOverride,
  insertOverride,
  type NewOverride,
  type OverrideRow,
  pendingOverrides,
  putUnderOverride,
} from '../ledger/overrides.ts';
import { ledgerNow } from '../ledger/settings.ts';
import { settleTasks } from '../ledger/tasks.ts';
import type { Row } from '../ledger/types.ts';
import { carryOut } from './carry-out.ts';
import type { PipelineDeps } from './deps.ts';
import { consentNeeded } from './liftable.ts';
import { keysFreeUnder } from './override-keys.ts';
import { ProblemError } from './problem.ts';
import type { Occasion } from './rejudge-claim.ts';
import { judgesClaim, judgeWithLedger, type ReadSession, readForJudging, rejudgeAttendee } from './rejudge-stored.ts';
import type { KeepAnswer, Principal } from './service.ts';

const LISTED = 200;
/** An override is a decision about one claim, not a standing order. */
const LONGEST_MS = 366 * 86_400_000;

const notFound = (what: string) => new ProblemError(404, 'not_found', `No such ${what}`);
const refused = (code: string, title: string, detail: string) => new ProblemError(409, code, title, { detail });

/**
 * First step of an override (R6, R7, `03` §3.2): what is asked for is checked against the claim as it stands and recorded;
 * nothing changes. Throws 404, 409 with the reason, 422 for an expiry that is past or too far.
 */
export async function requestOverride(
  deps: PipelineDeps,
  who: Principal,
  body: OverrideRequest,
  keep?: KeepAnswer,
): Promise<OverrideView> {
  const claim = await findClaim(deps.ledger.db, body.claimId, who.practiceId);
  if (claim === undefined) throw notFound('claim');
  const read = await readForJudging(deps, claim.session_id);
  return carryOut(deps, keep, async (tx) => {
    if (!(await lockClaim(tx, claim.id, 'held'))) throw notHeld(claim);
    const now = await ledgerNow(tx);
    const wanted = await wantedOf(deps, tx, who, claim, read, body);
    const stored = await insertOverride(tx, {
      ...wanted,
      id: deps.newId('ovr'),
      practiceId: claim.practice_id,
      claimId: claim.id,
      kind: body.kind,
      reason: body.reason,
      requestedBy: who.keyId,
      expiresAt: expiryOf(body.expiresAt, now),
    });
    await recordAudit(tx, {
      actor: who.keyId,
      action: 'override.request',
      target: stored.id,
      detail: { claimId: claim.id, kind: body.kind, reason: body.reason },
    });
    await recordEvents(tx, [
      {
        subject: claim.id,
        kind: 'claim.override_requested',
        actor: who.keyId,
        reason: body.reason,
        detail: { overrideId: stored.id },
      },
    ]);
    return { answer: overrideViewOf(stored, stored.requested_at) };
  });
}

function notHeld(claim: Row<'claim'>): ProblemError {
  return refused(
    'state_forbids',
    `A claim that is ${claim.state} needs no override`,
    'An override lifts holds; only a held claim has any.',
  );
}

function expiryOf(text: string, now: number): number {
  const at = Date.parse(text);
  if (at > now && at <= now + LONGEST_MS) return at;
  const message = at <= now ? 'must lie in the future' : 'must lie within a year';
  throw new ProblemError(422, 'invalid_expiry', 'The override cannot be taken', {
    errors: [{ pointer: '/expiresAt', code: 'invalid_expiry', message }],
  });
}

type Wanted = Pick<NewOverride, 'rules' | 'number' | 'modifier' | 'originalClaimId' | 'carc'>;

/** What the request comes to for this claim: the holds that it lifts and the number of its keys. */
async function wantedOf(
  deps: PipelineDeps,
  tx: Executor,
  who: Principal,
  claim: Row<'claim'>,
  read: ReadSession | null,
  body: OverrideRequest,
): Promise<Wanted> {
  const open = [...new Set((await openHolds(tx, [claim.id])).filter((h) => h.severity === 'hold').map((h) => h.rule))];
  const rules = body.kind === 'lift_holds' ? body.rules : open.filter((r) => DUPLICATE_RULES.includes(r) || r === 'A23');
  if (rules.includes(CONSENT_RULE)) throw consentNeeded();
  const missing = rules.filter((r) => !open.includes(r));
  if (missing.length > 0 || rules.length === 0) {
    throw refused(
      'no_such_hold',
      'The claim has no such hold',
      body.kind === 'lift_holds' ? `Not open on this claim: ${missing.join(', ')}.` : 'No duplicate holds this claim.',
    );
  }
  const duplicate = rules.some((r) => DUPLICATE_RULES.includes(r));
  const modifier = body.kind === 'second_service' ? (body.modifier ?? null) : null;
  const asked = body.kind === 'second_service' ? (body.overrideNumber ?? null) : null;
  const original =
    body.kind === 'wrong_payer' ? await wrongPayerOriginal(tx, who, claim, body.originalClaimId, body.carc ?? null) : null;
  if (!duplicate) return { rules, number: 0, modifier, originalClaimId: original, carc: null };
  const number =
    read === null
      ? null
      : await keysFreeUnder(deps, tx, read, claim, modifier, { asked, first: body.kind === 'second_service' ? 1 : 0 });
  if (number === null) {
    throw refused(
      'override_number_taken',
      'No keys are free under this override',
      asked === null
        ? 'The claim cannot be built under an override: it has no claim to send, or four modifiers already.'
        : 'Another service of the day has this number already, or a fifth modifier would be needed.',
    );
  }
  return { rules, number, modifier, originalClaimId: original, carc: body.kind === 'wrong_payer' ? (body.carc ?? null) : null };
}

/** R6: the other original must be out of the way, and to another payer, for the same patient and day. */
async function wrongPayerOriginal(
  tx: Executor,
  who: Principal,
  claim: Row<'claim'>,
  originalId: string,
  carc: string | null,
): Promise<string> {
  const original = await findClaim(tx, originalId, who.practiceId ?? claim.practice_id);
  if (original === undefined) throw notFound('original claim');
  const samePatient = original.patient_hash !== null && claim.patient_hash?.equals(original.patient_hash) === true;
  if (!samePatient || original.date_of_service !== claim.date_of_service || original.responsibility !== claim.responsibility) {
    throw refused(
      'not_the_original',
      'That is not an original of this service',
      'Patient, date of service and rank must be the same.',
    );
  }
  if (original.payer_id === claim.payer_id)
    throw refused('same_payer', 'Both claims go to the same payer', 'Correct the first one: resubmit or replace it.');
  const state = original.state as (typeof WRONG_PAYER_STATES)[number];
  if (!WRONG_PAYER_STATES.includes(state)) {
    throw refused('original_is_live', `The original is ${original.state}`, 'Wait until it is rejected, voided or denied.');
  }
  if (state === 'denied' && !WRONG_PAYER_CARCS.some((c) => c.carc === carc)) {
    const list = WRONG_PAYER_CARCS.map((c) => c.carc).join(', ');
    throw refused(
      'not_a_wrong_payer_denial',
      'This denial does not point to another payer',
      `Name the reason (carc), one of ${list}.`,
    );
  }
  return original.id;
}

/**
 * Second step, by another person: lifts the holds that it names, gives the claim its number and judges it again; what else
 * holds it still does. Throws 404, 403 for the same key, 409 when it is approved, expired or its claim is not held.
 */
export async function approve(
  deps: PipelineDeps,
  who: Principal,
  approval: { readonly id: string; readonly reason: string; readonly keep: KeepAnswer | undefined },
): Promise<OverrideView> {
  const { id, reason } = approval;
  const found = await findOverride(deps.ledger.db, id, who.practiceId);
  if (found === undefined) throw notFound('override');
  if (found.requested_by === who.keyId) {
    throw new ProblemError(403, 'second_person_needed', 'Another person must approve it', {
      detail: 'The key that asked for an override cannot approve it.',
    });
  }
  const claim = (await findClaim(deps.ledger.db, found.claim_id, null)) as Row<'claim'>;
  const read = await readForJudging(deps, claim.session_id);
  if (read === null || !judgesClaim(read, claim)) throw notHeld(claim);
  try {
    return await carryOut(deps, approval.keep, async (tx) => {
      const judged = await judgeWithLedger(deps, tx, read);
      if (!(await lockClaim(tx, claim.id, 'held'))) throw notHeld(claim);
      if (!(await approveOverride(tx, id, who.keyId, reason))) throw notPending(found);
      await liftUnderOverride(tx, { claimId: claim.id, rules: found.rules, overrideId: id, actor: who.keyId, reason });
      const number = found.rules.some((r) => DUPLICATE_RULES.includes(r)) ? found.override_no : null;
      await putUnderOverride(tx, claim.id, number, found.expires_at.getTime());
      await settleTasks(tx, claim.id, found.rules, who.keyId, reason);
      await recordAudit(tx, { actor: who.keyId, action: 'override.approve', target: id, detail: { claimId: claim.id, reason } });
      await linkOriginal(tx, found, who.keyId);
      const current = (await findClaim(tx, claim.id, null)) as Row<'claim'>;
      const alarms = await rejudgeAttendee(deps, tx, judged, current, approving(found, who, reason));
      const approved = (await findOverride(tx, id, null)) as OverrideRow;
      return { answer: overrideViewOf(approved, new Date(await ledgerNow(tx))), alarms };
    });
  } catch (error) {
    if (!(error instanceof ClaimMovedElsewhere)) throw error;
    throw refused('changed_meanwhile', 'The claim has just changed', 'Look at it again.');
  }
}

const notPending = (o: OverrideRow): ProblemError =>
  o.approved_at === null
    ? refused('override_expired', 'The override has expired', 'Ask for a new one: POST /v1/overrides.')
    : refused('already_approved', 'The override is approved already', 'Nothing is left to do.');

const approving = (o: OverrideRow, who: Principal, reason: string): Occasion => ({
  by: { actor: who.keyId, cause: 'operator' },
  event: 'claim.override',
  reason,
  heldReason: 'on_hold_again',
  detail: { overrideId: o.id, rules: o.rules, number: o.override_no, requestedBy: o.requested_by },
  lifter: 'regate',
  keepsLifted: () => true,
});

/** R6: both originals tell of each other. */
async function linkOriginal(tx: Executor, o: OverrideRow, actor: string): Promise<void> {
  if (o.original_claim_id === null) return;
  const linked = (subject: string, other: string) => ({
    subject,
    kind: 'claim.linked',
    actor,
    reason: 'wrong_payer',
    detail: { claims: [other] },
  });
  await recordEvents(tx, [linked(o.claim_id, o.original_claim_id), linked(o.original_claim_id, o.claim_id)]);
}

/** Overrides that wait for a second person. */
export async function listPendingOverrides(deps: Pick<PipelineDeps, 'ledger'>, who: Principal): Promise<readonly OverrideView[]> {
  const now = await deps.ledger.now();
  return (await pendingOverrides(deps.ledger.db, who.practiceId, LISTED)).map((o) => overrideViewOf(o, now));
}

function overrideViewOf(o: OverrideRow, now: Date): OverrideView {
  const ended = o.lapsed_at !== null ? 'lapsed' : o.expires_at.getTime() <= now.getTime() ? 'expired' : null;
  return {
    id: o.id,
    claimId: o.claim_id,
    kind: o.kind,
    status: ended ?? (o.approved_at === null ? 'pending' : 'approved'),
    rules: [...o.rules],
    overrideNumber: o.override_no,
    modifier: o.modifier,
    originalClaimId: o.original_claim_id,
    carc: o.carc,
    reason: o.reason,
    expiresAt: o.expires_at.toISOString(),
    requestedBy: o.requested_by,
    requestedAt: o.requested_at.toISOString(),
    approvedBy: o.approved_by,
    approvedAt: o.approved_at?.toISOString() ?? null,
  };
}
