import { execFileSync } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { Redis } from 'ioredis';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { GroupSession, SessionAnswer } from '../../schemas/group-session.ts';
import { createLog } from '../../src/ops/log.ts';
import { seedWith, startApp, type TestApp, until } from '../support/app.ts';
import { newDataDir } from '../support/data-dir.ts';
import { describeWith, startRedis } from '../support/services.ts';
import { exampleSession } from '../support/sessions.ts';
import { sharedPostgres } from '../support/shared-postgres.ts';

/** One made-up word per text that a clinician writes: wherever one turns up, note text has leaked. */
const WORDS = {
  text: 'quomblefritz',
  moodAffect: 'vexandrous',
  participation: 'plinthograph',
  plan: 'zornwicket',
  rationale: 'marblecroft',
  theme: 'underwhistle',
  intervention: 'gantherpole',
  dynamics: 'brindlemoot',
};
/** Not a note: it goes to the payer (NTE of loop 2300). Where it is not found the search is blind. */
const SEEN = 'VISIBLETONGUE';

const found = (text: string): string[] => Object.values(WORDS).filter((w) => text.toLowerCase().includes(w));

const canarySession = (externalId: string): GroupSession => {
  const session = exampleSession();
  const text = (i: number) =>
    `The ${WORDS.text} was tearful and described three ${WORDS.text} worries of week ${i}, two smaller than a month ago; no suicidal thoughts; will write page ${i} about the ${WORDS.text} garden and bring it to the next group.`;
  return {
    ...session,
    externalId,
    groupNote: {
      ...session.groupNote,
      theme: `Living with the ${WORDS.theme}`,
      interventions: [`the ${WORDS.intervention} exercise`],
      dynamics: `Members sat in a ${WORDS.dynamics} and spoke to one another without being asked to.`,
    },
    attendees: session.attendees.map((a, i) => ({
      ...a,
      claim: i === 0 ? { note: SEEN } : a.claim,
      interactiveComplexity:
        i === 6
          ? { factor: 1, rationale: `A ${WORDS.rationale} had to be managed.`, chargeAmount: '15.00' }
          : a.interactiveComplexity,
      note: a.note && {
        ...a.note,
        // The second and third copy each other: N11 speaks of them. The fourth names another and leaves a place open.
        text:
          i === 1 || i === 2
            ? text(1)
            : i === 3
              ? `${a.note.text} ${WORDS.text} Delgado [name]`
              : `${a.note.text} A ${WORDS.text} of number ${i}.`,
        moodAffect: `${WORDS.moodAffect} and ${a.note.moodAffect}`,
        participation: `drew a ${WORDS.participation}, ${a.note.participation}`,
        plan: `${WORDS.plan}: ${a.note.plan}`,
      },
    })),
  };
};

/** Bodies that are refused or faulty in every way that could quote them. */
const spoilt = (): unknown[] => {
  const body = canarySession('spoilt');
  const [first, ...rest] = body.attendees;
  const note = first?.note;
  return [
    { ...body, finalized: null },
    { ...body, groupNote: { ...body.groupNote, theme: WORDS.theme.repeat(300) } },
    { ...body, groupNote: { ...body.groupNote, interventions: [], [WORDS.theme]: WORDS.theme } },
    { ...body, groupNote: WORDS.dynamics },
    { ...body, externalId: 'f-1', attendees: [{ ...first, note: { ...note, text: 7, plan: WORDS.plan } }, ...rest] },
    { ...body, externalId: 'f-2', attendees: [{ ...first, note: { ...note, [WORDS.text]: WORDS.text } }, ...rest] },
    { ...body, externalId: 'f-3', attendees: [{ ...first, note: WORDS.text }, ...rest] },
    {
      ...body,
      externalId: 'f-4',
      attendees: [{ ...first, note: { ...note, text: `${WORDS.text} `.repeat(4_000), progress: WORDS.plan } }, ...rest],
    },
    {
      ...body,
      externalId: 'f-5',
      attendees: [{ ...first, interactiveComplexity: { factor: WORDS.rationale, rationale: [WORDS.rationale] } }, ...rest],
    },
    {
      ...body,
      externalId: 'f-6',
      attendees: [
        {
          ...first,
          note: { ...note, treatmentGoalIds: WORDS.text, riskReviewed: WORDS.text, moodAffect: { a: WORDS.moodAffect } },
        },
        ...rest,
      ],
    },
  ];
};

/**
 * Everything that the service says about sessions with notes: answers, refusals, previews, pages, metrics. `accepted` runs
 * before other sessions with the same people come in: A04 holds whatever of the first has not left by then.
 */
