import { ALWAYS, type PolicyFile } from './policy.ts';

export const bcbs: PolicyFile = {
  id: 'bcbs',
  title: 'A Blue Cross Blue Shield plan',
  versions: [
    {
      effectiveFrom: ALWAYS,
      values: {
        groupCovered: {
          value: true,
          confidence: 'K',
          source: 'on the behavioral fee schedule; a plan’s own exclusion shows in the verification',
        },
        timelyFiling: {
          value: {
            original: { limit: { days: 90 }, from: 'date_of_service', roll: 'none' },
            secondary: { limit: { days: 90 }, from: 'primary_remittance', roll: 'none' },
            correction: { limit: { days: 180 }, from: 'remittance', roll: 'none' },
          },
          confidence: 'M',
          source: '90 days to 18 months by contract: the shortest, until the contract is entered',
        },
        claimFilingIndicator: { value: 'BL', confidence: 'H', source: '005010X222A1 SBR09' },
        memberIdPattern: {
          value: '^([A-Z0-9]{3}[A-Z0-9]{6,14}|R[0-9]{8})$',
          confidence: 'K',
          source: 'three-sign plan prefix; Federal Employee Program R and eight digits',
        },
      },
    },
  ],
};
