import { ALWAYS, type PolicyFile } from './policy.ts';

/** New York Medicaid, clinic treatment programmes. What it does not say is that of the generic Medicaid. */
export const medicaidNy: PolicyFile = {
  id: 'medicaid-ny',
  title: 'New York Medicaid (eMedNY)',
  basedOn: 'medicaid',
  versions: [
    {
      effectiveFrom: ALWAYS,
      values: {
        groupSize: { value: { min: 2, max: 12, severity: 'block' }, confidence: 'H', source: '14 NYCRR 588.6(a)(4): 2 to 12' },
        minutes: {
          value: { min: 60, max: null, severity: 'hold' },
          confidence: 'H',
          source: '14 NYCRR 588.6(a)(4): group therapy visits of at least 60 minutes',
        },
        groupCovered: { value: true, confidence: 'H', source: '14 NYCRR 588.6(a)(4): group therapy visits are reimbursed' },
        timelyFiling: {
          value: {
            original: { limit: { days: 90 }, from: 'date_of_service', roll: 'none' },
            secondary: { limit: { days: 30 }, from: 'primary_remittance', roll: 'none' },
            correction: { limit: { days: 60 }, from: 'remittance', roll: 'none' },
          },
          confidence: 'H',
          source:
            '18 NYCRR 540.6(a): 90 days from the service; 30 days after another insurer’s delay; 60 days for a returned claim',
        },
      },
    },
  ],
};
