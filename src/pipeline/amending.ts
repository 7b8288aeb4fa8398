import type { Finding } from '../../schemas/common.ts';
import type { AttendeeChange } from '../claim/amend.ts';
import type { ClaimDraft } from '../claim/draft.ts';
import type { Policy } from '../claim/payers/policy.ts';
import { resolvePolicy } from '../claim/payers/registry.ts';
import type { Row } from '../ledger/types.ts';
import type { PipelineDeps } from './deps.ts';
import type { GatedSession } from './gate-session.ts';
import type { Alarm } from './ports.ts';

/** One amendment on its way through the claims of its session. */
export interface Amending {
  readonly sessionId: string;
  readonly practiceId: string;
  /** The version that is being stored, or that a pending action belongs to. */
  readonly version: number;
  /** Configuration of every payer and clearinghouse that a claim in hand goes to. */
  readonly gated: GatedSession;
  readonly actor: string;
}

/** What becomes of one attendee's claims. */
export interface Wish {
  readonly attendeeId: string;
  readonly externalId: string;
  /** Place on the roster; of somebody who was removed the last one. */
  readonly index: number;
  readonly change: AttendeeChange;
  /** The amendment changed what would go to the payer, not only what is documented. */
  readonly wire: boolean;
  /** There at the same times as before. */
  readonly samePresence: boolean;
  /** Null when the attendee is not to be billed any more. */
  readonly draft: ClaimDraft | null;
  readonly findings: readonly Finding[];
  /** Why somebody on the roster is not billed; null for one who is off it. */
  readonly notBillable: string | null;
}

export interface Acted {
  readonly findings: readonly Finding[];
  readonly alarms: readonly Alarm[];
  /** A claim of frequency 1 that came to be. */
  readonly born: string | null;
}

/** The payer's policy on the claim's date of service; the default one where the payer is not configured any more. */
export function policyFor(a: Pick<Amending, 'gated'>, claim: Pick<Row<'claim'>, 'payer_id' | 'date_of_service'>): Policy {
  const payer = claim.payer_id === null ? undefined : a.gated.payers.get(claim.payer_id)?.body;
  const found = resolvePolicy(payer ?? { policy: 'default', policyOverrides: {} }, claim.date_of_service);
  const resolved = found.ok ? found : resolvePolicy({ policy: 'default', policyOverrides: {} }, claim.date_of_service);
  if (!resolved.ok) throw new Error('the default policy must resolve');
  return resolved.policy;
}

/** The configuration in hand, with that of the payers and clearinghouses that stored claims go to. Outside a transaction. */
export async function withConfigOf(
  deps: Pick<PipelineDeps, 'configs'>,
  gated: GatedSession,
  claims: readonly Pick<Row<'claim'>, 'payer_id' | 'clearinghouse_id'>[],
): Promise<GatedSession> {
  const payers = new Map(gated.payers);
  const clearinghouses = new Map(gated.clearinghouses);
  for (const { payer_id, clearinghouse_id } of claims) {
    const payer = payer_id === null || payers.has(payer_id) ? null : await deps.configs.payer(payer_id);
    if (payer !== null && payer_id !== null) payers.set(payer_id, payer);
    const house =
      clearinghouse_id === null || clearinghouses.has(clearinghouse_id)
        ? null
        : await deps.configs.clearinghouse(clearinghouse_id);
    if (house !== null && clearinghouse_id !== null) clearinghouses.set(clearinghouse_id, house);
  }
  return { ...gated, payers, clearinghouses };
}
