import { describe, expect, it } from 'vitest';
import type { Attendee } from '../../../../schemas/group-session.ts';
import { EDITS } from '../../../../src/claim/edits/registry.ts';
import { recheckAtRelease } from '../../../../src/claim/gate.ts';
import { consentStatus } from '../../../../src/claim/part2.ts';
import { type GateOptions, gateInput, judge, marks, withAttendee } from '../../../support/gate.ts';
import { exampleSession, withAttendeeBody } from '../../../support/sessions.ts';

const consent = { consentId: 'c-1', signedOn: '2026-09-01', revokedOn: null };
const inProgramme = (part2: Attendee['part2'] = consent) => {
  const session = exampleSession({ part2Program: true });
  return { ...session, attendees: session.attendees.map((a) => ({ ...a, part2 })) };
};
const of = (body: unknown, options: GateOptions = {}) => marks(judge(body, options), 'A19');

describe('consent under 42 CFR Part 2', () => {
  it('holds from the day of signing until the day of revocation', () => {
    expect(consentStatus(consent, '2026-08-31')).toBe('not_yet');
    expect(consentStatus(consent, '2026-09-01')).toBe('valid');
    const revoked = { ...consent, revokedOn: '2026-11-21' };
    expect(consentStatus(revoked, '2026-11-20')).toBe('valid');
    expect(consentStatus(revoked, '2026-11-21')).toBe('revoked');
  });
  it('without id or date it is none', () => {
    for (const part2 of [null, undefined, { ...consent, consentId: ' ' }, { consentId: 'c-1' }])
      expect(consentStatus(part2, '2026-11-21')).toBe('missing');
  });
});

describe('A19', () => {
  it('says nothing outside a programme', () => expect(of(exampleSession())).toEqual([]));
  it('passes with a consent, holds without', () => {
    expect(of(inProgramme())).toEqual([]);
    expect(of(inProgramme(null))).toEqual(Array.from({ length: 8 }, (_, i) => `hold /attendees/${i}/part2`));
  });
  it('the session’s word prevails over the practice’s', () => {
    const practice = { part2Program: true };
    expect(of(exampleSession({ part2Program: null }), { practice })).toHaveLength(8);
    expect(of(exampleSession({ part2Program: false }), { practice })).toEqual([]);
  });
  it('a consent that cannot be read blocks under this rule, once', () => {
    const body = withAttendeeBody(0, { part2: { signedOn: 'yesterday' } });
    expect(of({ ...(body as object), part2Program: true }).filter((m) => m.includes('/0/'))).toEqual([
      'block /attendees/0/part2/signedOn',
    ]);
  });
});

describe('recheckAtRelease', () => {
  const on = (instant: string, part2: Attendee['part2'] = consent) =>
    recheckAtRelease(gateInput(inProgramme(part2), { now: Date.parse(instant) }), 0);

  it('checks consent, restriction, authorization and filing limit again, and nothing that intake has settled', () => {
    const marked = EDITS.filter((e) => e.recheckAtRelease).map((e) => e.id);
    expect(marked).toEqual(expect.arrayContaining(['A02', 'A09', 'A18', 'A19']));
    const broken = withAttendee(exampleSession(), 0, { diagnoses: [], note: { text: '' } });
    expect(recheckAtRelease(gateInput(broken), 0)).toEqual({ kind: 'checked', findings: [] });
  });
  it('holds what was revoked after intake', () => {
    const part2 = { ...consent, revokedOn: '2026-11-22' };
    expect(on('2026-11-21T09:00:00-06:00', part2)).toEqual({ kind: 'checked', findings: [] });
    expect(on('2026-11-22T00:00:00-06:00', part2)).toMatchObject({
      kind: 'checked',
      findings: [{ rule: 'A19', severity: 'hold', attendee: 'pt-1001', path: '/attendees/0/part2' }],
    });
  });
  it('finds the filing limit past', () => {
    expect(on('2027-03-20T09:00:00-06:00')).toMatchObject({ kind: 'checked', findings: [{ rule: 'A18', severity: 'warn' }] });
    expect(on('2027-03-21T09:00:00-06:00')).toMatchObject({ kind: 'checked', findings: [{ rule: 'A18', severity: 'hold' }] });
  });
  it('finds that there may be no claim at all', () => {
    const restricted = withAttendee(exampleSession(), 0, { restrictDisclosure: true });
    expect(recheckAtRelease(gateInput(restricted), 0)).toEqual({ kind: 'not_billable', reason: 'disclosure_restricted' });
  });
  it('a payer’s own severity counts here too, but not against consent', () => {
    const payers = { '60054': { policyOverrides: { overrides: { A18: 'warn', A19: 'off' } } } };
    const late = Date.parse('2027-03-21T09:00:00-06:00');
    expect(recheckAtRelease(gateInput(inProgramme(null), { now: late, payers }), 0)).toMatchObject({
      findings: [
        { rule: 'A18', severity: 'warn' },
        { rule: 'A19', severity: 'hold' },
      ],
    });
  });
  it('refuses a position that is not on the roster', () => {
    expect(() => recheckAtRelease(gateInput(exampleSession()), 10)).toThrow(RangeError);
  });
});
