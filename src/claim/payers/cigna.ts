import { ALWAYS, type PolicyFile } from './policy.ts';

export const cigna: PolicyFile = {
  id: 'cigna',
  title: 'Cigna / Evernorth',
  versions: [
    {
      effectiveFrom: ALWAYS,
      values: {
        telehealthMap: {
          value: {
            audio_video: { home: { pos: '02', modifier: '95' }, other: { pos: '02', modifier: '95' } },
            audio_only: { home: { pos: '02', modifier: '93' }, other: { pos: '02', modifier: '93' } },
          },
          confidence: 'M',
          source: 'Cigna virtual care reimbursement policy R31: place 02 on commercial claims',
        },
        timelyFiling: {
          value: {
            original: { limit: { days: 90 }, from: 'date_of_service', roll: 'none' },
            secondary: { limit: { days: 90 }, from: 'primary_remittance', roll: 'none' },
            correction: { limit: { days: 180 }, from: 'remittance', roll: 'none' },
          },
          confidence: 'M',
          source: 'Cigna: 90 days in network, 180 out of network',
        },
      },
    },
  ],
};
