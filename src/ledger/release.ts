import { sql } from 'kysely';
import { type Executor, iso } from './executor.ts';

export interface DueClaim {
  readonly id: string;
  readonly practiceId: string;
  readonly expedited: boolean;
  readonly notBefore: number;
  readonly order: string;
  readonly lookAlikeKey: string;
  readonly lookAlikeGapMs: number;
  readonly siblingKey: string | null;
  readonly deadlineAt: number | null;
  readonly lineage: string;
  readonly revision: number;
  readonly traceNumber: string;
  readonly practiceVersion: number;
}

/** A lane's due claims in plan order, or by deadline after an outage. */
export async function dueClaims(
  db: Executor,
  laneId: string,
  now: number,
  limit: number,
  byDeadline = false,
): Promise<readonly DueClaim[]> {
  const rows = await sql<{
    id: string;
    practice_id: string;
    expedited: boolean;
    not_before: Date;
    order_key: string;
    look_alike_key: string;
    look_alike_gap_ms: number;
    sibling_key: string | null;
    deadline: Date | null;
    lineage: string;
    revision: number;
    trace_number: string;
    practice_version: number;
  }>`select id, practice_id, expedited, not_before, order_key, look_alike_key, look_alike_gap_ms, sibling_key, deadline, lineage, revision, trace_number,
      practice_version
    from claim where lane_id = ${laneId} and state = 'scheduled' and not_before <= ${iso(now)}::timestamptz
      and not exists (select 1 from claim_hold h where h.claim_id = claim.id and h.lifted_at is null)
    order by expedited desc, ${byDeadline ? sql`deadline nulls last, ` : sql``} order_key, id limit ${limit}`.execute(db);
  return rows.rows.map((r) => ({
    id: r.id,
    practiceId: r.practice_id,
    expedited: r.expedited,
    notBefore: r.not_before.getTime(),
    order: r.order_key,
    lookAlikeKey: r.look_alike_key,
    lookAlikeGapMs: r.look_alike_gap_ms,
    siblingKey: r.sibling_key,
    deadlineAt: r.deadline?.getTime() ?? null,
    lineage: r.lineage,
    revision: r.revision,
    traceNumber: r.trace_number,
    practiceVersion: r.practice_version,
  }));
}

/** The claim that the lane's next alarm belongs to: the first in order of those due at `at`, else the earliest of all. */
export async function nextInLane(
  db: Executor,
  laneId: string,
  at: number,
): Promise<{ id: string; notBefore: number; armedFor: number | null } | undefined> {
  const found = await sql<{ id: string; not_before: Date; armed_for: Date | null }>`
    (select id, not_before, armed_for from claim where lane_id = ${laneId} and state = 'scheduled' and not_before <= ${iso(at)}::timestamptz
      order by expedited desc, order_key, id limit 1)
    union all
    (select id, not_before, armed_for from claim where lane_id = ${laneId} and state = 'scheduled' order by not_before, id limit 1)
    limit 1`.execute(db);
  const row = found.rows[0];
  return row && { id: row.id, notBefore: row.not_before.getTime(), armedFor: row.armed_for?.getTime() ?? null };
}

/** Drops of a lane recorded since `since`: for the hourly and daily caps. */
export async function dropsSince(db: Executor, laneId: string, since: number): Promise<readonly number[]> {
  const rows = await sql<{ frozen_at: Date }>`select frozen_at from drop_file where lane_id = ${laneId} and state <> 'recalled'
    and frozen_at > ${iso(since)}::timestamptz order by frozen_at`.execute(db);
  return rows.rows.map((r) => r.frozen_at.getTime());
}

/** Claims armed and due but not gone: the intake's back-pressure figure. Stops counting at `limit`. */
export async function dueBacklog(db: Executor, limit: number): Promise<number> {
  const found = await sql<{
    n: number;
  }>`select count(*)::int as n from (select 1 from claim where state = 'scheduled' and planned_release_at < (select ledger_now()) limit ${limit}) x`.execute(
    db,
  );
  return found.rows[0]?.n ?? 0;
}

/** Lanes that hold a claim due for longer than `graceMs` and are neither paused nor stopped. */
export async function lanesWithDue(db: Executor, graceMs: number): Promise<readonly string[]> {
  const found = await sql<{
    id: string;
  }>`select l.id from lane l where l.paused_at is null and l.stopped_at is null and exists (select 1 from claim c
    where c.lane_id = l.id and c.state = 'scheduled' and c.planned_release_at < (select ledger_now()) - make_interval(secs => ${graceMs / 1000}))`.execute(
    db,
  );
  return found.rows.map((r) => r.id);
}

/** Whether anything of the lane is due: the cheap question that every alarm asks first. */
export async function anyDue(db: Executor, laneId: string, now: number): Promise<boolean> {
  const found =
    await sql`select 1 from claim where lane_id = ${laneId} and state = 'scheduled' and not_before <= ${iso(now)}::timestamptz limit 1`.execute(
      db,
    );
  return found.rows.length > 0;
}

/** Sealed bodies of the claims that were picked. */
export async function sealedBodies(db: Executor, ids: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const rows = await db.selectFrom('claim').select(['id', 'sealed']).where('id', 'in', ids).execute();
  return new Map(rows.map((r) => [r.id, r.sealed]));
}
