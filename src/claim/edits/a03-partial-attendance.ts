import { attendedMs, MINUTE_MS, sessionMs } from '../attended.ts';
import type { AttendeeEdit } from './edit.ts';

export const a03: AttendeeEdit = {
  id: 'A03',
  scope: 'attendee',
  of: 'billable',
  severity: 'hold',
  payerOverridable: true,
  version: '1',
  snip: 6,
  title: 'Who did not stay for the whole session stayed long enough to be billed',
  fixedBy: ['clinician', 'biller'],
  provenance: {
    confidence: 'D',
    source: 'spec 02 §2.2: half of the session and 30 minutes, unless the payer has its own figure',
  },
  check: ({ input: { session }, attendee, cover, base }) => {
    const { status, fields } = attendee;
    const { joinedAt, leftAt } = fields.attendance ?? {};
    const path = `${base}/attendance`;
    if (status === 'partial' && !joinedAt && !leftAt) {
      return [
        { severity: 'hold', path, message: 'Partial attendance has no times: how long the attendee was there is not known.' },
      ];
    }
    const whole = sessionMs(session);
    const attended = attendedMs(session, fields);
    if (attended < whole) {
      const { minPercent, minMinutes } = cover.policy.partialAttendance;
      if (attended * 100 < whole * minPercent || attended < minMinutes * MINUTE_MS) {
        return [{ severity: 'hold', path, message: 'The attendee was there for too short a part of the session to be billed.' }];
      }
    }
    const untold = (status === 'late' && !joinedAt) || (status === 'left_early' && !leftAt);
    return untold ? [{ severity: 'warn', path, message: 'The time of coming late or leaving early is not recorded.' }] : [];
  },
};
