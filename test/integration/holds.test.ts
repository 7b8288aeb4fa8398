import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClaimView } from '../../schemas/claim.ts';
import type { Coverage } from '../../schemas/coverage.ts';
import type { SessionAnswer } from '../../schemas/group-session.ts';
import { seedWith, startApp, type TestApp, until } from '../support/app.ts';
import { asker, changed, freshSession, occupyLane } from '../support/ledgered.ts';

type Seed = Awaited<ReturnType<typeof seedWith>>;
let t: TestApp;
let seed: Seed;
beforeAll(async () => {
  seed = await seedWith({ fileGapSeconds: 3600 });
  t = await startApp({ seed });
  await occupyLane(t);
});
afterAll(() => t.stop());

/** One claim that needs an authorization, names a bad charge and two providers with wrong NPIs. */
const spoilt = (n: number) => {
  const session = freshSession(n, 2);
  const [coverage] = session.attendees[0]?.coverages ?? [];
  return changed(session, 0, {
    chargeAmount: '0',
    diagnoses: ['F41.1', 'F411', '41', '42'],
    coverages: [{ ...(coverage as Coverage), priorAuthorization: null }],
    renderingProvider: { npi: '1093817463', lastName: 'Baird', firstName: 'Lee' },
    referringProvider: { npi: '1093817464', lastName: 'Baird', firstName: 'Lee' },
  });
};
const lines = (view: ClaimView) => view.holds.map((h) => `${h.rule} ${h.severity} ${h.path}`);
const regated = (view: ClaimView) => view.history.filter((h) => h.event === 'claim.regated').length;

async function putPayer(policyOverrides: Readonly<Record<string, unknown>>): Promise<void> {
  const { id, ...payer } = seed.payers.find((p) => p['id'] === '60054') as Record<string, unknown> & { id: string };
  const answer = await t.request('PUT', `/v1/payers/${id}`, { ...payer, policyOverrides });
  expect(answer.status, answer.text).toBeLessThan(300);
}

async function putPractice(name: string): Promise<void> {
  const { id, ...practice } = seed.practices[0] as Record<string, unknown> & { id: string };
  expect((await t.request('PUT', `/v1/practices/${id}`, { ...practice, name })).status).toBeLessThan(300);
}

describe('what is wrong inside a field that cannot be read', () => {
  it('is still told when the session is judged again, and no configured payer is called unknown', async () => {
    const ask = asker(t);
    const session = freshSession(703, 2);
    const [first, ...rest] = session.attendees;
    const { memberId: _unsent, ...bare } = (first?.coverages[0] ?? {}) as Coverage;
    const attendees = [{ ...first, coverages: [bare, { ...bare, responsibility: 'S', payerId: 'nope' }] }, ...rest];
    const posted = await t.request('POST', '/v1/group-sessions', { ...session, attendees });
    const id = (posted.body as SessionAnswer).attendees[0]?.claimId;
    const before = await ask.claim(id);
    const told = ['0/memberId', '1/memberId', '1/payerId'].map((f) => `A07 block /attendees/0/coverages/${f}`);
    expect(lines(before)).toEqual(told);
    await t.request('POST', `/v1/claims/${id}/hold`, { reason: 'to see it judged' });
    await putPractice('Northside, renamed');
    await until('judged again', async () => regated(await ask.claim(id)) > regated(before));
    expect(lines(await ask.claim(id)).filter((l) => !l.startsWith('OPERATOR'))).toEqual(told);
  });
});

describe('the holds of a claim', () => {
  it('say which field is wrong, and no two are one', async () => {
    const ask = asker(t);
    const [first] = (await ask.post(spoilt(700))).attendees;
    const view = await ask.claim(first?.claimId);
    const found = (first?.findings ?? []).filter((f) => f.severity === 'block' || f.severity === 'hold');
    expect(lines(view).sort()).toEqual([...new Set(found.map((f) => `${f.rule} ${f.severity} ${f.path}`))].sort());
    expect(lines(view)).toEqual(
      expect.arrayContaining([
        'A13 block /attendees/0/renderingProvider/npi',
        'A13 block /attendees/0/referringProvider/npi',
        'A17 block /attendees/0/chargeAmount',
      ]),
    );
    expect(new Set(view.holds.map((h) => JSON.stringify([h.rule, h.path, h.message]))).size).toBe(view.holds.length);
  });

  it('keep their time while the same is wrong, and go when it is not', async () => {
    const ask = asker(t);
    const [first] = (await ask.post(spoilt(701))).attendees;
    const id = first?.claimId;
    const before = await ask.claim(id);
    await putPayer({ lookAlikeGapMinutes: 0, requiresPriorAuth: true });
    const judged = async (has: boolean) => (await ask.claim(id)).holds.some((h) => h.rule === 'A09') === has;
    await until('held for the authorization too', () => judged(true));
    const after = await ask.claim(id);
    expect(lines(after)).toContain('A09 hold /attendees/0/coverages/0/priorAuthorization');
    expect(after.holds.filter((h) => h.rule !== 'A09')).toEqual(before.holds);
    const a09 = after.holds.find((h) => h.rule === 'A09');
    expect(Date.parse(a09?.since ?? '')).toBeGreaterThan(Date.parse(before.holds[0]?.since ?? ''));

    await putPayer({ lookAlikeGapMinutes: 0 });
    await until('judged once more', () => judged(false));
    expect((await ask.claim(id)).holds).toEqual(before.holds);
  });

  it('a claim that is put on hold twice for one reason has one hold, of a severity that the contract knows', async () => {
    const ask = asker(t);
    const [first] = (await ask.post(freshSession(702, 2))).attendees;
    const hold = (reason: string) => t.request('POST', `/v1/claims/${first?.claimId}/hold`, { reason });
    for (const reason of ['waits for the card', 'waits for the card', 'waits for the letter'])
      expect((await hold(reason)).status).toBe(200);
    expect(
      (await ask.claim(first?.claimId)).holds.map(({ rule, severity, path, message }) => [rule, severity, path, message]),
    ).toEqual([
      ['OPERATOR', 'hold', '', 'waits for the card'],
      ['OPERATOR', 'hold', '', 'waits for the letter'],
    ]);
    expect((await t.request('POST', `/v1/claims/${first?.claimId}/unhold`, { reason: 'both came' })).body).toMatchObject({
      state: 'scheduled',
      holds: [],
    });
  });
});
