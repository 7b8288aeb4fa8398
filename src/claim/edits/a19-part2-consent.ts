import { isFaulty } from '../../session/parse.ts';
import { type ConsentStatus, consentStatus } from '../part2.ts';
import type { AttendeeEdit } from './edit.ts';

const MESSAGE: Readonly<Record<Exclude<ConsentStatus, 'valid'>, string>> = {
  missing: 'A programme under 42 CFR Part 2 may not send this claim without the patient’s signed consent.',
  not_yet: 'The consent under 42 CFR Part 2 was not yet signed on the day of sending.',
  revoked: 'The consent under 42 CFR Part 2 has been revoked.',
};

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
    return status === 'valid' ? [] : [{ severity: 'hold', path: `${base}/part2`, message: MESSAGE[status] }];
  },
};
