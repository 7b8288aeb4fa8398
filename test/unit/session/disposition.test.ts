import { describe, expect, it } from 'vitest';
import type { GroupSession } from '../../../schemas/group-session.ts';
import { disposeRoster, hasAttended } from '../../../src/session/disposition.ts';
import { parseSession } from '../../../src/session/parse.ts';
import { withAttendee } from '../../support/gate.ts';
import { exampleSession, type Overrides, withAttendeeBody } from '../../support/sessions.ts';

const dispose = (body: unknown) => {
  const parsed = parseSession(body);
  if (!parsed.ok) throw new Error('refused');
  return disposeRoster(parsed.session);
};
const first = (changes: Overrides<GroupSession['attendees'][number]>) => dispose(withAttendee(exampleSession(), 0, changes))[0];

describe('dispositions', () => {
  it('bills those who were there', () => {
    expect(dispose(exampleSession()).map((d) => d.billable)).toEqual([...Array(8).fill(true), false, false]);
  });

  it.each(['no_show', 'cancelled', 'cancelled_late', 'excused'] as const)('%s is A01', (status) => {
    expect(first({ attendance: { status } })).toEqual({ billable: false, rule: 'A01', reason: status });
  });

  it.each(['present', 'late', 'left_early', 'partial'] as const)('%s is billed', (status) => {
    expect(first({ attendance: { status } })).toEqual({ billable: true });
    expect(hasAttended(status)).toBe(true);
  });

  it('an observer is neither counted nor billed', () => {
    expect(first({ attendance: { status: 'observer' } })).toEqual({ billable: false, rule: 'A02', reason: 'observer' });
    expect(hasAttended('observer')).toBe(false);
  });

  it.each(['self_pay', 'no_charge', 'do_not_bill'] as const)('%s is A02', (billing) => {
    expect(first({ billing })).toEqual({ billable: false, rule: 'A02', reason: billing });
  });

  it('a disclosure restriction prevails over billing', () => {
    expect(first({ restrictDisclosure: true })).toEqual({ billable: false, rule: 'A02', reason: 'disclosure_restricted' });
  });

  it('a restriction that cannot be read does not make a claim go: the fault holds it', () => {
    expect(dispose(withAttendeeBody(0, { restrictDisclosure: 'true' }))[0]).toEqual({ billable: true });
  });

  it('a multi-family group bills the identified patient of each family', () => {
    const session = exampleSession({ groupType: 'multi_family' });
    const family = (index: number) => ({ familyId: `fam-${Math.floor(index / 2)}`, identifiedPatient: index % 2 === 0 });
    const attendees = session.attendees.map((a, i) => ({ ...a, ...family(i) }));
    expect(dispose({ ...session, attendees }).map((d) => (d.billable ? 'claim' : d.reason))).toEqual([
      'claim',
      'family_member',
      'claim',
      'family_member',
      'claim',
      'family_member',
      'claim',
      'family_member',
      'no_show',
      'cancelled_late',
    ]);
  });
});
