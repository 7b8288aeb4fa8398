import { rm } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { ClaimView } from '../../schemas/claim.ts';
import type { SessionAnswer } from '../../schemas/group-session.ts';
import { CLOSED, claimOf, oneSession, startBench, withAttendee } from '../support/amending.ts';
import { insist, request, seedWith, TEST_KEY, until } from '../support/app.ts';
import { AMENDMENT_STEPS, armKill, boot, bootToKill, killServices } from '../support/crash-service.ts';
import { newDataDir } from '../support/data-dir.ts';
import { describeWith } from '../support/services.ts';
import { sharedPostgres } from '../support/shared-postgres.ts';

afterAll(killServices);

const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');

async function environment(dataDir: string, extra: Record<string, string>): Promise<Record<string, string>> {
  return {
    DATA_DIR: dataDir,
    PORT: '0',
    LOG_LEVEL: 'fatal',
    SWEEP_INTERVAL: '1s',
    BOOTSTRAP_API_KEY: TEST_KEY,
    ROLLCALL_TEST_SEED: JSON.stringify(await seedWith({ windows: CLOSED })),
    ...extra,
  };
}

const viewAt = async (url: string, id: string) => (await request(url, 'GET', `/v1/claims/${id}`)).body as ClaimView;
const claimsAt = async (url: string, sessionId: string) =>
  ((await request(url, 'GET', `/v1/claims?sessionId=${sessionId}&limit=200`)).body as { items: ClaimView[] }).items;

/** Killed while it amends: the client repeats its request, and there is one new version with one effect. */
async function amendThroughCrashes(env: Record<string, string>): Promise<void> {
  let service = await boot(env);
  for (const [i, step] of AMENDMENT_STEPS.filter((name) => name.startsWith('amend:')).entries()) {
    const session = oneSession(800 + i);
    const posted = await insist(() => request(service.url, 'POST', '/v1/group-sessions', session));
    expect(posted.status, posted.text).toBe(202);
    const first = posted.body as SessionAnswer;
    const body = { ...withAttendee(session, 0, { diagnoses: ['F32.1'] }), reason: 'corrected in the EHR' };
    const headers = { 'if-match': '"1"', 'idempotency-key': `amend-${i}` };
    const amend = () => insist(() => request(service.url, 'POST', `/v1/group-sessions/${first.id}/amendments`, body, headers));
    await armKill(service, step);
    await amend().catch(() => undefined);
    await service.exited;
    service = await boot(env);
    const again = await amend();
    expect([again.status, (again.body as SessionAnswer).version], step).toEqual([202, 2]);
    expect(again.headers.get('idempotent-replayed'), step).toBe(step === 'amend:before_commit' ? null : 'true');
    const claim = await viewAt(service.url, claimOf(first, 0));
    expect(claim.state).toBe('scheduled');
    expect(
      claim.history.filter((h) => h.event === 'claim.amended'),
      step,
    ).toHaveLength(1);
    expect(await claimsAt(service.url, first.id)).toHaveLength(3);
  }
  service.child.kill('SIGTERM');
  await service.exited;
}

/** Killed while what waited is done: it is done once after the restart. */
async function runThroughCrashes(dataDir: string, env: Record<string, string>): Promise<void> {
  for (const [i, step] of AMENDMENT_STEPS.filter((name) => name.startsWith('pending:')).entries()) {
    // Sweeps once at its start and not again while the test prepares what is to be found.
    const bench = await startBench({ dataDir, env: { ...env, SWEEP_INTERVAL: '1h' }, overrides: { seedAnyLedger: true } });
    const session = oneSession(850 + i, 2);
    const first = await bench.post(session);
    const id = claimOf(first, 0);
    await bench.drive(id, 'transmitted');
    await bench.amended(first, withAttendee(session, 0, { diagnoses: ['F32.1'] }));
    expect((await bench.view(id)).pendingAction).toBe('amend');
    await bench.adjudicate(id, 'paid');
    await bench.t.stop();

    await bootToKill(env, step);
    const service = await boot(env);
    await until(`replaced after ${step}`, async () => (await viewAt(service.url, id)).replacedBy !== null, 90_000, 100);
    const claims = await claimsAt(service.url, first.id);
    expect(claims.map((c) => c.frequencyCode).sort(), step).toEqual(['1', '1', '7']);
    expect(await viewAt(service.url, id)).toMatchObject({ state: 'paid', pendingAction: null });
    service.child.kill('SIGTERM');
    await service.exited;
  }
}

describe('kill -9 at each step of an amendment, then restart', () => {
  it('embedded ledger', async () => {
    const dataDir = await newDataDir();
    const env = await environment(dataDir, {});
    await amendThroughCrashes(env);
    await runThroughCrashes(dataDir, env);
    await rm(dataDir, { recursive: true, force: true });
  }, 1_200_000);
});

describeWith('postgres', 'kill -9 at each step of an amendment on PostgreSQL', () => {
  it('one effect each', async () => {
    const dataDir = await newDataDir();
    try {
      const env = await environment(dataDir, { DATABASE_URL: await sharedPostgres().createDatabase(), MASTER_KEY });
      await amendThroughCrashes(env);
      await runThroughCrashes(dataDir, env);
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  }, 1_200_000);
});
