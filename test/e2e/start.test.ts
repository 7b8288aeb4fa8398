import { createHash } from 'node:crypto';
import { access, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClaimView } from '../../schemas/claim.ts';
import type { SessionAnswer } from '../../schemas/group-session.ts';
import { exampleSession } from '../../src/cli/example.ts';
import { insist } from '../support/app.ts';
import { newDataDir } from '../support/data-dir.ts';
import { freePort } from '../support/server-process.ts';
import { type Running, rollcall, run, start } from './process.ts';

let folder: string;
let env: Record<string, string>;
const alive = new Set<Running>();
const dirs: string[] = [];

/** A ledger that has been made already: the first test shows the making of one. */
async function ownDataDir(): Promise<string> {
  const dataDir = await newDataDir();
  dirs.push(dataDir);
  return dataDir;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-start-'));
  env = { DATA_DIR: join(folder, 'data'), PORT: String(await freePort()) };
});

afterAll(async () => {
  for (const one of alive) one.destroy();
  for (const dir of [folder, ...dirs]) await rm(dir, { recursive: true, force: true });
});

const KEY_LINE = /^First key .*: (rk_\S+)$/m;
const LISTENING = /^ {2}listening (http:\/\/127\.0\.0\.1:\d+)$/m;

async function boot(by: 'npm' | 'node' = 'node'): Promise<{ service: Running; url: string }> {
  const service = by === 'npm' ? start('npm', ['start'], env) : rollcall(['serve'], env);
  alive.add(service);
  void service.ended.then(() => alive.delete(service));
  return { service, url: await service.said(LISTENING) };
}

async function get<T>(url: string, key: string): Promise<T> {
  const response = await insist(() => fetch(url, { headers: { authorization: `Bearer ${key}` } }));
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

async function post(
  url: string,
  key: string,
  idempotencyKey: string,
  body: unknown,
): Promise<{ status: number; answer: SessionAnswer }> {
  // Asked again as an EHR would: a busy machine keeps a ledger silent for two seconds, which is a 503.
  const response = await insist(() =>
    fetch(`${url}/v1/group-sessions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
      body: JSON.stringify(body),
    }),
  );
  return { status: response.status, answer: (await response.json()) as SessionAnswer };
}

const dropsOf = async (): Promise<string[]> =>
  (await readdir(join(env['DATA_DIR'] as string, 'drop', 'sandbox', 'outbound')).catch(() => [])).filter((n) =>
    n.endsWith('.837'),
  );

const states = (answer: SessionAnswer): string[] => answer.attendees.map((a) => a.state).sort();

test('npm start, SIGTERM, restart, kill -9, restart: the key is shown once and the data is all there', async () => {
  const body = await exampleSession({ now: () => Date.now() });

  const first = await boot('npm');
  const key = await first.service.said(KEY_LINE);
  expect(first.url).toBe(`http://127.0.0.1:${env['PORT']}`);
  await first.service.said(new RegExp(`^  data +${env['DATA_DIR']}$`, 'm'));
  await first.service.said(/console +http:\/\/127\.0\.0\.1:\d+\/ops/);
  expect((await stat(env['DATA_DIR'] as string)).mode & 0o077).toBe(0);
  expect((await stat(join(env['DATA_DIR'] as string, 'master.key'))).mode & 0o777).toBe(0o600);
  const posted = await post(first.url, key, 'start-1', body);
  expect(posted.status).toBe(202);
  expect(posted.answer.summary).toMatchObject({ billable: 8, scheduled: 8, notBillable: 2 });
  // One at once, the next 61 seconds later: a slow machine may see it before this test ends.
  await expect.poll(async () => (await dropsOf()).length, { timeout: 90_000 }).toBeGreaterThan(0);

  // To npm itself, as a supervisor would: it has to reach the service.
  first.service.child.kill('SIGTERM');
  const ended = await first.service.ended;
  expect(ended).toMatchObject({ code: 0, signal: null });
  expect(ended.out).toContain('"msg":"draining"');
  await expect(fetch(`${first.url}/healthz`)).rejects.toThrow();
  await expect(access(join(env['DATA_DIR'] as string, 'control.sock'))).rejects.toThrow('ENOENT');

  const second = await boot();
  const now = () => get<SessionAnswer>(`${second.url}/v1/group-sessions/${posted.answer.id}`, key);
  const after = await now();
  expect(after.attendees.map((a) => a.patientControlNumber)).toEqual(posted.answer.attendees.map((a) => a.patientControlNumber));
  // The drop was there; whether its record was, too, when the service was told to stop is the machine's affair.
  await expect.poll(async () => states(await now()), { timeout: 90_000 }).toContain('transmitted');

  second.service.child.kill('SIGKILL');
  const killed = await second.service.ended;
  expect(killed.signal).toBe('SIGKILL');
  expect(killed.out).not.toMatch(KEY_LINE);

  const third = await boot();
  const again = await post(third.url, key, 'start-2', body);
  expect(again.status).toBe(200);
  expect(again.answer.id).toBe(posted.answer.id);
  const drops = await dropsOf();
  expect(drops.length).toBeGreaterThan(0);
  const frozen = new Map<string, string>();
  for (const { claimId } of again.answer.attendees) {
    const drop = claimId === null ? null : (await get<ClaimView>(`${third.url}/v1/claims/${claimId}`, key)).drop;
    if (drop !== null) frozen.set(drop.fileName, drop.sha256);
  }
  for (const name of drops) {
    const bytes = await readFile(join(env['DATA_DIR'] as string, 'drop', 'sandbox', 'outbound', name));
    expect(createHash('sha256').update(bytes).digest('hex'), name).toBe(frozen.get(name));
  }

  third.service.child.kill('SIGINT');
  expect(await third.service.ended).toMatchObject({ code: 0, signal: null });
});

test('a port in use is one plain sentence and exit 1, and nothing stays locked', async () => {
  const own = { ...env, DATA_DIR: await ownDataDir() };
  const { service, url } = await boot();
  const refused = await run(['serve'], own);
  expect(refused.code).toBe(1);
  expect(refused.err).toBe(`Cannot listen on 127.0.0.1:${env['PORT']} (EADDRINUSE).\n`);
  // The key was printed before: it cannot be shown a second time.
  expect(refused.out).toMatch(KEY_LINE);
  const key = KEY_LINE.exec(refused.out)?.[1] as string;
  service.child.kill('SIGTERM');
  expect((await service.ended).code).toBe(0);

  const retried = rollcall(['serve'], own);
  alive.add(retried);
  expect(await retried.said(LISTENING)).toBe(url);
  await get(`${url}/v1/claims`, key);
  retried.child.kill('SIGTERM');
  expect((await retried.ended).code).toBe(0);
});

test('a signal during the start still ends in an orderly way', async () => {
  const own = { ...env, DATA_DIR: await ownDataDir(), PORT: '0' };
  const service = rollcall(['serve'], own);
  alive.add(service);
  await service.said(KEY_LINE);
  service.child.kill('SIGTERM');
  expect(await service.ended).toMatchObject({ code: 0, signal: null });
});
