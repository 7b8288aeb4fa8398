import type {
  Attachment,
  ClaimAdjudication,
  Contract,
  DatedEvent,
  EpsdtReferral,
  LineAdjudication,
  PatientCondition,
  Pricing,
} from './model-supplement.ts';

/**
 * What the 837P writer takes: guide terms only (005010X222A1), no session, no claim of ours.
 * Amounts are integer cents, dates `YYYY-MM-DD`, codes without dots. What most claims lack is optional. Text may be any Unicode: the writer makes it fit
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
  readonly fax?: string;
}
/** REF01 / REF02. */
export interface Reference {
  readonly qualifier: string;
  readonly value: string;
  /** REF04 2U, on a line only: the other payer (NM109 of its 2330B) that the number is from. */
  readonly payerId?: string;
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
  readonly secondContact?: Contact;
}
export interface ServiceFacility {
  readonly name: string;
  readonly npi: string | null;
  readonly address: PostalAddress;
  readonly secondaryIds: readonly Reference[];
  /** Of the place, by phone (PER TE). Claim level only. */
  readonly contact?: Contact;
}
/** 2420E. */
export interface OrderingProvider extends Provider {
  readonly address?: PostalAddress;
  readonly contact?: Contact;
}

export interface Demographics {
  readonly dateOfBirth: string;
  readonly gender: 'F' | 'M' | 'U';
}

/** SBR01. */
export type Responsibility = 'P' | 'S' | 'T' | 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G' | 'H' | 'U';

export interface Subscriber {
  readonly responsibility: Responsibility;
  /** True when the patient is the subscriber: SBR02 = 18, N3/N4/DMG required, no 2000C. */
  readonly isPatient: boolean;
  readonly groupNumber: string | null;
  readonly planName: string | null;
  readonly insuranceTypeCode: string | null;
  readonly claimFilingIndicatorCode: string;
  readonly name: PartyName;
  readonly memberId: string;
  /** NM108; MI where it is absent. */
  readonly memberIdQualifier?: 'MI' | 'II';
  readonly address: PostalAddress | null;
  readonly demographics: Demographics | null;
  /** PAT, only when the patient is the subscriber. */
  readonly condition?: PatientCondition;
  /** REF SY (nine digits) and, for property and casualty, Y4. */
  readonly references?: readonly Reference[];
  /** Property and casualty only; by phone. */
  readonly contact?: Contact;
}

/** 2000C / 2010CA, only when the patient is not the subscriber. */
export interface Patient {
  readonly relationshipCode: string;
  readonly name: PersonName;
  readonly address: PostalAddress;
  readonly demographics: Demographics;
  readonly condition?: PatientCondition;
  /** Property and casualty only: REF Y4, and 1W or SY. */
  readonly references?: readonly Reference[];
  readonly contact?: Contact;
}

export interface Payer {
  readonly name: string;
  readonly id: string;
  /** NM108; PI where it is absent. */
  readonly idQualifier?: 'PI' | 'XV';
  readonly address: PostalAddress | null;
  readonly secondaryIds: readonly Reference[];
  readonly billingProviderIds: readonly Reference[];
}

/** 2330C–G: a provider that another payer knows by numbers of its own; nothing but these numbers is sent. */
export interface OtherPayerProvider {
  readonly role: 'referring' | 'primary_care' | 'rendering' | 'facility' | 'supervising' | 'billing';
  readonly entity: 'person' | 'organization';
  readonly ids: readonly Reference[];
}

/** Loops 2320 and 2330A–G: a payer that is not the one billed, and what it decided if it has. */
export interface OtherPayer extends ClaimAdjudication {
  /** SBR01, unlike any other of the claim. */
  readonly responsibility: Responsibility;
  /** SBR02: 18, 01, 19, 20, 21, 39, 40, 53, G8. */
  readonly relationshipCode: string;
  readonly groupNumber: string | null;
  readonly planName: string | null;
  readonly insuranceTypeCode: string | null;
  readonly claimFilingIndicatorCode: string;
  /** OI03, OI04, OI06. */
  readonly benefitsAssigned: 'Y' | 'N' | 'W';
  readonly patientSignatureSource: 'P' | null;
  readonly releaseOfInformation: 'Y' | 'I';
  readonly subscriber: {
    readonly name: PartyName;
    readonly memberId: string;
    readonly memberIdQualifier?: 'MI' | 'II';
    readonly address: PostalAddress | null;
    /** REF SY, nine digits. */
    readonly references?: readonly Reference[];
  };
  readonly payer: Pick<Payer, 'name' | 'id' | 'idQualifier' | 'address'>;
  /** 2330B: 2U, EI, FY, NF; G1, 9F, T4, F8. */
  readonly references: readonly Reference[];
  readonly providers?: readonly OtherPayerProvider[];
}

