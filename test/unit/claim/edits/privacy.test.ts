import { describe, expect, it } from 'vitest';
import type { Attendee } from '../../../../schemas/group-session.ts';
import { EDITS } from '../../../../src/claim/edits/registry.ts';
import { consentStatus } from '../../../../src/claim/part2.ts';
import { type GateOptions, judge, marks } from '../../../support/gate.ts';
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

describe('what the day of sending can change', () => {
  it('is named by the edits: restriction and consent', () => {
    expect(EDITS.filter((e) => e.recheckAtRelease).map((e) => e.id)).toEqual(['A02', 'A19']);
  });
});
