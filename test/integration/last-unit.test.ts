import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GroupSession, SessionAnswer } from '../../schemas/group-session.ts';
import { CLOSED } from '../support/amending.ts';
import { seedWith, startApp, type TestApp } from '../support/app.ts';
import { asker, changed, freshSession, withPatient } from '../support/ledgered.ts';
import { type Databases, describeWith, type Service, startRedis } from '../support/services.ts';
import { sharedPostgres } from '../support/shared-postgres.ts';

/** Another day, or the second would be a second service of the day. */
const onDay = (session: GroupSession, day: number): GroupSession =>
  JSON.parse(JSON.stringify(session).replaceAll('2026-11-20', `2026-11-${day}`)) as GroupSession;

async function seedWithAuthorizingPayer() {
  const seed = await seedWith({ windows: CLOSED });
  for (const payer of seed.payers)
    payer.policyOverrides = { ...payer.policyOverrides, requiresPriorAuth: payer['id'] === '60054' };
  return seed;
}

/** Two sessions of two days, of two clinicians, that share one patient; his authorization has one unit left in both. */
function lastUnitTwice(seed: number): [GroupSession, GroupSession] {
  const payers = ['60054', '87726', '62308'];
  const [one, two] = [freshSession(seed, 3, payers), onDay(freshSession(seed + 1, 3, payers), 19)];
  const priorAuthorization = { number: `AUTH-${seed}`, unitsRemaining: 1 };
  const patient = one.attendees[0] as GroupSession['attendees'][number];
  const authorized = changed(one, 0, { coverages: patient.coverages.map((c) => ({ ...c, priorAuthorization })) });
  return [
    authorized,
    withPatient(two, 0, { ...(authorized.attendees[0] as typeof patient), note: two.attendees[0]?.note ?? null }),
  ];
}

/** Of two intakes at once one takes the last unit, through whichever process each comes. */
function suite(start: () => Promise<readonly [TestApp, TestApp]>): void {
  let apps: readonly [TestApp, TestApp];
  beforeAll(async () => {
    apps = await start();
  });
  afterAll(async () => {
    for (const app of new Set(apps)) await app.stop();
  });

  it('the last unit of an authorization, twice at once: one claim is scheduled, the other held, the rest proceed', async () => {
    for (let round = 0; round < 4; round++) {
      const [one, two] = lastUnitTwice(600 + 10 * round);
      const [a, b] = [asker(apps[0]), asker(apps[1])];
      const answers: SessionAnswer[] = await Promise.all([a.post(one), b.post(two)]);
      const standing = await Promise.all(answers.map((answer) => a.standing(answer)));
      expect(standing.map(([first]) => first).sort(), standing.join('; ')).toEqual(['held A09', 'scheduled']);
      expect(standing.flatMap(([, ...others]) => others)).toEqual(Array(4).fill('scheduled'));
      const held = answers.find((answer) => answer.attendees[0]?.state === 'held');
      expect(held?.attendees[0]?.findings).toContainEqual(
        expect.objectContaining({ rule: 'A09', severity: 'hold', message: expect.stringMatching(/^Live claims under this/) }),
      );
    }
  });
}

describe('two intakes on the last unit, embedded ledger', () => {
  suite(async () => {
    const app = await startApp({ seed: await seedWithAuthorizingPayer() });
    return [app, app];
  });
});

describeWith('postgres', 'two intakes on the last unit, two processes on PostgreSQL', () => {
  let postgres: Databases;
  const twoOn = async (env: Record<string, string>): Promise<readonly [TestApp, TestApp]> => {
    const seed = await seedWithAuthorizingPayer();
    const first = await startApp({ env, seed, overrides: { seedAnyLedger: true } });
    return [first, await startApp({ env: { ...env, ROLE: 'api' }, seed })];
  };
  beforeAll(async () => {
    postgres = sharedPostgres();
  });

  suite(async () => twoOn({ DATABASE_URL: await postgres.createDatabase() }));

  describeWith('redis', 'and Redis', () => {
    let redis: Service;
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterAll(() => redis.stop());
    suite(async () => twoOn({ DATABASE_URL: await postgres.createDatabase(), REDIS_URL: redis.url }));
  });
});