export interface ServiceLine {
  readonly procedureCode: string;
  readonly modifiers: readonly string[];
  /** SV101-7, for codes that say nothing by themselves. */
  readonly description?: string;
  readonly chargeCents: number;
  readonly units: number;
  readonly unitCode: 'UN' | 'MJ';
  /** Only when it differs from CLM05-1. */
  readonly placeOfServiceCode: string | null;
  /** 1-based positions in the claim's diagnoses, 1 to 4. */
  readonly diagnosisPointers: readonly number[];
  /** SV109, SV111, SV112, SV115. */
  readonly emergency?: boolean;
  readonly epsdt?: boolean;
  readonly familyPlanning?: boolean;
  readonly copayExempt?: boolean;
  readonly dateOfService: string;
  /** Last day of a service over several (RD8). */
  readonly endDate?: string;
  /** Other DTPs: 471, 304, 454 … */
  readonly dates?: readonly DatedEvent[];
  readonly attachments?: readonly Attachment[];
  readonly contract?: Contract;
  /** REF*6R, unique per line, ≤ 30. */
  readonly lineControlNumber: string;
  /** Other REFs: 9B, 9D, G1, EW, X4, F4, BT, 9F; G1 and 9F only where they differ from the claim's. */
  readonly references?: readonly Reference[];
  readonly salesTaxCents?: number;
  readonly postageCents?: number;
  /** K3. */
  readonly fileInformation?: readonly string[];
  readonly note: string | null;
  /** NTE01 of `note`; ADD where it is absent. */
  readonly noteCode?: 'ADD' | 'DCP';
  readonly thirdPartyNote?: string;
  /** PS1 and 2420B. */
  readonly purchasedService?: {
    readonly provider: Pick<Provider, 'npi' | 'secondaryIds'> & { readonly entity: 'person' | 'organization' };
    readonly providerId: string;
    readonly chargeCents: number;
  };
  readonly pricing?: Pricing;
  /** 2420A, C–F: only where they differ from the claim's. */
  readonly rendering?: Provider;
  readonly facility?: ServiceFacility;
  readonly supervising?: Provider;
  readonly ordering?: OrderingProvider;
  readonly referring?: Provider;
  readonly primaryCare?: Provider;
  /** 2430, in the order of the payers. */
  readonly adjudications?: readonly LineAdjudication[];
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
  readonly dates: readonly DatedEvent[];
  readonly attachments: readonly Attachment[];
  readonly contract?: Contract;
  readonly patientPaidCents: number | null;
  /** 2300 REFs: 9F, G1, F8, X4, D9, EA … The writer puts them in table order. */
  readonly references: readonly Reference[];
  /** K3. */
  readonly fileInformation?: readonly string[];
  readonly note: string | null;
  /** NTE01; ADD where it is absent. */
  readonly noteCode?: 'ADD' | 'CER' | 'DCP' | 'DGN' | 'TPO';
  readonly epsdt?: EpsdtReferral;
  /** First is principal (ABK), the rest ABF; ≤ 12, no dots. */
  readonly diagnoses: readonly string[];
  readonly pricing?: Pricing;
  readonly referring: Provider | null;
  /** P3, only beside `referring`. */
  readonly primaryCare?: Provider;
  /** Absent when it equals the billing provider. */
  readonly rendering: Provider | null;
  readonly facility: ServiceFacility | null;
  readonly supervising: Provider | null;
  /** Every payer but the one billed. */
  readonly otherPayers?: readonly OtherPayer[];
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
  readonly submitter: {
    readonly name: string;
    readonly id: string;
    readonly contact: Contact;
    readonly secondContact?: Contact;
  };
  readonly receiver: { readonly name: string; readonly id: string };
  readonly segmentNewline: boolean;
  readonly transactionSets: readonly TransactionSet[];
}
