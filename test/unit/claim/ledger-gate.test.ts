import { describe, expect, it } from 'vitest';
import type { ClaimState } from '../../../schemas/common.ts';
import type { GroupSession } from '../../../schemas/group-session.ts';
import { unitsLeft } from '../../../src/claim/authorization.ts';
import { epochMs } from '../../../src/claim/dates.ts';
import type { NearbySession, PatientPrivacy } from '../../../src/claim/facts.ts';
import type { LedgerVerdict } from '../../../src/claim/ledger-gate.ts';
import { consentInForce } from '../../../src/claim/part2.ts';
import { presenceOf } from '../../../src/claim/presence.ts';
import { judgeLedger, marks, withAttendee } from '../../support/gate.ts';
import { exampleSession } from '../../support/sessions.ts';

const session = exampleSession();
const START = epochMs(session.startedAt);
const END = epochMs(session.endedAt);
const MINUTE = 60_000;

const nearby = (changes: Partial<NearbySession> = {}): NearbySession => ({
  sessionId: 'gs_other',
  startedAt: START,
  endedAt: END,
  sameFacility: true,
  roster: 10,
  common: 10,
  ...changes,
});
/** Indexes of the claims that are held, with the word on each. */
const held = ({ verdict }: LedgerVerdict): readonly (readonly [number, string | undefined])[] =>
  verdict.attendees.flatMap((a) => (a.disposition.kind === 'held' ? [[a.index, a.disposition.reason] as const] : []));
const BILLABLE = [0, 1, 2, 3, 4, 5, 6, 7];

describe('S10 a session keyed in twice', () => {
  it('holds every claim of the session once it is the same group', () => {
    const judged = judgeLedger(session, { groups: [nearby()] });
    expect(judged.verdict.findings.filter((f) => f.rule === 'S10')).toHaveLength(1);
    expect(held(judged)).toEqual(BILLABLE.map((i) => [i, 'duplicate_session']));
    expect(marks(judged.verdict, 'S11')).toEqual([]);
  });
  it.each([
    ['15 minutes apart', nearby({ startedAt: START - 15 * MINUTE, endedAt: START }), true],
    ['16 minutes apart', nearby({ startedAt: START - 16 * MINUTE, endedAt: START }), false],
    ['another facility', nearby({ sameFacility: false, endedAt: START }), false],
    ['half of the smaller roster', nearby({ roster: 4, common: 2 }), true],
    ['less than half of it', nearby({ roster: 10, common: 4, startedAt: START - 10 * MINUTE, endedAt: START }), false],
    ['nobody in common', nearby({ roster: 0, common: 0, endedAt: START }), false],
  ])('%s', (_name, group, found) => {
    expect(judgeLedger(session, { groups: [group] }).verdict.findings.some((f) => f.rule === 'S10')).toBe(found);
  });
});

describe('S11 a facilitator in two groups', () => {
  const other = { roster: 6, common: 0 };
  it('holds the session that came later', () => {
    const judged = judgeLedger(session, { groups: [nearby({ ...other, startedAt: END - MINUTE, endedAt: END + MINUTE })] });
    expect(judged.verdict.findings.map((f) => f.rule)).toContain('S11');
    expect(held(judged)).toEqual(BILLABLE.map((i) => [i, 'overlap']));
  });
  it('groups that follow each other are no overlap', () => {
    const judged = judgeLedger(session, {
      groups: [
        nearby({ ...other, startedAt: END, endedAt: END + 60 * MINUTE }),
        nearby({ ...other, startedAt: START - 60 * MINUTE, endedAt: START }),
      ],
    });
    expect(held(judged)).toEqual([]);
  });
});