async function exercise(t: TestApp, accepted: (scheduled: number) => Promise<void> = async () => {}): Promise<string> {
  const said: string[] = [];
  const ask = async (method: string, path: string, body?: unknown, headers?: Record<string, string>) => {
    const answer = await t.request(method, path, body, headers);
    said.push(answer.text, JSON.stringify([...answer.headers]));
    return answer;
  };
  const posted = await ask('POST', '/v1/group-sessions', canarySession('canary'));
  expect(posted.status).toBe(202);
  const session = posted.body as SessionAnswer;
  const rules = new Set(session.attendees.flatMap((a) => a.findings).map((f) => f.rule));
  expect([...rules]).toEqual(expect.arrayContaining(['N09', 'N10', 'N11']));
  expect((await ask('POST', '/v1/group-sessions', canarySession('canary'))).status).toBe(200);
  expect((await ask('POST', '/v1/group-sessions', { ...canarySession('canary'), groupId: 'other' })).status).toBe(409);
  expect((await ask('POST', '/v1/group-sessions/preview', canarySession('another'))).status).toBe(200);
  const amended = canarySession('canary');
  const [first, ...rest] = amended.attendees;
  const amendment = { ...amended, attendees: [{ ...first, chargeAmount: '61.00' }, ...rest], reason: 'charge' };
  const at = `/v1/group-sessions/${session.id}/amendments`;
  expect((await ask('POST', at, { ...amendment, groupNote: WORDS.theme }, { 'if-match': '"1"' })).status).toBe(422);
  expect((await ask('POST', at, amendment, { 'if-match': '"1"' })).status).toBeLessThan(300);
  await accepted(session.summary.scheduled);
  const statuses: number[] = [];
  for (const body of spoilt()) {
    statuses.push((await ask('POST', '/v1/group-sessions', body)).status);
    statuses.push((await ask('POST', '/v1/group-sessions/preview', body)).status);
  }
  expect(new Set(statuses)).toEqual(new Set([200, 202, 422]));
  await t.request('PUT', '/v1/practices/prac_northside', {
    ...((await t.request('GET', '/v1/practices/prac_northside')).body as object),
    name: 'Northside Counseling',
  });
  const claims = ((await ask('GET', '/v1/claims?limit=200')).body as { items: { id: string; sessionId: string }[] }).items;
  for (const claim of claims.filter((c) => c.sessionId === session.id)) {
    await ask('GET', `/v1/claims/${claim.id}`);
    await ask('GET', `/v1/claims/${claim.id}/x12`);
    await ask('GET', `/ops/claims/${claim.id}`);
  }
  for (const path of [
    `/v1/group-sessions/${session.id}`,
    '/v1/group-sessions?externalId=canary',
    '/metrics',
    '/readyz',
    '/v1/audit',
    '/v1/lanes',
    '/ops',
    '/ops/queues/api/queues?activeQueue=rollcall-alarms&status=delayed&page=1&jobsPerPage=100',
  ]) {
    await ask('GET', path);
  }
  return said.join('\n');
}

/** Every row of every table as text: what a file may hold compressed is read here in clear. */
async function rowsAsText(t: TestApp): Promise<string> {
  const { db } = t.app.core.ledger;
  const tables = await sql<{
    schema: string;
    name: string;
  }>`select table_schema as schema, table_name as name from information_schema.tables
    where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`.execute(db);
  const texts: string[] = [];
  for (const { schema, name } of tables.rows) {
    const rows = await sql<{ row: string }>`select row_to_json(t)::text as row from ${sql.id(schema, name)} t`.execute(db);
    texts.push(...rows.rows.map((r) => `${name} ${r.row}`));
  }
  return texts.join('\n');
}

/** What is sealed, opened with the installation's own key: sealing is no excuse for keeping it. */
async function sealedAsText(t: TestApp): Promise<string> {
  const { ledger, vault } = t.app.core;
  const texts: unknown[] = [];
  for (const kind of ['session', 'attendee', 'claim'] as const) {
    const rows = await sql<{
      id: string;
      practice_id: string;
      sealed: Buffer;
    }>`select id, practice_id, sealed from ${sql.id(kind)}`.execute(ledger.db);
    for (const r of rows.rows) texts.push(vault.open(r.practice_id, kind, r.id, r.sealed));
  }
  const versions = await sql<{
    session_id: string;
    version: number;
    practice_id: string;
    sealed: Buffer;
  }>`select v.session_id, v.version, s.practice_id, v.sealed from session_version v join session s on s.id = v.session_id`.execute(
    ledger.db,
  );
  for (const v of versions.rows) texts.push(vault.open(v.practice_id, 'version', `${v.session_id} ${v.version}`, v.sealed));
  const answers = await sql<{
    owner: string;
    route: string;
    key: string;
    sealed: Buffer;
  }>`select owner, route, key, sealed from idempotency`.execute(ledger.db);
  for (const a of answers.rows) texts.push(vault.open(a.owner, 'answer', `${a.route} ${a.key}`, a.sealed));
  return JSON.stringify(texts);
}

async function filesBelow(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name));
}

function trace() {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  return { lines, log: createLog({ level: 'trace', destination }) };
}

