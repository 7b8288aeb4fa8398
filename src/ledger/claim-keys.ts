import { type RawBuilder, sql } from 'kysely';
import { base64, type Executor, rowsJson } from './executor.ts';

export interface KeyToTake {
  readonly kind: string;
  readonly hash: Uint8Array;
  readonly keyId: string;
  readonly claimId: string;
}

/** Canonical form of the duplicate keys; a new form is a new version beside the old one. */
export const CANONICAL_VERSION = 1;

export interface KeyConflict {
  readonly kind: string;
  /** The claim that asked. */
  readonly claimId: string;
  /** The claim that owns the key. */
  readonly ownerId: string;
}

/**
 * Takes keys by primary key, in hash order so that two intakes never wait for each other in a circle. A claim that
 * meets an owner keeps none of its keys (R1: keys belong to scheduled claims), its conflicts are returned.
 * Among `keys` themselves the first claim in the list wins.
 */
export async function takeKeys(db: Executor, keys: readonly KeyToTake[]): Promise<readonly KeyConflict[]> {
  if (keys.length === 0) return [];
  const wanted = keysWanted(keys);
  const taken = await keysInsert(wanted).execute(db);
  return settleKeys(db, wanted, taken.rows.length);
}

/** Each key once, for its first claim, in hash order; the other askers are conflicts already. */
export interface WantedKeys {
  readonly rows: readonly { readonly kind: string; readonly hash: string; readonly keyId: string; readonly claimId: string }[];
  readonly conflicts: readonly KeyConflict[];
}

export function keysWanted(keys: readonly KeyToTake[]): WantedKeys {
  const first = new Map<string, WantedKeys['rows'][number]>();
  const conflicts: KeyConflict[] = [];
  for (const k of keys) {
    const row = { kind: k.kind, hash: base64(k.hash), keyId: k.keyId, claimId: k.claimId };
    const id = `${row.kind}:${row.hash}`;
    const owner = first.get(id);
    if (owner === undefined) first.set(id, row);
    else if (owner.claimId !== k.claimId) conflicts.push({ kind: k.kind, claimId: k.claimId, ownerId: owner.claimId });
  }
  return { rows: [...first.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, k]) => k), conflicts };
}

/** Inserts what is free and returns a row for each, as a statement of its own or as a part of one. */
export function keysInsert(wanted: WantedKeys): RawBuilder<{ kind: string }> {
  return sql`insert into claim_key (kind, hash, key_id, canonical_version, claim_id, taken_at)
    select kind, decode(hash, 'base64'), "keyId", ${CANONICAL_VERSION}::int, "claimId", (select ledger_now())
    from jsonb_to_recordset(${rowsJson(wanted.rows)}::jsonb) as r(kind text, hash text, "keyId" text, "claimId" text) order by kind, hash
    on conflict (kind, hash) do nothing returning kind`;
}

/** After the insert: who owns what it did not get, if anything; the claims that met an owner give up what they got. */
export async function settleKeys(db: Executor, wanted: WantedKeys, taken: number): Promise<readonly KeyConflict[]> {
  const conflicts = [...wanted.conflicts];
  if (taken < wanted.rows.length) {
    const owners = await sql<{
      kind: string;
      asker: string;
      owner: string;
    }>`select k.kind, r."claimId" as asker, k.claim_id as owner
      from jsonb_to_recordset(${rowsJson(wanted.rows)}::jsonb) as r(kind text, hash text, "claimId" text)
      join claim_key k on k.kind = r.kind and k.hash = decode(r.hash, 'base64') where k.claim_id <> r."claimId"`.execute(db);
    for (const o of owners.rows) conflicts.push({ kind: o.kind, claimId: o.asker, ownerId: o.owner });
  }
  await dropKeys(db, [...new Set(conflicts.map((c) => c.claimId))]);
  return conflicts;
}

/** True when a claim other than these owns one of the keys; takes nothing. */
export async function othersOwn(
  db: Executor,
  claimIds: readonly string[],
  keys: readonly { readonly kind: string; readonly hash: Uint8Array }[],
): Promise<boolean> {
  const rows = rowsJson(keys.map((k) => ({ kind: k.kind, hash: base64(k.hash) })));
  const found = await sql`select 1 from jsonb_to_recordset(${rows}::jsonb) as r(kind text, hash text)
    join claim_key k on k.kind = r.kind and k.hash = decode(r.hash, 'base64') where k.claim_id not in (${sql.join(claimIds)}) limit 1`.execute(
    db,
  );
  return found.rows.length > 0;
}

export async function dropKeys(db: Executor, claimIds: readonly string[]): Promise<void> {
  if (claimIds.length === 0) return;
  await db.deleteFrom('claim_key').where('claim_id', 'in', claimIds).execute();
}

/** Gives up the keys of a claim that are not among those it wants now. */
export async function dropStaleKeys(db: Executor, claimId: string, wanted: readonly KeyToTake[]): Promise<void> {
  await sql`delete from claim_key k where k.claim_id = ${claimId} and not exists (
    select 1 from jsonb_to_recordset(${rowsJson(wanted.map((w) => ({ kind: w.kind, hash: base64(w.hash) })))}::jsonb) as r(kind text, hash text)
    where r.kind = k.kind and decode(r.hash, 'base64') = k.hash)`.execute(db);
}

/**
 * Takes what a claim that may own some of its keys already does not own yet; keys of the claims in `chain`, which it
 * corrects, are no conflict (R4: one service, one owner). One that meets another owner takes nothing.
 */
export async function takeMissingKeys(
  db: Executor,
  claimId: string,
  wanted: readonly KeyToTake[],
  chain: readonly string[],
): Promise<readonly KeyConflict[]> {
  if (wanted.length === 0) return [];
  const rows = rowsJson(wanted.map((k) => ({ kind: k.kind, hash: base64(k.hash), keyId: k.keyId })));
  const taken = await sql<{
    kind: string;
    hash: Buffer;
  }>`insert into claim_key (kind, hash, key_id, canonical_version, claim_id, taken_at)
    select kind, decode(hash, 'base64'), "keyId", ${CANONICAL_VERSION}::int, ${claimId}::text, (select ledger_now())
    from jsonb_to_recordset(${rows}::jsonb) as r(kind text, hash text, "keyId" text) order by kind, hash
    on conflict (kind, hash) do nothing returning kind, hash`.execute(db);
  if (taken.rows.length === wanted.length) return [];
  const owners = await sql<{ kind: string; owner: string }>`select k.kind, k.claim_id as owner
    from jsonb_to_recordset(${rows}::jsonb) as r(kind text, hash text)
    join claim_key k on k.kind = r.kind and k.hash = decode(r.hash, 'base64')
    where k.claim_id <> ${claimId} and k.claim_id not in (select jsonb_array_elements_text(${JSON.stringify(chain)}::jsonb))`.execute(
    db,
  );
  if (owners.rows.length > 0) {
    const given = rowsJson(taken.rows.map((t) => ({ kind: t.kind, hash: base64(t.hash) })));
    await sql`delete from claim_key k using jsonb_to_recordset(${given}::jsonb) as r(kind text, hash text)
      where k.claim_id = ${claimId} and k.kind = r.kind and k.hash = decode(r.hash, 'base64')`.execute(db);
  }
  return owners.rows.map((o) => ({ kind: o.kind, claimId, ownerId: o.owner }));
}
