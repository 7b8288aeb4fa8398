import { describe, expect, it } from 'vitest';
import type { Attendee } from '../../../../schemas/group-session.ts';
import { NCCI_PAIRS, ncciPair, sameDayVerdict } from '../../../../src/claim/ncci.ts';
import { findingsOf, judge, marks, withAttendee } from '../../../support/gate.ts';
import { exampleSession, type Overrides, withAttendeeBody } from '../../../support/sessions.ts';

const session = exampleSession();
const of = (rule: string, changes: Overrides<Attendee>) => marks(judge(withAttendee(session, 0, changes)), rule);

describe('the NCCI pairs', () => {
  it('have a source, two codes and dates in order, each pair once at a time', () => {
    for (const p of NCCI_PAIRS) {
      expect(p.source).not.toBe('');
      expect(p.column1).not.toBe(p.column2);
      if (p.effectiveTo !== null) expect(p.effectiveTo >= p.effectiveFrom).toBe(true);
      const sameDay = NCCI_PAIRS.filter(
        (q) =>
          [q.column1, q.column2].sort().join() === [p.column1, p.column2].sort().join() &&
          q.effectiveFrom <= p.effectiveFrom &&
          (q.effectiveTo === null || q.effectiveTo >= p.effectiveFrom),
      );
      expect(sameDay).toEqual([p]);
    }
  });
  it('were turned round on 1 October 2014, and are found from either side', () => {
    expect(ncciPair('90834', '90853', '2014-09-30')).toMatchObject({ column1: '90834', column2: '90853' });
    expect(ncciPair('90834', '90853', '2014-10-01')).toMatchObject({ column1: '90853', column2: '90834', modifierIndicator: 1 });
    expect(ncciPair('90853', '90834', '2026-11-20')).toBe(ncciPair('90834', '90853', '2026-11-20'));
    expect(ncciPair('90853', '97110', '2026-11-20')).toBeNull();
    expect(ncciPair('90834', '90853', '2012-12-31')).toBeNull();
  });
  it('a modifier separates only on the column 2 code', () => {
    const service = (procedureCode: string, ...modifiers: string[]) => ({ procedureCode, modifiers });
    const on = '2026-11-20';
    expect(sameDayVerdict(service('90853'), service('90837'), on)).toBe('bundled');
    expect(sameDayVerdict(service('90853', '59'), service('90837'), on)).toBe('bundled');
    expect(sameDayVerdict(service('90853'), service('90837', 'xe'), on)).toBeNull();
    expect(sameDayVerdict(service('90837', '59'), service('90853'), on)).toBeNull();
    expect(sameDayVerdict(service('90853'), service('90847', '59'), on)).toBe('unverified');
  });
});

describe('A06 other services that day', () => {
  const other = (procedureCode: string, ...modifiers: string[]) => ({ otherServicesSameDay: [{ procedureCode, modifiers }] });
  const at = ['warn /attendees/0/otherServicesSameDay/0'];
  it('passes the example, and a code without a pair', () => {
    expect(marks(judge(session), 'A06')).toEqual([]);
    expect(of('A06', other('97110'))).toEqual([]);
  });
  it('an individual session warns until it carries 59 or XE', () => {
    expect(of('A06', other('90837'))).toEqual(at);
    expect(of('A06', other('90837', '59'))).toEqual([]);
    expect(of('A06', other('90834', 'xe'))).toEqual([]);
  });
  it('a pair that nobody has verified warns and says so', () => {
    const [found] = findingsOf(judge(withAttendee(session, 0, other('H0004', '59'))), 'A06');
    expect(found).toMatchObject({ severity: 'warn', message: expect.stringContaining('look the pair up') });
  });
  it('any service that overlaps the session in time warns; one that touches it does not', () => {
    const timed = (startedAt: string, endedAt: string) => ({
      otherServicesSameDay: [{ procedureCode: '97110', modifiers: [], startedAt, endedAt }],
    });
    expect(of('A06', timed('2026-11-20T16:00:00-06:00', '2026-11-20T17:00:01-06:00'))).toEqual(at);
    expect(of('A06', timed('2026-11-20T16:00:00-06:00', '2026-11-20T17:00:00-06:00'))).toEqual([]);
    expect(of('A06', timed('2026-11-20T18:00:00-06:00', '2026-11-20T19:00:00-06:00'))).toEqual([]);
    expect(of('A06', timed('2026-11-20T23:30:00Z', '2026-11-20T23:40:00Z'))).toEqual(at);
  });
  it('an overlap does not hide the pair', () => {
    const startedAt = '2026-11-20T16:30:00-06:00';
    const endedAt = '2026-11-20T17:30:00-06:00';
    const services = [{ procedureCode: '90837', modifiers: [], startedAt, endedAt }];
    const found = findingsOf(judge(withAttendee(session, 0, { otherServicesSameDay: services })), 'A06');
    expect(found.map((f) => f.message)).toEqual([expect.stringContaining('overlaps'), expect.stringContaining('NCCI')]);
  });
  it('leaves a list that cannot be read to its own fault', () => {
    const verdict = judge(withAttendeeBody(0, { otherServicesSameDay: '90837' }));
    expect(marks(verdict, 'A06')).toEqual(['block /attendees/0/otherServicesSameDay']);
  });
});

describe('A05 the same service named a second time', () => {
  const named = (procedureCode: string, procedureMap = {}) =>
    judge(withAttendee(session, 0, { otherServicesSameDay: [{ procedureCode, modifiers: ['59'] }] }), {
      payers: { '60054': { policyOverrides: { procedureMap } } },
    });
  const at = ['hold /attendees/0/otherServicesSameDay/0/procedureCode'];
  it('holds that one claim', () => {
    const verdict = named('90853');
    expect(marks(verdict, 'A05')).toEqual(at);
    expect(verdict.attendees[0]?.disposition.kind).toBe('held');
    expect(verdict.attendees[1]?.disposition.kind).toBe('ready');
  });
  it('by the payer’s code as by ours', () => {
    const map = { '90853': { code: 'H0005', modifiers: [], minutesPerUnit: null } };
    expect(marks(named('h0005', map), 'A05')).toEqual(at);
    expect(marks(named('90853', map), 'A05')).toEqual(at);
    expect(marks(named('H0005'), 'A05')).toEqual([]);
  });
  it('another service, or a list that cannot be read, is none of its business', () => {
    expect(marks(named('90837'), 'A05')).toEqual([]);
    expect(marks(judge(withAttendeeBody(0, { otherServicesSameDay: '90853' })), 'A05')).toEqual([]);
  });
});

describe('A23 modifiers that say distinct or repeated', () => {
  const hold = ['hold /attendees/0/modifiers'];
  it('passes the example and a state’s own modifier', () => {
    expect(marks(judge(session), 'A23')).toEqual([]);
    expect(of('A23', { modifiers: ['U1'] })).toEqual([]);
  });
  it.each(['59', 'XE', 'XP', 'XS', 'XU', '76', '77', '91', 'xe'])('%s holds', (m) => {
    expect(of('A23', { modifiers: [m] })).toEqual(hold);
  });
  it('no payer switches it off', () => {
    const payers = { '60054': { policyOverrides: { overrides: { A23: 'off' } } } };
    const verdict = judge(withAttendee(session, 0, { modifiers: ['59'] }), { payers });
    expect(marks(verdict, 'A23')).toEqual(hold);
    expect(verdict.attendees[0]?.disposition.kind).toBe('held');
  });
});
