import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../schemas/common.ts';
import type { GroupSession, SessionAnswer } from '../../schemas/group-session.ts';
import { createLog } from '../../src/ops/log.ts';
import { CLOSED } from '../support/amending.ts';
import { dropsIn, seedWith, startApp, type TestApp, until } from '../support/app.ts';
import { NOTE_SETS } from '../support/calibration/note-sets.ts';
import { newDataDir } from '../support/data-dir.ts';
import { everyRow } from '../support/every-row.ts';
import { asker, at, changed, freshSession, withPatient } from '../support/ledgered.ts';
import { type Databases, describeWith, startRedis } from '../support/services.ts';
import { exampleSession, manySessions } from '../support/sessions.ts';
import { sharedPostgres } from '../support/shared-postgres.ts';

/*
 * The acceptance list of the billing rules, over HTTP and one service. What the ledger, two people or the day of sending
 * decide (siblings, one member id twice, a second 90853, Part 2 revoked) is in ledgered.test.ts on both databases.
 */
type Attendee = GroupSession['attendees'][number];

const log: string[] = [];
const destination = new Writable({
  write(chunk: Buffer, _encoding, done) {
    log.push(chunk.toString());
    done();
  },
});

/** The seed with what the cases need; nothing leaves on a day that a test sees, but by way of `soon`. */
async function seedOfCases() {
  const seed = await seedWith({ windows: CLOSED });
  const of = (id: string) => seed.payers.find((p) => p['id'] === id);
  const [aetna, medicaid] = [of('60054'), of('medicaid_wi')];
  const [sandbox] = seed.clearinghouses;
  seed.clearinghouses.push({ ...sandbox, id: 'soon', name: 'Soon', windows: [], minFileGapSeconds: 600 });
  const quarters = { '90853': { code: 'H0005', modifiers: [], minutesPerUnit: 15 } };
  seed.payers.push(
    { ...aetna, id: 'soon', payerId: 'SOON', clearinghouseId: 'soon' },
    { ...medicaid, id: 'medicaid_tx', name: 'Texas Medicaid', payerId: 'TXMEDICAID', policy: 'medicaid-tx' },
    { ...aetna, id: 'quarters', payerId: 'QUARTERS', policyOverrides: { ...aetna?.policyOverrides, procedureMap: quarters } },
  );
  return seed;
}

let t: TestApp;
let ask: ReturnType<typeof asker>;
beforeAll(async () => {
  t = await startApp({ seed: await seedOfCases(), overrides: { log: createLog({ level: 'trace', destination }) } });
  ask = asker(t);
});
afterAll(() => t.stop());

const x12 = async (id: string | null | undefined) => (await t.request('GET', `/v1/claims/${id}/x12`)).text;
const of = (answer: SessionAnswer, rule: string): Finding[] =>
  answer.attendees.flatMap((a) => a.findings.filter((f) => f.rule === rule));
/** Stops of one rule by place on the roster. */
const stops = (answer: SessionAnswer, rule: string) =>
  answer.attendees.flatMap((a, i) =>
    a.findings.filter((f) => f.rule === rule && f.severity !== 'info').map((f) => `${f.severity} ${i}`),
  );
const withPayer = (s: GroupSession, payerId: string, memberId?: (i: number) => string): GroupSession => ({
  ...s,
  attendees: s.attendees.map((a, i) => ({
    ...a,
    coverages: a.coverages.map((c) => ({ ...c, payerId, memberId: memberId?.(i) ?? c.memberId })),
  })),
});
const on = (day: string, seed: number, attendees: number) => {
  const [session] = manySessions(1, seed, { attendees, date: day, payerIds: ['60054'] });
  return session as GroupSession;
};
/** The ledger's clock at this instant, until the next call. */
const clockAt = async (instant: string | null) => {
  const offset = instant === null ? 0 : Date.parse(instant) - Date.now();
  await sql`insert into setting (key, value) values ('clock_offset_ms', ${String(offset)}) on conflict (key) do update set value = excluded.value`.execute(
    t.app.core.ledger.db,
  );
  // What a process remembers of the clock is a second old at most.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
};

