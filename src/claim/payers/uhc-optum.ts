import { ALWAYS, type PolicyFile } from './policy.ts';

export const uhcOptum: PolicyFile = {
  id: 'uhc-optum',
  title: 'UnitedHealthcare / Optum Behavioral',
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
            correction: { limit: { months: 12 }, from: 'remittance', roll: 'none' },
          },
          confidence: 'M',
          source: 'Optum network manual: 90 days; reconsideration within 12 months',
        },
        zPrincipal: {
          value: 'hold',
          confidence: 'M',
          source: 'Optum Provider Express, claim tips: a mental health or substance use disorder as primary diagnosis',
        },
        eap: {
          value: { modifier: 'HJ', appliesTo: 'eap_billing', authorizationRequired: true, submission: 'edi' },
          confidence: 'H',
          source: 'Optum Provider Express: EAP claims by EDI; TherapyAppointment: HJ and authorization number',
        },
      },
    },
  ],
};
