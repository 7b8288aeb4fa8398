import { hasAttended } from '../../session/disposition.ts';
import type { AttendeeEdit } from './edit.ts';

export const a05: AttendeeEdit = {
  id: 'A05',
  scope: 'attendee',
  of: 'billable',
  severity: 'hold',
  payerOverridable: false,
  version: '1',
  snip: 4,
  title: 'One group service per patient and day',
  fixedBy: ['biller'],
  provenance: { confidence: 'H', source: 'CMS practitioner MUE: 90853 = 1 (MAI 3)' },
  check: ({ input, attendee, service, base }) => {
    const path = `${base}/externalId`;
    const earlier = input.session.attendees.some(
      (other) => other.index < attendee.index && other.externalId === attendee.externalId && hasAttended(other.status),
    );
    if (earlier) return [{ severity: 'hold', path, message: 'duplicate_service: the same patient is on this roster twice.' }];
    const known = input.existingServices.some(
      (s) => s.attendeeExternalId === attendee.externalId && service.lines.some((l) => l.procedureCode === s.procedureCode),
    );
    return known
      ? [{ severity: 'hold', path, message: 'duplicate_service: this patient already has a claim for this service on that day.' }]
      : [];
  },
};
