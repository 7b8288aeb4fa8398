import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { Agent, request as httpRequest } from 'node:http';
import { sql } from 'kysely';
import { MAIN, start } from '../e2e/process.ts';
import { seedWith, startApp, TEST_KEY, tempDir } from '../support/app.ts';
import { manySessions } from '../support/sessions.ts';

export interface ThroughputOptions {
  readonly lanes: number;
  readonly sessions: number;
  /** Attendees of a session; 8 by default. */
  readonly attendees?: number;
  /** POSTs under way at once. */
  readonly concurrency: number;
  /**
   * Sessions before the measurement, 16 by default: a process is at its pace when what it runs is compiled, which takes
   * several hundred.
   */
  readonly warmUp?: number;
  /** The worker is a process beside the one that takes the POSTs, as in docker-compose.yml; else both are one. */
  readonly ownWorker?: boolean;
  /** Nothing for the embedded ledger. */
  readonly env: Readonly<Record<string, string>>;
}

export interface Throughput {
  readonly claims: number;
  readonly claimsPerSecond: number;
  readonly postMs: { readonly p50: number; readonly p99: number };
}

type Entry = Record<string, unknown> & { id: string };

/** `lanes` practices, each with a clearinghouse of its own, all gaps 0. */
async function seedFor(lanes: number): Promise<{ practices: Entry[]; payers: Entry[]; clearinghouses: Entry[] }> {
  const seed = (await seedWith()) as unknown as { practices: Entry[]; payers: Entry[]; clearinghouses: Entry[] };
  const [practice] = seed.practices;
  const [clearinghouse] = seed.clearinghouses;
  if (practice === undefined || clearinghouse === undefined) throw new Error('the seed has no practice');
  const practices: Entry[] = [];
  const clearinghouses: Entry[] = [];
  for (let n = 0; n < lanes; n++) {
    const interchange = { ...(clearinghouse['interchange'] as object), senderId: `BENCH${n}`, applicationSender: `BENCH${n}` };
    clearinghouses.push({ ...clearinghouse, id: `bench${n}`, interchange });
    practices.push({ ...practice, id: `prac_bench${n}`, clearinghouseId: `bench${n}` });
  }
  return { practices, payers: seed.payers.map((p) => ({ ...p, clearinghouseId: null })), clearinghouses };
}

/**
 * POST over real HTTP until every claim's file lies in the drop folder, synced and recorded. The client is in the process of
 * the service. A new data directory for every run: creating files is slower for minutes after a mass delete.
 */
export async function measureThroughput(options: ThroughputOptions): Promise<Throughput> {
  const dataDir = await tempDir('rollcall-bench-');
  const env = { ...options.env, SWEEP_INTERVAL: '15s' };
  const t = await startApp({
    dataDir,
    seed: await seedFor(options.lanes),
    env: { ...env, ...(options.ownWorker ? { ROLE: 'api' } : {}) },
    overrides: { seedAnyLedger: true, ledger: {} },
  });
  const worker = options.ownWorker
    ? start(process.execPath, [MAIN, 'serve'], { ...env, ROLE: 'worker', DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'error' })
    : null;
  const agent = new Agent({ keepAlive: true, maxSockets: options.concurrency });
  try {
    await worker?.said(/role worker/);
    const many = { attendees: options.attendees ?? 8 };
    const bodies = manySessions(options.sessions, 1, many).map((s, n) => ({
      ...s,
      practiceId: `prac_bench${n % options.lanes}`,
    }));
    const warmUp = manySessions(options.warmUp ?? 16, 2, many).map((s, n) => ({
      ...s,
      externalId: `warm-${n}`,
      practiceId: `prac_bench${n % options.lanes}`,
    }));
    const latencies: number[] = [];
    const postAll = async (sessions: readonly unknown[]): Promise<number> => {
      const queue = [...sessions];
      let claims = 0;
      const client = async () => {
        for (let body = queue.shift(); body !== undefined; body = queue.shift()) {
          const from = performance.now();
          const { billable } = await post(t.url, agent, body);
          claims += billable;
          latencies.push(performance.now() - from);
        }
      };
      await Promise.all(Array.from({ length: options.concurrency }, client));
      return claims;
    };
    const before = await postAll(warmUp);
    await transmitted(t, before);
    latencies.length = 0;
    const started = performance.now();
    const claims = await postAll(bodies);
    await transmitted(t, before + claims);
    const seconds = (performance.now() - started) / 1000;
    latencies.sort((a, b) => a - b);
    const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
    return { claims, claimsPerSecond: claims / seconds, postMs: { p50: at(0.5), p99: at(0.99) } };
  } finally {
    agent.destroy();
    worker?.child.kill('SIGTERM');
    await worker?.ended;
    await t.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Until nothing is on its way, as the ledger sees it; then everything must have left. */
async function transmitted(t: Awaited<ReturnType<typeof startApp>>, n: number): Promise<void> {
  const { db } = t.app.core.ledger;
  const waiting = sql<{ any: boolean }>`select exists (select 1 from claim where state in ('scheduled', 'released')) as any`;
  while ((await waiting.execute(db)).rows[0]?.any !== false) await new Promise((resolve) => setTimeout(resolve, 10));
  const files = sql<{ n: number }>`select count(*)::int as n from drop_file where state in ('transmitted', 'picked_up')`;
  const sent = (await files.execute(db)).rows[0]?.n;
  if (sent !== n) throw new Error(`${sent} files of ${n} have left`);
}

function post(url: string, agent: Agent, body: unknown): Promise<{ billable: number }> {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const req = httpRequest(
      `${url}/v1/group-sessions`,
      {
        method: 'POST',
        agent,
        headers: {
          authorization: `Bearer ${TEST_KEY}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
          'idempotency-key': randomBytes(12).toString('hex'),
        },
      },
      (res) => {
        let answer = '';
        res.setEncoding('utf8');
        res.on('data', (chunk: string) => {
          answer += chunk;
        });
        res.on('end', () => {
          if (res.statusCode !== 202) reject(new Error(`POST answered ${res.statusCode}: ${answer.slice(0, 300)}`));
          else resolve((JSON.parse(answer) as { summary: { billable: number } }).summary);
        });
      },
    );
    req.on('error', reject);
    req.end(text);
  });
}
