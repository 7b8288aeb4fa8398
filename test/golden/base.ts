import type {
  BillingProvider,
  Interchange,
  OtherPayer,
  PostalAddress,
  ProfessionalClaim,
  ServiceLine,
  TransactionSet,
} from '../../src/x12/837p/model.ts';

/** Made-up parties; the NPIs pass the check digit and belong to nobody that we know of. */
export const NPI = {
  billing: '1457382913',
  soleProprietor: '1843296751',
  rendering: '1093817462',
  supervising: '1667890127',
  facility: '1773456789',
  referring: '1987654328',
} as const;

export const BILLING_ADDRESS: PostalAddress = {
  line1: '410 W Main St',
  line2: null,
  city: 'Madison',
  state: 'WI',
  postalCode: '53703-1234',
};

export const BILLING: BillingProvider = {
  name: { kind: 'organization', name: 'Northside Counseling Group LLC' },
  npi: NPI.billing,
  taxonomyCode: '261QM0801X',
  secondaryIds: [],
  address: BILLING_ADDRESS,
  taxId: { qualifier: 'EI', value: '39-1234567' },
  contact: { name: 'Billing Office', phone: '6085550142', email: null },
};

export const LINE: ServiceLine = {
  procedureCode: '90853',
  modifiers: [],
  chargeCents: 6000,
  units: 1,
  unitCode: 'UN',
  placeOfServiceCode: null,
  diagnosisPointers: [1],
  dateOfService: '2026-11-20',
  lineControlNumber: 'GK4TW7MQX2P01L1',
  note: null,
};

/** Patient is the subscriber, organization bills, another clinician renders. */
export const SELF: ProfessionalClaim = {
  billing: BILLING,
  payToAddress: null,
  subscriber: {
    responsibility: 'P',
    isPatient: true,
    groupNumber: null,
    planName: null,
    insuranceTypeCode: null,
    claimFilingIndicatorCode: 'CI',
    name: { kind: 'person', lastName: 'Moreno', firstName: 'Sarah', middleName: null, suffix: null },
    memberId: 'W123456789',
    address: { line1: '18 Alder Ct', line2: null, city: 'Madison', state: 'WI', postalCode: '53703' },
    demographics: { dateOfBirth: '1988-04-12', gender: 'F' },
  },
  patient: null,
  payer: { name: 'Aetna', id: '60054', address: null, secondaryIds: [], billingProviderIds: [] },
  patientControlNumber: 'GK4TW7MQX2P01',
  totalChargeCents: 6000,
  placeOfServiceCode: '11',
  frequencyCode: '1',
  providerSignatureOnFile: 'Y',
  acceptAssignment: 'A',
  benefitsAssigned: 'Y',
  releaseOfInformation: 'Y',
  patientSignatureSource: null,
  relatedCauses: [],
  accidentState: null,
  specialProgramCode: null,
  delayReasonCode: null,
  dates: [],
  attachments: [],
  patientPaidCents: null,
  references: [],
  note: null,
  diagnoses: ['F411'],
  referring: null,
  rendering: {
    name: { kind: 'person', lastName: 'Okafor', firstName: 'Ada', middleName: null, suffix: null },
    npi: NPI.rendering,
    taxonomyCode: '101YM0800X',
    secondaryIds: [],
  },
  facility: null,
  supervising: null,
  lines: [LINE],
};

/** Another payer of the plain claim's patient, which has not decided. */
export const OTHER: OtherPayer = {
  responsibility: 'S',
  relationshipCode: '18',
  groupNumber: null,
  planName: null,
  insuranceTypeCode: null,
  claimFilingIndicatorCode: 'BL',
  adjustments: [],
  paidCents: null,
  nonCoveredCents: null,
  remainingPatientLiabilityCents: null,
  benefitsAssigned: 'Y',
  patientSignatureSource: null,
  releaseOfInformation: 'Y',
  subscriber: { name: SELF.subscriber.name, memberId: 'XQB445566', address: null },
  payer: { name: 'Anthem BCBS of Wisconsin', id: '00950', address: null },
  adjudicatedOn: null,
  references: [],
};

export function transactionSet(claim: ProfessionalClaim, n = 1): TransactionSet {
  const number = String(n).padStart(9, '0');
  return { controlNumber: number, batchReference: `B${number}`, purpose: '00', claimOrEncounter: 'CH', claim };
}

/** The same claim under another patient control number: originals in one file must differ. */
export function numbered(claim: ProfessionalClaim, n: number): ProfessionalClaim {
  return { ...claim, patientControlNumber: `GK4TW7MQX2P${String(n).padStart(2, '0')}` };
}

export function interchange(claims: readonly ProfessionalClaim[], changes: Partial<Interchange> = {}): Interchange {
  return {
    senderQualifier: 'ZZ',
    senderId: 'NORTHSIDE',
    receiverQualifier: 'ZZ',
    receiverId: 'SANDBOXCH',
    applicationSender: 'NORTHSIDE',
    applicationReceiver: 'SANDBOXCH',
    usage: 'T',
    requestTa1: false,
    controlNumber: '000000101',
    date: '2026-11-21',
    time: '0915',
    submitter: {
      name: 'Northside Counseling Group LLC',
      id: '391234567',
      contact: { name: 'Billing Office', phone: '6085550142', email: null },
    },
    receiver: { name: 'SANDBOX CLEARINGHOUSE', id: 'SANDBOXCH' },
    segmentNewline: true,
    transactionSets: claims.map((claim, i) => transactionSet(claim, i + 1)),
    ...changes,
  };
}
