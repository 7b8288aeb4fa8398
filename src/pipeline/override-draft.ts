import type { ClaimDraft } from '../claim/draft.ts';
import { underOverride } from '../claim/overrides.ts';
import { resolvePolicy } from '../claim/payers/registry.ts';
import { ancestorsOf } from '../ledger/claims.ts';
import type { Executor } from '../ledger/executor.ts';
import { overridesOf } from '../ledger/overrides.ts';
import type { Row } from '../ledger/types.ts';
import type { GatedSession } from './gate-session.ts';

type Config = Pick<GatedSession, 'payers' | 'clearinghouses'>;

/** A draft under this number and modifier, by the payer's order; null when there is no claim, no payer or no place for it. */
export function overriddenDraft(
  config: Config,
  claim: Pick<Row<'claim'>, 'practice_id' | 'date_of_service'>,
  { externalId, draft }: { readonly externalId: string; readonly draft: ClaimDraft },
  override: { readonly number: number; readonly modifier: string | null },
): ClaimDraft | null {
  const payer = draft.payerId === null ? undefined : config.payers.get(draft.payerId)?.body;
  const clearinghouse = draft.clearinghouseId === null ? undefined : config.clearinghouses.get(draft.clearinghouseId)?.body;
  if (payer === undefined || clearinghouse === undefined || draft.renderingNpi === null) return null;
  const resolved = resolvePolicy(payer, claim.date_of_service);
  const named = {
    usage: clearinghouse.usage,
    practiceId: claim.practice_id,
    patientExternalId: externalId,
    payerId: payer.payerId,
    renderingNpi: draft.renderingNpi,
  };
  return underOverride(draft, named, override, resolved.ok ? resolved.policy.modifierOrder : []);
}

/**
 * A claim that is built again keeps what two people decided of it, or of the one that it corrects (R4): its number and its
 * modifier, unless the decision has lapsed. Where they do not fit the new content any more the draft stays without them, and
 * its keys decide.
 */
export async function draftUnderOverrides(
  tx: Executor,
  config: Config,
  claim: Row<'claim'>,
  built: { readonly externalId: string; readonly draft: ClaimDraft },
): Promise<ClaimDraft> {
  if (claim.override_no === 0) return built.draft;
  const service = [claim.id, ...(await ancestorsOf(tx, [claim.id]))];
  const approved = (await overridesOf(tx, service)).filter((o) => o.approved_at !== null && o.lapsed_at === null);
  const modifier = approved.findLast((o) => o.modifier !== null)?.modifier ?? null;
  return overriddenDraft(config, claim, built, { number: claim.override_no, modifier }) ?? built.draft;
}
