/**
 * What the 837P writer takes: guide terms only (005010X222A1), no session, no claim of ours.
 * Amounts are integer cents, dates `YYYY-MM-DD`, codes without dots. Text may be any Unicode: the writer makes it fit
 * the basic character set or refuses (`X12WriteError`); it never emits a delimiter inside an element.
 */
export interface PersonName {
  readonly kind: 'person';
  readonly lastName: string;
  readonly firstName: string | null;
  readonly middleName: string | null;
  readonly suffix: string | null;
}
export interface OrganizationName {
  readonly kind: 'organization';
  readonly name: string;
}
export type PartyName = PersonName | OrganizationName;

export interface PostalAddress {
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
}
export interface Contact {
  readonly name: string | null;
  readonly phone: string | null;
  readonly email: string | null;
}
/** REF01 / REF02. */
export interface Reference {
  readonly qualifier: string;
  readonly value: string;
}

export interface Provider {
  readonly name: PartyName;
  readonly npi: string | null;
  readonly taxonomyCode: string | null;
  readonly secondaryIds: readonly Reference[];
}
export interface BillingProvider extends Provider {
  readonly address: PostalAddress;
  /** 2010AA REF EI | SY, nine digits. */
  readonly taxId: Reference;
  readonly contact: Contact | null;
}
export interface ServiceFacility {
  readonly name: string;
  readonly npi: string | null;
  readonly address: PostalAddress;
  readonly secondaryIds: readonly Reference[];
}

export interface Demographics {
  readonly dateOfBirth: string;
  readonly gender: 'F' | 'M' | 'U';
}

export interface Subscriber {
  readonly responsibility: 'P' | 'S' | 'T' | 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G' | 'H' | 'U';
  /** True when the patient is the subscriber: SBR02 = 18, N3/N4/DMG required, no 2000C. */
  readonly isPatient: boolean;
  readonly groupNumber: string | null;
  readonly planName: string | null;
  readonly insuranceTypeCode: string | null;
  readonly claimFilingIndicatorCode: string;
  readonly name: PartyName;
  readonly memberId: string;
  readonly address: PostalAddress | null;
  readonly demographics: Demographics | null;
}

/** 2000C / 2010CA, only when the patient is not the subscriber. */
export interface Patient {
  readonly relationshipCode: string;
  readonly name: PersonName;
  readonly address: PostalAddress;
  readonly demographics: Demographics;
}

export interface Payer {
  readonly name: string;
  readonly id: string;
  readonly address: PostalAddress | null;
  readonly secondaryIds: readonly Reference[];
  readonly billingProviderIds: readonly Reference[];
}

export interface ServiceLine {
  readonly procedureCode: string;
  readonly modifiers: readonly string[];
  readonly chargeCents: number;
  readonly units: number;
  readonly unitCode: 'UN' | 'MJ';
  /** Only when it differs from CLM05-1. */
  readonly placeOfServiceCode: string | null;
  /** 1-based positions in the claim's diagnoses, 1 to 4. */
  readonly diagnosisPointers: readonly number[];
  readonly dateOfService: string;
  /** REF*6R, unique per line, ≤ 30. */
  readonly lineControlNumber: string;
  readonly note: string | null;
}

export interface Attachment {
  readonly type: string;
  readonly transmission: string;
  readonly controlNumber: string | null;
}

export interface ProfessionalClaim {
  readonly billing: BillingProvider;
  readonly payToAddress: PostalAddress | null;
  readonly subscriber: Subscriber;
  readonly patient: Patient | null;
  readonly payer: Payer;
  /** CLM01. */
  readonly patientControlNumber: string;
  readonly totalChargeCents: number;
  readonly placeOfServiceCode: string;
  readonly frequencyCode: '1' | '7' | '8';
  readonly providerSignatureOnFile: 'Y' | 'N';
  readonly acceptAssignment: 'A' | 'B' | 'C';
  readonly benefitsAssigned: 'Y' | 'N' | 'W';
  readonly releaseOfInformation: 'Y' | 'I';
  readonly patientSignatureSource: 'P' | null;
  readonly relatedCauses: readonly string[];
  readonly accidentState: string | null;
  readonly specialProgramCode: string | null;
  readonly delayReasonCode: string | null;
  /** Qualifier (431, 454, 304, 439, 435, 096 …) → date. */
  readonly dates: readonly { readonly qualifier: string; readonly date: string }[];
  readonly attachments: readonly Attachment[];
  readonly patientPaidCents: number | null;
  /** 2300 REFs: 9F, G1, F8, X4, D9, EA … The writer puts them in table order. */
  readonly references: readonly Reference[];
  readonly note: string | null;
  /** First is principal (ABK), the rest ABF; ≤ 12, no dots. */
  readonly diagnoses: readonly string[];
  readonly referring: Provider | null;
  /** Absent when it equals the billing provider. */
  readonly rendering: Provider | null;
  readonly facility: ServiceFacility | null;
  readonly supervising: Provider | null;
  readonly lines: readonly ServiceLine[];
}

export interface TransactionSet {
  /** ST02, nine digits. */
  readonly controlNumber: string;
  /** BHT03, ≤ 30 for us, unique for ever. */
  readonly batchReference: string;
  readonly purpose: '00' | '18';
  readonly claimOrEncounter: 'CH' | 'RP';
  readonly claim: ProfessionalClaim;
}

export interface Interchange {
  readonly senderQualifier: string;
  readonly senderId: string;
  readonly receiverQualifier: string;
  readonly receiverId: string;
  readonly applicationSender: string;
  readonly applicationReceiver: string;
  readonly usage: 'T' | 'P';
  readonly requestTa1: boolean;
  /** ISA13, nine digits; GS06 is the same number without leading zeros. */
  readonly controlNumber: string;
  /** Local wall-clock time of the receiver's zone: `YYYY-MM-DD` and `HHMM`, used in ISA09/10, GS04/05 and BHT04/05. */
  readonly date: string;
  readonly time: string;
  readonly submitter: { readonly name: string; readonly id: string; readonly contact: Contact };
  readonly receiver: { readonly name: string; readonly id: string };
  readonly segmentNewline: boolean;
  readonly transactionSets: readonly TransactionSet[];
}
