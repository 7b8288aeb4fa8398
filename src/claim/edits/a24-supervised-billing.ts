import type { AttendeeEdit } from './edit.ts';

export const a24: AttendeeEdit = {
  id: 'A24',
  scope: 'attendee',
  of: 'billable',
  severity: 'hold',
  payerOverridable: true,
  version: '2',
  snip: 6,
  title: 'The payer lets a supervised clinician’s work be billed',
  fixedBy: ['administrator', 'biller'],
  provenance: { confidence: 'K', source: 'payer contracts; spec 02 §2.2' },
  check: ({ input: { session }, cover }) => {
    if (!session.supervised) return [];
    const path = '/supervised';
    switch (cover.policy.supervisedBilling) {
      case 'not_billable':
        return [{ severity: 'hold', path, message: 'This payer does not pay for the work of a supervised clinician.' }];
      case 'unknown':
        return [
          { severity: 'hold', path, message: 'It is not known how this payer wants the work of a supervised clinician billed.' },
        ];
      default:
        return [];
    }
  },
};
