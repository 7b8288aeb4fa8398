import { describe, expect, it } from 'vitest';
import type { GroupSession } from '../../../../schemas/group-session.ts';
import { findingsOf, type GateOptions, judge, marks } from '../../../support/gate.ts';
import { EXAMPLE_NOW, exampleSession, manySessions, type Overrides } from '../../../support/sessions.ts';

const of = (rule: string, changes: Overrides<GroupSession> = {}, options: GateOptions = {}) =>
  marks(judge(exampleSession(changes), options), rule);

describe('S01 times', () => {
  it('passes the example', () => expect(of('S01')).toEqual([]));
  it('end must be after start', () => {
    expect(of('S01', { endedAt: '2026-11-20T17:00:00-06:00' })).toEqual(['block /endedAt']);
  });
  it('not in the future, five minutes tolerated', () => {
    const end = Date.parse('2026-11-20T18:00:00-06:00');
    expect(of('S01', {}, { now: end - 5 * 60_000 })).toEqual([]);
    expect(of('S01', {}, { now: end - 5 * 60_000 - 1 })).toEqual(['block /endedAt']);
  });
  it('the offset must be the zone’s', () => {
    expect(of('S01', { startedAt: '2026-11-20T17:00:00-05:00' })).toEqual(['block /startedAt']);
  });
  it('the zone must exist', () => expect(of('S01', { timezone: 'Mars/Olympus' })).toEqual(['block /timezone']));
});

describe('S02 group type', () => {
  it.each(['psychotherapy', 'skills'] as const)('%s passes', (groupType) => expect(of('S02', { groupType })).toEqual([]));
  it.each(['support', 'education', 'recreation'] as const)('%s blocks', (groupType) => {
    expect(of('S02', { groupType })).toEqual(['block /groupType']);
  });
  const families = (identified: (i: number) => boolean) => {
    const session = exampleSession({ groupType: 'multi_family' });
    const attendees = session.attendees.map((a, i) => ({ ...a, familyId: `f${i % 2}`, identifiedPatient: identified(i) }));
    return marks(judge({ ...session, attendees }), 'S02');
  };
  it('a family has exactly one identified patient', () => {
    expect(families((i) => i < 2)).toEqual([]);
    expect(families((i) => i === 0)).toHaveLength(5);
    expect(families((i) => i < 3)).toContain('block /attendees/2/identifiedPatient');
  });
  it('every attendee of a multi-family group has a family', () => {
    expect(of('S02', { groupType: 'multi_family' })).toHaveLength(10);
  });
});

describe('S03 finalized', () => {
  it('passes the example', () => expect(of('S03')).toEqual([]));
  it('not before the end', () => {
    expect(of('S03', { finalized: { at: '2026-11-20T17:59:59-06:00' } })).toEqual(['block /finalized/at']);
  });
  it('not in the future', () => {
    expect(of('S03', { finalized: { at: '2026-11-22T17:59:59-06:00' } }, { now: EXAMPLE_NOW })).toEqual(['block /finalized/at']);
  });
  it('co-signed afterwards', () => {
    const coSigned = { at: '2026-11-20T18:10:00-06:00', byNpi: '1234567893' };
    expect(of('S03', { finalized: { coSigned } })).toEqual(['block /finalized/coSigned/at']);
    expect(of('S03', { finalized: { coSigned: { ...coSigned, at: '2026-11-20T19:00:00-06:00' } } })).toEqual([]);
  });
});

describe('S06 count', () => {
  it('passes eight of ten', () => expect(of('S06')).toEqual([]));
  it.each([7, 10, 0])('blocks %i', (attendeeCount) => {
    expect(of('S06', { groupNote: { attendeeCount } })).toEqual(['block /groupNote/attendeeCount']);
  });
});

describe('S07 group size', () => {
  const size = (attendees: number, payerIds = ['60054'], options: GateOptions = {}) =>
    judge(manySessions(1, 5, { attendees, payerIds })[0], options);
  const session = (attendees: number) => findingsOf(size(attendees), 'S07').map((f) => f.severity);

  it('one person is no group', () => expect(session(1)).toEqual(['block']));
  it('two and eleven warn, three and ten do not', () => {
    expect([2, 3, 10, 11].map(session)).toEqual([['warn'], [], [], ['warn']]);
  });
  it('thirteen is over Medicare’s limit, and holds Medicare’s attendees only', () => {
    const verdict = size(13, ['medicare_wi', '60054']);
    expect(verdict.findings.map((f) => f.severity)).toEqual(['warn']);
    expect(verdict.attendees.map((a) => a.disposition.kind)).toEqual(
      Array.from({ length: 13 }, (_, i) => (i % 2 === 0 ? 'held' : 'ready')),
    );
    expect(findingsOf(verdict, 'S07').filter((f) => f.scope === 'attendee')).toHaveLength(7);
  });
  it('a payer’s own figure counts', () => {
    const groupSize = { min: 4, max: 6, severity: 'hold' };
    const verdict = size(8, ['60054'], { payers: { '60054': { policyOverrides: { groupSize } } } });
    expect(findingsOf(verdict, 'S07').map((f) => f.severity)).toEqual(Array(8).fill('hold'));
  });
});