/** Values of every key, read by type: DUMP may compress them. */
async function everythingIn(client: Redis): Promise<string> {
  const texts: string[] = [];
  for (const key of await client.keys('*')) {
    const type = await client.type(key);
    const value: unknown =
      type === 'hash'
        ? await client.hgetall(key)
        : type === 'string'
          ? await client.get(key)
          : type === 'list'
            ? await client.lrange(key, 0, -1)
            : type === 'zset'
              ? await client.zrange(key, 0, -1)
              : type === 'set'
                ? await client.smembers(key)
                : await client.xrange(key, '-', '+');
    texts.push(key, JSON.stringify(value));
  }
  return texts.join('\n');
}

describe('note text is read and dropped', () => {
  it('embedded: in no answer, log, metric, row (sealed or not), file, journal or drop', async () => {
    const dataDir = await newDataDir();
    const { lines, log } = trace();
    const t = await startApp({ dataDir, seed: await seedWith({ fileGapSeconds: 0.2 }), overrides: { log } });
    const said = await exercise(t, async (scheduled) => {
      expect(scheduled).toBeGreaterThan(3);
      await until('the drops', async () => (await t.drops()).length >= scheduled);
    });
    expect(found(said)).toEqual([]);
    const [rows, sealed] = [await rowsAsText(t), await sealedAsText(t)];
    expect(found(rows)).toEqual([]);
    expect(found(sealed)).toEqual([]);
    // The search can see: what the payer may read is in the claim when that is opened, and nowhere in clear.
    expect(sealed).toContain(SEEN);
    expect(rows).not.toContain(SEEN);
    expect(rows).toContain('note_sketch');
    await t.stop();
    expect(lines.length).toBeGreaterThan(0);
    expect(found(lines.join(''))).toEqual([]);
    let seen = 0;
    for (const file of await filesBelow(dataDir)) {
      const content = await readFile(file, 'latin1');
      expect(found(content), file).toEqual([]);
      if (content.includes(SEEN)) seen += 1;
    }
    expect(seen, 'the drop of the first attendee, and no other file').toBe(1);
    await rm(dataDir, { recursive: true, force: true });
  });

  it('the search finds each of the words where one is planted', async () => {
    const t = await startApp({ seed: await seedWith({ fileGapSeconds: 3600 }) });
    try {
      const { db } = t.app.core.ledger;
      const { vault } = t.app.core;
      const session = (await t.request('POST', '/v1/group-sessions', canarySession('planted'))).body as SessionAnswer;
      for (const word of Object.values(WORDS)) {
        expect(found(await rowsAsText(t))).toEqual([]);
        const long = `${'long enough to be compressed '.repeat(200)}${word}`;
        await sql`insert into ledger_event (subject, kind, actor, detail) values ('x', 'planted', 'test', ${JSON.stringify({ long })}::jsonb)`.execute(
          db,
        );
        expect(found(await rowsAsText(t))).toEqual([word]);
        await sql`delete from ledger_event where kind = 'planted'`.execute(db);
        await sql`update session set sealed = ${vault.seal('prac_northside', 'session', session.id, { long })} where id = ${session.id}`.execute(
          db,
        );
        expect(found(await rowsAsText(t))).toEqual([]);
        expect(found(await sealedAsText(t))).toEqual([word]);
      }
    } finally {
      await t.stop();
    }
  });
});

describeWith(['postgres', 'redis'], 'note text on servers', () => {
  it('is in no dump of PostgreSQL and in no value of Redis', async () => {
    const [postgres, redis, dataDir] = [sharedPostgres(), await startRedis({ appendOnly: true }), await newDataDir()];
    try {
      const url = await postgres.createDatabase();
      const { lines, log } = trace();
      const t = await startApp({
        dataDir,
        seed: await seedWith({ fileGapSeconds: 600 }),
        env: { DATABASE_URL: url, REDIS_URL: redis.url, MASTER_KEY: Buffer.alloc(32, 7).toString('base64') },
        overrides: { seedAnyLedger: true, log },
      });
      expect(found(await exercise(t))).toEqual([]);
      expect(found(await sealedAsText(t))).toEqual([]);
      const { Redis } = await import('ioredis');
      const client = new Redis(redis.url);
      const inRedis = await everythingIn(client);
      expect(inRedis).toContain('clm_');
      expect(found(inRedis)).toEqual([]);
      await client.set('planted', WORDS.text);
      expect(found(await everythingIn(client))).toEqual([WORDS.text]);
      await client.del('planted');
      await client.quit();
      await t.stop();
      const dump = execFileSync('pg_dump', ['--inserts', url], { maxBuffer: 1e9 }).toString('latin1');
      expect(dump).toContain('INSERT INTO public.note_sketch');
      expect(found(dump)).toEqual([]);
      expect(found(lines.join(''))).toEqual([]);
    } finally {
      await redis.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
