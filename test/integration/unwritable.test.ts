import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GroupSession, SessionAnswer } from '../../schemas/group-session.ts';
import type { Problem } from '../../schemas/problem.ts';
import { seedWith, startApp, type TestApp } from '../support/app.ts';
import { asker, at, changed, freshSession, occupyLane } from '../support/ledgered.ts';
import type { Overrides } from '../support/sessions.ts';

type Attendee = GroupSession['attendees'][number];
type Changes = Readonly<Record<string, unknown>>;

/** One thing wrong with one attendee, each of which the intake answers with a finding. */
const BAD: readonly (readonly [string, Changes])[] = [
  ['a principal diagnosis of external cause', { diagnoses: ['V00.01'] }],
  ['no diagnosis', { diagnoses: [] }],
  ['a diagnosis of no shape', { diagnoses: ['41'] }],
  ['a repeated diagnosis', { diagnoses: ['F41.1', 'F411'] }],
  ['thirteen diagnoses', { diagnoses: Array.from({ length: 13 }, (_, i) => `F4${i % 10}.${i}`) }],
  ['a place of service of one digit', { placeOfServiceCode: '1' }],
  ['an inpatient place without admission', { placeOfServiceCode: '21' }],
  ['a procedure code of four signs', { procedureCode: '9085' }],
  ['a birth to come', { patient: { dateOfBirth: '2031-01-01' } }],
  ['a birth two centuries ago', { patient: { dateOfBirth: '1801-01-01' } }],
  ['no name', { patient: { lastName: '*' } }],
  ['no street', { patient: { address: { line1: '~' } } }],
  ['a state that is none', { patient: { address: { state: '9' } } }],
  ['a ZIP code of four digits', { patient: { address: { postalCode: '5370' } } }],
  ['a charge of nothing', { chargeAmount: '0' }],
  ['a modifier of one sign', { modifiers: ['Z'] }],
  ['five modifiers', { modifiers: ['U1', 'U2', 'U3', 'U4', 'U5'] }],
  ['more paid than charged', { patientPaidAmount: '9000.00' }],
  ['an accident without its date', { claim: { relatedCauses: ['AA'] } }],
  ['an attachment without its number', { claim: { attachments: [{ type: 'OZ', transmission: 'EL' }] } }],
  ['a record number with a delimiter', { claim: { medicalRecordNumber: 'A*1' } }],
  ['a clinician with a wrong NPI', { renderingProvider: { npi: '123', lastName: 'Baird', firstName: 'Lee' } }],
  ['a clinician without a name', { renderingProvider: { npi: '1093817462', lastName: '' } }],
  ['a referrer without a name', { referringProvider: { npi: '1093817462', lastName: '~', firstName: 'Lee' } }],
  ['too many units', { units: 99 }],
  ['a factor that is none', { interactiveComplexity: { factor: 9 } }],
  ['an add-on of nothing', { interactiveComplexity: { factor: 1, rationale: 'an interpreter took part', chargeAmount: '0' } }],
  ['no patient', { patient: null }],
  ['no coverage', { coverages: [] }],
];

/** One thing wrong with the attendee's only coverage. */
const BAD_COVERAGE: readonly (readonly [string, Changes])[] = [
  ['a payer of nowhere', { payerId: 'nope' }],
  ['a member id with a delimiter', { memberId: 'W1*2' }],
  ['a member id of one sign', { memberId: 'W' }],
  ['a spouse without a subscriber', { relationshipToSubscriber: 'spouse' }],
  ['no payer is first', { responsibility: 'S' }],
  ['a filing indicator that is none', { claimFilingIndicatorCode: 'XX' }],
  ['an authorization with a delimiter', { priorAuthorization: { number: 'A:B' } }],
];

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ seed: await seedWith({ fileGapSeconds: 3600 }) });
  await occupyLane(t);
});
afterAll(() => t.stop());

const wrongIn = (session: GroupSession): GroupSession => {
  const [first, ...rest] = session.attendees;
  return { ...session, attendees: [first as Attendee, ...rest] };
};

