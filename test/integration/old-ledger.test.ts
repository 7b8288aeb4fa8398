import { cp, rm } from 'node:fs/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { GroupSession, SessionAnswer } from '../../schemas/group-session.ts';
import { type Ledger, openLedger } from '../../src/ledger/database.ts';
import type { Executor } from '../../src/ledger/executor.ts';
import { migrate } from '../../src/ledger/migrate.ts';
import { MIGRATIONS } from '../../src/ledger/migrations/index.ts';
import { packageVersion } from '../../src/ops/package-info.ts';
import type { Vault } from '../../src/pipeline/deps.ts';
import type { SealedClaim } from '../../src/pipeline/sealed.ts';
import { CLOSED } from '../support/amending.ts';
import { seedWith, startApp, type TestApp, until } from '../support/app.ts';
import { newBareDataDir, newDataDir } from '../support/data-dir.ts';
import { asker, at, freshSession, withPatient } from '../support/ledgered.ts';

/** Migrations of the program that knew nothing yet of whose claim it is. */
const BEFORE_FACTS = MIGRATIONS.filter((m) => m.name < '0005');
const FACTS =
  sql.raw(`id, encode(patient_hash, 'hex') as patient, encode(member_hash, 'hex') as member, encode(person_hash, 'hex') as person,
  encode(demographics_hash, 'hex') as demographics, is_subscriber, encode(authorization_hash, 'hex') as authorization, authorized_units, units_stated, service_code, service_lines`);
const facts = async (db: Executor) => (await sql`select ${FACTS} from claim order by id`.execute(db)).rows;

type Attendee = GroupSession['attendees'][number];
const authorized = (a: Attendee): Attendee => ({
  ...a,
  coverages: a.coverages.map(
    (c) => ({ ...c, payerId: 'authorizing', priorAuthorization: { number: 'AUTH-9', unitsRemaining: 1 } }) as typeof c,
  ),
});
const first = (s: GroupSession): Attendee => s.attendees[0] as Attendee;

/** A claim's body as that program sealed it. */
function asOfOld(vault: Vault, row: { id: string; practice_id: string; sealed: string }): string {
  const bytes = Buffer.from(row.sealed.slice(2), 'hex');
  const { externalId, draft } = vault.open<SealedClaim>(row.practice_id, 'claim', row.id, bytes);
  const { identity: _i, authorization: _a, serviceCode: _s, part2: _p, ...old } = draft;
  return `\\x${Buffer.from(vault.seal(row.practice_id, 'claim', row.id, { externalId, draft: old })).toString('hex')}`;
}

/** Every row of `from` into the tables and columns that `to` has. */
async function copyRows(from: Ledger, to: Ledger, vault: Vault): Promise<void> {
  const tables = await sql<{ name: string }>`select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'schema_migration'`.execute(to.db);
  const contents = new Map<string, unknown[]>();
  for (const { name } of tables.rows) {
    const found = await sql<{
      rows: { id: string; practice_id: string; sealed: string }[] | null;
    }>`select jsonb_agg(to_jsonb(t)) as rows
      from ${sql.table(name)} t`.execute(from.db);
    const rows = found.rows[0]?.rows ?? [];
    contents.set(name, name === 'claim' ? rows.map((r) => ({ ...r, sealed: asOfOld(vault, r) })) : rows);
  }
  await to.transaction(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx);
    for (const [name, rows] of contents) {
      await sql`delete from ${sql.table(name)}`.execute(tx);
      await sql`insert into ${sql.table(name)} overriding system value
        select * from jsonb_populate_recordset(null::${sql.table(name)}, ${JSON.stringify(rows)}::jsonb)`.execute(tx);
    }
  });
  const counted = await sql<{
    name: string;
    col: string;
  }>`select table_name as name, column_name as col from information_schema.columns
    where table_schema = 'public' and is_identity = 'YES'`.execute(to.db);
  for (const { name, col } of counted.rows)
    await sql`select setval(pg_get_serial_sequence(${name}, ${col}), (select coalesce(max(${sql.ref(col)}), 0) + 1 from ${sql.table(name)}))`.execute(
      to.db,
    );
}

let t: TestApp;
let before: unknown[];
const stored: { one: GroupSession; answer: SessionAnswer }[] = [];
const dirs: string[] = [];
beforeAll(async () => {
  const seed = await seedWith({ windows: CLOSED });
  const aetna = seed.payers.find((p) => p['id'] === '60054');
  seed.payers.push({ ...aetna, id: 'authorizing', policyOverrides: { ...aetna?.policyOverrides, requiresPriorAuth: true } });
  const [now, old] = [await newDataDir(), await newBareDataDir()];
  dirs.push(now, old);
  const young = await startApp({ dataDir: now, seed });
  const { vault } = young.app.core;
  for (const session of [freshSession(371), withPatient(freshSession(372), 0, authorized(first(freshSession(372))))])
    stored.push({ one: session, answer: await asker(young).post(session) });
  before = await facts(young.app.core.ledger.db);
  await young.stop();
  const [from, to] = [await openLedger({ dataDir: now }), await openLedger({ dataDir: old })];
  await migrate(to, packageVersion(), { migrations: BEFORE_FACTS });
  await copyRows(from, to, vault);
  await Promise.all([from.close(), to.close()]);
  await cp(now, old, { recursive: true, filter: (path) => !path.startsWith(`${now}/ledger`) });
  t = await startApp({ dataDir: old, seed });
});
afterAll(async () => {
  await t.stop();
  for (const dir of dirs) await rm(dir, { recursive: true, force: true });
});

it('a ledger of before is migrated, and its claims are known for what they are', async () => {
  const { db } = t.app.core.ledger;
  const left = sql<{ n: number }>`select count(*)::int as n from claim where facts_version = 0`;
  await until('filled in', async () => (await left.execute(db)).rows[0]?.n === 0);
  expect(before).toHaveLength(6);
  expect(before.every((row) => Object.values(row as object).filter((v) => v === null).length <= 3)).toBe(true);
  expect(await facts(db)).toEqual(before);
});

it('what it stored counts for what comes: overlaps, a member id of another, units of an authorization', async () => {
  const ask = asker(t);
  const [one, two] = [stored[0]?.one as GroupSession, stored[1]?.one as GroupSession];
  const overlapping = at(freshSession(373), '17:30', '18:30');
  const { coverages } = one.attendees[2] as Attendee;
  const body: GroupSession = {
    ...overlapping,
    attendees: overlapping.attendees.map((a, i) => {
      if (i === 0) return { ...(one.attendees[1] as Attendee), note: a.note };
      return i === 1 ? { ...a, coverages } : a;
    }),
  };
  const standing = await ask.standing(await ask.post(body));
  expect(standing).toEqual(['held A04 A05', 'held A21', 'scheduled']);
  expect(await ask.standing(stored[0]?.answer as SessionAnswer)).toEqual(['scheduled', 'held A04', 'held A21']);

  // Another day, so that nothing but the authorization is in the way.
  const later = JSON.parse(JSON.stringify(freshSession(374)).replaceAll('2026-11-20', '2026-11-19')) as GroupSession;
  const again = withPatient(later, 0, { ...authorized(first(two)), note: first(later).note });
  expect((await ask.standing(await ask.post(again)))[0]).toBe('held A09');
});
