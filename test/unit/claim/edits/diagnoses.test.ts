import { describe, expect, it } from 'vitest';
import { type GateOptions, judge, marks, withAttendee } from '../../../support/gate.ts';
import { exampleSession } from '../../../support/sessions.ts';

const CODES = [
  'F40.00',
  'F40.01',
  'F40.10',
  'F41.0',
  'F41.1',
  'F41.9',
  'F42.2',
  'F43.10',
  'F43.21',
  'F44.81',
  'F45.1',
  'F60.3',
  'F84.0',
];

/** What stops a claim; codes outside the shipped lists are only told of (`diagnosis-tables.test.ts`). */
const of = (...diagnoses: string[]) =>
  marks(judge(withAttendee(exampleSession(), 0, { diagnoses })), 'A10').filter((mark) => !mark.startsWith('info '));

describe('A10 diagnoses', () => {
  it.each([['F41.1'], ['f411'], ['F33.1', 'Z56.0'], ['C4A.9'], ['U07.1'], ['F43.10', 'V89.2XXA']])('passes %s %s', (...d) => {
    expect(of(...d.filter((c) => typeof c === 'string'))).toEqual([]);
  });
  it('a principal diagnosis', () => expect(of()).toEqual(['block /attendees/0/diagnoses']));
  it.each(['F4', '41.1', 'F41.1.1', 'F4.11', 'F41123456', 'F41 1', 'FF1.1'])('shape: %s', (code) => {
    expect(of(code)).toEqual(['block /attendees/0/diagnoses/0']);
  });
  it('no repeats, dotted or not', () => {
    expect(of('F41.1', 'F33.1', 'F411')).toEqual(['block /attendees/0/diagnoses/2']);
  });
  it.each(['V89.2XXA', 'W19.XXXA', 'X83.8XXA', 'Y92.9'])('%s is not principal', (code) => {
    expect(of(code)).toEqual(['block /attendees/0/diagnoses/0']);
  });
  it('at most twelve', () => {
    const codes = (n: number) => CODES.slice(0, n);
    expect(of(...codes(12))).toEqual([]);
    expect(of(...codes(13))).toEqual(['block /attendees/0/diagnoses']);
  });
});

describe('A11 principal diagnosis', () => {
  const of = (diagnoses: string[], index = 0, options: GateOptions = {}) =>
    marks(judge(withAttendee(exampleSession(), index, { diagnoses }), options), 'A11');
  it('passes the example', () => expect(marks(judge(exampleSession()), 'A11')).toEqual([]));
  it('a Z code as principal goes by the payer; behind a disorder it is nothing', () => {
    expect(of(['Z63.0'])).toEqual(['warn /attendees/0/diagnoses/0']);
    expect(of(['Z63.0'], 2)).toEqual(['hold /attendees/2/diagnoses/0']);
    expect(of(['F41.1', 'Z63.0'])).toEqual([]);
    const block = { payers: { '60054': { policyOverrides: { zPrincipal: 'block' } } } };
    expect(of(['Z63.0'], 0, block)).toEqual(['block /attendees/0/diagnoses/0']);
  });
  it('an unspecified disorder warns, unless the payer does not mind', () => {
    for (const code of ['F41.9', 'F32.A', 'F99', 'F43.20']) expect(of([code])).toEqual(['warn /attendees/0/diagnoses/0']);
    for (const code of ['F43.10', 'F40.10', 'F20.9']) expect(of([code])).toEqual([]);
    expect(of(['F41.9'], 2)).toEqual(['warn /attendees/2/diagnoses/0']);
    expect(of(['F41.9'], 0, { payers: { '60054': { policyOverrides: { zPrincipal: 'allow' } } } })).toEqual([]);
  });
});

describe('A12 blanket diagnosis', () => {
  const session = exampleSession();
  const first = (n: number, code: (i: number) => string) => ({
    ...session,
    groupNote: { ...session.groupNote, attendeeCount: n },
    attendees: session.attendees.slice(0, n).map((a, i) => ({ ...a, diagnoses: [code(i)] })),
  });
  const of = (body: unknown) => marks(judge(body), 'A12');
  it('passes the example', () => expect(of(session)).toEqual([]));
  it('four with one diagnosis warn, three do not', () => {
    expect(of(first(4, () => 'F41.1'))).toEqual([0, 1, 2, 3].map((i) => `warn /attendees/${i}/diagnoses/0`));
    expect(of(first(3, () => 'F41.1'))).toEqual([]);
  });
  it('dots and case do not make a difference, another code does', () => {
    expect(of(first(4, (i) => (i % 2 === 0 ? 'F41.1' : 'f411')))).toHaveLength(4);
    expect(of(first(8, (i) => (i === 7 ? 'F33.1' : 'F41.1')))).toEqual([]);
  });
  it('counts only those who are billed, and not the missing', () => {
    const withSelfPay = { ...first(4, () => 'F41.1') };
    withSelfPay.attendees = withSelfPay.attendees.map((a, i) => (i === 0 ? { ...a, billing: 'self_pay' as const } : a));
    expect(of(withSelfPay)).toEqual([]);
    const none = first(4, () => 'F41.1');
    expect(of({ ...none, attendees: none.attendees.map((a) => ({ ...a, diagnoses: [] })) })).toEqual([]);
  });
});
