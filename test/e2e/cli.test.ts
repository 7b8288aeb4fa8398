import { mkdtemp, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { examplePath, exampleSession } from '../../src/cli/example.ts';
import { insist } from '../support/app.ts';
import { newDataDir } from '../support/data-dir.ts';
import { freePort } from '../support/server-process.ts';
import { describeWith, startRedis } from '../support/services.ts';
import { sharedPostgres } from '../support/shared-postgres.ts';
import { type Running, rollcall, run, start } from './process.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-commands-'));
});
const dirs: string[] = [];
afterAll(async () => {
  for (const dir of [folder, ...dirs]) await rm(dir, { recursive: true, force: true });
});

/** A ledger that has been made already: what makes one has its own test. */
async function ownDataDir(): Promise<string> {
  const dataDir = await newDataDir();
  dirs.push(dataDir);
  return dataDir;
}

interface DoctorAnswer {
  ok: boolean;
  checks: { name: string; ok: boolean; detail: string }[];
}
type Env = Record<string, string>;

const doctor = async (env: Env): Promise<DoctorAnswer & { code: number | null }> => {
  const { code, out } = await run(['doctor', '--json'], env);
  return { ...(JSON.parse(out) as DoctorAnswer), code };
};
const names = (answer: DoctorAnswer): string[] => answer.checks.map((c) => c.name);
const LISTENING = /^ {2}listening (http:\S+)$/m;

/** What an operator does on a day, beside a running service. */
async function operatorsMorning(env: Env): Promise<void> {
  const bundle = JSON.parse((await run(['config', 'export'], env)).out) as { payers: { id: string; name: string }[] };
  expect(bundle.payers.map((p) => p.id)).toContain('60054');
  for (const payer of bundle.payers) if (payer.id === '60054') payer.name = 'Aetna Behavioral';
  const path = join(folder, 'bundle.json');
  await writeFile(path, JSON.stringify(bundle));
  const applied = await run(['config', 'apply', path], env);
  expect(applied).toMatchObject({ code: 0, err: '' });
  expect(applied.out).toMatch(/^payer +60054 +\d+$/m);
  expect(JSON.parse((await run(['config', 'export'], env)).out)).toEqual(bundle);

  const explained = await run(['payers', 'explain', '60054', '--on', '2026-11-20', '--json'], env);
  expect(JSON.parse(explained.out)).toMatchObject({
    payer: { name: 'Aetna Behavioral' },
    policy: 'aetna',
    values: expect.arrayContaining([
      expect.objectContaining({ property: 'lookAlikeGapMinutes', value: 15, from: 'default', confidence: 'D' }),
    ]),
  });
  expect((await run(['payers', 'list'], env)).out).toMatch(/^60054 +Aetna Behavioral +60054 +aetna +edi$/m);

  const created = await run(
    ['keys', 'create', '--name', 'ehr', '--practice', 'prac_northside', '--scopes', 'sessions:write,claims:read'],
    env,
  );
  expect(created.code).toBe(0);
  expect(created.out).toMatch(/^rk_\S+\n$/);
  const listed = await run(['keys', 'list', '--json'], env);
  expect(listed.out).not.toContain(created.out.trim());
  const ehr = (JSON.parse(listed.out) as { id: string; name: string; revokedAt: string | null }[]).find(
    (k) => k.name === 'ehr' && k.revokedAt === null,
  );
  expect(ehr).toMatchObject({ practiceId: 'prac_northside', scopes: ['sessions:write', 'claims:read'] });
  expect((await run(['keys', 'revoke', ehr?.id as string], env)).out).toBe(`${ehr?.id} is revoked.\n`);
  const twice = await run(['keys', 'revoke', ehr?.id as string], env);
  expect(twice).toMatchObject({ code: 2, err: 'No such live key\n' });

  expect(await run(['recovery', 'status'], env)).toMatchObject({ code: 0, out: 'Not in recovery mode.\n' });
}

async function wrongInput(env: Env): Promise<void> {
  const path = join(folder, 'wrong.json');
  await writeFile(path, JSON.stringify({ practices: [{ id: 'prac_x', name: 7 }] }));
  const applied = await run(['config', 'apply', path], env);
  expect(applied.code).toBe(2);
  expect(applied.err).toContain('/billingProvider');
  const scopes = await run(['keys', 'create', '--name', 'x', '--scopes', 'everything'], env);
  expect(scopes.code).toBe(2);
  expect(scopes.err).toContain('/scopes/0');
  const practice = await run(['keys', 'create', '--name', 'x', '--practice', 'prac_y', '--scopes', 'ops'], env);
  expect(practice).toMatchObject({ code: 2, out: '' });
  expect((await run(['recovery', 'end', '--reason', 'x'], env)).code).toBe(2);
}