describe('who gets a claim', () => {
  it('ten on the roster, eight of them there: exactly eight claims of one unit, one patient and the whole charge each', async () => {
    const answer = await ask.post(exampleSession());
    expect(answer.summary).toEqual({ attendees: 10, billable: 8, scheduled: 8, held: 0, notBillable: 2 });
    const { items } = (await t.request('GET', `/v1/claims?sessionId=${answer.id}&limit=200`)).body as { items: { id: string }[] };
    expect(items).toHaveLength(8);
    const texts = await Promise.all(items.map((c) => x12(c.id)));
    for (const text of texts) {
      expect(text.match(/SV1\*HC:90853(:\w\w)*\*60\*UN\*1\*/g)).toHaveLength(1);
      expect(text.match(/CLM\*/g)).toHaveLength(1);
    }
    const patients = texts.map((text) => /NM1\*QC\*[^~]+/.exec(text)?.[0] ?? /NM1\*IL\*[^~]+/.exec(text)?.[0]);
    expect(new Set(patients).size).toBe(8);
    const absent = answer.attendees.filter((a) => a.state === 'not_billable');
    expect(absent.map((a) => [a.claimId, typeof a.reason])).toEqual([
      [null, 'string'],
      [null, 'string'],
    ]);
  });

  it('two hundred on the roster are answered, each of them; two hundred and one are refused', async () => {
    const parts = Array.from({ length: 4 }, (_, i) => freshSession(381 + i, 50));
    const attendees = parts.flatMap((p, i) =>
      p.attendees.map((a) => ({ ...a, diagnoses: [['F41.1', 'F33.1', 'F43.10', 'F40.10'][i] as string] })),
    );
    const [base] = parts;
    const body = { ...(base as GroupSession), attendees, groupNote: { ...(base as GroupSession).groupNote, attendeeCount: 200 } };
    const answer = await ask.post(body);
    expect(answer.summary).toMatchObject({ attendees: 200, billable: 200 });
    expect(answer.attendees.map((a) => a.externalId)).toEqual(attendees.map((a) => a.externalId));
    expect(answer.attendees.every((a) => a.claimId !== null && a.state !== 'not_billable')).toBe(true);
    expect(new Set(answer.attendees.map((a) => a.claimId)).size).toBe(200);
    const again = await t.request('POST', '/v1/group-sessions', body);
    expect([again.status, (again.body as SessionAnswer).id]).toEqual([200, answer.id]);
    const more = { ...body, externalId: 'one-too-many', attendees: [...attendees, { ...attendees[0], externalId: 'pt-201' }] };
    expect((await t.request('POST', '/v1/group-sessions', more)).status).toBe(422);
  });
});

describe('notes', () => {
  it('ten paragraphs that are one with names swapped: ten blocks, which one person cannot lift', async () => {
    const session = freshSession(386, 10);
    const told = (name: string) =>
      `${name} named three automatic thoughts behind the worry, asked a peer how an exposure ladder is built, looked calmer after the breathing count and will write one page each morning; risk was reviewed and ${name} denied any thoughts of suicide.`;
    const attendees = session.attendees.map((a) => ({
      ...a,
      note: { ...(a.note as NonNullable<Attendee['note']>), text: told(a.patient?.firstName ?? ''), participation: null },
    }));
    const answer = await ask.post({ ...session, attendees });
    expect(stops(answer, 'N11')).toEqual(Array.from({ length: 10 }, (_, i) => `block ${i}`));
    expect(answer.summary).toMatchObject({ billable: 10, scheduled: 0, held: 10 });
    for (const f of of(answer, 'N11')) expect(f.message).not.toContain('exposure ladder');
    const refused = await t.request('POST', `/v1/claims/${answer.attendees[0]?.claimId}/unhold`, { reason: 'looks fine' });
    expect(refused.status).toBe(409);
  });

  it('a headed template with individual content is nobody’s copy', async () => {
    const sets = NOTE_SETS.filter((s) => s.kind === 'headed template');
    expect(sets.length).toBeGreaterThan(0);
    for (const [i, set] of sets.entries()) {
      // Of each style, the notes alone: people, clinician and hours of a session of its own.
      const base = freshSession(440 + i, set.session.attendees.length);
      const body = {
        ...set.session,
        externalId: base.externalId,
        renderingProvider: base.renderingProvider,
        finalized: base.finalized,
      };
      const answer = await ask.preview(body);
      expect(
        of(answer, 'N11').filter((f) => f.severity === 'hold' || f.severity === 'block'),
        set.style,
      ).toEqual([]);
    }
  });
});

