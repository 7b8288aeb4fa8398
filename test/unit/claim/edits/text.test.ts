import { describe, expect, it } from 'vitest';
import type { Attendee } from '../../../../schemas/group-session.ts';
import { claimAt, findingsOf, judge, marks, withAttendee } from '../../../support/gate.ts';
import { exampleSession, type Overrides } from '../../../support/sessions.ts';

const session = exampleSession();
const verdictOf = (changes: Overrides<Attendee>, index = 0) => judge(withAttendee(session, index, changes));
const of = (changes: Overrides<Attendee>, index = 0) => marks(verdictOf(changes, index), 'A14');
const coverageOf = (index: number, memberId: string) => ({
  coverages: (session.attendees[index]?.coverages ?? []).map((c) => ({ ...c, memberId })),
});

describe('A14 text', () => {
  it('passes the example, accents included', () => {
    expect(marks(judge(session), 'A14')).toEqual([]);
    expect(claimAt(judge(session), 6).subscriber.name).toMatchObject({ lastName: 'IBANEZ', firstName: 'TOMAS' });
  });
  it.each(['*', '~', ':', '^', '#', '\n', '😀'])('%j becomes a space, with an info', (sign) => {
    const verdict = verdictOf({ patient: { lastName: `Mo${sign}reno` } });
    expect(marks(verdict, 'A14')).toEqual(['info /attendees/0/patient/lastName']);
    expect(claimAt(verdict, 0).subscriber.name).toMatchObject({ lastName: 'MO RENO' });
    expect(verdict.attendees[0]?.disposition.kind).toBe('ready');
  });
  it('a name of which nothing is left blocks', () => {
    expect(of({ patient: { lastName: '~*' } })).toEqual(['block /attendees/0/patient/lastName']);
    expect(of({ patient: { firstName: ' ' } })).toEqual(['block /attendees/0/patient/firstName']);
  });
  it('an over-long name is cut with a warning', () => {
    const verdict = verdictOf({ patient: { lastName: 'Ab'.repeat(40) } });
    expect(marks(verdict, 'A14')).toEqual(['warn /attendees/0/patient/lastName']);
    expect(claimAt(verdict, 0).subscriber.name).toMatchObject({ lastName: 'AB'.repeat(30) });
  });
  it('an over-long street flows into the second line before it is cut', () => {
    const long = 'Residence of the Sisters of Saint Mary at the Lake, East Wing 14';
    const flows = verdictOf({ patient: { address: { line1: long } } });
    expect(marks(flows, 'A14')).toEqual([]);
    expect(claimAt(flows, 0).subscriber.address).toMatchObject({
      line1: 'RESIDENCE OF THE SISTERS OF SAINT MARY AT THE LAKE,',
      line2: 'EAST WING 14',
    });
    expect(of({ patient: { address: { line1: long, line2: long } } })).toEqual(['warn /attendees/0/patient/address/line1']);
  });
  it('state and ZIP are what they say', () => {
    expect(of({ patient: { address: { state: 'XX' } } })).toEqual(['block /attendees/0/patient/address/state']);
    expect(of({ patient: { address: { postalCode: '5370' } } })).toEqual(['block /attendees/0/patient/address/postalCode']);
    expect(of({ patient: { address: { state: 'wi', postalCode: '53703-1234' } } })).toEqual([]);
  });
  it('an identifier is trimmed and upper-cased, and otherwise blocks', () => {
    expect(claimAt(verdictOf(coverageOf(0, ' w123456789 ')), 0).subscriber.memberId).toBe('W123456789');
    for (const memberId of ['W12*456789', 'W12 é', '~'])
      expect(of(coverageOf(0, memberId))).toContain('block /attendees/0/coverages/0/memberId');
    expect(of(coverageOf(0, 'W'))).toContain('block /attendees/0/coverages/0/memberId');
  });
  it('an MBI loses its hyphens, with an info', () => {
    const verdict = verdictOf(coverageOf(2, '1EG4-TE5-MK73'), 2);
    expect(marks(verdict, 'A14')).toEqual(['info /attendees/2/coverages/0/memberId']);
    expect(claimAt(verdict, 2).subscriber.memberId).toBe('1EG4TE5MK73');
  });
  it('a member id unlike the payer’s warns', () => {
    expect(of(coverageOf(2, '123456789A'), 2)).toEqual(['warn /attendees/2/coverages/0/memberId']);
  });
  it('references and notes are looked at too', () => {
    expect(of({ claim: { referralNumber: 'R~1' } })).toEqual(['block /attendees/0/claim/referralNumber']);
    expect(of({ claim: { note: 'see *' } })).toEqual(['info /attendees/0/claim/note']);
  });
  it('nobody is born after the service, or 150 years before', () => {
    expect(of({ patient: { dateOfBirth: '1870-01-01' } })).toEqual(['block /attendees/0/patient/dateOfBirth']);
    expect(of({ patient: { dateOfBirth: '2026-11-21' } })).toEqual(['block /attendees/0/patient/dateOfBirth']);
  });
  it('never says what the text was', () => {
    const verdict = verdictOf({ patient: { lastName: 'Secret*name' } });
    expect(JSON.stringify(findingsOf(verdict, 'A14'))).not.toMatch(/secret/i);
  });
});
