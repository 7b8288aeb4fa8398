import { afterEach, expect, it } from 'vitest';
import { dropsIn, seedWith, startApp, type TestApp, until } from '../support/app.ts';
import { manySessions } from '../support/sessions.ts';

type Entry = Record<string, unknown> & { id: string };

let app: TestApp | undefined;
afterEach(async () => {
  await app?.stop();
  app = undefined;
});

/** Two practices with a lane each, gap 0. */
async function twoLanes(): Promise<unknown> {
  const seed = (await seedWith()) as unknown as { practices: Entry[]; payers: Entry[]; clearinghouses: Entry[] };
  const [practice] = seed.practices;
  const [clearinghouse] = seed.clearinghouses;
  if (practice === undefined || clearinghouse === undefined) throw new Error('the seed has no practice');
  return {
    practices: ['a', 'b'].map((n) => ({ ...practice, id: `prac_${n}`, clearinghouseId: `house_${n}` })),
    payers: seed.payers.map((p) => ({ ...p, clearinghouseId: null })),
    clearinghouses: ['a', 'b'].map((n) => ({
      ...clearinghouse,
      id: `house_${n}`,
      interchange: {
        ...(clearinghouse['interchange'] as object),
        senderId: `HOUSE${n.toUpperCase()}`,
        applicationSender: `HOUSE${n.toUpperCase()}`,
      },
    })),
  };
}

it('a lane that delivers slowly keeps no worker from the others, and takes what came meanwhile before it ends', async () => {
  let letGo = (): void => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let blocked = false;
  app = await startApp({
    seed: await twoLanes(),
    // The sweeper would find what an alarm has lost: this test must not wait for it.
    env: { SWEEP_INTERVAL: '1h', WORKER_CONCURRENCY: '2' },
    overrides: {
      async step(name) {
        if (name !== 'deliver:leased' || blocked) return;
        blocked = true;
        await held;
      },
    },
  });
  const sessions = manySessions(6, 5, { attendees: 3 });
  const post = async (n: number, practiceId: string): Promise<number> => {
    const answer = await app!.request('POST', '/v1/group-sessions', { ...sessions[n], practiceId });
    expect(answer.status, answer.text).toBe(202);
    return (answer.body as { summary: { scheduled: number } }).summary.scheduled;
  };
  const dropped = async (house: string) => (await dropsIn(app!.dataDir, house)).length;

  let slow = await post(0, 'prac_a');
  await until('the first lane has begun', async () => blocked);
  for (const n of [1, 2, 3]) slow += await post(n, 'prac_a');
  const other = await post(4, 'prac_b');
  await until('the other lane delivers', async () => (await dropped('house_b')) === other);
  expect(await dropped('house_a')).toBe(0);
  letGo();
  await until('the slow lane takes everything', async () => (await dropped('house_a')) === slow);
});
