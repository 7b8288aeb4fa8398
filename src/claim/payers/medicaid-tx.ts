import { ALWAYS, type PolicyFile } from './policy.ts';

/** Texas Medicaid, fee for service (TMHP). What it does not say is that of the generic Medicaid. */
export const medicaidTx: PolicyFile = {
  id: 'medicaid-tx',
  title: 'Texas Medicaid (TMHP)',
  basedOn: 'medicaid',
  versions: [
    {
      effectiveFrom: ALWAYS,
      values: {
        groupCovered: {
          value: true,
          confidence: 'M',
          source: 'TMHP Provider Procedures Manual, Behavioral Health handbook 4.2: 90853 is billed by LCSW, LMFT, LPC',
        },
        timelyFiling: {
          value: {
            original: { limit: { days: 95 }, from: 'date_of_service', roll: 'next_business_day' },
            secondary: { limit: { days: 95 }, from: 'primary_remittance', roll: 'next_business_day' },
            correction: { limit: { days: 120 }, from: 'remittance', roll: 'next_business_day' },
          },
          confidence: 'H',
          source:
            '1 TAC §354.1003; TMHP manual 6.1.4: 95 days, 120 for appeals, extended past weekends and holidays; secondary (K)',
        },
        supervisedBilling: {
          value: 'not_billable',
          confidence: 'M',
          source: 'TMHP Behavioral Health handbook 4.2: LCSW, LMFT and LPC must not bill for people under their supervision',
        },
      },
    },
  ],
};
