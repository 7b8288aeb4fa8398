import { hasAttended } from '../../session/disposition.ts';
import { epochMs } from '../dates.ts';
import type { RosterEdit } from './edit.ts';

/** The disposition itself is `disposeRoster`; here the record of attendance is checked against itself. */
export const a01: RosterEdit = {
  id: 'A01',
  scope: 'attendee',
  of: 'roster',
  severity: 'block',
  payerOverridable: false,
  version: '1',
  title: 'Attendance is decided and does not contradict itself; the absent are not billed',
  fixedBy: ['clinician'],
  provenance: { confidence: 'H', source: 'CPT 90853 is reported per patient present' },
  check: ({ input: { session }, attendee, base }) => {
    const { joinedAt, leftAt } = attendee.fields.attendance ?? {};
    if (!joinedAt && !leftAt) return [];
    const path = `${base}/attendance`;
    if (attendee.status !== 'observer' && !hasAttended(attendee.status)) {
      return [{ severity: 'warn', path, message: 'Recorded as absent, but with a time of joining or leaving.' }];
    }
    const from = joinedAt ? epochMs(joinedAt) : epochMs(session.startedAt);
    const to = leftAt ? epochMs(leftAt) : epochMs(session.endedAt);
    return from < to ? [] : [{ severity: 'block', path, message: 'The time of leaving must be after the time of joining.' }];
  },
};
