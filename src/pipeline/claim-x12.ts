import { patientControlNumber } from '../claim/identifiers.ts';
import { findClaim } from '../ledger/claims.ts';
import { findDrop } from '../ledger/drops.ts';
import { recordAudit } from '../ledger/events.ts';
import { openHolds } from '../ledger/holds.ts';
import type { Row } from '../ledger/types.ts';
import { X12WriteError } from '../x12/write-error.ts';
import type { PipelineDeps } from './deps.ts';
import { draftBytes } from './judge-session.ts';
import { ProblemError } from './problem.ts';
import type { SealedClaim, SealedDrop } from './sealed.ts';
import type { Principal } from './service.ts';

/**
 * The 837P of a claim, audited: the bytes that left, or what would leave, under ISA13 000000000. Throws 404, and 409
 * `no_claim_yet` with the claim's holds as its errors where they leave nothing that could be written.
 */
export async function claimX12(deps: PipelineDeps, who: Principal, id: string): Promise<string> {
  const claim = await findClaim(deps.ledger.db, id, who.practiceId);
  if (claim === undefined) throw new ProblemError(404, 'not_found', 'No such claim');
  const text = await textOf(deps, claim);
  await recordAudit(deps.ledger.db, { actor: who.keyId, action: 'claim.x12', target: id });
  return text;
}

async function textOf(deps: PipelineDeps, claim: Row<'claim'>): Promise<string> {
  await deps.vault.warm(claim.practice_id);
  if (claim.drop_id !== null && claim.state !== 'held' && claim.state !== 'cancelled' && claim.state !== 'scheduled') {
    const drop = await findDrop(deps.ledger.db, claim.drop_id);
    if (drop !== undefined) return deps.vault.open<SealedDrop>(claim.practice_id, 'drop', drop.id, drop.sealed).text;
  }
  const { draft } = deps.vault.open<SealedClaim>(claim.practice_id, 'claim', claim.id, claim.sealed);
  const clearinghouse = claim.clearinghouse_id === null ? null : await deps.configs.clearinghouse(claim.clearinghouse_id);
  if (clearinghouse === null) throw await notYet(deps, claim, null);
  const written = draftBytes({
    draft,
    clearinghouse: clearinghouse.body,
    practice: await deps.configs.practiceAt(claim.practice_id, claim.practice_version),
    pcn: patientControlNumber(claim.lineage, claim.revision),
    at: (await deps.ledger.now()).getTime(),
  });
  if (written === null || written instanceof X12WriteError) throw await notYet(deps, claim, written);
  return Buffer.from(written).toString('latin1');
}

async function notYet(deps: PipelineDeps, claim: Row<'claim'>, refused: X12WriteError | null): Promise<ProblemError> {
  const holds = await openHolds(deps.ledger.db, [claim.id]);
  const place = refused === null ? '' : ` The guide refuses ${refused.element ?? refused.segment} in loop ${refused.loop}.`;
  return new ProblemError(409, 'no_claim_yet', 'This claim cannot be written yet', {
    detail: `What holds it leaves nothing that could be sent: see errors.${place}`,
    errors: holds.map((h) => ({ pointer: h.path, code: h.rule, message: h.message })),
  });
}
