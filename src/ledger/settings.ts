import { sql } from 'kysely';
import type { Executor } from './executor.ts';

export async function readSetting(db: Executor, key: string): Promise<string | null> {
  return (await db.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst())?.value ?? null;
}

export async function writeSetting(db: Executor, key: string, value: string): Promise<void> {
  await sql`insert into setting (key, value) values (${key}, ${value}) on conflict (key) do update set value = excluded.value`.execute(
    db,
  );
}

/** Writes a value once; returns the one that stands. Two starters agree on it. */
export async function settleSetting(db: Executor, key: string, value: string): Promise<string> {
  await sql`insert into setting (key, value) values (${key}, ${value}) on conflict (key) do nothing`.execute(db);
  return (await readSetting(db, key)) as string;
}

/** One worker of many gets the turn: true when the row's time had passed and this caller moved it on. */
export async function takeTurn(db: Executor, key: string, everyMs: number): Promise<boolean> {
  await sql`insert into setting (key, value) values (${key}, '0') on conflict (key) do nothing`.execute(db);
  const done = await sql`update setting set value = (extract(epoch from ledger_now()) * 1000 + ${everyMs})::bigint::text
    where key = ${key} and (value::bigint <= extract(epoch from ledger_now()) * 1000 or value::bigint > extract(epoch from ledger_now()) * 1000 + 10 * ${everyMs})
    returning key`.execute(db);
  return done.rows.length === 1;
}

/** The ledger's clock inside a transaction, epoch milliseconds. */
export async function ledgerNow(db: Executor): Promise<number> {
  const found = await sql<{ now: Date }>`select ledger_now() as now`.execute(db);
  return (found.rows[0] as { now: Date }).now.getTime();
}
