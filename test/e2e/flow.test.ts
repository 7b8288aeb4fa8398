import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClaimView } from '../../schemas/claim.ts';
import type { SessionAnswer } from '../../schemas/group-session.ts';
import { insist, seedWith, startApp, type TestApp, tempDir, until } from '../support/app.ts';
import { type Databases, describeWith, type Service, startRedis } from '../support/services.ts';
import { exampleSession, manySessions } from '../support/sessions.ts';
import { sharedPostgres } from '../support/shared-postgres.ts';

const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');

const countOf = async (t: TestApp, state: string): Promise<number> =>
  ((await t.request('GET', `/v1/claims?state=${state}&limit=200`)).body as { items: unknown[] }).items.length;

const delivered = async (t: TestApp, n: number): Promise<boolean> =>
  (await countOf(t, 'transmitted')) + (await countOf(t, 'picked_up')) === n;

const segment = (text: string, id: string): string[] =>
  (
    text
      .split('~')
      .map((s) => s.trim())
      .find((s) => s.startsWith(`${id}*`)) ?? ''
  ).split('*');

/** The main job, told the same way on every combination of ledger and queue. */
function mainJob(boot: () => Promise<TestApp>): void {
  let t: TestApp;
  beforeAll(async () => {
    t = await boot();
  });
  afterAll(async () => {
    await t.stop();
  });

  it('ten on the roster, eight attended: eight files, each with its own interchange, claim and patient', async () => {
    const before = (await t.drops()).length;
    const answer = await t.request('POST', '/v1/group-sessions', exampleSession());
    expect(answer.status).toBe(202);
    const session = answer.body as SessionAnswer;
    expect(session.summary).toEqual({ attendees: 10, billable: 8, scheduled: 8, held: 0, notBillable: 2 });
    await until('eight drops', () => delivered(t, 8));
    const names = (await t.drops()).slice(before);
    expect(names).toHaveLength(8);
    const texts = await Promise.all(names.map((n) => readFile(join(t.dataDir, 'drop', 'sandbox', 'outbound', n), 'latin1')));
    expect(new Set(texts.map((x) => segment(x, 'ISA')[13])).size).toBe(8);
    expect(new Set(texts.map((x) => segment(x, 'CLM')[1])).size).toBe(8);
    const persons = texts.map(
      (x) =>
        x
          .split('~')
          .map((s) => s.trim())
          .find((s) => s.startsWith('NM1*QC*')) ??
        x
          .split('~')
          .map((s) => s.trim())
          .find((s) => s.startsWith('NM1*IL*')),
    );
    expect(new Set(persons).size).toBe(8);
    for (const text of texts) expect(text.match(/CLM\*/g)).toHaveLength(1);
    for (const a of session.attendees.filter((x) => x.claimId !== null)) {
      const view = (await t.request('GET', `/v1/claims/${a.claimId}`)).body as ClaimView;
      expect(view.drop?.fileName).toMatch(/^NORTHSIDE_\d{9}\.837$/);
      const x12 = await t.request('GET', `/v1/claims/${a.claimId}/x12`);
      expect(x12.text).toContain(`CLM*${view.patientControlNumber}*`);
      expect(view.history.map((h) => h.to).filter(Boolean)).toEqual(['scheduled', 'released', 'transmitted']);
    }
  });

  it('the same session again is the same resource; a repeated key is the first answer byte for byte', async () => {
    const key = 'key-repeat';
    const [other] = manySessions(1, 77);
    const first = await t.request('POST', '/v1/group-sessions', other, { 'idempotency-key': key });
    const repeat = await t.request('POST', '/v1/group-sessions', other, { 'idempotency-key': key });
    expect([first.status, repeat.status]).toEqual([202, 202]);
    expect(repeat.text).toBe(first.text);
    expect(repeat.headers.get('idempotent-replayed')).toBe('true');
    const natural = await t.request('POST', '/v1/group-sessions', other);
    expect(natural.status).toBe(200);
    expect((natural.body as SessionAnswer).id).toBe((first.body as SessionAnswer).id);
    const changed = await t.request('POST', '/v1/group-sessions', { ...other, groupId: 'another' });
    expect(changed.status).toBe(409);
    const reused = await t.request('POST', '/v1/group-sessions', { ...other, externalId: 'x' }, { 'idempotency-key': key });
    expect(reused.status).toBe(422);
  });

  it('two hundred concurrent POSTs of the same session: one session, eight claims', async () => {
    const [other] = manySessions(1, 76);
    const session = { ...other, externalId: 'two-hundred-times' };
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => insist(() => t.request('POST', '/v1/group-sessions', session))),
    );
    const ids = new Set(answers.map((a) => (a.body as SessionAnswer).id));
    expect(new Set(answers.map((a) => a.status))).toEqual(new Set([200, 202]));
    expect(answers.filter((a) => a.status === 202)).toHaveLength(1);
    expect(ids.size).toBe(1);
    const { items } = (await t.request('GET', `/v1/claims?sessionId=${[...ids][0]}&limit=200`)).body as { items: ClaimView[] };
    expect(items).toHaveLength(8);
    expect(items.filter((c) => c.holds.length > 0 || c.state === 'held')).toEqual([]);
    expect(new Set(items.map((c) => c.attendeeExternalId)).size).toBe(8);
    const stored = (await t.request('GET', '/v1/group-sessions?externalId=two-hundred-times')).body as { items: SessionAnswer[] };
    expect(stored.items.map((s) => s.id)).toEqual([...ids]);
  });
}

