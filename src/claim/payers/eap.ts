import { ALWAYS, type PolicyFile } from './policy.ts';

export const eap: PolicyFile = {
  id: 'eap',
  title: 'Employee assistance programme',
  versions: [
    {
      effectiveFrom: ALWAYS,
      values: {
        eap: {
          value: { modifier: 'HJ', appliesTo: 'all', authorizationRequired: true, submission: 'edi' },
          confidence: 'H',
          source: 'HCPCS HJ; Optum and ComPsych EAP manuals: authorization number on every claim',
        },
        requiresPriorAuth: { value: true, confidence: 'H', source: 'sessions are authorized by number' },
        sendPatientPaid: { value: false, confidence: 'K', source: 'no patient share in an EAP benefit' },
        zPrincipal: { value: 'allow', confidence: 'K', source: 'EAP counselling is often coded with a Z code' },
      },
    },
  ],
};
