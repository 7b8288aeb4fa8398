import { describe, expect, it } from 'vitest';
import { type ClaimState, claimState, type Finding } from '../../../schemas/common.ts';
import {
  type AmendAction,
  type AmendFacts,
  type AttendeeChange,
  amendAction,
  asCorrection,
  atPosition,
  diffAttendee,
  pairRosters,
  sameOnWire,
} from '../../../src/claim/amend.ts';
import type { AttendeeVerdict, ClaimDraft } from '../../../src/claim/draft.ts';
import { canTransition } from '../../../src/claim/states.ts';
import { judge } from '../../support/gate.ts';
import { exampleSession } from '../../support/sessions.ts';

const facts = (over: Partial<AmendFacts> = {}): AmendFacts => ({
  frequencyCode: '1',
  supportsReplacement: true,
  replaceBeforeAdjudication: false,
  hasControlNumber: true,
  sameOnWire: false,
  otherPayer: false,
  sameAsReplaced: false,
  voided: false,
  ...over,
});
const CHANGES: readonly AttendeeChange[] = ['changed', 'removed', 'added_back'];
const row = (state: ClaimState, over: Partial<AmendFacts> = {}) => CHANGES.map((c) => amendAction(state, c, facts(over)));

/** changed, removed, added back: for a claim that bills. */
const BILLING: Readonly<Record<ClaimState, readonly AmendAction[]>> = {
  not_billable: ['rebuild', 'none', 'rebuild'],
  held: ['rebuild', 'cancel', 'rebuild'],
  scheduled: ['rebuild', 'cancel', 'rebuild'],
  released: ['wait', 'wait', 'wait'],
  transmit_unknown: ['wait', 'wait', 'wait'],
  transmitted: ['wait', 'wait', 'wait'],
  picked_up: ['wait', 'wait', 'wait'],
  acknowledged: ['wait', 'wait', 'wait'],
  stalled: ['wait', 'wait', 'wait'],
  accepted: ['wait', 'wait', 'wait'],
  duplicate_flagged: ['wait', 'wait', 'wait'],
  rejected: ['resubmit', 'cancel', 'resubmit'],
  paid: ['replace', 'void', 'replace'],
  partially_paid: ['replace', 'void', 'replace'],
  denied: ['replace', 'void', 'replace'],
  reversed: ['wait', 'wait', 'wait'],
  replaced: ['none', 'none', 'none'],
  voided: ['renew', 'none', 'renew'],
  cancelled: ['renew', 'none', 'renew'],
};

const NONE: readonly AmendAction[] = ['none', 'none', 'none'];
const UNVOID: readonly AmendAction[] = ['unvoid', 'none', 'unvoid'];
const WAIT: readonly AmendAction[] = ['wait', 'none', 'wait'];

/** The same for one of frequency 8. */
const VOIDING: Readonly<Record<ClaimState, readonly AmendAction[]>> = {
  not_billable: NONE,
  held: UNVOID,
  scheduled: UNVOID,
  rejected: UNVOID,
  released: WAIT,
  transmit_unknown: WAIT,
  transmitted: WAIT,
  picked_up: WAIT,
  acknowledged: WAIT,
  stalled: WAIT,
  accepted: WAIT,
  duplicate_flagged: WAIT,
  paid: WAIT,
  partially_paid: WAIT,
  denied: WAIT,
  reversed: WAIT,
  replaced: NONE,
  voided: NONE,
  cancelled: NONE,
};

const ADJUDICATED: readonly ClaimState[] = ['paid', 'partially_paid', 'denied'];
const UNDER_WAY: readonly ClaimState[] = [
  'released',
  'transmit_unknown',
  'transmitted',
  'picked_up',
  'acknowledged',
  'stalled',
  'accepted',
  'duplicate_flagged',
  'reversed',
];

