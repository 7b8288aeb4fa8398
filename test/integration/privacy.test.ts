import { execFileSync } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { SessionAnswer } from '../../schemas/group-session.ts';
import { createLog } from '../../src/ops/log.ts';
import { request, seedWith, startApp, until } from '../support/app.ts';
import { newDataDir } from '../support/data-dir.ts';
import { describeWith, startRedis } from '../support/services.ts';
import { exampleSession } from '../support/sessions.ts';
import { sharedPostgres } from '../support/shared-postgres.ts';

/** Made-up values that appear nowhere else: wherever one turns up, patient data has leaked. */
const CANARY = {
  lastName: 'Quetzalcanary',
  firstName: 'Zephyrine',
  memberId: 'CNRY77420917',
  street: '4242 Canarylane Blvd',
  externalId: 'pt-canary-90417',
  note: 'Zephyrine spoke of the lighthouse marmalade incident and named three worries she has carried since spring came, two of them smaller than a month ago, and chose one to write down.',
};
const NEEDLES = [CANARY.lastName, CANARY.firstName, CANARY.memberId, 'Canarylane', CANARY.externalId, 'lighthouse marmalade'];

function canarySession() {
  const session = exampleSession();
  const [first, ...rest] = session.attendees;
  if (first === undefined || first.patient == null || first.note == null || first.coverages[0] === undefined)
    throw new Error('the example has no first attendee');
  const attendee = {
    ...first,
    externalId: CANARY.externalId,
    patient: {
      ...first.patient,
      firstName: CANARY.firstName,
      lastName: CANARY.lastName,
      address: { ...first.patient.address, line1: CANARY.street },
    },
    coverages: [{ ...first.coverages[0], memberId: CANARY.memberId }],
    // Not the fee schedule's: a finding that says so (A17) is stored about this very attendee, and stops nothing.
    chargeAmount: '61.07',
    note: { ...first.note, text: CANARY.note },
  };
  return { ...session, attendees: [attendee, ...rest] };
}

function capture(): { lines: string[]; stream: Writable } {
  const lines: string[] = [];
  return {
    lines,
    stream: new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(chunk.toString());
        done();
      },
    }),
  };
}

const found = (text: string): string[] => NEEDLES.filter((n) => text.toLowerCase().includes(n.toLowerCase()));

async function filesBelow(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name));
}

/** Posts, provokes errors, looks at every page, and returns everything but the authorised answers and the drops. */
async function exercise(url: string): Promise<{ text: string; session: SessionAnswer }> {
  const body = canarySession();
  const posted = await request(url, 'POST', '/v1/group-sessions', body);
  expect(posted.status).toBe(202);
  const session = posted.body as SessionAnswer;
  expect(found(posted.text), 'the note is not in the answer').not.toContain('lighthouse marmalade');
  const about = (answer: SessionAnswer) => answer.attendees[0]?.findings.map(({ rule, attendee }) => ({ rule, attendee }));
  expect(about(session)).toContainEqual({ rule: 'A17', attendee: CANARY.externalId });
  const read = (await request(url, 'GET', `/v1/group-sessions/${session.id}`)).body as SessionAnswer;
  expect(about(read), 'who a finding is about is filled in when it is read').toEqual(about(session));
  // Documentation only, so that no claim is touched: its text and the reason are as private as the first.
  const mended = body.attendees.map((a, i) =>
    i === 0 && a.note != null ? { ...a, note: { ...a.note, text: `${CANARY.note} Later.` } } : a,
  );
  const amended = await request(
    url,
    'POST',
    `/v1/group-sessions/${session.id}/amendments`,
    { ...body, attendees: mended, reason: `note of ${CANARY.lastName} mended` },
    { 'if-match': '"1"' },
  );
  expect(amended.status, amended.text).toBe(202);
  expect(found(amended.text), 'nor in the answer to an amendment').not.toContain('lighthouse marmalade');
  const texts: string[] = [];
  const broken = {
    ...body,
    externalId: 'broken',
    finalized: null,
    attendees: body.attendees.map((a) => ({ ...a, diagnoses: [CANARY.lastName], coverages: CANARY.memberId })),
  };
  texts.push((await request(url, 'POST', '/v1/group-sessions', broken)).text);
  texts.push((await request(url, 'POST', '/v1/group-sessions', { ...body, groupId: CANARY.lastName })).text);
  texts.push((await request(url, 'GET', `/v1/claims/${CANARY.memberId}`)).text);
  for (const path of [
    '/metrics',
    '/readyz',
    '/ops',
    '/ops/queues/api/queues?activeQueue=rollcall-alarms&status=delayed&page=1&jobsPerPage=100',
    '/v1/lanes',
    '/v1/audit',
  ]) {
    texts.push((await request(url, 'GET', path)).text);
  }
  return { text: texts.join('\n'), session };
}

describe('patient data stays in the ledger, the claim file and authorised answers', () => {
  it('embedded: not in database files, journal, logs, errors, metrics, console or queue', async () => {
    const dataDir = await newDataDir();
    const log = capture();
    const t = await startApp({
      dataDir,
      seed: await seedWith({ fileGapSeconds: 0.2 }),
      overrides: { log: createLog({ level: 'trace', destination: log.stream }) },
    });
    const { text, session } = await exercise(t.url);
    await until('eight drops', async () => (await t.drops()).length === session.summary.billable);
    await t.stop();
    expect(found(text)).toEqual([]);
    expect(log.lines.length).toBeGreaterThan(0);
    expect(found(log.lines.join(''))).toEqual([]);
    let drops = 0;
    for (const file of await filesBelow(dataDir)) {
      const content = await readFile(file, 'latin1');
      if (file.endsWith('.837')) drops += found(content).length > 0 ? 1 : 0;
      else expect(found(content), file).toEqual([]);
      expect(found(file)).toEqual([]);
    }
    // The check can see: the one claim file of this patient does carry the name.
    expect(drops).toBe(1);
    await rm(dataDir, { recursive: true, force: true });
  });
});

describeWith(['postgres', 'redis'], 'patient data on servers', () => {
  it('is in no dump of PostgreSQL and in no key of Redis', async () => {
    const [postgres, redis, dataDir] = [sharedPostgres(), await startRedis({ appendOnly: true }), await newDataDir()];
    try {
      const url = await postgres.createDatabase();
      const t = await startApp({
        dataDir,
        seed: await seedWith({ fileGapSeconds: 600 }),
        env: { DATABASE_URL: url, REDIS_URL: redis.url, MASTER_KEY: Buffer.alloc(32, 7).toString('base64') },
        overrides: { seedAnyLedger: true },
      });
      await exercise(t.url);
      const { Redis } = await import('ioredis');
      const client = new Redis(redis.url);
      const dump: string[] = [];
      for (const key of await client.keys('*'))
        dump.push(key, ((await client.dumpBuffer(key)) ?? Buffer.alloc(0)).toString('latin1'));
      const payloads: string[] = [];
      for (const key of await client.keys('bull:*:clm_*')) {
        if ((await client.type(key)) === 'hash') payloads.push((await client.hget(key, 'data')) ?? '');
      }
      await client.quit();
      expect(payloads.length).toBeGreaterThan(0);
      for (const data of payloads) expect(Object.keys(JSON.parse(data) as object)).toEqual(['claimId']);
      expect(found(dump.join('\n'))).toEqual([]);
      await t.stop();
      const sqlDump = execFileSync('pg_dump', ['--inserts', url], { maxBuffer: 1e9 }).toString('latin1');
      expect(sqlDump).toContain('gs_');
      expect(found(sqlDump)).toEqual([]);
    } finally {
      await redis.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
