import { describe, expect, it } from 'vitest';
import type { Coverage } from '../../../../schemas/coverage.ts';
import type { Attendee } from '../../../../schemas/group-session.ts';
import { claimAt, type GateOptions, judge, marks, withAttendee } from '../../../support/gate.ts';
import { exampleSession, type Overrides, overlay } from '../../../support/sessions.ts';

const session = exampleSession();
const own = (index: number): Coverage => {
  const [coverage] = session.attendees[index]?.coverages ?? [];
  if (coverage === undefined) throw new Error('no coverage');
  return coverage;
};
const coverage = (index: number, changes: Overrides<Coverage>): Coverage => overlay(own(index), changes);
const verdictOf = (index: number, changes: Overrides<Attendee>, options: GateOptions = {}) =>
  judge(withAttendee(session, index, changes), options);
const policy = (policyOverrides: Record<string, unknown>): GateOptions => ({ payers: { '60054': { policyOverrides } } });
const at = (field: string) => `/attendees/0/coverages/0/${field}`;

describe('A08 group therapy is covered', () => {
  const of = (changes: Overrides<Coverage>, options: GateOptions = {}) =>
    marks(verdictOf(0, { coverages: [coverage(0, changes)] }, options), 'A08');
  const nobodyKnows = policy({ groupCovered: null });
  it('passes the example', () => expect(marks(judge(session), 'A08')).toEqual([]));
  it('by the payer’s rule without a verification', () => expect(of({ verified: null })).toEqual([]));
  it('by a verification where the payer’s rule says nothing or no', () => {
    expect(of({}, nobodyKnows)).toEqual([]);
    expect(of({}, policy({ groupCovered: false }))).toEqual([]);
  });
  it('holds where neither says so, or the verification says no', () => {
    expect(of({ verified: null }, nobodyKnows)).toEqual([`hold ${at('verified')}`]);
    expect(of({ verified: null }, policy({ groupCovered: false }))).toEqual([`hold ${at('verified')}`]);
    expect(of({ verified: { groupTherapyCovered: false, on: '2026-11-20' } })).toEqual([`hold ${at('verified')}`]);
  });
  it('a verification of 30 days passes, of 31 warns', () => {
    expect(of({ verified: { groupTherapyCovered: true, on: '2026-10-21' } })).toEqual([]);
    expect(of({ verified: { groupTherapyCovered: true, on: '2026-10-20' } })).toEqual([`warn ${at('verified')}/on`]);
    expect(of({ verified: { groupTherapyCovered: true, on: '2026-11-25' } })).toEqual([]);
  });
});

describe('A09 prior authorization', () => {
  const required = policy({ requiresPriorAuth: true });
  const whole = { number: 'PA1', validFrom: '2026-11-20', validTo: '2026-11-20', unitsRemaining: 3 };
  const of = (priorAuthorization: Coverage['priorAuthorization'], options: GateOptions = required) =>
    marks(verdictOf(0, { coverages: [coverage(0, { priorAuthorization })] }, options), 'A09').filter((m) =>
      m.includes('/attendees/0/'),
    );
  const path = at('priorAuthorization');
  it('passes the example, and a whole one on its only day', () => {
    expect(marks(judge(session), 'A09')).toEqual([]);
    expect(of(whole)).toEqual([]);
  });
  it('missing holds where it is required', () => {
    expect(of(null)).toEqual([`hold ${path}`]);
    expect(of({ ...whole, number: ' ' })).toEqual([`hold ${path}`]);
    expect(of(null, {})).toEqual([]);
  });
  it('a day too early or too late holds', () => {
    expect(of({ ...whole, validFrom: '2026-11-21' })).toEqual([`hold ${path}`]);
    expect(of({ ...whole, validTo: '2026-11-19' })).toEqual([`hold ${path}`]);
    expect(of({ number: 'PA1' })).toEqual([]);
  });
  it('units: three pass, two and one warn, none holds', () => {
    expect(of({ ...whole, unitsRemaining: 2 })).toEqual([`warn ${path}/unitsRemaining`]);
    expect(of({ ...whole, unitsRemaining: 1 })).toEqual([`warn ${path}/unitsRemaining`]);
    expect(of({ ...whole, unitsRemaining: 0 })).toEqual([`hold ${path}/unitsRemaining`]);
  });
  it('one that is not required only warns', () => {
    expect(of({ ...whole, unitsRemaining: 0 }, {})).toEqual([`warn ${path}/unitsRemaining`]);
    expect(of({ ...whole, validTo: '2026-11-19' }, {})).toEqual([`warn ${path}`]);
  });
  it('counts the units that the payer’s procedure map makes', () => {
    const procedureMap = { '90853': { code: 'H0005', modifiers: [], minutesPerUnit: 15 } };
    const options = policy({ requiresPriorAuth: true, procedureMap });
    expect(of({ ...whole, unitsRemaining: 4 }, options)).toEqual([]);
    expect(of({ ...whole, unitsRemaining: 3 }, options)).toEqual([`hold ${path}/unitsRemaining`]);
  });
});

