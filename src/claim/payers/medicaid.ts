import { ALWAYS, type PolicyFile } from './policy.ts';

/** A generic state Medicaid: what most programmes share; the state's own figures go into the payer's `policyOverrides`. */
export const medicaid: PolicyFile = {
  id: 'medicaid',
  title: 'State Medicaid, generic',
  versions: [
    {
      effectiveFrom: ALWAYS,
      values: {
        groupSize: { value: { min: 2, max: 12, severity: 'block' }, confidence: 'H', source: 'NY 14 NYCRR 588.6: 2 to 12' },
        procedureMap: {
          value: { '90853': { code: '90853', modifiers: ['HQ'], minutesPerUnit: null } },
          confidence: 'M',
          source: 'HQ, group setting, in most state fee schedules',
        },
        modifierOrder: {
          value: [
            'HQ',
            'HF',
            'HO',
            'HN',
            'HP',
            'U1',
            'U2',
            'U3',
            'U4',
            'U5',
            'U6',
            'U7',
            'U8',
            'U9',
            'UA',
            'UB',
            'UC',
            'UD',
            '95',
            '93',
            'GT',
          ],
          confidence: 'M',
          source: 'state billing manuals: setting, programme, credential, state, telehealth',
        },
        credentialModifiers: {
          value: { PHD: 'HP', PSYD: 'HP', LPC: 'HO', LCSW: 'HO', LMFT: 'HO', LMHC: 'HO', BA: 'HN', BS: 'HN' },
          confidence: 'M',
          source: 'HCPCS HN bachelor, HO master, HP doctoral level',
        },
        timelyFiling: {
          value: {
            original: { limit: { days: 95 }, from: 'date_of_service', roll: 'next_business_day' },
            secondary: { limit: { days: 95 }, from: 'primary_remittance', roll: 'next_business_day' },
            correction: { limit: { days: 120 }, from: 'remittance', roll: 'next_business_day' },
          },
          confidence: 'H',
          source:
            'Texas 1 TAC 354.1003: 95 days, 120 for appeals, rolling to the next business day; shortest of the large states',
        },
        claimFilingIndicator: { value: 'MC', confidence: 'H', source: '005010X222A1 SBR09' },
        enrollmentRequired: { value: true, confidence: 'K', source: 'state EDI enrolment' },
        patientIsSubscriber: { value: true, confidence: 'H', source: 'each member has an id of their own' },
      },
    },
  ],
};
