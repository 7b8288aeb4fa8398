import { describe, expect, it } from 'vitest';
import type { Coverage } from '../../../../schemas/coverage.ts';
import { type GateOptions, judge, marks, withAttendee } from '../../../support/gate.ts';
import { exampleSession, type Overrides, overlay, withAttendeeBody } from '../../../support/sessions.ts';

const session = exampleSession();
const coverage = (index: number, changes: Overrides<Coverage>): Coverage => {
  const [own] = session.attendees[index]?.coverages ?? [];
  if (own === undefined) throw new Error('no coverage');
  return overlay(own, changes);
};
const of = (index: number, coverages: Coverage[], options: GateOptions = {}) =>
  marks(judge(withAttendee(session, index, { coverages }), options), 'A07');

describe('A07 coverage', () => {
  it('passes the example', () => expect(marks(judge(session), 'A07')).toEqual([]));

  it('a coverage, and a primary one', () => {
    expect(of(0, [])).toEqual(['block /attendees/0/coverages']);
    expect(of(0, [coverage(0, { responsibility: 'S' })])).toEqual(['block /attendees/0/coverages']);
  });

  it('no two of one rank', () => {
    expect(of(0, [coverage(0, {}), coverage(0, { payerId: '62308' })])).toEqual([
      'block /attendees/0/coverages/1/responsibility',
    ]);
    expect(of(0, [coverage(0, {}), coverage(0, { responsibility: 'S' })])).toEqual([]);
  });

  it('a configured payer with a policy that exists and a clearinghouse', () => {
    const at = ['block /attendees/0/coverages/0/payerId'];
    expect(of(0, [coverage(0, { payerId: 'nobody' })])).toEqual(at);
    const aetna = (changes: NonNullable<GateOptions['payers']>[string]) => judge(session, { payers: { '60054': changes } });
    expect(marks(aetna({ policy: 'no-such' }), 'A07')).toHaveLength(3);
    expect(marks(aetna({ policyOverrides: { lookAlikeGapMinutes: -1 } }), 'A07')).toHaveLength(3);
    expect(marks(aetna({ clearinghouseId: 'elsewhere' }), 'A07')).toHaveLength(3);
    expect(marks(aetna({ submission: 'portal' }), 'A07')).toHaveLength(3);
  });

  it('a dependent names the subscriber', () => {
    expect(of(4, [coverage(4, { subscriber: null })])).toEqual(['block /attendees/4/coverages/0/subscriber']);
  });

  it('Medicare and Medicaid patients are their own subscriber, by policy or by filing indicator', () => {
    const subscriber = { lastName: 'Hagen', firstName: 'Otto' };
    const changes = { relationshipToSubscriber: 'spouse' as const, subscriber };
    for (const index of [1, 2]) {
      expect(of(index, [coverage(index, changes)])).toEqual([`block /attendees/${index}/coverages/0/relationshipToSubscriber`]);
    }
    const [own] = of(0, [coverage(0, { ...changes, claimFilingIndicatorCode: 'MC' })]);
    expect(own).toBe('block /attendees/0/coverages/0/relationshipToSubscriber');
  });

  it('warns of an unusual filing indicator', () => {
    expect(of(2, [coverage(2, { claimFilingIndicatorCode: 'CI' })])).toEqual([
      'warn /attendees/2/coverages/0/claimFilingIndicatorCode',
    ]);
  });

  it('a patient to bill for', () => {
    expect(marks(judge(withAttendeeBody(0, { patient: null })), 'A07')).toEqual(['block /attendees/0/patient']);
  });

  it('speaks once of a coverage that cannot be read', () => {
    const verdict = judge(withAttendeeBody(0, { coverages: [{ payerId: '60054' }] }));
    expect(marks(verdict, 'A07').every((m) => m.startsWith('block /attendees/0/coverages/0/'))).toBe(true);
    expect(verdict.attendees[0]?.disposition).toMatchObject({ kind: 'held', draft: { claim: null, payerId: null } });
  });
});
