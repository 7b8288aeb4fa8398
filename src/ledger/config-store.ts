import { sql } from 'kysely';
import type { Executor } from './executor.ts';
import type { Row } from './types.ts';

export interface StoredConfig {
  readonly kind: string;
  readonly id: string;
  readonly version: number;
  readonly body: unknown;
}

export async function currentConfigs(
  db: Executor,
  wanted: readonly { readonly kind: string; readonly id: string }[],
): Promise<readonly StoredConfig[]> {
  if (wanted.length === 0) return [];
  const rows =
    await sql<StoredConfig>`select v.kind, v.id, v.version, v.body from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as r(kind text, id text)
    join config_current c on c.kind = r.kind and c.id = r.id join config_version v on v.kind = c.kind and v.id = c.id and v.version = c.version`.execute(
      db,
    );
  return rows.rows;
}

/** Current versions by `<kind>:<id>`; what does not exist is not in it. */
export async function currentVersions(
  db: Executor,
  wanted: readonly { readonly kind: string; readonly id: string }[],
): Promise<ReadonlyMap<string, number>> {
  const found = await sql<{ kind: string; id: string; version: number }>`select c.kind, c.id, c.version
    from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as r(kind text, id text)
    join config_current c on c.kind = r.kind and c.id = r.id`.execute(db);
  return new Map(found.rows.map((r) => [`${r.kind}:${r.id}`, r.version]));
}

export async function allConfigs(db: Executor, kind: string): Promise<readonly StoredConfig[]> {
  const rows = await sql<StoredConfig>`select v.kind, v.id, v.version, v.body from config_current c
    join config_version v on v.kind = c.kind and v.id = c.id and v.version = c.version where c.kind = ${kind} order by v.id`.execute(
    db,
  );
  return rows.rows;
}

export async function configAt(db: Executor, kind: string, id: string, version: number): Promise<StoredConfig | undefined> {
  return db
    .selectFrom('config_version')
    .select(['kind', 'id', 'version', 'body'])
    .where('kind', '=', kind)
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst();
}

/** Adds a version and makes it current; every version stays, because claims remember the one they were built with. */
export async function putConfigVersion(db: Executor, kind: string, id: string, body: unknown, actor: string): Promise<number> {
  const text = JSON.stringify(body);
  const done = await sql<{ version: number }>`insert into config_version (kind, id, version, body, actor)
    select ${kind}, ${id}, coalesce(max(version), 0) + 1, ${text}::jsonb, ${actor} from config_version where kind = ${kind} and id = ${id} returning version`.execute(
    db,
  );
  const version = done.rows[0]?.version as number;
  await sql`insert into config_current (kind, id, version) values (${kind}, ${id}, ${version})
    on conflict (kind, id) do update set version = excluded.version`.execute(db);
  return version;
}

/** Claims not yet in a receiver's hands that were built with this configuration. */
export async function unsentClaims(
  db: Executor,
  kind: 'practice' | 'payer' | 'clearinghouse',
  id: string,
): Promise<readonly Row<'claim'>[]> {
  const column = kind === 'practice' ? 'practice_id' : kind === 'payer' ? 'payer_id' : 'clearinghouse_id';
  return db
    .selectFrom('claim')
    .selectAll()
    .where(column, '=', id)
    .where('state', 'in', ['held', 'scheduled', 'released'])
    .orderBy('id')
    .execute();
}

/** Rules that look codes up: intake's and the release gate's. */
const CODE_RULES = ['A10', 'E7', 'E21', 'E23', 'E32', 'E39'];

/**
 * Sessions with an unsent claim that was built with another version of its configuration than the current one, or without a
 * payer, or that a code list has held which has been loaded anew since.
 */
export async function outdatedSessions(db: Executor, after: string, limit: number): Promise<readonly string[]> {
  const rows = await sql<{ id: string }>`select distinct c.session_id as id from claim c
    left join config_current p on p.kind = 'practice' and p.id = c.practice_id
    left join config_current y on y.kind = 'payer' and y.id = c.payer_id
    left join config_current h on h.kind = 'clearinghouse' and h.id = c.clearinghouse_id
    where c.state in ('held', 'scheduled') and c.session_id > ${after} and (c.payer_id is null or p.version is distinct from c.practice_version
      or y.version is distinct from c.payer_version or h.version is distinct from c.clearinghouse_version
      or (c.state = 'held' and exists (select 1 from claim_hold x where x.claim_id = c.id and x.lifted_at is null
        and x.rule in (${sql.join(CODE_RULES)}) and x.since < (select max(loaded_at) from code_table))))
    order by 1 limit ${limit}`.execute(db);
  return rows.rows.map((r) => r.id);
}
