import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SessionAnswer } from '../../schemas/group-session.ts';
import { CLOSED } from '../support/amending.ts';
import { seedWith, startApp, type TestApp } from '../support/app.ts';
import { asker, freshSession } from '../support/ledgered.ts';
import { type Databases, describeWith } from '../support/services.ts';
import { sharedPostgres } from '../support/shared-postgres.ts';

/** What `docs/operations.md` promises: a process may go by the old configuration for two seconds after a change elsewhere. */
const NOTICED_MS = 2_000;

describeWith('postgres', 'a change of configuration in another process', () => {
  let postgres: Databases;
  let one: TestApp;
  let two: TestApp;
  let seed: Awaited<ReturnType<typeof seedWith>>;
  beforeAll(async () => {
    postgres = sharedPostgres();
    const env = { DATABASE_URL: await postgres.createDatabase() };
    seed = await seedWith({ windows: CLOSED });
    one = await startApp({ env, seed, overrides: { seedAnyLedger: true } });
    two = await startApp({ env: { ...env, ROLE: 'api' }, seed });
  });
  afterAll(async () => {
    await two.stop();
    await one.stop();
  });

  const put = async (at: TestApp, kind: 'payers' | 'practices', id: string, changes: object) => {
    const { id: _id, ...body } = seed[kind].find((entry) => entry['id'] === id) as Record<string, unknown>;
    const answer = await at.request('PUT', `/v1/${kind}/${id}`, { ...body, ...changes });
    expect(answer.status, answer.text).toBeLessThan(300);
    // A timer may fire a millisecond early.
    await new Promise((resolve) => setTimeout(resolve, NOTICED_MS + 100));
  };
  const x12Of = (answer: SessionAnswer) => answer.attendees.map((a) => a.x12 ?? '').join('');

  it('payer, policy and practice: the next intake goes by it, and by nothing that was remembered', async () => {
    const ask = asker(two);
    const before = await ask.preview(freshSession(620));
    expect(x12Of(before)).toContain('NM1*PR*2*AETNA*****PI*60054~');
    // Stored in the process that has written these loops before, so that its memos have them.
    expect((await ask.post(freshSession(621))).summary.scheduled).toBe(3);

    await put(one, 'payers', '60054', { name: 'Aetna Behavioral', payerId: '60055' });
    const renamed = x12Of(await ask.preview(freshSession(622)));
    expect(renamed.match(/NM1\*PR\*2\*AETNA BEHAVIORAL\*{5}PI\*60055~/g)).toHaveLength(3);
    const stored = await ask.post(freshSession(623));
    const x12 = await two.request('GET', `/v1/claims/${stored.attendees[0]?.claimId}/x12`);
    expect(x12.text).toContain('NM1*PR*2*AETNA BEHAVIORAL*****PI*60055~');

    await put(one, 'practices', 'prac_northside', { feeSchedule: { '90853': '71.00', '90785': '15.00' } });
    const session = freshSession(624);
    const attendees = session.attendees.map((a) => ({ ...a, chargeAmount: null }));
    expect((await ask.post({ ...session, attendees })).attendees.map((a) => a.chargeAmount)).toEqual(Array(3).fill('71.00'));

    await put(one, 'payers', '60054', { policyOverrides: { requiresPriorAuth: true } });
    const held = await ask.post(freshSession(625));
    expect(await ask.standing(held)).toEqual(['held A09', 'held A09', 'held A09']);
  });
});