describe('operator commands on the embedded ledger', () => {
  let env: Env;
  beforeAll(async () => {
    env = { DATA_DIR: join(folder, 'embedded'), PORT: String(await freePort()) };
  });

  test('doctor on a machine that has never run it: nothing wrong, nothing made', async () => {
    const answer = await doctor(env);
    expect(answer).toMatchObject({ code: 0, ok: true });
    await expect(stat(env['DATA_DIR'] as string)).rejects.toThrow('ENOENT');
  });

  test('without a service commands open the ledger themselves; its first key is shown once, beside the result', async () => {
    expect(await run(['keys', 'list', '--json'], env)).toMatchObject({ code: 2, out: '' });
    await expect(stat(env['DATA_DIR'] as string)).rejects.toThrow('ENOENT');
    const first = await run(['keys', 'create', '--name', 'first', '--scopes', 'ops'], env);
    expect(first.code).toBe(0);
    expect(first.err).toMatch(/^The ledger was empty\. Its first key .*: rk_\S+\n/);
    expect(JSON.parse((await run(['keys', 'list', '--json'], env)).out)).toHaveLength(2);
    const bundle = await run(['config', 'export'], env);
    expect(bundle.err).toBe('');
    const path = join(folder, 'exported.json');
    await writeFile(path, bundle.out);
    const applied = await run(['config', 'apply', path], env);
    expect(applied).toMatchObject({ code: 0, err: '' });
    expect(applied.out).toMatch(/^practice +prac_northside +1$/m);
    expect((await run(['keys', 'create', '--name', 'x', '--scopes', 'everything'], env)).code).toBe(2);
    expect(await run(['migrate'], env)).toMatchObject({ code: 0, err: '' });
    const answer = await doctor(env);
    expect(answer).toMatchObject({ code: 0, ok: true });
    expect(names(answer)).toEqual(
      expect.arrayContaining(['settings', 'data directory', 'disk', 'key', 'ledger', 'clock', 'migrations', 'recovery']),
    );
  });

  test('with a running service they go through its socket, and a second opener is refused by name', async () => {
    const service = rollcall(['serve'], env);
    try {
      await service.said(LISTENING);
      await operatorsMorning(env);
      await wrongInput(env);
      const answer = await doctor(env);
      expect(answer).toMatchObject({ code: 0, ok: true });
      expect(names(answer)).toContain('service');
      const second = await run(['serve'], env);
      expect(second).toMatchObject({ code: 1, out: '' });
      expect(second.err).toMatch(new RegExp(`^The data directory \\S+ is in use by pid ${service.pid}\\.\n$`));
      expect((await run(['migrate'], env)).code).toBe(1);
    } finally {
      service.child.kill('SIGTERM');
      expect((await service.ended).code).toBe(0);
    }
  });

  test('--data-dir wins over DATA_DIR', async () => {
    const other = await ownDataDir();
    expect((await run(['--data-dir', other, 'migrate'], env)).code).toBe(0);
    // A ledger that had no key was given its first one, and the key that seals it.
    expect((await stat(join(other, 'master.key'))).isFile()).toBe(true);
  });

  test('doctor and serve say what is wrong when the master key is gone', async () => {
    const dataDir = await ownDataDir();
    await run(['migrate'], { DATA_DIR: dataDir });
    await unlink(join(dataDir, 'master.key'));
    const answer = await doctor({ DATA_DIR: dataDir });
    expect(answer).toMatchObject({ code: 1, ok: false });
    expect(answer.checks.find((c) => c.name === 'key')).toMatchObject({ ok: false });
    const refused = await run(['serve'], { DATA_DIR: dataDir, PORT: '0' });
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('master.key is missing');
    expect(refused.err).not.toContain(' at ');
  });

  test('doctor sees a drop folder that is gone or belongs to another installation', async () => {
    const dataDir = await ownDataDir();
    const own = { DATA_DIR: dataDir, PORT: '0', BOOTSTRAP_API_KEY: 'test-bootstrap-key-0123456789' };
    const drops = async (): Promise<{ ok: boolean; detail: string } | undefined> =>
      (await doctor(own)).checks.find((c) => c.name === 'drop folder of sandbox');
    const service = rollcall(['serve'], own);
    try {
      const url = await service.said(LISTENING);
      expect(await drops()).toMatchObject({ ok: true, detail: expect.stringMatching(/not made yet/) });
      const session = JSON.stringify(await exampleSession({ now: () => Date.now() }));
      const posted = await insist(() =>
        fetch(`${url}/v1/group-sessions`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${own.BOOTSTRAP_API_KEY}`,
            'content-type': 'application/json',
            'idempotency-key': 'doctor-1',
          },
          body: session,
        }),
      );
      expect(posted.status).toBe(202);
      await expect.poll(drops, { timeout: 150_000 }).toMatchObject({ ok: true, detail: expect.stringMatching(/marker ours$/) });
      const outbound = join(dataDir, 'drop', 'sandbox', 'outbound');
      await writeFile(join(outbound, '.rollcall', 'marker'), 'somebody-else\n');
      expect(await drops()).toMatchObject({ ok: false, detail: expect.stringMatching(/another marker$/) });
      await rename(outbound, `${outbound}-away`);
      expect(await drops()).toMatchObject({ ok: false, detail: expect.stringMatching(/cannot be read \(ENOENT\)$/) });
      expect(await doctor(own)).toMatchObject({ code: 1, ok: false });
    } finally {
      service.child.kill('SIGTERM');
      await service.ended;
    }
  });

  test('doctor sees a data directory that others may read, in words for people too', async () => {
    const { code, out } = await run(['doctor'], { DATA_DIR: '/usr' });
    expect(code).toBe(1);
    expect(out).toMatch(/^WRONG +data directory mode +other users can look in: chmod 700$/m);
  });
});

test('npx rollcall runs the package’s bin', async () => {
  const { code, out } = await start('npx', ['--no', '--', 'rollcall', '--version'], {}).ended;
  expect(code).toBe(0);
  expect(out.trim()).toBe((JSON.parse(await readFile('package.json', 'utf8')) as { version: string }).version);
});

describeWith(['postgres', 'redis'], 'operator commands on PostgreSQL and Redis', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let env: Env;
  beforeAll(async () => {
    redis = await startRedis();
    env = {
      DATA_DIR: join(folder, 'server'),
      DATABASE_URL: await sharedPostgres().createDatabase(),
      REDIS_URL: redis.url,
      MASTER_KEY: Buffer.alloc(32, 5).toString('base64'),
      PORT: '0',
    };
  });
  afterAll(() => redis.stop());

  test('doctor names pending migrations and runs none; migrate runs them; commands work beside a service', async () => {
    const before = await doctor(env);
    expect(before).toMatchObject({ code: 1, ok: false });
    expect(before.checks.find((c) => c.name === 'schema')?.detail).toContain('pending: ');
    expect(await doctor(env)).toMatchObject({ ok: false });
    const migrated = await run(['migrate'], env);
    expect(migrated.code).toBe(0);
    expect(migrated.err).toContain('first key');
    const service: Running = rollcall(['serve'], env);
    try {
      await service.said(LISTENING);
      const applied = await run(['config', 'apply', examplePath('seed.json')], env);
      expect(applied.code).toBe(0);
      await operatorsMorning(env);
      const answer = await doctor(env);
      expect(answer).toMatchObject({ code: 0, ok: true });
      expect(answer.checks).toContainEqual({ name: 'redis', ok: true, detail: 'answers' });
    } finally {
      service.child.kill('SIGTERM');
      expect((await service.ended).code).toBe(0);
    }
  });

  test('doctor tells a Redis or a database that does not answer', async () => {
    const nobody = await freePort();
    const noRedis = await doctor({ ...env, REDIS_URL: `redis://127.0.0.1:${nobody}` });
    expect(noRedis).toMatchObject({ code: 1, ok: false });
    expect(noRedis.checks).toContainEqual({ name: 'redis', ok: false, detail: 'does not answer' });
    const noDatabase = await doctor({ ...env, DATABASE_URL: `postgres://u:p4ssw0rd@127.0.0.1:${nobody}/x` });
    expect(noDatabase).toMatchObject({ code: 1, ok: false });
    expect(noDatabase.checks.find((c) => c.name === 'ledger')).toMatchObject({
      ok: false,
      detail: 'cannot be reached (ECONNREFUSED)',
    });
    expect(JSON.stringify(noDatabase)).not.toContain('p4ssw0rd');
    const refused = await run(['keys', 'list'], { ...env, DATABASE_URL: `postgres://u:p4ssw0rd@127.0.0.1:${nobody}/x` });
    expect(refused).toMatchObject({ code: 1, err: 'DATABASE_URL: the database cannot be reached (ECONNREFUSED).\n' });
    const nowhere = await run(['keys', 'list'], {
      ...env,
      DATABASE_URL: env['DATABASE_URL']?.replace(/\/[^/]*$/, '/nowhere') ?? '',
    });
    expect(nowhere).toMatchObject({ code: 1, err: 'DATABASE_URL: the database does not let this service in (3D000).\n' });
  });
});
