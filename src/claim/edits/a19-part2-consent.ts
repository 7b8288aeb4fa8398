import { isFaulty } from '../../session/parse.ts';
import { CONSENT_MESSAGE, consentStatus } from '../part2.ts';
import type { AttendeeEdit } from './edit.ts';

export const a19: AttendeeEdit = {
  id: 'A19',
  scope: 'attendee',
  of: 'billable',
  severity: 'hold',
  payerOverridable: false,
  version: '1',
  title: 'A Part 2 programme has the patient’s consent on the day of sending',
  fixedBy: ['front_desk', 'clinician'],
  recheckAtRelease: true,
  provenance: {
    confidence: 'H',
    source: '42 CFR 2.31, 2.33; single consent for treatment, payment and operations, compliance date 2026-02-16',
  },
  check: ({ input: { session, practice }, attendee, base, today }) => {
    if (!(session.part2Program ?? practice.part2Program) || isFaulty(attendee, 'part2')) return [];
    const status = consentStatus(attendee.fields.part2, today);
    return status === 'valid' ? [] : [{ severity: 'hold', path: `${base}/part2`, message: CONSENT_MESSAGE[status] }];
  },
};