describe('A04 a patient in two sessions', () => {
  const elsewhere = (state: ClaimState | null) => ({
    overlaps: [{ index: 2, sessionId: 'gs_other', claimId: state === null ? null : 'clm_other', state }],
  });
  it.each(['held', 'scheduled', 'released', 'paid'] as const)('holds ours and concerns the other, which is %s', (state) => {
    const judged = judgeLedger(session, elsewhere(state));
    expect(held(judged)).toEqual([[2, 'overlap']]);
    expect(judged.concerned).toEqual([expect.objectContaining({ claimId: 'clm_other', state, rule: 'A04', index: 2 })]);
  });
  it('holds ours where the other presence made no claim', () => {
    const judged = judgeLedger(session, elsewhere(null));
    expect([held(judged), judged.concerned]).toEqual([[[2, 'overlap']], []]);
  });
  it.each(['cancelled', 'voided'] as const)('a presence whose claim was %s is billed by nobody', (state) => {
    expect(held(judgeLedger(session, elsewhere(state)))).toEqual([]);
  });
  it('only warns somebody who gets no claim, and still concerns the other', () => {
    const judged = judgeLedger(withAttendee(session, 2, { billing: 'self_pay' }), elsewhere('scheduled'));
    expect(marks(judged.verdict, 'A04')).toEqual(['warn /attendees/2/attendance']);
    expect(judged.concerned.map((c) => c.claimId)).toEqual(['clm_other']);
  });
  it('a session keyed in twice is one place, not two', () => {
    const judged = judgeLedger(session, { ...elsewhere('scheduled'), groups: [nearby()] });
    expect([marks(judged.verdict, 'A04'), judged.concerned]).toEqual([[], []]);
  });
  it('follows the payer of the attendee, whose data may soften it', () => {
    const payerId = session.attendees[2]?.coverages[0]?.payerId as string;
    const payers = { [payerId]: { policyOverrides: { overrides: { A04: 'warn' } } } };
    const judged = judgeLedger(session, elsewhere('scheduled'), { payers });
    expect([marks(judged.verdict, 'A04'), held(judged), judged.concerned]).toEqual([['warn /attendees/2/attendance'], [], []]);
  });
});

describe('A21 one member id for two', () => {
  const self = (s: GroupSession, i: number, memberId: string) =>
    withAttendee(s, i, {
      coverages: (s.attendees[i]?.coverages ?? []).map((c) => ({
        ...c,
        payerId: '60054',
        memberId,
        relationshipToSubscriber: 'self' as const,
        subscriber: null,
      })),
    });
  it('holds both when they sit in one group', () => {
    const both = self(self(session, 0, 'W111111111'), 1, 'w111111111');
    expect(held(judgeLedger(both)).map(([i, reason]) => [i, reason])).toEqual([
      [0, 'member_id_conflict'],
      [1, 'member_id_conflict'],
    ]);
    expect(held(judgeLedger(self(self(session, 0, 'W111111111'), 1, 'W111111112')))).toEqual([]);
  });
  it('holds ours and concerns every stored one; another practice’s is held alike and never shown', () => {
    const judged = judgeLedger(session, {
      memberConflicts: [
        { index: 0, claimId: 'clm_a', state: 'scheduled', ownPractice: true },
        { index: 0, claimId: 'clm_b', state: 'paid', ownPractice: false },
      ],
    });
    expect(held(judged)).toEqual([[0, 'member_id_conflict']]);
    expect(judged.concerned.map((c) => [c.claimId, c.state])).toEqual([
      ['clm_a', 'scheduled'],
      ['clm_b', 'paid'],
    ]);
    expect(JSON.stringify(judged.verdict.attendees[0]?.findings)).not.toContain('clm_');
  });
});

