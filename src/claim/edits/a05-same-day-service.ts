import { hasAttended } from '../../session/disposition.ts';
import type { AttendeeEdit } from './edit.ts';

/** The duplicate keys say the same of one payer's code (K2); this also sees what another payer calls otherwise. */
export const a05: AttendeeEdit = {
  id: 'A05',
  scope: 'attendee',
  of: 'billable',
  severity: 'hold',
  payerOverridable: false,
  version: '2',
  snip: 4,
  title: 'One group service per patient and day',
  fixedBy: ['biller'],
  provenance: { confidence: 'H', source: 'CMS practitioner MUE: 90853 = 1 (MAI 3)' },
  check: ({ input, attendee, base }) => {
    const earlier = input.session.attendees.some(
      (other) => other.index < attendee.index && other.externalId === attendee.externalId && hasAttended(other.status),
    );
    return earlier
      ? [
          {
            severity: 'hold',
            path: `${base}/externalId`,
            message: 'duplicate_service: the same patient is on this roster twice.',
          },
        ]
      : [];
  },
  checkLedger: ({ members, facts }) =>
    members.flatMap(({ index, roster, claim }) => {
      const code = claim?.draft.serviceCode;
      if (code === undefined || !facts.services.some((s) => s.index === index && s.serviceCode === code)) return [];
      return [
        {
          severity: 'hold' as const,
          attendee: index,
          path: roster.base,
          message: 'this patient already has a live claim for this service on this day',
          reason: 'duplicate_service',
        },
      ];
    }),
};
