import { ALWAYS, type PolicyFile } from './policy.ts';

export const aetna: PolicyFile = {
  id: 'aetna',
  title: 'Aetna',
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
            audio_video: { home: { pos: '10', modifier: '95' }, other: { pos: '02', modifier: '95' } },
            audio_only: null,
          },
          confidence: 'M',
          source: 'Aetna telehealth payment policy: modifier 93 is not paid',
        },
        timelyFiling: {
          value: {
            original: { limit: { days: 120 }, from: 'date_of_service', roll: 'none' },
            secondary: { limit: { days: 120 }, from: 'primary_remittance', roll: 'none' },
            correction: { limit: { days: 180 }, from: 'remittance', roll: 'none' },
          },
          confidence: 'H',
          source:
            'aetna.com, OfficeLink Updates March 2019: most providers have 120 days; corrections 180 days (M); contracts differ',
        },
        memberIdPattern: {
          value: '^(W[0-9]{9}|[A-Z0-9]{8,14})$',
          confidence: 'K',
          source: 'commercial cards: W and nine digits',
        },
        eap: {
          value: { modifier: null, appliesTo: 'eap_billing', authorizationRequired: true, submission: 'paper' },
          confidence: 'M',
          source: 'TherapyAppointment, billing for EAP: Aetna wants its own paper form',
        },
      },
    },
  ],
};