describe('calendars', () => {
  it('Texas Medicaid: day 95 is a Sunday, the claim may be filed on Monday and is held on Tuesday', async () => {
    // Wednesday; 95 days later is Sunday 21 February 2027.
    const session = (seed: number) => withPayer(on('2026-11-18', seed, 3), 'medicaid_tx', (i) => `52${seed}0000${i}`);
    const answer = await ask.post(session(391));
    expect((await ask.claim(answer.attendees[0]?.claimId)).fileBy).toBe('2027-02-22');
    const judgedAt = async (instant: string) => {
      await clockAt(instant);
      return ask.preview(session(392));
    };
    try {
      expect(stops(await judgedAt('2027-02-22T20:00:00Z'), 'A18')).toEqual(['warn 0', 'warn 1', 'warn 2']);
      const late = await judgedAt('2027-02-23T20:00:00Z');
      expect(stops(late, 'A18')).toEqual(['hold 0', 'hold 1', 'hold 2']);
      expect(of(late, 'A18')[0]?.message).toContain('timely_filing_expired');
    } finally {
      await clockAt(null);
    }
  });

  it.each([
    // F64.A came with the code set of 1 October 2026.
    ['2026-09-30', 'held'],
    ['2026-10-01', 'scheduled'],
  ])('the ICD-10-CM of the date of service: %s, %s', async (day, state) => {
    const answer = await ask.preview(changed(on(day, 393, 2), 0, { diagnoses: ['F64.A'] }));
    expect(answer.dateOfService).toBe(day);
    expect(answer.attendees.map((a) => a.state)).toEqual([state, 'scheduled']);
    expect(stops(answer, 'A10')).toEqual(state === 'held' ? ['block 0'] : []);
  });

  it.each([
    ['across midnight', '2026-11-19T23:30:00-06:00', '2026-11-20T00:45:00-06:00', '20261119', 5],
    ['across midnight into the hour that comes twice', '2026-10-31T23:30:00-05:00', '2026-11-01T01:15:00-06:00', '20261031', 11],
    ['within the hour that comes twice', '2026-11-01T01:30:00-05:00', '2026-11-01T01:30:00-06:00', '20261101', 4],
    ['over the hour that does not exist', '2026-03-08T01:15:00-06:00', '2026-03-08T03:30:00-05:00', '20260308', 5],
  ])('%s: the right day and duration', async (_, startedAt, endedAt, day, units) => {
    const base = withPayer(freshSession(394, 2), 'quarters');
    const body = { ...base, startedAt, endedAt, finalized: { ...base.finalized, at: endedAt } };
    const answer = await ask.preview(body);
    expect(answer.dateOfService.replaceAll('-', '')).toBe(day);
    for (const a of answer.attendees) {
      expect(a.x12).toContain(`DTP*472*D8*${day}~`);
      expect(a.x12).toMatch(new RegExp(`SV1\\*HC:H0005\\*[\\d.]+\\*UN\\*${units}\\*`));
    }
  });

  it('an offset that the zone does not have at that moment is refused', async () => {
    const base = freshSession(395, 2);
    const body = { ...base, startedAt: '2026-11-20T17:00:00-05:00', endedAt: '2026-11-20T18:00:00-05:00' };
    const answer = await t.request('POST', '/v1/group-sessions/preview', body);
    expect([answer.status, answer.text.includes('S01')]).toEqual([422, true]);
  });
});

