import { hasAttended } from '../../session/disposition.ts';
import { isFaulty } from '../../session/parse.ts';
import { ourCode } from '../build/service.ts';
import type { AttendeeContext } from '../context.ts';
import type { AttendeeEdit, EditFinding } from './edit.ts';

/** The same group service again, at another hour of that day, as the EHR names it: by our code or by the payer's. */
const namedAgain = ({ attendee, base, cover, service }: AttendeeContext): readonly EditFinding[] =>
  isFaulty(attendee, 'otherServicesSameDay')
    ? []
    : (attendee.fields.otherServicesSameDay ?? []).flatMap((other, i) =>
        ourCode(other.procedureCode, cover.policy) === service.baseProcedureCode
          ? [
              {
                severity: 'hold',
                path: `${base}/otherServicesSameDay/${i}/procedureCode`,
                message: 'duplicate_service: the same service is named a second time on this day.',
              },
            ]
          : [],
      );

/** The duplicate keys say the same of one payer's code (K2); this also sees what another payer calls otherwise. */
export const a05: AttendeeEdit = {
  id: 'A05',
  scope: 'attendee',
  of: 'billable',
  severity: 'hold',
  payerOverridable: false,
  version: '3',
  snip: 4,
  title: 'One group service per patient and day',
  fixedBy: ['biller'],
  provenance: { confidence: 'H', source: 'CMS practitioner MUE: 90853 = 1 (MAI 3)' },
  check: (ctx) => {
    const { input, attendee, base } = ctx;
    const earlier = input.session.attendees.some(
      (other) => other.index < attendee.index && other.externalId === attendee.externalId && hasAttended(other.status),
    );
    const twice: readonly EditFinding[] = earlier
      ? [
          {
            severity: 'hold',
            path: `${base}/externalId`,
            message: 'duplicate_service: the same patient is on this roster twice.',
          },
        ]
      : [];
    return [...twice, ...namedAgain(ctx)];
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
