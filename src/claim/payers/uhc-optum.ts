import { ALWAYS, type PolicyFile } from './policy.ts';

export const uhcOptum: PolicyFile = {
  id: 'uhc-optum',
  title: 'UnitedHealthcare / Optum Behavioral',
  versions: [
    {
      effectiveFrom: ALWAYS,
      values: {
        timelyFiling: {
          value: {
            original: { limit: { days: 90 }, from: 'date_of_service', roll: 'none' },
            secondary: { limit: { days: 90 }, from: 'primary_remittance', roll: 'none' },
            correction: { limit: { months: 12 }, from: 'remittance', roll: 'none' },
          },
          confidence: 'M',
          source: 'Optum network manual: 90 days; reconsideration within 12 months',
        },
      },
    },
  ],
};