describe('what an amendment does to a claim, by its state', () => {
  it.each(claimState.options)('%s, frequency 1 and 7', (state) => {
    expect(row(state)).toEqual(BILLING[state]);
    expect(row(state, { frequencyCode: '7' })).toEqual(BILLING[state]);
  });

  it.each(claimState.options)('%s, frequency 8', (state) => {
    expect(row(state, { frequencyCode: '8' })).toEqual(VOIDING[state]);
  });

  it('never a frequency 7 or 8 before adjudication, unless the payer allows it and its number is known', () => {
    for (const state of claimState.options) {
      const early = row(state, { replaceBeforeAdjudication: true }).some((a) => a === 'replace' || a === 'void');
      expect(
        row(state).some((a) => a === 'replace' || a === 'void'),
        state,
      ).toBe(ADJUDICATED.includes(state));
      expect(early, state).toBe(ADJUDICATED.includes(state) || state === 'accepted');
    }
    expect(row('accepted', { replaceBeforeAdjudication: true, hasControlNumber: false })).toEqual(BILLING.accepted);
    expect(row('accepted', { replaceBeforeAdjudication: true, supportsReplacement: false })).toEqual(BILLING.accepted);
  });

  it('a payer that takes neither 7 nor 8 is a task; a number that is not known yet is waited for', () => {
    for (const state of ADJUDICATED) {
      expect(row(state, { supportsReplacement: false })).toEqual(['task', 'task', 'task']);
      expect(row(state, { hasControlNumber: false })).toEqual(['wait', 'wait', 'wait']);
    }
  });

  it('what says the same on the wire is not sent again; a removal always counts', () => {
    for (const state of [...UNDER_WAY, 'rejected' as const, ...ADJUDICATED]) {
      expect(row(state, { sameOnWire: true })).toEqual(['none', BILLING[state][1], 'none']);
    }
    // Unsent: what stops the claim may be another.
    expect(row('held', { sameOnWire: true })).toEqual(BILLING.held);
    expect(row('scheduled', { sameOnWire: true })).toEqual(BILLING.scheduled);
  });

  it('another payer gets an original only once the first has taken a void', () => {
    for (const state of ADJUDICATED) expect(amendAction(state, 'changed', facts({ otherPayer: true }))).toBe('void');
    expect(amendAction('rejected', 'changed', facts({ otherPayer: true }))).toBe('resubmit');
    const void8 = { frequencyCode: '8', otherPayer: true };
    for (const state of ['held', 'scheduled', 'rejected', 'transmitted', 'accepted'] as const)
      expect(amendAction(state, 'changed', facts(void8))).toBe('wait');
    expect(amendAction('accepted', 'changed', facts({ ...void8, voided: true }))).toBe('renew');
  });

  it('a replacement that would say what the payer has decided already is given up', () => {
    for (const state of ['held', 'scheduled', 'rejected'] as const) {
      expect(amendAction(state, 'changed', facts({ frequencyCode: '7', sameAsReplaced: true }))).toBe('cancel');
      expect(amendAction(state, 'changed', facts({ frequencyCode: '7', otherPayer: true }))).toBe('cancel');
    }
  });

  it('asks only for moves that the transition table has', () => {
    for (const state of claimState.options) {
      const actions = new Set([...row(state), ...row(state, { frequencyCode: '8' })]);
      if (actions.has('resubmit') || (actions.has('rebuild') && state === 'not_billable'))
        expect(canTransition(state, 'held', 'amendment'), state).toBe(true);
      if (actions.has('cancel') || actions.has('unvoid')) {
        const from = state === 'rejected' ? 'held' : state;
        expect(canTransition(from, 'cancelled', 'amendment'), state).toBe(true);
        expect(canTransition(from, 'not_billable', 'amendment'), state).toBe(true);
      }
    }
  });
});

const verdictOf = (
  change: (a: ReturnType<typeof exampleSession>['attendees'][number]) => object = () => ({}),
): AttendeeVerdict => {
  const session = exampleSession();
  const [first, ...rest] = session.attendees;
  if (first === undefined) throw new Error('no attendee');
  const verdict = judge({ ...session, attendees: [{ ...first, ...change(first) }, ...rest] });
  return verdict.attendees[0] as AttendeeVerdict;
};
const draftOf = (v: AttendeeVerdict): ClaimDraft => {
  if (v.disposition.kind === 'not_billable') throw new Error('not billable');
  return v.disposition.draft;
};
const stop = (path: string): Finding => ({
  rule: 'N05',
  severity: 'block',
  scope: 'attendee',
  attendee: 'pt-1001',
  path,
  message: 'no goal',
  ruleVersion: '1',
});

