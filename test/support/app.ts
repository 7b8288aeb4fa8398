import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, compose, type Overrides } from '../../src/compose.ts';
import { loadConfig } from '../../src/config.ts';
import { packageRoot } from '../../src/ops/package-info.ts';
import { newDataDir } from './data-dir.ts';

export interface SeedOptions {
  /** Clearinghouse `minFileGapSeconds`. */
  readonly fileGapSeconds?: number;
  /** `lookAlikeGapMinutes` of every payer. */
  readonly lookAlikeGapMinutes?: number;
  readonly batchMaxClaims?: number;
  readonly windows?: readonly unknown[];
}

interface Bundle {
  practices: Record<string, unknown>[];
  payers: (Record<string, unknown> & { policyOverrides?: Record<string, unknown> })[];
  clearinghouses: Record<string, unknown>[];
}

/** The shipped seed with other gaps. */
export async function seedWith(options: SeedOptions = {}): Promise<Bundle> {
  const seed = JSON.parse(await readFile(join(packageRoot(), 'schemas', 'examples', 'seed.json'), 'utf8')) as Bundle;
  for (const payer of seed.payers) {
    payer.policyOverrides = { ...payer.policyOverrides, lookAlikeGapMinutes: options.lookAlikeGapMinutes ?? 0 };
  }
  for (const c of seed.clearinghouses) {
    c['minFileGapSeconds'] = options.fileGapSeconds ?? 0;
    if (options.batchMaxClaims !== undefined) c['batch'] = { maxClaims: options.batchMaxClaims };
    if (options.windows !== undefined) c['windows'] = options.windows;
  }
  return seed;
}

export const TEST_KEY = 'rk_test_bootstrap_0123456789abcdef0123456789';

export interface TestApp {
  readonly app: App;
  readonly dataDir: string;
  readonly url: string;
  request(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: unknown; text: string; headers: Headers }>;
  /** Names of the 837P files in the sandbox's outbound folder. */
  drops(): Promise<string[]>;
  stop(): Promise<void>;
}

export async function tempDir(prefix = 'rollcall-'): Promise<string> {
  return mkdtemp(join(tmpdir(), prefix));
}

export function configFor(dataDir: string, env: Record<string, string> = {}) {
  return loadConfig({
    DATA_DIR: dataDir,
    PORT: '0',
    LOG_LEVEL: 'fatal',
    BOOTSTRAP_API_KEY: TEST_KEY,
    SWEEP_INTERVAL: '1s',
    ...(env['DATABASE_URL'] === undefined ? {} : { MASTER_KEY: Buffer.alloc(32, 7).toString('base64') }),
    ...env,
  });
}

/** A machine that is busy with other tests keeps a ledger silent for longer than an EHR should wait. */
export const PATIENT = { silenceMs: 60_000, patienceMs: 200_000 };

/** Nor is a database away because the machine has kept its connection waiting. */
export const CONNECT_MS = 60_000;

/** Nor is a stalled event loop pressure: that guard has a test of its own (`unit/http/auth.test.ts`). */
export const UNHURRIED = { eventLoopDelayMs: 600_000 };

/** The whole service in this process, on a free port. Without `env` on the embedded ledger. */
export async function startApp(
  options: { dataDir?: string; env?: Record<string, string>; seed?: unknown; overrides?: Overrides } = {},
): Promise<TestApp> {
  const dataDir = options.dataDir ?? (await newDataDir());
  const app = await compose(configFor(dataDir, options.env), {
    seed: options.seed ?? (await seedWith()),
    ledger: { refuseNested: true, connectTimeoutMs: CONNECT_MS },
    limits: UNHURRIED,
    ...options.overrides,
    settings: { ledgerWatch: PATIENT, ...options.overrides?.settings },
  });
  await app.start();
  const url = app.url() ?? '';
  return {
    app,
    dataDir,
    url,
    request: (method, path, body, headers) => request(url, method, path, body, headers),
    drops: () => dropsIn(dataDir),
    async stop() {
      await app.stop();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export async function dropsIn(dataDir: string, clearinghouse = 'sandbox'): Promise<string[]> {
  const names = await readdir(join(dataDir, 'drop', clearinghouse, 'outbound')).catch(() => [] as string[]);
  return names.filter((n) => n.endsWith('.837')).sort();
}

export async function request(url: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${TEST_KEY}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'POST' ? { 'idempotency-key': randomBytes(12).toString('hex') } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  return {
    status: response.status,
    body: isJson && text !== '' ? (JSON.parse(text) as unknown) : text,
    text,
    headers: response.headers,
  };
}

/** As an EHR does: asks again when it is told to come back (503), which a busy machine tells a burst. */
export async function insist<T extends { readonly status: number }>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const answer = await ask();
    if (answer.status !== 503 || tries === 30) return answer;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

/** Polls until `done` or fails with `what` after `ms`. */
export async function until(what: string, done: () => Promise<boolean>, ms = 90_000, everyMs = 50): Promise<void> {
  const end = performance.now() + ms;
  while (!(await done())) {
    if (performance.now() > end) throw new Error(`timed out: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