describe('duplicate keys', () => {
  const owner = (kind: string, ownPractice = true) => ({ index: 1, kind, claimId: 'clm_first', ownPractice });
  it('hold what a stored claim owns, the exact one first, with the link within the practice', () => {
    const judged = judgeLedger(session, { keyOwners: [owner('K3'), owner('K2b'), owner('K1')] });
    expect(held(judged)).toEqual([[1, 'duplicate_exact']]);
    expect(judged.verdict.attendees[1]?.findings.filter((f) => f.severity === 'hold').map((f) => f.rule)).toEqual([
      'K1',
      'A05',
      'K3',
    ]);
    expect([...judged.links]).toEqual([[1, ['clm_first']]]);
    expect([...judgeLedger(session, { keyOwners: [owner('K1', false)] }).links]).toEqual([]);
  });
  it('K3 is about another patient id', () => {
    const judged = judgeLedger(session, { keyOwners: [owner('K2a'), owner('K3')] });
    expect(judged.verdict.attendees[1]?.findings.map((f) => f.rule)).not.toContain('K3');
  });
  it('within one roster the first that may go takes them', () => {
    const twin = withAttendee(session, 3, {
      patient: session.attendees[0]?.patient ?? {},
      coverages: session.attendees[0]?.coverages ?? [],
    });
    expect(held(judgeLedger(twin))).toEqual([[3, 'duplicate_exact']]);
    const stopped = withAttendee(twin, 0, { diagnoses: [] });
    expect(held(judgeLedger(stopped)).map(([i]) => i)).toEqual([0]);
  });
  it('are one A05 with what the day’s services say', () => {
    const services = [{ index: 1, claimId: 'clm_first', state: 'paid' as const, serviceCode: '90853', lines: [] }];
    const judged = judgeLedger(session, { services, keyOwners: [owner('K2a')] });
    expect(marks(judged.verdict, 'A05')).toEqual(['hold /attendees/1']);
  });
});

describe('privacy on record', () => {
  const recorded = (changes: Partial<PatientPrivacy>) => ({
    privacy: new Map([[0, { restrictDisclosure: false, part2: null, ...changes }]]),
  });
  it('a restriction ends the claim whatever was sent, even a held one', () => {
    const judged = judgeLedger(withAttendee(session, 0, { diagnoses: [] }), recorded({ restrictDisclosure: true }));
    expect(judged.verdict.attendees[0]?.disposition).toEqual({ kind: 'not_billable', reason: 'disclosure_restricted' });
    expect(judged.verdict.attendees[0]?.findings.every((f) => f.severity !== 'block' && f.severity !== 'hold')).toBe(true);
  });
  it('nothing of it concerns somebody who gets no claim anyway', () => {
    const judged = judgeLedger(withAttendee(session, 0, { billing: 'self_pay' }), recorded({ restrictDisclosure: true }));
    expect(judged.verdict.attendees[0]?.disposition).toEqual({ kind: 'not_billable', reason: 'self_pay' });
  });
});

describe('consent in force', () => {
  const sent = { consentId: 'c1', signedOn: '2026-03-01' };
  const revoked = { consentId: null, signedOn: null, revokedOn: '2026-05-01' };
  it('is what was sent while nothing is on record', () => {
    expect(consentInForce(sent, null)).toEqual(sent);
    expect(consentInForce(undefined, null)).toBeNull();
  });
  it('a revocation on record ends every consent signed before it, and none signed after', () => {
    expect(consentInForce(sent, revoked)).toMatchObject({ consentId: 'c1', revokedOn: '2026-05-01' });
    expect(consentInForce({ ...sent, signedOn: '2026-05-02' }, revoked)).toMatchObject({ revokedOn: null });
    expect(consentInForce(null, revoked)).toBeNull();
  });
  it('a consent on record stands in for one that was not sent, or is older', () => {
    const later = { consentId: 'c2', signedOn: '2026-04-01', revokedOn: null };
    expect(consentInForce(undefined, later)).toEqual(later);
    expect(consentInForce({ ...sent, revokedOn: '2026-03-15' }, later)).toEqual(later);
    const same = { ...later, signedOn: '2026-03-01', revokedOn: '2026-06-01' };
    expect(consentInForce({ ...sent, revokedOn: '2026-03-15' }, same)).toMatchObject({ revokedOn: '2026-03-15' });
  });
});

describe('A06 with what the ledger knows', () => {
  const service = (procedureCode: string, modifiers: readonly string[] = []) => ({
    services: [
      { index: 4, claimId: 'clm_x', state: 'paid' as const, serviceCode: procedureCode, lines: [{ procedureCode, modifiers }] },
    ],
  });
  it('warns of a bundled pair, and only of that', () => {
    expect(marks(judgeLedger(session, service('90834')).verdict, 'A06')).toEqual(['warn /attendees/4']);
    expect(marks(judgeLedger(session, service('90834', ['59'])).verdict, 'A06')).toEqual([]);
    expect(marks(judgeLedger(session, service('H2014')).verdict, 'A06')).toEqual([]);
    expect(held(judgeLedger(session, service('90834')))).toEqual([]);
  });
});

