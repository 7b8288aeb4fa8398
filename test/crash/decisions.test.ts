import { rm } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { ClaimView } from '../../schemas/claim.ts';
import type { SessionAnswer } from '../../schemas/group-session.ts';
import type { AuditEntry } from '../../schemas/operations.ts';
import { CLOSED, claimOf, oneSession } from '../support/amending.ts';
import { insist, request, seedWith, TEST_KEY } from '../support/app.ts';
import { armKill, boot, DECISION_STEPS, killServices } from '../support/crash-service.ts';
import { newDataDir } from '../support/data-dir.ts';
import { describeWith } from '../support/services.ts';
import { sharedPostgres } from '../support/shared-postgres.ts';

afterAll(killServices);

/** Killed while it acts: the client repeats its request, and the claim was acted on once. */
async function decideThroughCrashes(dataDir: string, extra: Record<string, string> = {}): Promise<void> {
  const env = {
    DATA_DIR: dataDir,
    PORT: '0',
    LOG_LEVEL: 'fatal',
    SWEEP_INTERVAL: '1s',
    BOOTSTRAP_API_KEY: TEST_KEY,
    ROLLCALL_TEST_SEED: JSON.stringify(await seedWith({ windows: CLOSED })),
    ...extra,
  };
  let service = await boot(env);
  for (const [i, step] of DECISION_STEPS.entries()) {
    const posted = await insist(() => request(service.url, 'POST', '/v1/group-sessions', oneSession(880 + i, 2)));
    expect(posted.status, posted.text).toBe(202);
    const id = claimOf(posted.body as SessionAnswer, 0);
    const headers = { 'idempotency-key': `hold-${i}` };
    const hold = () => request(service.url, 'POST', `/v1/claims/${id}/hold`, { reason: 'a question to the EHR' }, headers);
    await armKill(service, step);
    await expect(hold(), step).rejects.toThrow();
    await service.exited;
    service = await boot(env);
    const again = await insist(hold);
    expect([again.status, again.headers.get('idempotent-replayed')], step).toEqual([
      200,
      step === 'act:before_commit' ? null : 'true',
    ]);
    expect(again.body, step).toMatchObject({ state: 'held', holds: [{ rule: 'OPERATOR' }] });
    const now = (await request(service.url, 'GET', `/v1/claims/${id}`)).body as ClaimView;
    expect(again.body, step).toEqual(now);
    const audit = (await request(service.url, 'GET', '/v1/audit?limit=200')).body as { items: AuditEntry[] };
    expect(
      audit.items.filter((a) => a.action === 'claim.hold' && a.target === id),
      step,
    ).toHaveLength(1);
  }
  service.child.kill('SIGTERM');
  await service.exited;
}

describe('kill -9 at each step of a decision, then the same request', () => {
  it('embedded ledger: done once, answered the same', async () => {
    const dataDir = await newDataDir();
    await decideThroughCrashes(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  }, 1_200_000);
});

describeWith('postgres', 'kill -9 at each step of a decision on PostgreSQL', () => {
  it('done once, answered the same', async () => {
    const dataDir = await newDataDir();
    try {
      const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');
      await decideThroughCrashes(dataDir, { DATABASE_URL: await sharedPostgres().createDatabase(), MASTER_KEY });
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  }, 1_200_000);
});
