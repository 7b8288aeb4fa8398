import { describe, expect, it } from 'vitest';
import type { Attendee } from '../../../../schemas/group-session.ts';
import { type GateOptions, judge, judgeLedger, marks, withAttendee } from '../../../support/gate.ts';
import { exampleSession, type Overrides } from '../../../support/sessions.ts';

const session = exampleSession();

describe('A01 attendance', () => {
  it('passes the example', () => expect(marks(judge(session), 'A01')).toEqual([]));
  it('leaving must come after joining', () => {
    const attendance = { status: 'partial' as const, joinedAt: '2026-11-20T17:40:00-06:00', leftAt: '2026-11-20T17:30:00-06:00' };
    const verdict = judge(withAttendee(session, 0, { attendance }));
    expect(marks(verdict, 'A01')).toEqual(['block /attendees/0/attendance']);
    expect(verdict.attendees[0]?.disposition.kind).toBe('held');
  });
  it('an absence with times only warns: there is no claim to stop', () => {
    const verdict = judge(withAttendee(session, 8, { attendance: { joinedAt: '2026-11-20T17:00:00-06:00' } }));
    expect(marks(verdict, 'A01')).toEqual(['warn /attendees/8/attendance']);
    expect(verdict.attendees[8]?.disposition).toEqual({ kind: 'not_billable', reason: 'no_show' });
  });
});

describe('A02 billing', () => {
  it('says when a restriction overrules billing', () => {
    const verdict = judge(withAttendee(session, 0, { restrictDisclosure: true }));
    expect(marks(verdict, 'A02')).toEqual(['info /attendees/0/restrictDisclosure']);
    expect(verdict.attendees[0]?.disposition).toEqual({ kind: 'not_billable', reason: 'disclosure_restricted' });
  });
  it('keeps a restriction of somebody who has not paid in full, and says so', () => {
    const paid = (patientPaidAmount: string) =>
      judge(withAttendee(session, 0, { restrictDisclosure: true, billing: 'self_pay', patientPaidAmount }));
    expect(marks(paid('59.99'), 'A02')).toEqual(['warn /attendees/0/restrictDisclosure']);
    expect(paid('59.99').attendees[0]?.disposition).toEqual({ kind: 'not_billable', reason: 'disclosure_restricted' });
    expect(marks(paid('60.00'), 'A02')).toEqual([]);
  });
  it('has nothing to say of self-pay', () => {
    const verdict = judge(withAttendee(session, 0, { billing: 'self_pay' }));
    expect(marks(verdict, 'A02')).toEqual([]);
    expect(verdict.attendees[0]?.disposition).toEqual({ kind: 'not_billable', reason: 'self_pay' });
  });
});

describe('A05 same day', () => {
  const service = { claimId: 'clm_x', state: 'paid' as const, lines: [] };
  it('passes another code', () => {
    const { verdict } = judgeLedger(session, { services: [{ ...service, index: 0, serviceCode: '90837' }] });
    expect(marks(verdict, 'A05')).toEqual([]);
  });
  it('holds a second group service, whatever that payer calls it, and nobody else', () => {
    const { verdict } = judgeLedger(session, { services: [{ ...service, index: 1, serviceCode: '90853' }] });
    expect(marks(verdict, 'A05')).toEqual(['hold /attendees/1']);
    expect(verdict.attendees[1]?.disposition).toMatchObject({ kind: 'held', reason: 'duplicate_service' });
    expect(verdict.attendees.filter((a) => a.disposition.kind === 'ready')).toHaveLength(7);
  });
  it('holds the second of one patient twice on the roster', () => {
    const verdict = judge(withAttendee(session, 3, { externalId: 'pt-1001' }));
    expect(marks(verdict, 'A05')).toEqual(['hold /attendees/3/externalId']);
    expect(verdict.attendees[0]?.disposition.kind).toBe('ready');
  });
  it('does not count an absence as the first service', () => {
    expect(marks(judge(withAttendee(session, 8, { externalId: 'pt-1001' })), 'A05')).toEqual([]);
    const absentFirst = withAttendee(withAttendee(session, 0, { attendance: { status: 'no_show' } }), 1, {
      externalId: 'pt-1001',
    });
    expect(marks(judge({ ...absentFirst, groupNote: { ...session.groupNote, attendeeCount: 7 } }), 'A05')).toEqual([]);
  });
});

describe('A03 partial attendance', () => {
  const clock = (minute: number, second = 0) =>
    `2026-11-20T17:${String(minute).padStart(2, '0')}:${String(second).padStart(2, '0')}-06:00`;
  const of = (attendance: Overrides<Attendee['attendance']>, options: GateOptions = {}) =>
    marks(judge(withAttendee(session, 0, { attendance }), options), 'A03');
  const hold = ['hold /attendees/0/attendance'];
  it('passes the example, with one who came ten minutes late', () => expect(marks(judge(session), 'A03')).toEqual([]));
  it('half of an hour passes, a second less holds', () => {
    expect(of({ status: 'partial', leftAt: clock(30) })).toEqual([]);
    expect(of({ status: 'partial', leftAt: clock(29, 59) })).toEqual(hold);
    expect(of({ status: 'late', joinedAt: clock(30) })).toEqual([]);
    expect(of({ status: 'late', joinedAt: clock(30, 1) })).toEqual(hold);
    expect(of({ status: 'partial', joinedAt: clock(10), leftAt: clock(39) })).toEqual(hold);
  });
  it('thirty minutes of a short session, half of a long one', () => {
    const lasting = (endedAt: string, leftAt: string) =>
      marks(judge(withAttendee(exampleSession({ endedAt }), 0, { attendance: { status: 'left_early', leftAt } })), 'A03');
    expect(lasting('2026-11-20T17:40:00-06:00', clock(29))).toEqual(hold);
    expect(lasting('2026-11-20T18:20:00-06:00', clock(39))).toEqual(hold);
    expect(lasting('2026-11-20T18:20:00-06:00', clock(40))).toEqual([]);
  });
  it('does not speak of a short session that was attended whole', () => {
    const attendees = session.attendees.map((a) => ({ ...a, attendance: { status: a.attendance.status } }));
    expect(marks(judge({ ...session, attendees, endedAt: clock(20) }), 'A03')).toEqual(['warn /attendees/3/attendance']);
  });
  it('the payer’s figure comes first', () => {
    const partialAttendance = { minPercent: 80, minMinutes: 0 };
    const options = { payers: { '60054': { policyOverrides: { partialAttendance } } } };
    expect(of({ status: 'partial', leftAt: clock(47) }, options)).toEqual(hold);
    expect(of({ status: 'partial', leftAt: clock(48) }, options)).toEqual([]);
  });
  it('partial without times holds, late or early without its time warns', () => {
    expect(of({ status: 'partial' })).toEqual(hold);
    expect(of({ status: 'late' })).toEqual(['warn /attendees/0/attendance']);
    expect(of({ status: 'left_early' })).toEqual(['warn /attendees/0/attendance']);
    expect(of({ status: 'left_early', leftAt: clock(50) })).toEqual([]);
  });
});
