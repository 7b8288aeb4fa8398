import type { Finding } from '../../schemas/common.ts';
import type { Attendee } from '../../schemas/group-session.ts';
import type { ProfessionalClaim } from '../x12/837p/model.ts';
import type { AttendeeContext, RosterContext } from './context.ts';

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
  /** Whose claim it is, as the payer sees it; null where a part is missing. Canonical strings, keyed like the others. */
  readonly identity: ClaimIdentity | null;
  /** The prior authorization that it uses; null without one. */
  readonly authorization: ClaimAuthorization | null;
  /** Our own code of the group service, before the payer's map. */
  readonly serviceCode: string;
  /** Consent under 42 CFR Part 2 as it was sent; null outside such a programme. Looked at again on the day of sending. */
  readonly part2: { readonly consent: Attendee['part2'] | null; readonly timezone: string } | null;
  /** Last day of timely filing (payer's zone-free calendar day), null where the payer has no limit. */
  readonly fileBy: string | null;
}

export interface ClaimIdentity {
  /** Payer and member id. */
  readonly member: string;
  /** The patient by name, birth date and gender, and by what spelling cannot change: birth date, gender, initial. */
  readonly person: string;
  readonly demographics: string;
  readonly isSubscriber: boolean;
}

export interface ClaimAuthorization {
  /** Payer, member id and number. */
  readonly canonical: string;
  readonly units: number;
  /** What the EHR says is left before this claim; null when it does not say. */
  readonly stated: number | null;
}

export type Disposition =
  | { readonly kind: 'not_billable'; readonly reason: string }
  /** At least one finding at block or hold. `reason`: a word of ours for the claim, where the ledger is the cause. */
  | { readonly kind: 'held'; readonly draft: ClaimDraft; readonly reason?: string }
  | { readonly kind: 'ready'; readonly draft: ClaimDraft };

export interface AttendeeVerdict {
  readonly index: number;
  readonly externalId: string;
  readonly disposition: Disposition;
  readonly findings: readonly Finding[];
  /** What it was judged by; `billable` null for those who get no claim. */
  readonly roster: RosterContext;
  readonly billable: AttendeeContext | null;
}

export interface GateVerdict {
  readonly dateOfService: string;
  /** Session scope; any `block` here means 422 and nothing stored. */
  readonly findings: readonly Finding[];
  readonly attendees: readonly AttendeeVerdict[];
}