describe('whatever is wrong with one attendee, nothing answers with 5xx', () => {
  const cases = [
    ...BAD.map(([what, changes]) => [what, changes as Overrides<Attendee>] as const),
    ...BAD_COVERAGE.map(([what, changes]) => [what, changes] as const),
  ].map(([what, changes], i) => [what, changes, i >= BAD.length, 600 + i] as const);

  it.each(cases)('%s', async (_, changes, ofCoverage, seed) => {
    const session = wrongIn(freshSession(seed, 2));
    const coverage = { ...session.attendees[0]?.coverages[0], ...changes };
    const body = changed(session, 0, (ofCoverage ? { coverages: [coverage] } : changes) as Overrides<Attendee>);

    const previewed = await t.request('POST', '/v1/group-sessions/preview', body);
    expect(previewed.status, previewed.text).toBe(200);
    const posted = await t.request('POST', '/v1/group-sessions', body);
    expect(posted.status, posted.text).toBe(202);

    const [shown, neighbour] = (previewed.body as SessionAnswer).attendees;
    const [stored] = (posted.body as SessionAnswer).attendees;
    expect(shown?.state).toBe(stored?.state);
    expect(shown?.findings).toEqual(stored?.findings);
    expect(neighbour).toMatchObject({ state: 'scheduled', x12: expect.stringContaining('CLM*PREVIEW01*') });
    const stops = (stored?.findings ?? []).filter((f) => f.severity === 'block' || f.severity === 'hold');
    expect(stops.length).toBeGreaterThan(0);

    const x12 = await t.request('GET', `/v1/claims/${stored?.claimId}/x12`);
    expect([200, 409], x12.text).toContain(x12.status);
    expect(x12.status === 200).toBe(typeof shown?.x12 === 'string');
    if (x12.status === 409) {
      const problem = x12.body as Problem;
      expect(problem.type).toContain('no_claim_yet');
      expect(problem.errors?.map((e) => `${e.code} ${e.pointer}`).sort()).toEqual(stops.map((f) => `${f.rule} ${f.path}`).sort());
    }
  });
});

it('what the validator only warns of is told by preview and intake alike', async () => {
  const ask = asker(t);
  const session = freshSession(679, 2);
  const body = { ...session, renderingProvider: { ...session.renderingProvider, taxonomyCode: '103ZZ9999X' } };
  const [shown] = (await ask.preview(body)).attendees;
  const [stored] = (await ask.post(body)).attendees;
  expect(stored).toMatchObject({ state: 'scheduled', findings: [{ rule: 'E7', severity: 'warn', path: '/attendees/0' }] });
  expect(shown?.findings).toEqual(stored?.findings);
});

describe('a preview of a session that is stored', () => {
  it('does not meet itself', async () => {
    const ask = asker(t);
    const session = freshSession(680, 3);
    const stored = await ask.post(session);
    const again = await ask.preview(session);
    expect(again.findings).toEqual(stored.findings);
    expect(again.attendees.map((a) => a.findings)).toEqual(stored.attendees.map((a) => a.findings));
    expect(again.attendees.map((a) => a.state)).toEqual(['scheduled', 'scheduled', 'scheduled']);
    // The same service under another name is what it was: keyed twice.
    const other = await ask.preview({ ...session, externalId: `other-${randomBytes(4).toString('hex')}` });
    expect(other.attendees.map((a) => a.state)).toEqual(['held', 'held', 'held']);
  });

  it('shows what an amendment would do: the others still count, those that came later do not', async () => {
    const ask = asker(t);
    const first = at(freshSession(681, 3), '09:00', '10:00');
    const before = await ask.post(first);
    const later = { ...at(freshSession(682, 3), '09:30', '10:30'), renderingProvider: first.renderingProvider };
    const second = { ...later, finalized: { ...later.finalized, byNpi: first.finalized.byNpi } };
    const after = await ask.post(second);
    expect(after.findings.map((f) => f.rule)).toEqual(['S11']);
    expect((await ask.preview(first)).findings).toEqual(before.findings);
    expect((await ask.preview(second)).findings).toEqual(after.findings);
  });
});
