import type { PatientPrivacyBody, PatientPrivacyView } from '../../schemas/override.ts';
import type { PatientPrivacy } from '../claim/facts.ts';
import { ClaimMovedElsewhere, findClaim } from '../ledger/claims.ts';
import { recordAudit } from '../ledger/events.ts';
import type { Executor } from '../ledger/executor.ts';
import { openHolds } from '../ledger/holds.ts';
import { lockBucket, putPrivacy, type UnsentClaim, unsentOfPatient } from '../ledger/privacy.ts';
import { ledgerNow } from '../ledger/settings.ts';
import type { Row } from '../ledger/types.ts';
import type { PipelineDeps } from './deps.ts';
import { patientBucket, patientHash } from './intake-facts.ts';
import { armAll } from './plan-claims.ts';
import { ProblemError } from './problem.ts';
import { recallClaim } from './recall-claim.ts';
import type { Occasion } from './rejudge-claim.ts';
import { judgeWithLedger, readForJudging, rejudgeAttendee } from './rejudge-stored.ts';
import { barClaim, barOnUnsent } from './release-bars.ts';
import type { Principal } from './service.ts';

const REASON = 'privacy';

/**
 * Puts on record what a patient has laid down, sealed and found by the patient's hash, and applies it to everything unsent
 * in the same transaction: a restriction ends the claims, a missing consent holds them; what is on its way is taken back
 * while no byte was staged. Claims that only waited for a consent are judged again. Intakes of the patient wait meanwhile
 * and see it. Throws 404 for a practice that is not there or not the caller's.
 */
export async function putPatientPrivacy(
  deps: PipelineDeps,
  who: Principal,
  practiceId: string,
  externalId: string,
  body: PatientPrivacyBody,
): Promise<PatientPrivacyView> {
  const known = who.practiceId === null || who.practiceId === practiceId ? await deps.configs.practice(practiceId) : null;
  if (known === null) throw new ProblemError(404, 'not_found', 'No such practice');
  await deps.vault.warm(practiceId);
  const hash = patientHash(deps.vault, practiceId, externalId);
  const { consentId = null, signedOn = null, revokedOn = null } = body.part2 ?? {};
  const privacy: PatientPrivacy = {
    restrictDisclosure: body.restrictDisclosure,
    part2: body.part2 == null ? null : { consentId, signedOn, revokedOn },
  };
  const hex = Buffer.from(hash).toString('hex');
  const done = await deps.ledger.transaction(async (tx) => {
    await lockBucket(tx, patientBucket(deps.vault, practiceId, externalId));
    const sealed = deps.vault.seal(practiceId, 'privacy', hex, privacy);
    const version = await putPrivacy(tx, { patientHash: hash, practiceId, sealed, actor: who.keyId });
    // What was laid down stays out of the audit list: it is the patient's.
    await recordAudit(tx, { actor: who.keyId, action: 'patient.privacy', target: practiceId, detail: { version } });
    const unsent = await unsentOfPatient(tx, hash);
    const now = await ledgerNow(tx);
    const touched: string[] = [];
    const waiting: UnsentClaim[] = [];
    for (const claim of unsent) {
      const bar = barOnUnsent(deps.vault, claim, now);
      if (bar === null) waiting.push(claim);
      else if (await applyBar(tx, claim, bar, who.keyId)) touched.push(claim.id);
    }
    return { version, touched, freed: await heldForConsent(tx, waiting) };
  });
  await judgeFreed(deps, who.keyId, done.freed);
  const changed = [...done.touched, ...done.freed.map((c) => c.id)].sort();
  const rows = await Promise.all(changed.map((id) => findClaim(deps.ledger.db, id, null)));
  return {
    version: done.version,
    ...privacy,
    claims: rows.flatMap((c) => (c === undefined ? [] : [{ claimId: c.id, state: c.state, reason: c.state_reason }])),
  };
}

type Bar = NonNullable<ReturnType<typeof barOnUnsent>>;

/** False when the claim's bytes are staged already: before they are renamed, delivery looks again. */
async function applyBar(tx: Executor, claim: UnsentClaim, bar: Bar, actor: string): Promise<boolean> {
  if (claim.state !== 'released') {
    await barClaim(tx, claim, claim.state as 'held' | 'scheduled', bar, actor);
    return true;
  }
  const row: Pick<Row<'claim'>, 'id' | 'drop_id'> = { id: claim.id, drop_id: claim.dropId };
  if (!(await recallClaim(tx, row, { actor, cause: 'operator' }, { reason: bar.reason, note: REASON }))) return false;
  await barClaim(tx, claim, 'held', bar, actor);
  return true;
}

/** Held claims that nothing of this patient's bars any more, with a hold that said so. */
async function heldForConsent(tx: Executor, claims: readonly UnsentClaim[]): Promise<readonly UnsentClaim[]> {
  const held = claims.filter((c) => c.state === 'held');
  const holds = await openHolds(
    tx,
    held.map((c) => c.id),
  );
  return held.filter((c) => holds.some((h) => h.claim_id === c.id && h.rule === 'A19'));
}

/** The record stands whatever becomes of this: a claim that is overtaken here keeps its hold until somebody looks. */
async function judgeFreed(deps: PipelineDeps, actor: string, claims: readonly UnsentClaim[]): Promise<void> {
  const occasion: Occasion = {
    by: { actor, cause: 'operator' },
    event: 'claim.privacy',
    reason: REASON,
    heldReason: REASON,
    lifter: 'regate',
    keepsLifted: () => true,
  };
  for (const { id, sessionId } of claims) {
    const read = await readForJudging(deps, sessionId);
    if (read === null) continue;
    try {
      const alarms = await deps.ledger.transaction(async (tx) => {
        const judged = await judgeWithLedger(deps, tx, read);
        const claim = await findClaim(tx, id, null);
        return claim === undefined ? [] : rejudgeAttendee(deps, tx, judged, claim, occasion);
      });
      await armAll(deps, alarms);
    } catch (error) {
      if (!(error instanceof ClaimMovedElsewhere)) throw error;
    }
  }
}
