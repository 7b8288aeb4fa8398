import type { ClaimState } from '../../schemas/common.ts';

/** Another session of the same practice and facilitator, near in time. Times are epoch ms. */
export interface NearbySession {
  readonly sessionId: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly sameFacility: boolean;
  /** Patients on its roster, and how many of them are on ours, too. */
  readonly roster: number;
  readonly common: number;
}

/** A session that a patient of ours was in at a time when the same patient was in ours. */
export interface OverlappingPresence {
  /** Roster position in our session. */
  readonly index: number;
  readonly sessionId: string;
  /** The claim made from it, if any. */
  readonly claimId: string | null;
  readonly state: ClaimState | null;
}

/** A claim of the same patient and date of service that owns its keys (R3). */
export interface ServiceOfDay {
  readonly index: number;
  readonly claimId: string;
  readonly state: ClaimState;
  /** Our own code before the payer's map; in old rows the payer's. */
  readonly serviceCode: string | null;
  /** As billed; of old rows the first line, without its modifiers. */
  readonly lines: readonly { readonly procedureCode: string | null; readonly modifiers: readonly string[] }[];
}

/** A claim under the same payer and member id for a person with other demographics, both billed as the subscriber (K3b). */
export interface MemberConflict {
  readonly index: number;
  readonly claimId: string;
  readonly state: ClaimState;
  /** False = another practice's: held alike, never shown. */
  readonly ownPractice: boolean;
}

/** A live claim under the same prior authorization, in the order in which they came. */
export interface AuthorizedUse {
  readonly index: number;
  /** What the EHR said was left before it. */
  readonly stated: number | null;
  readonly units: number | null;
}

export interface KeyOwner {
  readonly index: number;
  readonly kind: string;
  readonly claimId: string;
  readonly ownPractice: boolean;
}

/** 42 CFR Part 2 consent as it came with a session or was put in its place since. */
export interface Part2Consent {
  readonly signedOn: string | null;
  readonly revokedOn: string | null;
}

/** What `PUT /v1/patients/…/privacy` has laid down for a patient. */
export interface PatientPrivacy {
  readonly restrictDisclosure: boolean;
  readonly part2: (Part2Consent & { readonly consentId: string | null }) | null;
}

/** What the ledger knows that bears on one session, read while nobody else stores anything that could. */
export interface IntakeFacts {
  readonly groups: readonly NearbySession[];
  readonly overlaps: readonly OverlappingPresence[];
  readonly services: readonly ServiceOfDay[];
  readonly memberConflicts: readonly MemberConflict[];
  readonly authorizedUnits: readonly AuthorizedUse[];
  readonly keyOwners: readonly KeyOwner[];
  /** By roster position. */
  readonly privacy: ReadonlyMap<number, PatientPrivacy>;
}

/** A ledger that knows nothing: what the edits then still find, the session's own roster tells. */
export const NO_FACTS: IntakeFacts = {
  groups: [],
  overlaps: [],
  services: [],
  memberConflicts: [],
  authorizedUnits: [],
  keyOwners: [],
  privacy: new Map(),
};
