import type { Attendee } from '../../schemas/group-session.ts';
import { claimAuthorization, claimIdentity } from '../claim/build/keys.ts';
import { claimsWithoutFacts, updateClaimFacts } from '../ledger/roster.ts';
import type { PipelineDeps } from './deps.ts';
import { claimFacts } from './intake-facts.ts';
import type { SealedAttendee, SealedClaim } from './sealed.ts';

const PAGE = 200;

/**
 * Claims stored before the ledger knew whose they are get their hashes, a page per sweep until none is left: SQL has no key
 * to make them with. Their duplicate keys have protected them all along. Returns how many it filled in.
 */
export async function fillFacts(deps: PipelineDeps): Promise<number> {
  const rows = await claimsWithoutFacts(deps.ledger.db, PAGE);
  const filled: Parameters<typeof updateClaimFacts>[1][number][] = [];
  for (const row of rows) {
    await deps.vault.warm(row.practice_id);
    const { externalId, draft } = deps.vault.open<SealedClaim>(row.practice_id, 'claim', row.id, row.sealed);
    const payer = row.payer_id === null ? null : await deps.configs.payer(row.payer_id);
    const clearinghouse = row.clearinghouse_id === null ? null : await deps.configs.clearinghouse(row.clearinghouse_id);
    const named =
      draft.claim === null || payer === null || clearinghouse === null
        ? null
        : { usage: clearinghouse.body.usage, payerId: payer.body.payerId, claim: draft.claim };
    const known = {
      ...draft,
      identity: named === null ? null : claimIdentity(named),
      authorization: named === null ? null : claimAuthorization(named, draft.authorization?.stated ?? statedUnits(deps, row)),
      serviceCode: draft.serviceCode ?? row.procedure_code ?? '',
    };
    filled.push({ id: row.id, facts: claimFacts(deps.vault, row.practice_id, externalId, known) });
  }
  await updateClaimFacts(deps.ledger.db, filled);
  return filled.length;
}

/** Units that the EHR said were left, from what it sent: a claim's own body did not keep them. */
function statedUnits(deps: PipelineDeps, row: Awaited<ReturnType<typeof claimsWithoutFacts>>[number]): number | null {
  const { attendee } = deps.vault.open<SealedAttendee>(row.practice_id, 'attendee', row.attendee_id, row.sealed_attendee);
  const { coverages } = (attendee as { readonly fields: Pick<Partial<Attendee>, 'coverages'> }).fields;
  return coverages?.find((c) => c.responsibility === row.responsibility)?.priorAuthorization?.unitsRemaining ?? null;
}