describe('A20 payer of last resort', () => {
  const of = (coverages: Coverage[]) => marks(verdictOf(1, { coverages }), 'A20');
  it('passes the example, where Medicaid is alone', () => expect(marks(judge(session), 'A20')).toEqual([]));
  it('Medicaid first beside another coverage holds', () => {
    const other = coverage(0, { responsibility: 'S' });
    expect(of([own(1), other])).toEqual(['hold /attendees/1/coverages/0/responsibility']);
    expect(of([other, own(1)])).toEqual(['hold /attendees/1/coverages/1/responsibility']);
  });
  it('an unknown other payer counts too', () => {
    expect(of([own(1), coverage(0, { responsibility: 'S', payerId: 'nobody' })])).toHaveLength(1);
  });
  it('Medicaid after the other does not touch the primary claim', () => {
    const verdict = verdictOf(1, { coverages: [coverage(0, {}), coverage(1, { responsibility: 'S' })] });
    expect(marks(verdict, 'A20')).toEqual([]);
    expect(verdict.attendees[1]?.disposition.kind).toBe('ready');
  });
  it('two Medicaid coverages wait for nobody', () => {
    expect(of([own(1), coverage(1, { responsibility: 'S' })])).toEqual([]);
  });
});

describe('A22 employee assistance', () => {
  const uhc = 5;
  const priorAuthorization = { number: 'EAP77120', unitsRemaining: 4 };
  const eap = (index: number, changes: Overrides<Coverage>, options: GateOptions = {}) =>
    verdictOf(index, { billing: 'eap', coverages: [coverage(index, changes)] }, options);
  it('passes the example', () => expect(marks(judge(session), 'A22')).toEqual([]));
  it('with a number goes out with HJ, and the insurance of the same payer without', () => {
    const verdict = eap(uhc, { priorAuthorization });
    expect([...marks(verdict, 'A22'), ...marks(verdict, 'A09')]).toEqual([]);
    expect(verdict.attendees[uhc]?.disposition.kind).toBe('ready');
    expect(claimAt(verdict, uhc).lines[0]?.modifiers).toContain('HJ');
    expect(claimAt(verdict, uhc).references).toContainEqual({ qualifier: 'G1', value: 'EAP77120' });
    expect(claimAt(judge(session), uhc).lines[0]?.modifiers).not.toContain('HJ');
  });
  it('without a number holds, once', () => {
    const verdict = eap(uhc, {});
    expect(marks(verdict, 'A22')).toEqual(['hold /attendees/5/coverages/0/priorAuthorization']);
    expect(marks(verdict, 'A09')).toEqual([]);
  });
  it('a number without units left holds', () => {
    const verdict = eap(uhc, { priorAuthorization: { number: 'EAP77120', unitsRemaining: 0 } });
    expect(marks(verdict, 'A09')).toEqual(['hold /attendees/5/coverages/0/priorAuthorization/unitsRemaining']);
  });
  it('portal, paper or an unknown route is a person’s task', () => {
    const route = (submission: string) =>
      marks(
        eap(
          0,
          { priorAuthorization },
          policy({ eap: { modifier: 'HJ', appliesTo: 'eap_billing', authorizationRequired: true, submission } }),
        ),
        'A22',
      );
    expect(route('edi')).toEqual([]);
    for (const way of ['portal', 'paper', 'unknown']) expect(route(way)).toEqual([`hold ${at('payerId')}`]);
  });
  it('a payer without such a benefit holds', () => {
    expect(marks(eap(3, { priorAuthorization }), 'A22')).toEqual(['hold /attendees/3/billing']);
  });
  it('an EAP payer of its own is one for everybody', () => {
    const options = { payers: { '60054': { policy: 'eap' } } };
    expect(marks(judge(session, options), 'A22')).toEqual(
      [0, 4, 7].map((i) => `hold /attendees/${i}/coverages/0/priorAuthorization`),
    );
  });
});

describe('A25 enrollment', () => {
  const of = (enrollments: NonNullable<GateOptions['practice']>['enrollments']) =>
    marks(judge(session, { practice: { enrollments: enrollments ?? [] } }), 'A25');
  const both = (claims: 'active' | 'pending' | 'not_required') => [
    { payerId: 'medicare_wi', claims, remittance: null },
    { payerId: 'medicaid_wi', claims, remittance: null },
  ];
  const at2 = ['hold /attendees/1/coverages/0/payerId', 'hold /attendees/2/coverages/0/payerId'];
  it('passes the example, and where it turns out that none is needed', () => {
    expect(marks(judge(session), 'A25')).toEqual([]);
    expect(of(both('not_required'))).toEqual([]);
  });
  it('none or a pending one holds that payer’s attendees', () => {
    expect(of([])).toEqual(at2);
    expect(of(both('pending'))).toEqual(at2);
    expect(of(both('active').slice(0, 1))).toEqual(at2.slice(0, 1));
  });
});