describe('a preview is the intake’s answer', () => {
  const bare = (answer: SessionAnswer) => ({
    ...answer,
    id: '',
    version: 0,
    attendees: answer.attendees.map(
      ({ claimId: _c, patientControlNumber: _n, plannedReleaseAt: _t, planReasons: _r, claims: _s, x12: _x, ...a }) => a,
    ),
  });
  /** Preview first, then the same body stored: the same verdict, and the preview has left nothing. */
  const both = async (body: GroupSession) => {
    const previewed = await ask.preview(body);
    const stored = await ask.post(body);
    expect(bare(previewed)).toEqual(bare(stored));
    for (const [i, a] of previewed.attendees.entries()) {
      const { x12: _x12, ...shape } = a;
      expect(Object.keys(shape).sort()).toEqual(Object.keys(stored.attendees[i] as object).sort());
      expect(a.claimId).toBeNull();
      if (a.state !== 'not_billable') expect(a).toMatchObject({ patientControlNumber: 'PREVIEW01', claims: [] });
    }
    const rules = [...stored.findings, ...stored.attendees.flatMap((x) => x.findings)].map((f) => f.rule);
    return [...new Set(rules)].sort();
  };

  it('with everything that the ledger has to say: S10, S11, A04, A05, A06, A09, A21, K1, K3, N11 over time', async () => {
    const one = freshSession(396, 4);
    const patient = (i: number) => one.attendees[i] as Attendee;
    await ask.post(one);
    const rekeyed = await both({ ...at(one, '17:10', '18:10'), externalId: 'keyed-again' });
    expect(rekeyed).toEqual(expect.arrayContaining(['A05', 'K1', 'N11', 'S10']));

    const two = at(freshSession(397, 6), '17:30', '18:30');
    const own = (i: number) => two.attendees[i] as Attendee;
    const authorization = (a: Attendee): Attendee => ({
      ...a,
      coverages: a.coverages.map((c) => ({ ...c, priorAuthorization: { number: 'AUTH-396', unitsRemaining: 1 } })),
    });
    const families = at(freshSession(398, 2), '08:00', '09:00');
    const multiFamily: GroupSession = {
      ...families,
      groupType: 'multi_family',
      procedureCode: null,
      attendees: [own(1), authorization(own(5))].map((a, i) => ({
        ...a,
        note: families.attendees[i]?.note ?? null,
        familyId: `fam-${i}`,
        identifiedPatient: true,
        chargeAmount: null,
      })),
    };
    await ask.post(multiFamily);
    const body: GroupSession = {
      ...two,
      renderingProvider: one.renderingProvider,
      finalized: { ...two.finalized, byNpi: one.finalized.byNpi },
      attendees: [
        { ...patient(0), note: own(0).note },
        own(1),
        { ...own(2), coverages: patient(1).coverages },
        { ...patient(2), externalId: 'pt-another-id', note: own(3).note },
        { ...own(4), note: patient(3).note },
        authorization(own(5)),
      ],
    };
    expect(await both(body)).toEqual(expect.arrayContaining(['A04', 'A05', 'A06', 'A09', 'A21', 'K3', 'N11', 'S11']));
  });
});

/** A database at work takes files away between a list and a look. */
const gone = (error: NodeJS.ErrnoException): string => {
  if (error.code !== 'ENOENT') throw error;
  return '';
};

