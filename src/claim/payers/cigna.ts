import { ALWAYS, type PolicyFile } from './policy.ts';

export const cigna: PolicyFile = {
  id: 'cigna',
  title: 'Cigna / Evernorth',
  versions: [
    {
      effectiveFrom: ALWAYS,
      values: {
        groupCovered: {
          value: true,
          confidence: 'K',
          source: 'on the behavioral fee schedule; a plan’s own exclusion shows in the verification',
        },
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
          confidence: 'H',
          source:
            'Cigna Behavioral Health, Getting Paid: 90 days, secondary 90 days from the primary’s explanation; 180 out of network (M)',
        },
        eap: {
          value: { modifier: null, appliesTo: 'eap_billing', authorizationRequired: true, submission: 'unknown' },
          confidence: 'M',
          source: 'TherapyAppointment, billing for EAP: own procedure code and authorization number; none is known for groups',
        },
      },
    },
  ],
};
