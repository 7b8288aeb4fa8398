import { describe, expect, it } from 'vitest';
import { judge, marks, withAttendee } from '../../../support/gate.ts';
import { exampleSession } from '../../../support/sessions.ts';

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
  it('has nothing to say of self-pay', () => {
    const verdict = judge(withAttendee(session, 0, { billing: 'self_pay' }));
    expect(marks(verdict, 'A02')).toEqual([]);
    expect(verdict.attendees[0]?.disposition).toEqual({ kind: 'not_billable', reason: 'self_pay' });
  });
});

describe('A05 same day', () => {
  it('passes another code and another patient', () => {
    const existingServices = [
      { attendeeExternalId: 'pt-1001', procedureCode: '90837' },
      { attendeeExternalId: 'pt-9999', procedureCode: '90853' },
    ];
    expect(marks(judge(session, { existingServices }), 'A05')).toEqual([]);
  });
  it('holds a second group service, and nobody else', () => {
    const verdict = judge(session, { existingServices: [{ attendeeExternalId: 'pt-1002', procedureCode: '90853' }] });
    expect(marks(verdict, 'A05')).toEqual(['hold /attendees/1/externalId']);
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
