import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { GroupSession } from '../../../../schemas/group-session.ts';
import { claimAt, findingsOf, type GateOptions, judge, marks, withAttendee } from '../../../support/gate.ts';
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
  it.each(['-06:00', '-06', '+00:00', '2026-11-20T17:00-06:00[America/Chicago]', ''])(
    'an offset or an instant is no zone: %s',
    (timezone) => expect(of('S01', { timezone })).toEqual(['block /timezone']),
  );
  it.each(['US/Central', 'Etc/GMT+6', 'America/Indiana/Knox'])('%s is one', (timezone) => {
    expect(of('S01', { timezone })).toEqual([]);
  });
});

describe('S02 group type', () => {
  it.each(['psychotherapy', 'skills'] as const)('%s passes', (groupType) => expect(of('S02', { groupType })).toEqual([]));
  it.each(['support', 'education', 'recreation'] as const)('%s blocks', (groupType) => {
    expect(of('S02', { groupType })).toEqual(['block /groupType']);
  });
  const familyGroup = (identified: (i: number) => boolean, changes: Overrides<GroupSession> = {}) => {
    const session = exampleSession({ groupType: 'multi_family', procedureCode: null, ...changes });
    const attendees = session.attendees.map((a, i) => ({ ...a, familyId: `f${i % 2}`, identifiedPatient: identified(i) }));
    return { ...session, attendees };
  };
  const families = (identified: (i: number) => boolean) => marks(judge(familyGroup(identified)), 'S02');

  it('one claim per family, on its identified patient, with 90849', () => {
    const verdict = judge(familyGroup((i) => i < 2));
    expect(marks(verdict, 'S02')).toEqual([]);
    expect(verdict.attendees.map((a) => a.disposition.kind)).toEqual(['ready', 'ready', ...Array(8).fill('not_billable')]);
    expect(verdict.attendees[2]?.disposition).toEqual({ kind: 'not_billable', reason: 'family_member' });
    expect([0, 1].map((i) => claimAt(verdict, i).lines.map((l) => l.procedureCode))).toEqual([['90849'], ['90849']]);
  });
  it('a family without an identified patient is held, the other is not', () => {
    const verdict = judge(familyGroup((i) => i === 0));
    expect(marks(verdict, 'S02')).toEqual([1, 3, 5, 7].map((i) => `block /attendees/${i}/identifiedPatient`));
    expect(verdict.attendees.map((a) => a.disposition.kind)).toEqual([
      'ready',
      ...Array.from({ length: 7 }, (_, i) => (i % 2 === 0 ? 'held' : 'not_billable')),
      'not_billable',
      'not_billable',
    ]);
    expect(verdict.findings).toEqual([]);
  });
  it('two identified patients hold each other', () => {
    const verdict = judge(familyGroup((i) => i < 3));
    expect([0, 1, 2].map((i) => verdict.attendees[i]?.disposition.kind)).toEqual(['held', 'ready', 'held']);
  });
  it('warns when the identified patient was absent: no claim for that family', () => {
    expect(families((i) => i === 0 || i === 9)).toEqual([1, 3, 5, 7].map((i) => `warn /attendees/${i}/familyId`));
  });
  it('every attendee of a multi-family group has a family', () => {
    const verdict = judge(exampleSession({ groupType: 'multi_family', procedureCode: null }));
    expect(marks(verdict, 'S02')).toEqual(Array.from({ length: 8 }, (_, i) => `block /attendees/${i}/familyId`));
  });
  it('the code belongs to the type of group', () => {
    expect(marks(judge(familyGroup((i) => i < 2, { procedureCode: '90853' })), 'S02')).toEqual(
      Array(2).fill('hold /procedureCode'),
    );
    expect(new Set(of('S02', { procedureCode: '90849' }))).toEqual(new Set(['hold /procedureCode']));
    expect(marks(judge(withAttendee(exampleSession(), 3, { procedureCode: '90849' })), 'S02')).toEqual([
      'hold /attendees/3/procedureCode',
    ]);
  });
  it.each(['90834', '99213', '90791', '90785', 'ZZZZZ', 'H0005'])('%s is no group psychotherapy', (procedureCode) => {
    const verdict = judge(withAttendee(exampleSession(), 0, { procedureCode, chargeAmount: '60.00' }));
    expect(marks(verdict, 'S02')).toEqual(['block /attendees/0/procedureCode']);
    expect(verdict.attendees.map((a) => a.disposition.kind).slice(0, 2)).toEqual(['held', 'ready']);
  });
  it('the session’s code counts for everybody who has none of their own', () => {
    const verdict = judge(withAttendee(exampleSession({ procedureCode: '90847' }), 0, { procedureCode: '90853' }));
    expect(marks(verdict, 'S02')).toEqual(Array(7).fill('block /procedureCode'));
  });
  it('a code that this payer’s map names, on either side of it, and no other payer’s', () => {
    const procedureMap = {
      '90853': { code: 'H0005', modifiers: [], minutesPerUnit: null },
      H2032: { code: 'H2032', modifiers: [], minutesPerUnit: null },
    };
    const payers = { '60054': { policyOverrides: { procedureMap } } };
    for (const procedureCode of ['h0005', 'H2032']) {
      const changed = { procedureCode, chargeAmount: '60.00' };
      expect(marks(judge(withAttendee(exampleSession(), 0, changed), { payers }), 'S02')).toEqual([]);
      expect(marks(judge(withAttendee(exampleSession(), 1, changed), { payers }), 'S02')).toHaveLength(1);
    }
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

describe('S04 late finalization', () => {
  const at = (instant: string) => of('S04', { finalized: { at: instant } }, { now: Date.parse('2026-12-24T00:00:00Z') });
  it('passes the example', () => expect(of('S04')).toEqual([]));
  it('72 hours to the second pass, one more warns', () => {
    expect(at('2026-11-23T18:00:00-06:00')).toEqual([]);
    expect(at('2026-11-23T18:00:01-06:00')).toEqual(['warn /finalized/at']);
  });
  it('seven days to the second warn, one more holds every claim', () => {
    expect(at('2026-11-27T18:00:00-06:00')).toEqual(['warn /finalized/at']);
    expect(at('2026-11-27T18:00:01-06:00')).toEqual([
      'hold /finalized/at',
      ...Array.from({ length: 8 }, () => 'hold /finalized/at'),
    ]);
  });
});

describe('S05 group note', () => {
  const note = (groupNote: Overrides<GroupSession['groupNote']>) => [...new Set(of('S05', { groupNote }))];
  it('passes the example', () => expect(of('S05')).toEqual([]));
  it.each(['', ' – ', '[Theme]', '{{theme}}', '___', 'XXX', 'insert theme', 'TBD', 'n/a', 'None.', 'Lorem ipsum dolor sit'])(
    'the theme %j is a placeholder',
    (theme) => expect(note({ theme })).toEqual(['block /groupNote/theme']),
  );
  it('a short theme warns', () => {
    expect(note({ theme: 'Coping skills' })).toEqual(['warn /groupNote/theme']);
    expect(note({ theme: 'Coping with worry' })).toEqual([]);
  });
  it.each([[[]], [['']], [['[intervention]', ' ']]])('needs an intervention: %j', (interventions) => {
    expect(note({ interventions })).toEqual(['block /groupNote/interventions']);
  });
  it('the dynamics have eight words, or hold', () => {
    expect(note({ dynamics: 'one two three four five six seven' })).toEqual(['hold /groupNote/dynamics']);
    expect(note({ dynamics: 'one two three four five six seven eight' })).toEqual([]);
    expect(note({ dynamics: 'a — b – c … d / e , f ; g .' })).toEqual(['hold /groupNote/dynamics']);
  });
});

describe('S08 duration', () => {
  const lasting = (seconds: number, options: GateOptions = {}) => {
    const end = Temporal.Instant.from('2026-11-20T17:00:00-06:00').add({ seconds }).toZonedDateTimeISO('America/Chicago');
    const endedAt = end.toString({ timeZoneName: 'never' });
    const attendees = exampleSession().attendees.map((a) => ({ ...a, attendance: { status: a.attendance.status } }));
    const finalized = { at: '2026-11-21T08:00:00-06:00' };
    return of('S08', { endedAt, attendees, finalized }, options);
  };
  it('45 minutes pass, a second less warns', () => {
    expect(lasting(45 * 60)).toEqual([]);
    expect(lasting(45 * 60 - 1)).toEqual(['warn /endedAt']);
  });
  it('three hours pass, a second more warns', () => {
    expect(lasting(180 * 60)).toEqual([]);
    expect(lasting(180 * 60 + 1)).toEqual(['warn /endedAt']);
  });
  it('a payer’s own minimum is for its own attendees', () => {
    const payers = { '60054': { policyOverrides: { minutes: { min: 60, max: 90, severity: 'hold' } } } };
    expect(lasting(60 * 60, { payers })).toEqual([]);
    expect(lasting(60 * 60 - 1, { payers })).toEqual(Array(3).fill('hold /endedAt'));
    expect(lasting(90 * 60, { payers })).toEqual([]);
    expect(lasting(90 * 60 + 1, { payers })).toEqual(Array(3).fill('hold /endedAt'));
  });
  it('counts elapsed time across the change from summer time', () => {
    const night = (startedAt: string, endedAt: string) => of('S08', { startedAt, endedAt, finalized: { at: endedAt } });
    expect(night('2026-11-01T01:30:00-05:00', '2026-11-01T01:15:00-06:00')).toEqual([]);
    expect(night('2026-03-08T01:30:00-06:00', '2026-03-08T03:10:00-05:00')).toEqual(['warn /endedAt']);
  });
});

describe('S09 signature', () => {
  const other = '1234567893';
  const supervisingProvider = { npi: other, lastName: 'Berg', firstName: 'Nora' };
  const coSigned = (byNpi: string) => ({ at: '2026-11-20T19:00:00-06:00', byNpi });
  it('passes the example', () => expect(of('S09')).toEqual([]));
  it('somebody else’s signature blocks', () => {
    expect(of('S09', { finalized: { byNpi: other } })).toEqual(['block /finalized/byNpi']);
    expect(of('S09', { finalized: { byNpi: other, coSigned: coSigned('1457382913') } })).toEqual(['block /finalized/byNpi']);
  });
  it('passes with a co-signature of the rendering provider', () => {
    expect(of('S09', { finalized: { byNpi: other, coSigned: coSigned('1093817462') } })).toEqual([]);
  });
  it('a supervisor may sign for the one supervised, and only then', () => {
    const finalized = { byNpi: other };
    expect(of('S09', { supervised: true, supervisingProvider, finalized })).toEqual([]);
    expect(of('S09', { supervised: false, supervisingProvider, finalized })).toEqual(['block /finalized/byNpi']);
  });
  it('a supervised session names another one as supervisor', () => {
    expect(of('S09', { supervised: true })).toEqual(['block /supervisingProvider']);
    const self = { ...supervisingProvider, npi: '1093817462' };
    expect(of('S09', { supervised: true, supervisingProvider: self })).toEqual(['block /supervisingProvider/npi']);
  });
  it('a patient’s own rendering provider must have signed too; only that claim stops', () => {
    const renderingProvider = { npi: other, lastName: 'Berg', firstName: 'Nora' };
    const verdict = judge(withAttendee(exampleSession(), 2, { renderingProvider }));
    expect(marks(verdict, 'S09')).toEqual(['block /attendees/2/renderingProvider/npi']);
    expect(verdict.findings).toEqual([]);
    expect(verdict.attendees.filter((a) => a.disposition.kind === 'held')).toHaveLength(1);
    const signedByBoth = exampleSession({ finalized: { coSigned: coSigned(other) } });
    expect(marks(judge(withAttendee(signedByBoth, 2, { renderingProvider })), 'S09')).toEqual([]);
  });
});
