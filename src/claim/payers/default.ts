import { ALWAYS, type Policy, type Sourced } from './policy.ts';

const OWN = 'own protective default (spec 02, spec 03 §3.1)';

/** What holds where a payer's policy says nothing. Complete: every declared property has a value. */
export const defaultValues: { readonly [K in keyof Policy]: Sourced<Policy[K]> } = {
  groupSize: { value: { min: 2, max: null, severity: 'hold' }, confidence: 'D', source: 'contract data; none known' },
  minutes: { value: { min: null, max: null, severity: 'hold' }, confidence: 'H', source: '90853 is not time-based (CPT)' },
  partialAttendance: {
    value: { minPercent: 50, minMinutes: 30 },
    confidence: 'D',
    source: 'own protective default (spec 02 §2.2 A03); 90853 itself has no minimum time',
  },
  telehealthMap: {
    value: {
      audio_video: { home: { pos: '10', modifier: '95' }, other: { pos: '02', modifier: '95' } },
      audio_only: { home: { pos: '10', modifier: '93' }, other: { pos: '02', modifier: '93' } },
    },
    confidence: 'M',
    source: 'CMS place-of-service code set (02, 10); CPT modifiers 93, 95',
  },
  procedureMap: { value: {}, confidence: 'H', source: '90853 and 90849 go as they are' },
  modifierOrder: {
    value: ['59', 'XE', 'HJ', 'HQ', 'HF', 'HO', 'HN', 'HP', '95', '93', 'GT'],
    confidence: 'K',
    source: 'modifiers that change payment first, informational last',
  },
  credentialModifiers: { value: {}, confidence: 'D', source: OWN },
  requiresPriorAuth: { value: false, confidence: 'K', source: 'outpatient group therapy seldom needs it' },
  groupCovered: { value: null, confidence: 'D', source: 'decided by eligibility evidence on the coverage' },
  timelyFiling: {
    value: {
      original: { limit: { days: 90 }, from: 'date_of_service', roll: 'none' },
      secondary: { limit: { days: 90 }, from: 'primary_remittance', roll: 'none' },
      correction: { limit: { days: 90 }, from: 'remittance', roll: 'none' },
    },
    confidence: 'D',
    source: 'shortest limit in common commercial contracts: early rather than late',
  },
  supportsReplacement: { value: true, confidence: 'K', source: '005010X222A1 CLM05-3 7 and 8' },
  replaceBeforeAdjudication: { value: false, confidence: 'D', source: OWN },
  supervisedBilling: { value: 'unknown', confidence: 'D', source: 'contract data; held until somebody says (A24)' },
  requiresRendering: { value: true, confidence: 'H', source: '005010X222A1 2310B; X12 RFI 345' },
  requiresReferring: { value: false, confidence: 'K', source: 'outpatient psychotherapy' },
  claimFilingIndicator: { value: null, confidence: 'D', source: 'set on the payer' },
  memberIdPattern: { value: null, confidence: 'D', source: 'not known' },
  lookAlikeGapMinutes: { value: 15, confidence: 'D', source: OWN },
  batch: { value: { maxClaims: null }, confidence: 'D', source: 'the receiver decides' },
  zPrincipal: { value: 'warn', confidence: 'K', source: 'many payers do not pay psychotherapy on a Z code alone' },
  autoCrossover: { value: false, confidence: 'K', source: 'commercial payers do not forward remittances' },
  sendPatientPaid: { value: true, confidence: 'K', source: '005010X222A1 AMT*F5' },
  eap: { value: null, confidence: 'D', source: 'no employee assistance benefit known' },
  enrollmentRequired: { value: false, confidence: 'K', source: 'claims seldom need enrolment, remittances do' },
  lastResort: { value: false, confidence: 'H', source: 'commercial payers and Medicare are no payers of last resort' },
  patientIsSubscriber: { value: false, confidence: 'H', source: '005010X222A1 2000B SBR02, 2000C' },
  overrides: { value: {}, confidence: 'D', source: 'none' },
};

export const defaultPolicy = {
  id: 'default',
  title: 'Any payer without a policy of its own',
  versions: [{ effectiveFrom: ALWAYS, values: defaultValues }],
} as const;
