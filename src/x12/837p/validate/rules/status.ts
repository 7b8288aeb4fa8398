import type { X12Finding } from '../finding.ts';

type Status = NonNullable<X12Finding['status']>;

/** 277CA categories of a refusal (code source 507): A6 information is missing, A7 is invalid, A8 contradicts other information. */
const missing = (code: string): Status => ({ category: 'A6', code });
const invalid = (code: string): Status => ({ category: 'A7', code });
const contradicts = (code: string): Status => ({ category: 'A8', code });

/**
 * The claim status code (source 508) that a receiver would use for each fault, as far as one fits. Meanings are those of
 * the list of 2021 (`data/other.ts`): 562 NPI, 400 out of balance, 672 other payer's information out of balance …
 */
export const STATUS = {
  missing,
  invalid,
  contradicts,
  npi: invalid('562'),
  taxId: invalid('128'),
  taxonomy: invalid('145'),
  zip: invalid('500'),
  state: invalid('501'),
  street: invalid('503'),
  firstName: missing('505'),
  balance: contradicts('400'),
  otherPayerBalance: contradicts('672'),
  notZero: invalid('694'),
  lineNumber: invalid('584'),
  claimNumber: invalid('478'),
  diagnosis: invalid('255'),
  principalDiagnosis: invalid('254'),
  pointer: invalid('477'),
  place: invalid('249'),
  procedure: invalid('454'),
  modifier: invalid('453'),
  units: invalid('476'),
  futureDate: invalid('510'),
  frequency: invalid('535'),
  payerClaimNumber: missing('464'),
  birth: missing('158'),
  birthOrder: contradicts('158'),
  address: missing('126'),
  relationship: contradicts('156'),
  sequence: contradicts('742'),
  insuranceType: contradicts('578'),
  filingIndicator: missing('480'),
  accidentDate: missing('727'),
  accidentState: missing('750'),
  admission: missing('189'),
  attachment: missing('489'),
  patientPaid: contradicts('183'),
  otherPayerId: invalid('479'),
  remittanceDate: contradicts('516'),
  adjustmentReason: invalid('521'),
  adjustmentGroup: invalid('696'),
  remark: invalid('634'),
  memberId: invalid('164'),
  characters: invalid('511'),
  length: invalid('512'),
  duplicate: { category: 'A3', code: '54' },
  guidelines: invalid('732'),
} as const;
