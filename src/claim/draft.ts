import type { Finding } from '../../schemas/common.ts';
import type { ProfessionalClaim } from '../x12/837p/model.ts';

/**
 * One attendee's claim as the gate leaves it: everything that is decided before numbers and a time are given.
 * `claim` carries an empty `patientControlNumber` and empty `lineControlNumber`s; they are filled when bytes are frozen.
 */
export interface ClaimDraft {
  readonly payerId: string | null;
  readonly clearinghouseId: string | null;
  readonly responsibility: 'P' | 'S' | 'T';
  readonly procedureCode: string | null;
  readonly renderingNpi: string | null;
  readonly billingNpi: string;
  /** CLM02 in cents; 0 when it could not be determined. */
  readonly chargeCents: number;
  /** Null when a block left too little to build a claim from. */
  readonly claim: ProfessionalClaim | null;
  readonly lookAlikeGapMinutes: number;
  /** Canonical strings (`03` §3.1, §3.2); the pipeline keys them by HMAC. Null where a part is missing. */
  readonly lookAlikeKey: string | null;
  readonly siblingKey: string | null;
  readonly duplicateKeys: readonly { readonly kind: 'K1' | 'K2a' | 'K2b' | 'K3'; readonly canonical: string }[];
  /** Last day of timely filing (payer's zone-free calendar day), null where the payer has no limit. */
  readonly fileBy: string | null;
}

export type Disposition =
  | { readonly kind: 'not_billable'; readonly reason: string }
  /** At least one finding at block or hold. */
  | { readonly kind: 'held'; readonly draft: ClaimDraft }
  | { readonly kind: 'ready'; readonly draft: ClaimDraft };

export interface AttendeeVerdict {
  readonly index: number;
  readonly externalId: string;
  readonly disposition: Disposition;
  readonly findings: readonly Finding[];
}

export interface GateVerdict {
  readonly dateOfService: string;
  /** Session scope; any `block` here means 422 and nothing stored. */
  readonly findings: readonly Finding[];
  readonly attendees: readonly AttendeeVerdict[];
}
