import { type RawBuilder, sql } from 'kysely';
import type { Executor } from './executor.ts';
import type { Row } from './types.ts';

export async function findIdempotent(
  db: Executor,
  owner: string,
  route: string,
  key: string,
): Promise<Row<'idempotency'> | undefined> {
  return db
    .selectFrom('idempotency')
    .selectAll()
    .where('owner', '=', owner)
    .where('route', '=', route)
    .where('key', '=', key)
    .executeTakeFirst();
}

/** What is already known of an intake, in one look: the answer stored under its key, and the session of its natural key. */
export async function findPrior(
  db: Executor,
  keys: {
    readonly owner: string;
    readonly route: string;
    readonly key: string;
    readonly practiceId: string;
    readonly externalId: string;
  },
): Promise<{ readonly answered: boolean; readonly sessionId: string | null }> {
  const found = await sql<{ answered: boolean; session_id: string | null }>`select
    exists (select 1 from idempotency where owner = ${keys.owner} and route = ${keys.route} and key = ${keys.key}) as answered,
    (select id from session where practice_id = ${keys.practiceId} and external_id = ${keys.externalId}) as session_id`.execute(
    db,
  );
  const row = found.rows[0] as { answered: boolean; session_id: string | null };
  return { answered: row.answered, sessionId: row.session_id };
}

export interface IdempotentAnswer {
  readonly owner: string;
  readonly route: string;
  readonly key: string;
  readonly bodyHash: Uint8Array;
  readonly status: number;
  readonly sealed: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** Inserts and returns the answer's key, or nothing when it is taken: a statement of its own or a part of one. */
export function answerInsert(a: IdempotentAnswer): RawBuilder<{ key: string }> {
  return sql`insert into idempotency (owner, route, key, body_hash, status, sealed, headers)
    values (${a.owner}, ${a.route}, ${a.key}, ${a.bodyHash}, ${a.status}, ${a.sealed}, ${JSON.stringify(a.headers)}::jsonb)
    on conflict do nothing returning key`;
}

/** False when the key is taken; waits for a concurrent holder of the key to commit or give up. */
export async function insertIdempotent(db: Executor, a: IdempotentAnswer): Promise<boolean> {
  return (await answerInsert(a).execute(db)).rows.length === 1;
}

/** Keys are kept at least 24 h. */
export async function purgeIdempotent(db: Executor): Promise<void> {
  await sql`delete from idempotency where created_at < ledger_now() - interval '48 hours'`.execute(db);
}
