import { sql } from 'kysely';
import { type Executor, iso, rowsJson } from './executor.ts';
import type { Row } from './types.ts';

/**
 * Nobody holds the lease and the backoff is over. A time further ahead than either can be was written before the clock was
 * set back, and counts as over.
 */
const FREE = sql`(lease_until is null or lease_until < (select ledger_now()) or lease_until > (select ledger_now()) + interval '5 minutes')
  and (retry_at is null or retry_at <= (select ledger_now()) or retry_at > (select ledger_now()) + interval '10 minutes')`;

/** A drop without its bytes. */
export type DropRow = Pick<Row<'drop_file'>, (typeof ATTEMPT_COLUMNS)[number]>;

const ATTEMPT_COLUMNS = [
  'id',
  'lane_id',
  'clearinghouse_id',
  'state',
  'sender_id',
  'receiver_id',
  'isa13',
  'file_name',
  'target',
  'target_key',
  'size',
  'sha256',
  'token',
  'lease_until',
  'staged',
  'reason',
  'attempts',
  'retry_at',
  'frozen_at',
] as const;

/** Drops still open, without their bytes. */
export async function dropRows(db: Executor, ids: readonly string[]): Promise<readonly DropRow[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom('drop_file')
    .select(ATTEMPT_COLUMNS)
    .where('id', 'in', ids)
    .where('state', 'in', ['frozen', 'staged'])
    .execute();
}

/**
 * Step 0 of every further attempt: raises the fencing token and takes the lease, for drops that nobody holds. Whoever had
 * them before can no longer record anything.
 */
export async function beginAttempts(db: Executor, ids: readonly string[], leaseMs: number): Promise<readonly DropRow[]> {
  if (ids.length === 0) return [];
  const rows = rowsJson(ids.map((id) => ({ id })));
  const begun = await sql<{ id: string }>`update drop_file set token = token + 1, attempts = attempts + 1,
      lease_until = (select ledger_now()) + make_interval(secs => ${leaseMs / 1000})
    from jsonb_to_recordset(${rows}::jsonb) as r(id text)
    where drop_file.id = r.id and state in ('frozen', 'staged') and ${FREE} returning drop_file.id`.execute(db);
  if (begun.rows.length === 0) return [];
  return db
    .selectFrom('drop_file')
    .select(ATTEMPT_COLUMNS)
    .where(
      'id',
      'in',
      begun.rows.map((r) => r.id),
    )
    .orderBy('isa13')
    .execute();
}

/** Drops whose attempt ended without a result: nobody holds their lease and their backoff is over. A stopped lane waits for people. */
export async function idleDrops(db: Executor, limit: number): Promise<readonly { id: string; laneId: string }[]> {
  const found = await sql<{
    id: string;
    lane_id: string;
  }>`select drop_file.id, lane_id from drop_file join lane on lane.id = lane_id
    where lane.stopped_at is null and state in ('frozen', 'staged') and ${FREE} order by isa13 limit ${limit}`.execute(db);
  return found.rows.map((r) => ({ id: r.id, laneId: r.lane_id }));
}

/**
 * Writes the temporary name once per drop (null → name), conditional on the caller's token. Returns the drops that took
 * it; the others belong to somebody else now, and the caller deletes its own temp.
 */
export async function recordStaged(
  db: Executor,
  staged: readonly { readonly id: string; readonly token: number; readonly name: string }[],
): Promise<ReadonlySet<string>> {
  const done = await sql<{ id: string }>`update drop_file set staged = r.name, state = 'staged'
    from jsonb_to_recordset(${rowsJson(staged)}::jsonb) as r(id text, token int, name text)
    where drop_file.id = r.id and drop_file.token = r.token and drop_file.staged is null and drop_file.state = 'frozen' returning drop_file.id`.execute(
    db,
  );
  return new Set(done.rows.map((r) => r.id));
}

export async function closeDrop(
  db: Executor,
  id: string,
  state: 'transmit_unknown' | 'recalled',
  reason: string,
): Promise<boolean> {
  const done =
    await sql`update drop_file set state = ${state}, reason = ${reason}, lease_until = null where id = ${id} and state in ('frozen', 'staged') returning id`.execute(
      db,
    );
  return done.rows.length === 1;
}

/** A recall works only while no byte was staged; raising the token stops whoever is about to stage. */
export async function recallUnstaged(db: Executor, id: string): Promise<boolean> {
  const done = await sql`update drop_file set state = 'recalled', token = token + 1, lease_until = null
    where id = ${id} and staged is null and state = 'frozen' returning id`.execute(db);
  return done.rows.length === 1;
}