/** Nothing of a patient who restricted disclosure is anywhere but sealed in the ledger: no claim, no queue row, no member id. */
describe('restricted disclosure', () => {
  const SECRET = 'W902613477';
  const body = () => {
    const session = withPayer(freshSession(399, 3), 'soon');
    const restricted = { billing: 'self_pay' as const, restrictDisclosure: true, patientPaidAmount: '60.00' };
    const [first] = session.attendees;
    const coverages = (first as Attendee).coverages.map((c) => ({ ...c, memberId: SECRET }));
    return withPatient(session, 0, { ...(first as Attendee), ...restricted, coverages });
  };
  const check = async (app: TestApp, queue: (contents: ReadonlyMap<string, string>) => Promise<string>): Promise<void> => {
    const answer = await asker(app).post(body());
    expect(answer.attendees.map((a) => [a.state, a.reason])).toEqual([
      ['not_billable', 'disclosure_restricted'],
      ['scheduled', undefined],
      ['scheduled', undefined],
    ]);
    expect(JSON.stringify(answer)).not.toContain(SECRET);
    const { db } = app.app.core.ledger;
    const claims = await sql<{
      id: string;
      ordinal: number;
    }>`select c.id, a.ordinal from claim c join attendee a on a.id = c.attendee_id
      where a.session_id = ${answer.id} order by a.ordinal`.execute(db);
    expect(claims.rows.map((c) => c.ordinal)).toEqual([1, 2]);
    await until('the first of the others sent', async () => (await dropsIn(app.dataDir, 'soon')).length === 1);
    const contents = await everyRow(db);
    const queued = await queue(contents);
    // The search can see: others' claims are in the queue, and only theirs.
    const named = new Set(queued.match(/clm_[0-9a-z]{26}/g) ?? []);
    const others = (await sql<{ id: string }>`select id from claim`.execute(db)).rows.map((c) => c.id);
    expect(named.size).toBeGreaterThan(0);
    expect([...named].filter((id) => !others.includes(id))).toEqual([]);
    const places = [...contents.values(), queued, log.join('')];
    for (const name of await readdir(app.dataDir, { recursive: true, withFileTypes: true }))
      if (name.isFile()) places.push(await readFile(join(name.parentPath, name.name), 'latin1').catch(gone));
    expect(places.filter((text) => text.includes(answer.id)).length).toBeGreaterThan(0);
    const member = Buffer.from(SECRET).toString('hex');
    expect(places.filter((text) => text.includes(SECRET) || text.toLowerCase().includes(member))).toEqual([]);
    expect((await app.request('GET', `/v1/group-sessions/${answer.id}`)).text).not.toContain(SECRET);
  };
  const queueTables = async (contents: ReadonlyMap<string, string>) =>
    [...contents].flatMap(([name, rows]) => (/queue|bull|job/.test(name) ? [rows] : [])).join('\n');

  it('no claim, no row of the queue on PGlite, no member id outside the seal', () => check(t, queueTables));

  describeWith('postgres', 'on PostgreSQL', () => {
    let postgres: Databases;
    beforeAll(async () => {
      postgres = sharedPostgres();
    });
    it.each(['PostgreSQL', 'Redis'])('nor with the queue on %s', async (backend) => {
      const dataDir = await newDataDir();
      const redis = backend === 'Redis' ? await startRedis() : null;
      try {
        const app = await startApp({
          dataDir,
          seed: await seedOfCases(),
          env: {
            DATABASE_URL: await postgres.createDatabase(),
            ...(redis === null ? {} : { REDIS_URL: redis.url }),
          },
          overrides: { seedAnyLedger: true, log: createLog({ level: 'trace', destination }) },
        });
        const { Redis } = await import('ioredis');
        const keysOf = async (url: string) => {
          const client = new Redis(url);
          const dump: string[] = [];
          for (const key of await client.keys('*'))
            dump.push(key, ((await client.dumpBuffer(key)) ?? Buffer.alloc(0)).toString('latin1'));
          await client.quit();
          return dump.join('\n');
        };
        await check(app, redis === null ? queueTables : () => keysOf(redis.url));
        await app.stop();
      } finally {
        await redis?.stop();
        await rm(dataDir, { recursive: true, force: true });
      }
    });
  });
});
