import { ALWAYS, type PolicyFile } from './policy.ts';

/** Wisconsin Medicaid, fee for service (ForwardHealth). What it does not say is that of the generic Medicaid. */
export const medicaidWi: PolicyFile = {
  id: 'medicaid-wi',
  title: 'Wisconsin Medicaid (ForwardHealth)',
  basedOn: 'medicaid',
  versions: [
    {
      effectiveFrom: ALWAYS,
      values: {
        groupSize: {
          value: { min: 2, max: 10, severity: 'block' },
          confidence: 'H',
          source: 'Wis. Admin. Code DHS 107.13(2)(c)2: more than one, not more than 10 individuals',
        },
        groupCovered: { value: true, confidence: 'H', source: 'Wis. Admin. Code DHS 107.13(2): group therapy sessions' },
        timelyFiling: {
          value: {
            original: { limit: { days: 365 }, from: 'date_of_service', roll: 'none' },
            secondary: { limit: { days: 365 }, from: 'date_of_service', roll: 'none' },
            correction: { limit: { days: 365 }, from: 'date_of_service', roll: 'none' },
          },
          confidence: 'M',
          source: 'ForwardHealth online handbook, claims: 365 days from the date of service',
        },
      },
    },
  ],
};
