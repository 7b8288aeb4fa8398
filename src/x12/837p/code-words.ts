/** What codes of an 837P mean, in our own words; a code that is not here is shown alone. */
const RELATIONSHIP: Readonly<Record<string, string>> = {
  '01': 'spouse',
  '18': 'self',
  '19': 'child',
  '20': 'employee',
  '21': 'not known',
  '39': 'organ donor',
  '40': 'donor, deceased',
  '53': 'life partner',
  G8: 'another relationship',
};
const YES_NO: Readonly<Record<string, string>> = { Y: 'yes', N: 'no' };
const PHONE_KINDS: Readonly<Record<string, string>> = { TE: 'telephone', FX: 'fax', EM: 'e-mail', EX: 'extension' };
const ID_KINDS: Readonly<Record<string, string>> = {
  '46': 'identifier agreed with the receiver',
  XX: 'NPI',
  MI: 'member id',
  II: 'unique health identifier',
  PI: 'payer id',
  XV: 'plan id',
};
const UNITS: Readonly<Record<string, string>> = { UN: 'units', MJ: 'minutes' };
const PAYER_ORDER: Readonly<Record<string, string>> = {
  P: 'primary payer',
  S: 'secondary payer',
  T: 'tertiary payer',
  U: 'order unknown',
};
const DIAGNOSIS: Readonly<Record<string, string>> = {
  ABK: 'principal diagnosis, ICD-10-CM',
  ABF: 'further diagnosis, ICD-10-CM',
  BK: 'principal diagnosis, ICD-9-CM',
  BF: 'further diagnosis, ICD-9-CM',
};

const WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ISA14: { '0': 'no TA1 asked for', '1': 'TA1 asked for' },
  ISA15: { P: 'production', T: 'test' },
  BHT02: { '00': 'original', '18': 'sent again' },
  BHT06: { CH: 'claims to be paid', RP: 'encounters, for the record', '31': 'subrogation demand' },
  HL03: { '20': 'billing provider', '22': 'subscriber', '23': 'patient' },
  HL04: { '0': 'nothing below', '1': 'a level follows below' },
  NM101: {
    '40': 'receiver',
    '41': 'submitter',
    '45': 'drop-off place',
    '77': 'place of service',
    '82': 'rendering provider',
    '85': 'billing provider',
    '87': 'pay-to address',
    DK: 'ordering provider',
    DN: 'referring provider',
    DQ: 'supervising provider',
    IL: 'insured person',
    P3: 'primary care provider',
    PE: 'pay-to plan',
    PR: 'payer',
    PW: 'pick-up place',
    QB: 'purchased service provider',
    QC: 'patient',
  },
  NM102: { '1': 'person', '2': 'organization' },
  NM108: ID_KINDS,
  PER03: PHONE_KINDS,
  PER05: PHONE_KINDS,
  PER07: PHONE_KINDS,
  PRV01: { BI: 'billing', PE: 'performing' },
  SBR01: PAYER_ORDER,
  SBR02: RELATIONSHIP,
  PAT01: RELATIONSHIP,
  SBR09: {
    CI: 'commercial',
    HM: 'HMO',
    MA: 'Medicare A',
    MB: 'Medicare B',
    MC: 'Medicaid',
    BL: 'Blue Cross Blue Shield',
    CH: 'TRICARE',
  },
  DMG03: { F: 'female', M: 'male', U: 'unknown' },
  'CLM05-03': { '1': 'original claim', '7': 'replaces an earlier claim', '8': 'voids an earlier claim' },
  CLM06: YES_NO,
  CLM07: { A: 'assigned', B: 'assigned for laboratory services only', C: 'not assigned' },
  CLM08: { ...YES_NO, W: 'not applicable' },
  CLM09: { Y: 'signed statement on file', I: 'informed consent, no signature needed' },
  'CLM11-01': { AA: 'car accident', EM: 'employment', OA: 'another accident' },
  OI03: { ...YES_NO, W: 'not applicable' },
  OI06: { Y: 'signed statement on file', I: 'informed consent, no signature needed' },
  AMT01: { F5: 'patient paid', D: 'payer paid', EAF: 'left to the patient', A8: 'not covered', T: 'sales tax', F4: 'postage' },
  REF01: {
    '0B': 'state license',
    '1G': 'UPIN',
    '6R': 'line number of the provider',
    '9F': 'referral',
    D9: 'number of the clearinghouse',
    EA: 'medical record number',
    EI: 'employer id (EIN)',
    F8: "payer's claim number",
    G1: 'prior authorization',
    G2: "provider's number with the payer",
    LU: 'location number',
    SY: 'social security number',
    T4: 'claim adjusted before',
    X4: 'CLIA number',
    Y4: 'property and casualty claim number',
  },
  DTP01: {
    '096': 'discharge',
    '304': 'last seen',
    '431': 'onset',
    '435': 'admission',
    '439': 'accident',
    '454': 'first treatment',
    '472': 'service',
    '573': 'payer decided',
  },
  CAS01: { CO: 'contract', CR: 'correction', OA: 'other', PI: 'payer initiated', PR: 'patient responsibility' },
  SV103: UNITS,
  NTE01: { ADD: 'additional information', CER: 'certification', DCP: 'goals or plans', DGN: 'diagnosis', TPO: 'third party' },
};

/** Own words for a code (`NM101`, `85`), null where we have none. */
export function wordsFor(ref: string, code: string): string | null {
  const words = WORDS[ref] ?? (/^HI\d\d-01$/.test(ref) ? DIAGNOSIS : undefined);
  return words !== undefined && Object.hasOwn(words, code) ? (words[code] ?? null) : null;
}
