import { type RawBuilder, sql } from 'kysely';
import { type Executor, iso, rowsJson } from './executor.ts';

export interface SpacingRow {
  readonly key: string;
  readonly nextAt: number;
  readonly setAt: number;
}

export async function readSpacing(db: Executor, keys: readonly string[]): Promise<readonly SpacingRow[]> {
  if (keys.length === 0) return [];
  const rows = await db.selectFrom('spacing').selectAll().where('key', 'in', keys).execute();
  return rows.map((r) => ({ key: r.key, nextAt: r.next_at.getTime(), setAt: r.set_at.getTime() }));
}

/**
 * The release gate's claim on the future: every key moves from "due by `now`" to its new time, or none does; returns the
 * keys that moved, as a part of a statement, and the caller rolls back when one is missing. Keys are written in sorted
 * order, so that two gates cannot deadlock; a conditional upsert needs no row lock of ours and works alike on PGlite and
 * PostgreSQL.
 */
export function spacingClaim(slots: ReadonlyMap<string, number>, now: number): RawBuilder<{ key: string }> {
  const rows = [...slots.entries()].map(([key, at]) => ({ key, at: iso(at) }));
  return sql`insert into spacing (key, next_at, set_at)
    select key, at, ${iso(now)}::timestamptz from jsonb_to_recordset(${rowsJson(rows)}::jsonb) as x(key text, at timestamptz) order by key
    on conflict (key) do update set next_at = excluded.next_at, set_at = excluded.set_at where spacing.next_at <= ${iso(now)}::timestamptz
    returning key`;
}

/** Keys move to these times, never back: what a deadline pulls forward does not ask whether they were due. */
export async function raiseSpacing(db: Executor, slots: ReadonlyMap<string, number>): Promise<void> {
  if (slots.size === 0) return;
  const rows = [...slots.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, at]) => ({ key, at: iso(at) }));
  await sql`insert into spacing (key, next_at, set_at) select key, at, (select ledger_now()) from jsonb_to_recordset(${rowsJson(rows)}::jsonb) as r(key text, at timestamptz)
    order by key on conflict (key) do update set next_at = greatest(spacing.next_at, excluded.next_at), set_at = excluded.set_at`.execute(
    db,
  );
}

/**
 * A row written in the clock's future means that the clock was set back: its wait is counted again from now, so that
 * one full gap passes and nothing sticks until the old time comes round. Returns the keys that were mended.
 */
export async function mendSteppedClock(db: Executor, keys: readonly string[]): Promise<readonly string[]> {
  if (keys.length === 0) return [];
  const done = await sql<{
    key: string;
  }>`update spacing set next_at = (select ledger_now()) + greatest(next_at - set_at, interval '0'), set_at = (select ledger_now())
    where key in (${sql.join(keys)}) and set_at > (select ledger_now()) returning key`.execute(db);
  return done.rows.map((r) => r.key);
}

/** Gives keys back whose drop never came to be: their wait was over when it was frozen, so they are free. */
export async function freeSpacing(db: Executor, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await db.deleteFrom('spacing').where('key', 'in', keys).execute();
}