describe('one attendee in two versions', () => {
  it('alike: nothing; another diagnosis: the wire; another stop: documentation only', () => {
    expect(diffAttendee(verdictOf(), verdictOf(), false)).toEqual({ change: 'none', wire: false });
    const other = verdictOf(() => ({ diagnoses: ['F33.1'] }));
    expect(diffAttendee(verdictOf(), other, false)).toEqual({ change: 'changed', wire: true });
    const plain = verdictOf();
    const stopped = { ...plain, findings: [...plain.findings, stop('/attendees/0/note')] };
    expect(diffAttendee(stopped, plain, false)).toEqual({ change: 'changed', wire: false });
    expect(diffAttendee(plain, stopped, false)).toEqual({ change: 'changed', wire: false });
    const moved = { ...plain, index: 4, findings: [...plain.findings, stop('/attendees/4/note')] };
    expect(diffAttendee(stopped, moved, false)).toEqual({ change: 'none', wire: false });
    const warned = { ...plain, findings: [...plain.findings, { ...stop('/attendees/0/note'), severity: 'warn' as const }] };
    expect(diffAttendee(plain, warned, false)).toEqual({ change: 'none', wire: false });
  });

  it('other times of the session change everybody who is billed', () => {
    expect(diffAttendee(verdictOf(), verdictOf(), true)).toEqual({ change: 'changed', wire: false });
    const absent = verdictOf(() => ({ attendance: { status: 'no_show' } }));
    expect(diffAttendee(absent, absent, true)).toEqual({ change: 'none', wire: false });
  });

  it('added, removed, absent, back', () => {
    const [present, absent] = [verdictOf(), verdictOf(() => ({ attendance: { status: 'no_show' } }))];
    expect(diffAttendee(null, present, false)).toEqual({ change: 'added', wire: true });
    expect(diffAttendee(null, absent, false)).toEqual({ change: 'none', wire: false });
    expect(diffAttendee(present, null, false)).toEqual({ change: 'removed', wire: true });
    expect(diffAttendee(absent, null, false)).toEqual({ change: 'none', wire: false });
    expect(diffAttendee(present, absent, false)).toEqual({ change: 'removed', wire: true });
    expect(
      diffAttendee(
        present,
        verdictOf(() => ({ restrictDisclosure: true })),
        false,
      ).change,
    ).toBe('removed');
    expect(diffAttendee(absent, present, false)).toEqual({ change: 'added_back', wire: true });
  });
});

describe('rosters', () => {
  it('are matched by external id; one who is named twice in order of naming', () => {
    expect(pairRosters(['a', 'b', 'a'], ['a', 'c', 'a', 'a'])).toEqual([
      { before: 0, after: 0 },
      { before: null, after: 1 },
      { before: 2, after: 2 },
      { before: null, after: 3 },
      { before: 1, after: null },
    ]);
    expect(pairRosters(['a', 'b'], ['b', 'a'])).toEqual([
      { before: 1, after: 0 },
      { before: 0, after: 1 },
    ]);
  });

  it('findings follow their attendee to another place', () => {
    expect(atPosition(stop('/attendees/7/note/text'), 2).path).toBe('/attendees/2/note/text');
    expect(atPosition(stop('/renderingProvider/npi'), 2).path).toBe('/renderingProvider/npi');
  });
});

describe('a correction', () => {
  it('differs from its original in frequency and reference only, which is no difference on the wire', () => {
    const draft = draftOf(verdictOf());
    const made = asCorrection(draft, '7', 'ICN001');
    if (!made.ok) throw new Error(made.reason);
    expect(made.draft.claim).toMatchObject({ frequencyCode: '7' });
    expect(made.draft.claim?.references.filter((r) => r.qualifier === 'F8')).toEqual([{ qualifier: 'F8', value: 'ICN001' }]);
    expect(sameOnWire(draft, made.draft)).toBe(true);
    expect(sameOnWire(draft, draftOf(verdictOf(() => ({ diagnoses: ['F33.1'] }))))).toBe(false);
  });

  it('is none where the payer takes none or its number cannot go on a claim; an unbuilt claim stays unbuilt', () => {
    const draft = draftOf(verdictOf());
    expect(asCorrection(draft, '8', 'A*B')).toEqual({ ok: false, reason: 'unfit_reference' });
    expect(asCorrection({ ...draft, claim: null }, '7', 'ICN001')).toMatchObject({ ok: true, draft: { claim: null } });
  });
});
