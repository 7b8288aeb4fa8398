import { sql } from 'kysely';
import { assertMoved, BY_DELIVERY, BY_GATE, type Move, moveParts } from './claims.ts';
import type { DropMember } from './drops.ts';
import { base64, type Executor, rowsJson } from './executor.ts';

export interface NewDrop {
  readonly id: string;
  readonly laneId: string;
  readonly clearinghouseId: string;
  readonly senderId: string;
  readonly receiverId: string;
  readonly isa13: number;
  readonly fileName: string;
  readonly target: unknown;
  /** Identity of the place: (target, file name) is unique for ever. */
  readonly targetKey: string;
  readonly size: number;
  readonly sha256: string;
  readonly sealed: Uint8Array;
  readonly claims: readonly {
    readonly claimId: string;
    readonly st02: string;
    readonly bht03: string;
    readonly patientControlNumber: string;
    readonly revision: number;
  }[];
}

/**
 * The irrevocable facts of new drops and the move of their claims, in the freezing transaction, as one statement; the first
 * attempt (token 1) belongs to whoever froze them. Throws `ClaimMovedElsewhere` (roll back) when a claim was not scheduled.
 */
export async function freezeDrops(db: Executor, drops: readonly NewDrop[], leaseMs: number): Promise<void> {
  // Field by field: callers pass drops that also carry their bytes, and a byte array as JSON is ten times its size.
  const files = rowsJson(
    drops.map((d) => ({
      id: d.id,
      laneId: d.laneId,
      clearinghouseId: d.clearinghouseId,
      senderId: d.senderId,
      receiverId: d.receiverId,
      isa13: d.isa13,
      fileName: d.fileName,
      target: d.target,
      targetKey: d.targetKey,
      size: d.size,
      sha256: d.sha256,
      sealed: base64(d.sealed),
    })),
  );
  const members = rowsJson(drops.flatMap((d) => d.claims.map((c) => ({ ...c, dropId: d.id }))));
  const moves: Move[] = drops.flatMap((d) =>
    d.claims.map((c) => ({
      id: c.claimId,
      from: 'scheduled' as const,
      to: 'released' as const,
      dropId: d.id,
      detail: { dropId: d.id, fileName: d.fileName },
    })),
  );
  const done = await sql<{ id: string }>`with files as (
      insert into drop_file (id, lane_id, clearinghouse_id, state, sender_id, receiver_id, isa13, file_name, target, target_key, size, sha256, sealed,
        token, attempts, frozen_at, lease_until)
      select id, "laneId", "clearinghouseId", 'frozen', "senderId", "receiverId", isa13, "fileName", target, "targetKey", size, sha256, decode(sealed, 'base64'),
        1, 1, (select ledger_now()), (select ledger_now()) + make_interval(secs => ${leaseMs / 1000})
      from jsonb_to_recordset(${files}::jsonb) as x(id text, "laneId" text, "clearinghouseId" text, "senderId" text, "receiverId" text,
        isa13 bigint, "fileName" text, target jsonb, "targetKey" text, size int, sha256 text, sealed text)),
    members as (
      insert into drop_claim (drop_id, claim_id, st02, bht03, patient_control_number, revision)
      select "dropId", "claimId", st02, bht03, "patientControlNumber", revision
      from jsonb_to_recordset(${members}::jsonb) as x("dropId" text, "claimId" text, st02 text, bht03 text, "patientControlNumber" text, revision int)),
    ${moveParts(moves, BY_GATE)}
    select id from moved`.execute(db);
  assertMoved(moves, done.rows);
}

export interface Transmitted {
  readonly laneId: string;
  readonly dropIds: readonly string[];
  readonly members: readonly DropMember[];
  /** Spacing keys of lane and claims with the wait in ms that counts from this moment; empty = spacing stays as it is. */
  readonly waits: ReadonlyMap<string, number>;
}

/**
 * Records drops as in the receiver's hands, in one statement: drops that are still open close, their released claims move,
 * spacing rows count from this moment (gaps are between drops) and never go back, and the lane is well again. Returns the
 * drops that were still open; of the others nothing changes.
 */
export async function recordTransmitted(db: Executor, t: Transmitted): Promise<ReadonlySet<string>> {
  const moves: Move[] = t.members.map((m) => ({
    id: m.claimId,
    from: 'released',
    to: 'transmitted',
    detail: { dropId: m.dropId },
  }));
  const waits = rowsJson([...t.waits].map(([key, ms]) => ({ key, ms })));
  const done = await sql<{ id: string }>`with closed as (
      update drop_file set state = 'transmitted', transmitted_at = (select ledger_now()), lease_until = null, reason = null
      where id = any(${t.dropIds}::text[]) and state in ('frozen', 'staged') returning id),
    ${moveParts(moves, BY_DELIVERY, sql`claim.drop_id in (select id from closed)`)},
    spaced as (
      insert into spacing (key, next_at, set_at)
      select key, (select ledger_now()) + make_interval(secs => ms / 1000.0), (select ledger_now())
      from jsonb_to_recordset(${waits}::jsonb) as x(key text, ms bigint) where exists (select 1 from closed) order by key
      on conflict (key) do update set next_at = greatest(spacing.next_at, excluded.next_at), set_at = excluded.set_at),
    well as (
      update lane set circuit_state = 'closed', circuit_failures = 0, circuit_until = null
      where id = ${t.laneId} and (circuit_failures > 0 or circuit_state <> 'closed'))
    select id from closed`.execute(db);
  return new Set(done.rows.map((r) => r.id));
}
