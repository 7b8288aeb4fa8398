import { ALWAYS, type PolicyFile } from './policy.ts';

/** A generic state Medicaid: what most programmes share; a state's own figures are in a policy on top of this one or in `policyOverrides`. */
export const medicaid: PolicyFile = {
  id: 'medicaid',
  title: 'State Medicaid, generic',
  versions: [
    {
      effectiveFrom: ALWAYS,
      values: {
        groupSize: {
          value: { min: 2, max: 12, severity: 'hold' },
          confidence: 'K',
          source:
            'states allow 8 to 12; the state’s own figure is in its policy (medicaid-ny, medicaid-wi) or in policyOverrides',
        },
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
            original: { limit: { days: 90 }, from: 'date_of_service', roll: 'none' },
            secondary: { limit: { days: 30 }, from: 'primary_remittance', roll: 'none' },
            correction: { limit: { days: 60 }, from: 'remittance', roll: 'none' },
          },
          confidence: 'D',
          source: 'shortest of the states known here (New York, 18 NYCRR 540.6): early rather than late',
        },
        claimFilingIndicator: { value: 'MC', confidence: 'H', source: '005010X222A1 SBR09' },
        lastResort: { value: true, confidence: 'H', source: 'Social Security Act §1902(a)(25); 42 CFR 433.139' },
        enrollmentRequired: { value: true, confidence: 'K', source: 'state EDI enrolment' },
        patientIsSubscriber: { value: true, confidence: 'H', source: 'each member has an id of their own' },
      },
    },
  ],
};
