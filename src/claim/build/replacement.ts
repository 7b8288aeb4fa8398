import type { ProfessionalClaim } from '../../x12/837p/model.ts';
import { fitIdentifier } from '../../x12/charset.ts';

/** The claim that is replaced or voided. */
export interface OriginalReference {
  /** Its CLM01, which the new claim carries again (`03` §3.3, RFI 1799 and 1945). */
  readonly patientControlNumber: string;
  /** What the payer calls it: CLP07 of the remittance, else REF 1K of the 277CA. */
  readonly payerClaimControlNumber: string;
}

export type Replacement =
  | { readonly ok: true; readonly claim: ProfessionalClaim }
  /** `original_medicare`: takes no frequency 7 or 8, only a reopening or appeal. `unfit_reference`: no X12 identifier of 1 to 50 characters. */
  | { readonly ok: false; readonly reason: 'original_medicare' | 'unfit_reference' };

/**
 * A claim as the replacement (frequency 7) or void (8) of an earlier one: CLM05-3, CLM01 and REF F8 change, all else stays
 * as it was built. A void repeats what it voids, so pass the claim that was sent.
 */
export function asReplacement(
  claim: ProfessionalClaim,
  { frequencyCode, originalReference }: { readonly frequencyCode: '7' | '8'; readonly originalReference: OriginalReference },
): Replacement {
  if (['MA', 'MB'].includes(claim.subscriber.claimFilingIndicatorCode)) return { ok: false, reason: 'original_medicare' };
  const fitted = fitIdentifier(originalReference.payerClaimControlNumber);
  if (!fitted.ok || fitted.value.length > 50) return { ok: false, reason: 'unfit_reference' };
  return {
    ok: true,
    claim: {
      ...claim,
      patientControlNumber: originalReference.patientControlNumber,
      frequencyCode,
      references: [...claim.references.filter((r) => r.qualifier !== 'F8'), { qualifier: 'F8', value: fitted.value }],
    },
  };
}