/** Gives the attempt up until `retryAt`; the claim stays `released`, the bytes stay as they are. */
export async function postponeDrop(db: Executor, id: string, token: number, retryAt: number, reason: string): Promise<void> {
  await sql`update drop_file set lease_until = null, retry_at = ${iso(retryAt)}::timestamptz, reason = ${reason}
    where id = ${id} and token = ${token} and state in ('frozen', 'staged')`.execute(db);
}

/** The owner of the data directory starts alone: whoever held a lease is dead. */
export async function clearLeases(db: Executor): Promise<void> {
  await sql`update drop_file set lease_until = null where state in ('frozen', 'staged') and lease_until is not null`.execute(db);
}

/** Transmitted drops not yet noticed as taken, oldest first after `after`. */
export async function waitingDrops(db: Executor, after: string, limit: number): Promise<readonly Row<'drop_file'>[]> {
  return db
    .selectFrom('drop_file')
    .selectAll()
    .where('state', '=', 'transmitted')
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
}

export async function recordPickedUp(db: Executor, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const done = await sql<{ id: string }>`update drop_file set state = 'picked_up', picked_up_at = (select ledger_now())
    where id in (${sql.join(ids)}) and state = 'transmitted' returning id`.execute(db);
  return done.rows.map((r) => r.id);
}

export async function findDrop(db: Executor, id: string): Promise<Row<'drop_file'> | undefined> {
  return db.selectFrom('drop_file').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function membersOf(db: Executor, dropIds: readonly string[]): Promise<readonly Row<'drop_claim'>[]> {
  if (dropIds.length === 0) return [];
  return db.selectFrom('drop_claim').selectAll().where('drop_id', 'in', dropIds).orderBy('drop_id').orderBy('st02').execute();
}

/** A claim as its file's delivery sees it. */
export interface DropMember {
  readonly dropId: string;
  readonly claimId: string;
  readonly st02: string;
  readonly lookAlikeKey: string | null;
  readonly lookAlikeGapMs: number;
  readonly siblingKey: string | null;
}

export async function deliveryMembers(db: Executor, dropIds: readonly string[]): Promise<readonly DropMember[]> {
  if (dropIds.length === 0) return [];
  return db
    .selectFrom('drop_claim as m')
    .innerJoin('claim as c', 'c.id', 'm.claim_id')
    .select([
      'm.drop_id as dropId',
      'm.claim_id as claimId',
      'm.st02 as st02',
      'c.look_alike_key as lookAlikeKey',
      'c.look_alike_gap_ms as lookAlikeGapMs',
      'c.sibling_key as siblingKey',
    ])
    .where('m.drop_id', 'in', dropIds)
    .orderBy('m.drop_id')
    .orderBy('m.st02')
    .execute();
}

/** Newest first; a practice sees the drops that carry a claim of its own. */
export async function recentDrops(db: Executor, limit: number, practiceId: string | null): Promise<readonly Row<'drop_file'>[]> {
  return db
    .selectFrom('drop_file')
    .selectAll()
    .$if(practiceId !== null, (q) =>
      q.where((eb) =>
        eb.exists(
          eb
            .selectFrom('claim')
            .select('claim.id')
            .whereRef('claim.drop_id', '=', 'drop_file.id')
            .where('claim.practice_id', '=', practiceId as string),
        ),
      ),
    )
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** Staging names that a cleaner must leave alone: recorded and still open. */
export async function openStagedNames(db: Executor): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('drop_file')
    .select('staged')
    .where('staged', 'is not', null)
    .where('state', 'in', ['frozen', 'staged', 'transmit_unknown'])
    .execute();
  return new Set(rows.flatMap((r) => (r.staged === null ? [] : [r.staged])));
}

/** What recovery compares with the journal, without the bytes. */
export async function dropStates(
  db: Executor,
  ids: readonly string[],
): Promise<readonly { id: string; state: string; staged: string | null; sha256: string }[]> {
  if (ids.length === 0) return [];
  return db.selectFrom('drop_file').select(['id', 'state', 'staged', 'sha256']).where('id', 'in', ids).execute();
}

/** The sealed bytes of a drop. */
export async function dropBytes(db: Executor, id: string): Promise<Buffer | undefined> {
  return (await db.selectFrom('drop_file').select('sealed').where('id', '=', id).executeTakeFirst())?.sealed;
}
