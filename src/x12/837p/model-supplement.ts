/** Parts of a claim or a line that stand for themselves: papers, contracts, prices, what a payer decided. Amounts are integer cents, dates `YYYY-MM-DD`. */

/** DTP: 01 qualifier, 03 date. With `endDate` the segment carries a range (RD8), which the guide allows for 314 (2300) and 472 (2400) only. */
export interface DatedEvent {
  readonly qualifier: string;
  readonly date: string;
  readonly endDate?: string;
}

/** PWK. `controlNumber` (PWK06) is required unless `transmission` is AA. */
export interface Attachment {
  readonly type: string;
  readonly transmission: string;
  readonly controlNumber: string | null;
}

/** CN1, only where the contract with the payer asks for it. Percentages as numbers (12.5). */
export interface Contract {
  readonly type: '01' | '02' | '03' | '04' | '05' | '06' | '09';
  readonly amountCents?: number;
  readonly percentage?: number;
  readonly code?: string;
  readonly discountPercentage?: number;
  readonly version?: string;
}

/** HCP, written by a repricer; carried only when somebody declares it. */
export interface Pricing {
  /** HCP01. */
  readonly methodology: string;
  readonly allowedCents: number;
  readonly savingCents?: number;
  readonly organizationId?: string;
  /** HCP05: rate or percentage, as the methodology says. */
  readonly rate?: number;
  /** HCP06 and HCP07. */
  readonly approvedGroup?: string;
  readonly approvedGroupCents?: number;
  /** HCP13–15. */
  readonly rejectReason?: string;
  readonly policyCompliance?: string;
  readonly exception?: string;
}

/** PAT05–09: of the patient, in 2000B when subscriber and patient are one, else in 2000C. */
export interface PatientCondition {
  readonly deathDate?: string;
  readonly weightPounds?: number;
  readonly pregnant?: boolean;
}

/** CRC*ZZ: whether a screening under EPSDT (Medicaid, under 21) ended in a referral, and up to three condition indicators. */
export interface EpsdtReferral {
  readonly referralGiven: boolean;
  readonly conditions: readonly ('AV' | 'NU' | 'S2' | 'ST')[];
}

/** One reason and amount of a CAS segment. A negative amount raises what was paid. */
export interface Adjustment {
  readonly group: 'CO' | 'CR' | 'OA' | 'PI' | 'PR';
  /** CARC. */
  readonly reason: string;
  readonly amountCents: number;
  readonly quantity: number | null;
}

/** Loop 2430: what one other payer decided on one line. Paid and adjusted amounts make up the line's charge. */
export interface LineAdjudication {
  /** SVD01: NM109 of a 2330B of the same claim. */
  readonly payerId: string;
  readonly paidCents: number;
  /** SVD03 and SVD05: what the payer decided on, which need not be what is billed here. */
  readonly procedureCode: string;
  readonly modifiers: readonly string[];
  readonly description?: string;
  readonly units: number;
  /** SVD06: the line of this claim that the payer bundled it into. */
  readonly bundledInto?: number;
  readonly adjustments: readonly Adjustment[];
  /** DTP 573. */
  readonly adjudicatedOn: string;
  /** AMT EAF. */
  readonly remainingPatientLiabilityCents: number | null;
}

/** MOA. Codes are RARCs, at most five. */
export interface OutpatientAdjudication {
  readonly reimbursementRate?: number;
  readonly payableCents?: number;
  readonly remarkCodes: readonly string[];
  readonly esrdCents?: number;
  readonly nonPayableProfessionalCents?: number;
}

/** Loops 2320 and 2330B: what one other payer decided on the claim as a whole. Everything null or empty: it has not decided. */
export interface ClaimAdjudication {
  /** CAS. */
  readonly adjustments: readonly Adjustment[];
  /** AMT D; null when the payer has not decided. With line adjudications it is their sum less the claim's adjustments. */
  readonly paidCents: number | null;
  /** AMT A8: the payer was passed over because it never covers the service. The whole charge, and then nothing else of a decision. */
  readonly nonCoveredCents: number | null;
  /** AMT EAF, only where no line carries this payer's decision. */
  readonly remainingPatientLiabilityCents: number | null;
  readonly outpatient?: OutpatientAdjudication;
  /** DTP 573, only where no line carries this payer's decision. */
  readonly adjudicatedOn: string | null;
}
