import { dayOf, isValidZone } from './dates.ts';
import type { ClaimDraft } from './draft.ts';
import type { PatientPrivacy } from './facts.ts';
import { CONSENT_MESSAGE, consentInForce, consentStatus } from './part2.ts';

/** Why a claim must not leave now although it was let go before. */
export type ReleaseBar =
  | { readonly kind: 'not_billable'; readonly reason: 'disclosure_restricted' }
  | { readonly kind: 'hold'; readonly rule: 'A19'; readonly reason: 'part2_consent'; readonly message: string };

export interface Unsent {
  readonly draft: Pick<ClaimDraft, 'part2'>;
  /** 8 withdraws what a payer has already: it discloses nothing, so no restriction stands against it. */
  readonly frequencyCode: string;
  /** What the patient has laid down; null = nothing. */
  readonly privacy: PatientPrivacy | null;
}

/**
 * What is looked at again in the moment of release and before each attempt at delivery (`03` §3.4 step 0): no restriction of
 * disclosure (45 CFR 164.522), and in a Part 2 programme a consent that is valid on this day, whatever people lifted. `now` in epoch ms.
 */
export function releaseBar({ draft, frequencyCode, privacy }: Unsent, now: number): ReleaseBar | null {
  if (frequencyCode === '8') return null;
  if (privacy?.restrictDisclosure === true) return { kind: 'not_billable', reason: 'disclosure_restricted' };
  const { part2 } = draft;
  if (!part2) return null;
  const today = dayOf(now, isValidZone(part2.timezone) ? part2.timezone : 'UTC');
  const status = consentStatus(consentInForce(part2.consent, privacy?.part2 ?? null), today);
  return status === 'valid' ? null : { kind: 'hold', rule: 'A19', reason: 'part2_consent', message: CONSENT_MESSAGE[status] };
}
