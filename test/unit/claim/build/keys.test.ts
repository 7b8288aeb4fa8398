import { describe, expect, it } from 'vitest';
import type { Attendee, GroupSession } from '../../../../schemas/group-session.ts';
import { draftAt, type GateOptions, judge, judgeLedger, marks, withAttendee } from '../../../support/gate.ts';
import { exampleSession, type Overrides } from '../../../support/sessions.ts';

const session = exampleSession();
const keysOf = (body: GroupSession, index = 0, options: GateOptions = {}): Record<string, string | null> => {
  const draft = draftAt(judge(body, options), index);
  return {
    LA: draft.lookAlikeKey,
    K4: draft.siblingKey,
    ...Object.fromEntries(draft.duplicateKeys.map((k) => [k.kind, k.canonical])),
  };
};
const base = keysOf(session);
/** Names of the keys that are another one after the change. */
const changed = (body: GroupSession, options: GateOptions = {}) => {
  const after = keysOf(body, 0, options);
  return Object.keys(base).filter((k) => base[k] !== after[k]);
};
const own = (changes: Overrides<Attendee>) => withAttendee(session, 0, changes);
const coverage = (changes: object) =>
  own({ coverages: (session.attendees[0]?.coverages ?? []).map((c) => ({ ...c, ...changes })) });
const ALL = ['LA', 'K4', 'K1', 'K2a', 'K2b', 'K3'];

describe('canonical keys', () => {
  it('are all there, and a rerun gives the same', () => {
    expect(Object.keys(base)).toEqual(ALL);
    expect(changed(exampleSession())).toEqual([]);
  });

  it('T never meets P', () => expect(changed(session, { clearinghouse: { usage: 'P' } })).toEqual(ALL));

  it('a modifier, a place or a charge alone lifts neither K2 nor K3', () => {
    expect(changed(own({ modifiers: ['59'] }))).toEqual(['K1']);
    expect(changed(own({ placeOfServiceCode: '53' }))).toEqual(['K1']);
    expect(changed(own({ chargeAmount: '61.00' }))).toEqual(['K4', 'K1']);
  });

  it('nor does another clinician', () => {
    const renderingProvider = { npi: '1234567893', lastName: 'Berg', firstName: 'Nora' };
    expect(changed(own({ renderingProvider }))).toEqual(['LA', 'K1']);
  });

  it('another patient id of the EHR is still the same person to K1, K2b and K3', () => {
    expect(changed(own({ externalId: 'pt-other' }))).toEqual(['K2a']);
  });

  it('another spelling of the first name is still suspect', () => {
    expect(changed(own({ patient: { firstName: 'Sara' } }))).toEqual(['K2b']);
  });

  it('case, accents and spaces around a member id change nothing', () => {
    expect(changed(coverage({ memberId: ' w123456789 ' }))).toEqual([]);
    expect(changed(own({ patient: { lastName: 'MÓRENO' } }))).toEqual([]);
  });

  it('another day, code or payer is another service', () => {
    expect(changed(own({ procedureCode: '90849', chargeAmount: '60.00' }))).toEqual(ALL);
    expect(changed(coverage({ payerId: '62308' }))).toEqual(['LA', 'K1', 'K2b', 'K3']);
  });

  it('look-alikes differ only by patient', () => {
    expect(keysOf(session, 7)['LA']).toBe(base['LA']);
    expect(keysOf(session, 1)['LA']).not.toBe(base['LA']);
    expect(base['LA']).not.toMatch(/W123456789|MORENO/);
  });

  describe('two dependents of one subscriber, born on one day', () => {
    const lily = session.attendees[4] as Attendee;
    const child = (externalId: string, firstName: string): Attendee => ({
      ...lily,
      externalId,
      ...(lily.patient ? { patient: { ...lily.patient, firstName, gender: 'M' } } : {}),
    });
    const pair = (one: string, two: string) => {
      const twins = [child('pt-j1', one), child('pt-j2', two)];
      return { ...session, attendees: session.attendees.map((a, i) => ({ ...(twins[i - 3] ?? a), note: a.note })) };
    };
    it('Jon and Jack are two claims with no key in common', () => {
      const verdict = judgeLedger(pair('Jon', 'Jack')).verdict;
      expect([3, 4].map((i) => verdict.attendees[i]?.disposition.kind)).toEqual(['ready', 'ready']);
      expect(marks(verdict, 'K3')).toEqual([]);
    });
    it('the first keeps the key that meets other sessions and practices', () => {
      const alone = keysOf(withAttendee(session, 3, child('pt-else', 'Jonny')), 3);
      const twins = pair('Jon', 'Jack');
      expect(keysOf(twins, 3)['K3']).toBe(alone['K3']);
      expect(keysOf(twins, 4)['K3']).not.toBe(alone['K3']);
      expect(keysOf(pair('Jack', 'Jack'), 4)['K3']).toBe(alone['K3']);
    });
    it.each([
      ['Jon', 'Jon'],
      ['Jon', 'Jonathan'],
    ])('%s and %s may be one person under two ids', (one, two) => {
      const { verdict } = judgeLedger(pair(one, two));
      expect([3, 4].map((i) => verdict.attendees[i]?.disposition.kind)).toEqual(['ready', 'held']);
      expect(marks(verdict, 'K3')).toEqual(['hold /attendees/4']);
    });
  });

  it('siblings of one subscriber share K4 and no duplicate key', () => {
    const lily = session.attendees[4] as Attendee;
    const brother: Attendee = {
      ...lily,
      externalId: 'pt-2005',
      ...(lily.patient ? { patient: { ...lily.patient, firstName: 'Duc', dateOfBirth: '2005-02-11', gender: 'M' } } : {}),
      ...(lily.note ? { note: { ...lily.note, text: 'Duc kept to himself but answered when asked about school.' } } : {}),
    };
    const body = { ...session, attendees: session.attendees.map((a, i) => (i === 3 ? brother : a)) };
    const [one, two] = [keysOf(body, 3), keysOf(body, 4)];
    expect(one['K4']).toBe(two['K4']);
    for (const kind of ['K1', 'K2a', 'K2b', 'K3']) expect(one[kind]).not.toBe(two[kind]);
  });
});
