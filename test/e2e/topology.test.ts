import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ClaimView } from '../../schemas/claim.ts';
import type { SessionAnswer } from '../../schemas/group-session.ts';
import { packageRoot } from '../../src/ops/package-info.ts';
import { insist, request, seedWith, TEST_KEY, tempDir, until } from '../support/app.ts';
import { describeWith, type Service, startRedis } from '../support/services.ts';
import { exampleSession } from '../support/sessions.ts';
import { sharedPostgres } from '../support/shared-postgres.ts';
import { type DropServer, dropServerMissing, type Receiver, startDropServer } from '../support/sshd.ts';
import { MAIN, type Running, start } from './process.ts';

const GAP_SECONDS = 1;

interface Compose {
  services: Record<string, { environment?: Record<string, string>; command?: string[]; deploy?: { replicas?: number } }>;
}

/** What docker-compose.yml sets for a service, with the hosts of this machine for those of its network. */
function environmentOf(service: string, words: Record<string, string>): Record<string, string> {
  const compose = parse(readFileSync(join(packageRoot(), 'docker-compose.yml'), 'utf8'), { merge: true }) as Compose;
  const declared = compose.services[service]?.environment ?? {};
  return Object.fromEntries(Object.keys(declared).map((name) => [name, words[name] ?? String(declared[name])]));
}

const required = process.env['REQUIRE_SERVICES'] === '1';

describeWith(['postgres', 'redis', 'sshd'], 'the topology of docker-compose.yml as plain processes', () => {
  const missing = dropServerMissing();
  if (missing !== null && !required) {
    it.skip(`needs the drop server: ${missing}`, () => undefined);
    return;
  }
  let redis: Service;
  let sftp: DropServer;
  let receiver: Receiver;
  let dataDir: string;
  let api: string;
  const processes: Running[] = [];

  beforeAll(async () => {
    [redis, sftp] = await Promise.all([startRedis({ appendOnly: true }), startDropServer()]);
    receiver = sftp.receivers[0] as Receiver;
    dataDir = await tempDir();
    const masterKey = join(dataDir, 'master_key');
    await writeFile(masterKey, Buffer.alloc(32, 9).toString('base64'), { mode: 0o600 });
    const words = {
      DATABASE_URL: await sharedPostgres().createDatabase(),
      REDIS_URL: redis.url,
      MASTER_KEY_FILE: masterKey,
      BOOTSTRAP_API_KEY: TEST_KEY,
      LOG_LEVEL: 'warn',
    };
    const common = { DATA_DIR: dataDir, PORT: '0', SWEEP_INTERVAL: '1s' };
    const seed = await seedWith({ fileGapSeconds: GAP_SECONDS });
    for (const c of seed.clearinghouses) {
      c['transport'] = {
        type: 'directory',
        outboundDir: receiver.outboundDir,
        inboundDir: receiver.inboundDir,
        stagingDir: receiver.stagingDir,
      };
    }
    const bundle = join(dataDir, 'bundle.json');
    await writeFile(bundle, JSON.stringify(seed));

    const apiEnv = { ...common, ...environmentOf('api', words) };
    const server = start(process.execPath, [MAIN, 'serve'], apiEnv);
    processes.push(server);
    api = await server.said(/(http:\/\/127\.0\.0\.1:\d+)/);
    const applied = await start(process.execPath, [MAIN, 'config', 'apply', bundle], apiEnv).ended;
    expect(applied.code, applied.err).toBe(0);
    const compose = parse(readFileSync(join(packageRoot(), 'docker-compose.yml'), 'utf8'), { merge: true }) as Compose;
    for (let n = 0; n < (compose.services['worker']?.deploy?.replicas ?? 1); n++) {
      processes.push(
        start(process.execPath, [MAIN, ...(compose.services['worker']?.command ?? [])], {
          ...common,
          ...environmentOf('worker', words),
        }),
      );
    }
  });

  afterAll(async () => {
    for (const p of processes) p.child.kill('SIGTERM');
    const ends = await Promise.all(processes.map((p) => p.ended));
    await Promise.all([redis.stop(), sftp.stop()]);
    rmSync(dataDir, { recursive: true, force: true });
    // SIGTERM drains and ends with 0, in every role.
    expect(ends.map((e) => e.code)).toEqual(processes.map(() => 0));
  });

  it('two workers keep the floor between drops, and the sftp client takes every file', async () => {
    expect(processes).toHaveLength(3);
    const posted = await insist(() => request(api, 'POST', '/v1/group-sessions', exampleSession()));
    expect(posted.status).toBe(202);
    const session = posted.body as SessionAnswer;
    const ids = session.attendees.flatMap((a) => (a.claimId === null ? [] : [a.claimId]));
    expect(ids).toHaveLength(8);
    const views = async (): Promise<ClaimView[]> =>
      Promise.all(ids.map(async (id) => (await request(api, 'GET', `/v1/claims/${id}`)).body as ClaimView));
    await until('eight transmitted', async () => (await views()).every((v) => v.drop?.transmittedAt), 90_000, 200);

    const done = await views();
    const times = done.map((v) => Date.parse(v.drop?.transmittedAt ?? '')).sort((a, b) => a - b);
    const gaps = times.slice(1).map((at, i) => at - (times[i] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(GAP_SECONDS * 1000);
    expect(new Set(done.map((v) => v.drop?.interchangeControlNumber)).size).toBe(8);

    const local = join(dataDir, 'taken');
    mkdirSync(local);
    const taken = await receiver.sftp(['cd outbound', 'get *.837', 'rm *.837'], local);
    expect(taken.code, taken.stderr).toBe(0);
    const files = (await readdir(local)).sort();
    expect(files).toEqual(done.map((v) => v.drop?.fileName).sort());
    for (const v of done) {
      const text = readFileSync(join(local, v.drop?.fileName ?? ''), 'latin1');
      expect(text).toBe((await request(api, 'GET', `/v1/claims/${v.id}/x12`)).text);
    }
    await until('pick-up noticed', async () => (await views()).every((v) => v.state === 'picked_up'), 90_000, 200);
  });
});

describe('docker-compose.yml', () => {
  it('runs the programs that this test runs', () => {
    const compose = parse(readFileSync(join(packageRoot(), 'docker-compose.yml'), 'utf8'), { merge: true }) as Compose;
    expect(compose.services['api']?.command).toEqual(['serve']);
    expect(compose.services['worker']?.command).toEqual(['serve']);
    expect(compose.services['worker']?.deploy?.replicas).toBe(2);
  });
});
