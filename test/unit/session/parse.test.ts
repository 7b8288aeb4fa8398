import { describe, expect, it } from 'vitest';
import { isFaulty, parseSession } from '../../../src/session/parse.ts';
import { exampleSession, readExample, withAttendeeBody } from '../../support/sessions.ts';

const canary = 'ZQX-CANARY-4471';
const errorsOf = (body: unknown) => {
  const parsed = parseSession(body);
  return parsed.ok ? [] : parsed.errors;
};
const attendeesOf = (body: unknown) => {
  const parsed = parseSession(body);
  if (!parsed.ok) throw new Error('refused');
  return parsed.session.attendees;
};

describe('parseSession, session level', () => {
  it('takes the example', () => {
    const attendees = attendeesOf(readExample('group-session.json'));
    expect(attendees).toHaveLength(10);
    expect(attendees.flatMap((a) => a.faults)).toEqual([]);
  });

  it('reports every fault at once, with a pointer and a code', () => {
    const { timezone: _, ...rest } = exampleSession();
    const body = { ...rest, startedAt: '2026-11-20T17:00:00', groupType: canary, supervised: 'yes', [canary]: canary };
    expect(errorsOf(body).map((e) => [e.pointer, e.code])).toEqual([
      ['/timezone', 'missing'],
      ['/startedAt', 'format'],
      ['/groupType', 'value'],
      ['/supervised', 'type'],
      ['', 'unknown_field'],
    ]);
  });

  it.each([null, [], 'x', 7])('refuses %j', (body) => expect(errorsOf(body)).toHaveLength(1));

  it('insists on an attendee’s externalId and known attendance, and on a roster', () => {
    const body = exampleSession();
    const [first, second, ...rest] = body.attendees;
    const broken = [{ ...first, externalId: undefined }, { ...second, attendance: { status: 'maybe' } }, ...rest];
    expect(errorsOf({ ...body, attendees: broken }).map((e) => [e.pointer, e.code])).toEqual([
      ['/attendees/0/externalId', 'missing'],
      ['/attendees/1/attendance/status', 'value'],
    ]);
    expect(errorsOf({ ...body, attendees: [] })).toMatchObject([{ pointer: '/attendees', code: 'too_short' }]);
    expect(errorsOf({ ...body, attendees: Array.from({ length: 201 }, () => first) })).toMatchObject([{ code: 'too_long' }]);
  });

  it('refuses ids that a database cannot keep', () => {
    expect(errorsOf({ ...exampleSession(), externalId: 'a\u0000b' })).toMatchObject([{ pointer: '/externalId', code: 'format' }]);
  });

  it('takes the largest roster', () => {
    const body = exampleSession();
    const many = Array.from({ length: 200 }, (_, i) => ({ ...body.attendees[0], externalId: `pt-${i}` }));
    expect(attendeesOf({ ...body, attendees: many })).toHaveLength(200);
  });
});

describe('parseSession, one attendee', () => {
  const faultsOf = (changes: Record<string, unknown>) =>
    attendeesOf(withAttendeeBody(0, changes))[0]?.faults.map((f) => [f.rule, f.pointer, f.code]);

  it.each<[string, Record<string, unknown>, string, string]>([
    [
      'A14',
      { patient: { ...exampleSession().attendees[0]?.patient, dateOfBirth: '1988-02-30' } },
      '/patient/dateOfBirth',
      'format',
    ],
    ['A07', { coverages: [{ payerId: '60054' }] }, '/coverages/0/responsibility', 'missing'],
    ['A10', { diagnoses: 'F41.1' }, '/diagnoses', 'type'],
    ['A13', { renderingProvider: { npi: 1093817462, lastName: 'X' } }, '/renderingProvider/npi', 'type'],
    ['A15', { telehealth: { modality: 'fax', patientLocation: 'home' } }, '/telehealth/modality', 'value'],
    ['A17', { chargeAmount: '60.005' }, '/chargeAmount', 'format'],
    ['A17', { units: 0 }, '/units', 'out_of_range'],
    ['N01', { note: { text: 5 } }, '/note/text', 'type'],
    ['N05', { note: { text: 'x', treatmentGoalIds: 'goal-1' } }, '/note/treatmentGoalIds', 'type'],
    ['A02', { restrictDisclosure: 'yes' }, '/restrictDisclosure', 'type'],
    ['A01', { attendance: { status: 'present', joinedAt: 'noon' } }, '/attendance/joinedAt', 'format'],
    ['A00', { treatmentPlan: { id: 1 } }, '/treatmentPlan/id', 'type'],
  ])('%s for %j', (rule, changes, path, code) => {
    expect(faultsOf(changes)).toContainEqual([rule, `/attendees/0${path}`, code]);
  });

  it('keeps a fault with its attendee and reads the rest of that attendee', () => {
    const [first, second] = attendeesOf(withAttendeeBody(0, { chargeAmount: -1, [canary]: canary }));
    expect(first?.faults.map((f) => [f.rule, f.pointer, f.field])).toEqual([
      ['A17', '/attendees/0/chargeAmount', 'chargeAmount'],
      ['A00', '/attendees/0', null],
    ]);
    expect(first?.fields.chargeAmount).toBeUndefined();
    expect(first?.fields.diagnoses).toEqual(['F41.1']);
    expect(first && isFaulty(first, 'chargeAmount')).toBe(true);
    expect(first && isFaulty(first, 'diagnoses')).toBe(false);
    expect(second?.faults).toEqual([]);
  });

  it('does not default a field that could not be read', () => {
    const [first] = attendeesOf(withAttendeeBody(0, { billing: 'barter' }));
    expect(first?.fields.billing).toBeUndefined();
  });
});

describe('no message holds what was sent', () => {
  it('neither values nor unknown keys', () => {
    const poison: Record<string, unknown> = { [canary]: canary };
    for (const key of Object.keys(exampleSession().attendees[0] ?? {})) {
      if (key !== 'externalId' && key !== 'attendance') poison[key] = { [canary]: [canary] };
    }
    const attendees = attendeesOf(withAttendeeBody(0, poison));
    expect(attendees[0]?.faults.length).toBeGreaterThan(8);
    expect(JSON.stringify(attendees[0]?.faults)).not.toContain(canary);
    const session = {
      ...exampleSession(),
      [canary]: canary,
      timezone: [canary],
      groupNote: { [canary]: canary },
      finalized: canary,
    };
    expect(JSON.stringify(errorsOf(session))).not.toContain(canary);
    expect(errorsOf(session).length).toBeGreaterThan(4);
  });
});
