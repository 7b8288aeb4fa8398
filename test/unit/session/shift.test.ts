import { describe, expect, it } from 'vitest';
import { shiftSession } from '../../../src/session/shift.ts';
import { exampleSession, readExample } from '../../support/sessions.ts';

describe('shiftSession', () => {
  it('keeps the wall clock and takes the offset of the new day', () => {
    const summer = shiftSession(readExample('group-session.json'), '2026-07-15');
    expect(summer.startedAt).toBe('2026-07-15T17:00:00-05:00');
    expect(summer.endedAt).toBe('2026-07-15T18:00:00-05:00');
    expect(summer.finalized.at).toBe('2026-07-15T18:25:00-05:00');
    expect(summer.attendees[3]?.attendance.joinedAt).toBe('2026-07-15T17:10:00-05:00');
  });

  it('moves authorization and verification along, birth dates not at all', () => {
    const session = shiftSession(readExample('group-session.json'), '2026-11-27');
    expect(session.attendees[1]?.coverages[0]?.priorAuthorization).toMatchObject({
      validFrom: '2026-09-08',
      validTo: '2027-03-07',
    });
    expect(session.attendees[0]?.coverages[0]?.verified?.on).toBe('2026-11-09');
    expect(session.attendees[0]?.patient?.dateOfBirth).toBe('1988-04-12');
  });

  it('is the identity on its own day', () => expect(shiftSession(exampleSession(), '2026-11-20')).toEqual(exampleSession()));

  it('keeps the day of a session that crosses midnight', () => {
    const late = exampleSession({
      startedAt: '2026-11-20T23:30:00-06:00',
      endedAt: '2026-11-21T00:30:00-06:00',
      finalized: { at: '2026-11-21T00:40:00-06:00' },
    });
    const moved = shiftSession(late, '2026-03-07');
    expect([moved.startedAt, moved.endedAt]).toEqual(['2026-03-07T23:30:00-06:00', '2026-03-08T00:30:00-06:00']);
  });

  it('throws on what is not a session', () => expect(() => shiftSession({}, '2026-11-20')).toThrow());
});
