import { sql } from 'kysely';
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
  const ordered = keys.map((k) => ({ kind: k.kind, hash: base64(k.hash), keyId: k.keyId, claimId: k.claimId }));
  const first = new Map<string, (typeof ordered)[number]>();
  const conflicts: KeyConflict[] = [];
  for (const k of ordered) {
    const id = `${k.kind}:${k.hash}`;
    const owner = first.get(id);
    if (owner === undefined) first.set(id, k);
    else if (owner.claimId !== k.claimId) conflicts.push({ kind: k.kind, claimId: k.claimId, ownerId: owner.claimId });
  }
  const wanted = [...first.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, k]) => k);
  const rows = rowsJson(wanted);
  const taken = await sql<{
    kind: string;
    hash: Buffer;
  }>`insert into claim_key (kind, hash, key_id, canonical_version, claim_id, taken_at)
    select kind, decode(hash, 'base64'), "keyId", ${CANONICAL_VERSION}, "claimId", (select ledger_now())
    from jsonb_to_recordset(${rows}::jsonb) as r(kind text, hash text, "keyId" text, "claimId" text) order by kind, hash
    on conflict (kind, hash) do nothing returning kind, hash`.execute(db);
  if (taken.rows.length < wanted.length) {
    const owners = await sql<{
      kind: string;
      asker: string;
      owner: string;
    }>`select k.kind, r."claimId" as asker, k.claim_id as owner
      from jsonb_to_recordset(${rows}::jsonb) as r(kind text, hash text, "claimId" text)
      join claim_key k on k.kind = r.kind and k.hash = decode(r.hash, 'base64') where k.claim_id <> r."claimId"`.execute(db);
    for (const o of owners.rows) conflicts.push({ kind: o.kind, claimId: o.asker, ownerId: o.owner });
  }
  await dropKeys(db, [...new Set(conflicts.map((c) => c.claimId))]);
  return conflicts;
}

/** Who owns these keys now; takes nothing (previews). */
export async function keyOwners(db: Executor, keys: readonly KeyToTake[]): Promise<readonly KeyConflict[]> {
  if (keys.length === 0) return [];
  const rows = rowsJson(keys.map((k) => ({ kind: k.kind, hash: base64(k.hash), claimId: k.claimId })));
  const owners = await sql<{
    kind: string;
    asker: string;
    owner: string;
  }>`select k.kind, r."claimId" as asker, k.claim_id as owner
    from jsonb_to_recordset(${rows}::jsonb) as r(kind text, hash text, "claimId" text)
    join claim_key k on k.kind = r.kind and k.hash = decode(r.hash, 'base64')`.execute(db);
  return owners.rows.map((o) => ({ kind: o.kind, claimId: o.asker, ownerId: o.owner }));
}

export async function dropKeys(db: Executor, claimIds: readonly string[]): Promise<void> {
  if (claimIds.length === 0) return;
  await db.deleteFrom('claim_key').where('claim_id', 'in', claimIds).execute();
}