describe('A09 counted down by live claims', () => {
  const authorized = (unitsRemaining: number | null) =>
    withAttendee(session, 0, {
      coverages: (session.attendees[0]?.coverages ?? []).map((c) => ({
        ...c,
        priorAuthorization: { number: 'AUTH1', unitsRemaining },
      })),
    });
  const payerId = session.attendees[0]?.coverages[0]?.payerId as string;
  const required = { payers: { [payerId]: { policyOverrides: { requiresPriorAuth: true } } } };
  const used = (...stated: (number | null)[]) => ({ authorizedUnits: stated.map((s) => ({ index: 0, stated: s, units: 1 })) });
  const first = (judged: LedgerVerdict) => ({
    a09: judged.verdict.attendees[0]?.findings.filter((f) => f.rule === 'A09').map((f) => f.severity),
    disposition: judged.verdict.attendees[0]?.disposition,
  });
  it('holds when live claims have used what the EHR still believes to be left', () => {
    const judged = first(judgeLedger(authorized(3), used(3, 3, 3), required));
    expect(judged).toMatchObject({ a09: ['hold'], disposition: { kind: 'held', reason: 'authorization_used_up' } });
    expect(first(judgeLedger(authorized(3), used(3, 3, 3)))).toMatchObject({ a09: ['warn'], disposition: { kind: 'ready' } });
  });
  it('warns when it is nearly used up', () => {
    expect(first(judgeLedger(authorized(4), used(4, 4), required)).a09).toEqual(['warn']);
  });
  it('says nothing beside what the figure that was sent says already', () => {
    expect(first(judgeLedger(authorized(9), used(12, 11, 10), required)).a09).toEqual([]);
    expect(first(judgeLedger(authorized(0), used(1), required)).a09).toEqual(['hold']);
    expect(first(judgeLedger(authorized(3), {}, required)).a09).toEqual([]);
  });
});

describe('units left under an authorization', () => {
  const uses = (...stated: (number | null)[]) => stated.map((s) => ({ stated: s, units: 1 }));
  it.each([
    ['an EHR that repeats the figure of the letter', uses(12, 12, 12), 12, 9],
    ['an EHR that counts down itself', uses(12, 11, 10), 9, 9],
    ['one that was told of a use elsewhere', uses(12, 11), 3, 3],
    ['a claim that was cancelled gives its unit back', uses(12, 12), 12, 10],
    ['an extension opens it anew', uses(2, 2), 20, 20],
    ['and is counted down from there', uses(2, 2, 20, 20), 20, 18],
    ['figures left out keep the count', uses(5, null, null), null, 2],
    ['nobody ever said', uses(null, null), null, null],
    ['the first claim', [], 4, 4],
  ])('%s', (_name, earlier, stated, left) => {
    expect(unitsLeft(earlier, stated)).toBe(left);
  });
  it('counts units, not claims', () => expect(unitsLeft([{ stated: 12, units: 4 }], 12)).toBe(8));
});

describe('presence', () => {
  const attended = (changes: object) =>
    presenceOf(session, { status: 'partial', fields: { attendance: { status: 'partial', ...changes } } });
  it('is the session, cut by joining and leaving', () => {
    expect(attended({})).toEqual({ from: START, to: END });
    const joinedAt = '2026-11-20T17:20:00-06:00';
    expect(attended({ joinedAt })).toEqual({ from: START + 20 * MINUTE, to: END });
    expect(attended({ joinedAt, leftAt: '2026-11-20T19:00:00-06:00' })).toEqual({ from: START + 20 * MINUTE, to: END });
  });
  it('times that leave nothing are no evidence of absence, a status is', () => {
    expect(attended({ leftAt: '2026-11-20T16:00:00-06:00' })).toEqual({ from: START, to: END });
    expect(presenceOf(session, { status: 'no_show', fields: {} })).toBeNull();
    expect(presenceOf(session, { status: 'observer', fields: {} })).toBeNull();
  });
});