describe('the main job on the embedded ledger', () => {
  mainJob(() => startApp());
});

describeWith('postgres', 'the main job on PostgreSQL alone', () => {
  let postgres: Databases;
  beforeAll(() => {
    postgres = sharedPostgres();
  });
  mainJob(async () =>
    startApp({ env: { DATABASE_URL: await postgres.createDatabase(), MASTER_KEY }, overrides: { seedAnyLedger: true } }),
  );

  it('two workers on one lane keep the floor between drops', async () => {
    const dataDir = await tempDir();
    const env = { DATABASE_URL: await postgres.createDatabase(), MASTER_KEY };
    const seed = await seedWith({ fileGapSeconds: 0.5 });
    const first = await startApp({ dataDir, seed, env, overrides: { seedAnyLedger: true } });
    const second = await startApp({ dataDir, env: { ...env, ROLE: 'worker' } });
    try {
      const [session] = manySessions(1, 321);
      const answer = (await first.request('POST', '/v1/group-sessions', session)).body as SessionAnswer;
      await until('all sent', () => delivered(first, 8));
      const views = await Promise.all(
        answer.attendees.map(async (a) => (await first.request('GET', `/v1/claims/${a.claimId}`)).body as ClaimView),
      );
      const times = views.map((v) => Date.parse(v.drop?.transmittedAt ?? '')).sort((a, b) => a - b);
      expect(Math.min(...times.slice(1).map((at, n) => at - (times[n] ?? 0)))).toBeGreaterThanOrEqual(500);
      expect(new Set(views.map((v) => v.drop?.interchangeControlNumber)).size).toBe(8);
      expect(await first.drops()).toHaveLength(8);
    } finally {
      await Promise.all([first.stop(), second.stop()]);
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});

describeWith(['postgres', 'redis'], 'the main job on PostgreSQL and Redis', () => {
  let postgres: Databases;
  let redis: Service;
  beforeAll(async () => {
    postgres = sharedPostgres();
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  mainJob(async () =>
    startApp({
      env: { DATABASE_URL: await postgres.createDatabase(), REDIS_URL: redis.url, MASTER_KEY },
      overrides: { seedAnyLedger: true },
    }),
  );

  it('Redis flushed mid-run: every claim still goes out once', async () => {
    const dataDir = await tempDir();
    const t = await startApp({
      dataDir,
      seed: await seedWith({ fileGapSeconds: 0.4, lookAlikeGapMinutes: 0.01 }),
      env: { DATABASE_URL: await postgres.createDatabase(), REDIS_URL: redis.url, MASTER_KEY },
      overrides: { seedAnyLedger: true },
    });
    try {
      const sessions = manySessions(2, 99);
      let billable = 0;
      for (const s of sessions)
        billable += ((await t.request('POST', '/v1/group-sessions', s)).body as SessionAnswer).summary.billable;
      await until('the first drop', async () => (await t.drops()).length > 0);
      const { Redis } = await import('ioredis');
      const client = new Redis(redis.url);
      await client.flushall();
      await client.quit();
      await until('every claim delivered', () => delivered(t, billable), 90_000, 200);
      expect(await t.drops()).toHaveLength(billable);
    } finally {
      await t.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
