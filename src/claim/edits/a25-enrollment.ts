import type { AttendeeEdit } from './edit.ts';

export const a25: AttendeeEdit = {
  id: 'A25',
  scope: 'attendee',
  of: 'billable',
  severity: 'hold',
  payerOverridable: true,
  version: '1',
  title: 'The practice is enrolled for electronic claims where the payer needs it',
  fixedBy: ['administrator', 'biller'],
  provenance: { confidence: 'K', source: 'payers’ and MACs’ EDI enrolment' },
  check: ({ input: { practice }, cover }) => {
    if (cover.payer === null || !cover.policy.enrollmentRequired) return [];
    const found = practice.enrollments.filter((e) => e.payerId === cover.coverage?.payerId).map((e) => e.claims);
    if (found.includes('active') || found.includes('not_required')) return [];
    const message = found.includes('pending')
      ? 'The practice’s electronic enrolment with this payer is still pending.'
      : 'This payer needs an electronic enrolment, and the practice has none.';
    return [{ severity: 'hold', path: `${cover.path}/payerId`, message }];
  },
};
