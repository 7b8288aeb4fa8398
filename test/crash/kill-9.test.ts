import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readJournal } from '../../src/delivery/journal.ts';
import { DELIVERY_STEPS } from '../../src/delivery/steps.ts';
import { packageRoot } from '../../src/ops/package-info.ts';
import { dropsIn, insist, request, seedWith, TEST_KEY, until } from '../support/app.ts';
import { AMENDMENT_STEPS, armKill, boot, DECISION_STEPS, killServices } from '../support/crash-service.ts';
import { newDataDir } from '../support/data-dir.ts';
import { describeWith } from '../support/services.ts';
import { manySessions } from '../support/sessions.ts';
import { sharedPostgres } from '../support/shared-postgres.ts';

/** Every named step of intake, release and delivery; a new one that is not here fails the last test. */
const PIPELINE_STEPS = [
  'accept:before_commit',
  'accept:committed',
  'accept:armed',
  'release:before_commit',
  'release:committed',
  'deliver:leased',
  'deliver:staged_file',
  'deliver:staged_recorded',
  'deliver:journalled',
  'deliver:renamed',
  'deliver:recorded',
] as const;

interface ClaimRow {
  readonly id: string;
  readonly state: string;
  readonly patientControlNumber: string;
}
interface ClaimDetail extends ClaimRow {
  readonly drop: { fileName: string; sha256: string; interchangeControlNumber: string } | null;
  readonly history: readonly { event: string; to: string | null }[];
}

afterAll(killServices);

async function claimsAt(url: string): Promise<ClaimRow[]> {
  const all: ClaimRow[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof request>> = await request(
      url,
      'GET',
      `/v1/claims?limit=200${cursor === null ? '' : `&cursor=${cursor}`}`,
    );
    const body = page.body as { items: ClaimRow[]; nextCursor: string | null };
    all.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor !== null);
  return all;
}

const delivered = (c: ClaimRow) => c.state === 'transmitted' || c.state === 'picked_up';

/** Kills the service at each step in turn on one data directory, then checks that every claim left exactly once. */
async function crashThroughAll(dataDir: string, steps: readonly string[], extraEnv: Record<string, string> = {}): Promise<void> {
  const env = {
    DATA_DIR: dataDir,
    PORT: '0',
    LOG_LEVEL: 'fatal',
    SWEEP_INTERVAL: '1s',
    BOOTSTRAP_API_KEY: TEST_KEY,
    ROLLCALL_TEST_SEED: JSON.stringify(await seedWith()),
    ...extraEnv,
  };
  const sessions = manySessions(steps.length, 20_261_120, { attendees: 3 });
  let service = await boot(env);
  for (const [i, step] of steps.entries()) {
    await armKill(service, step);
    const post = () => insist(() => request(service.url, 'POST', '/v1/group-sessions', sessions[i]));
    await post().catch(() => undefined);
    await Promise.race([
      service.exited,
      new Promise((_, reject) => setTimeout(() => reject(new Error(`${step} was never reached`)), 90_000)),
    ]);
    service = await boot(env);
    // The EHR does what clients do after a cut: the same session again, and once more when it is asked to come back (503: the
    // first seconds after a start on a busy machine). It is either new or already there.
    const again = await post();
    expect([200, 202], step).toContain(again.status);
    await until(`all claims delivered after ${step}`, async () => (await claimsAt(service.url)).every(delivered), 90_000, 200);
  }

  const claims = await claimsAt(service.url);
  const billable = sessions.reduce(
    (n, s) => n + s.attendees.filter((a) => ['present', 'late', 'left_early', 'partial'].includes(a.attendance.status)).length,
    0,
  );
  expect(claims.length).toBe(billable);
  const files = await dropsIn(dataDir);
  expect(files.length).toBe(claims.length);
  const journal = (await readJournal(join(dataDir, 'drops.journal'))).entries;
  const isa13 = new Set<string>();
  const inFiles = new Map<string, number>();
  for (const name of files) {
    const bytes = await readFile(join(dataDir, 'drop', 'sandbox', 'outbound', name));
    const text = bytes.toString('latin1');
    isa13.add(text.split('*')[13] ?? '');
    const pcn = /CLM\*([A-Z0-9]+)\*/.exec(text)?.[1] ?? '';
    inFiles.set(pcn, (inFiles.get(pcn) ?? 0) + 1);
    const lines = journal.filter((j) => j.fileName === name);
    expect(lines.length, `${name} is journalled`).toBeGreaterThan(0);
    for (const line of lines) expect(line.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  }
  expect(isa13.size).toBe(files.length);
  for (const claim of claims) {
    expect(inFiles.get(claim.patientControlNumber), claim.id).toBe(1);
    const detail = (await request(service.url, 'GET', `/v1/claims/${claim.id}`)).body as ClaimDetail;
    // One freezing, one transmission: no second ISA13 was ever allocated for it.
    expect(detail.history.filter((h) => h.to === 'released').length).toBe(1);
    expect(detail.history.filter((h) => h.to === 'transmitted').length).toBe(1);
  }
  service.child.kill('SIGTERM');
  await service.exited;
}

describe('kill -9 at each named step, then restart', () => {
  const dirs: string[] = [];
  afterAll(async () => {
    for (const dir of dirs) await rm(dir, { recursive: true, force: true });
  });

  it('embedded ledger: same bytes once, one ISA13 for each claim', async () => {
    const dataDir = await newDataDir();
    dirs.push(dataDir);
    await crashThroughAll(dataDir, [...PIPELINE_STEPS, ...DELIVERY_STEPS]);
  }, 1_800_000);
});

describeWith('postgres', 'kill -9 at each named step on PostgreSQL', () => {
  it('same bytes once, one ISA13 for each claim', async () => {
    const dataDir = await newDataDir();
    try {
      await crashThroughAll(dataDir, PIPELINE_STEPS, {
        DATABASE_URL: await sharedPostgres().createDatabase(),
        MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      });
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  }, 1_200_000);
});

describe('the list of steps', () => {
  it('names every step that the pipeline has', async () => {
    const source = await readFile(join(packageRoot(), 'src', 'pipeline', 'deps.ts'), 'utf8');
    const declared = [...source.matchAll(/\| '([a-z]+:[a-z_]+)'/g)].map((m) => m[1]);
    expect([...PIPELINE_STEPS, ...AMENDMENT_STEPS, ...DECISION_STEPS].sort()).toEqual(declared.sort());
  });
});
