import { sql } from 'kysely';
import { type Executor, iso, rowsJson } from './executor.ts';
import { UNSENT_COLUMNS, UNSENT_ROWS, type UnsentClaim } from './privacy.ts';
import { type SpacingRow, spacingClaim } from './spacing.ts';
import type { Row } from './types.ts';

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
  /** When its row was written last, as the ledger writes it. */
  readonly updatedAt: string;
  /** When the override that let it go expires, epoch ms. */
  readonly overrideUntil: number | null;
}

/** What the gate asks of a lane. */
const LANE_COLUMNS = sql.raw(
  'id, clearinghouse_id, sender_id, receiver_id, paused_at, stopped_at, circuit_state, circuit_failures, circuit_until',
);

export type GateLane = Pick<
  Row<'lane'>,
  | 'id'
  | 'clearinghouse_id'
  | 'sender_id'
  | 'receiver_id'
  | 'paused_at'
  | 'stopped_at'
  | 'circuit_state'
  | 'circuit_failures'
  | 'circuit_until'
>;

/** A lane at one moment of the ledger's clock. */
export interface LaneLook {
  readonly lane: GateLane;
  /** Epoch ms. */
  readonly now: number;
  readonly anyDue: boolean;
}

/** The cheap question that every alarm asks first: how the lane stands, and whether anything in it is due. */
export async function lookAtLane(db: Executor, laneId: string): Promise<LaneLook | undefined> {
  const found = await sql<GateLane & { now: Date; any_due: boolean }>`select ${LANE_COLUMNS}, now,
      exists (select 1 from claim where lane_id = lane.id and state = 'scheduled' and pending_action is null and not_before <= now) as any_due
    from lane, (select ledger_now() as now) clock where id = ${laneId}`.execute(db);
  const row = found.rows[0];
  if (row === undefined) return undefined;
  const { now, any_due, ...lane } = row;
  return { lane, now: now.getTime(), anyDue: any_due };
}

/**
 * Takes the lane's row until the transaction ends, by writing it: works alike on PGlite and PostgreSQL, without FOR UPDATE.
 * From here two gates of one lane go one after the other; the second sees what the first released and people paused.
 */
export async function enterLane(db: Executor, laneId: string): Promise<{ lane: GateLane; now: number } | undefined> {
  const found = await sql<GateLane & { now: Date }>`update lane set st_counter = st_counter where id = ${laneId}
    returning ${LANE_COLUMNS}, ledger_now() as now`.execute(db);
  const row = found.rows[0];
  if (row === undefined) return undefined;
  const { now, ...lane } = row;
  return { lane, now: now.getTime() };
}

export interface LaneQuestion {
  readonly laneId: string;
  readonly now: number;
  readonly limit: number;
  /** After an outage: earliest deadline first, instead of plan order. */
  readonly byDeadline: boolean;
}

export interface DueInLane {
  /** Something of this lane is under way: the gate releases nothing beside it. */
  readonly busy: boolean;
  readonly due: readonly DueClaim[];
  /** Rows of the lane's own key and of every key that these claims answer to. */
  readonly spacing: readonly SpacingRow[];
}

const epochMs = (column: string) => sql`(extract(epoch from ${sql.ref(column)}) * 1000)::bigint`;

/** A lane's due claims without holds, in order, and what bars them. To be asked after `enterLane`, in the same transaction. */
export async function dueInLane(db: Executor, { laneId, now, limit, byDeadline }: LaneQuestion): Promise<DueInLane> {
  const order = byDeadline ? sql`expedited desc, deadline nulls last, order_key, id` : sql`expedited desc, order_key, id`;
  const found = await sql<{ busy: boolean; due: DueClaim[] | null; spacing: SpacingRow[] | null }>`with due as materialized (
      select id, practice_id, expedited, not_before, order_key, look_alike_key, look_alike_gap_ms, sibling_key, deadline, lineage, revision,
        trace_number, practice_version, updated_at, override_until
      from claim where lane_id = ${laneId} and state = 'scheduled' and pending_action is null and not_before <= ${iso(now)}::timestamptz
        and not exists (select 1 from claim_hold h where h.claim_id = claim.id and h.lifted_at is null)
      order by ${order} limit ${limit}::int),
    keys as (select 'lane:' || ${laneId}::text as key union select 'la:' || look_alike_key from due where look_alike_gap_ms > 0
      union select 'sib:' || sibling_key from due where sibling_key is not null)
    select exists (select 1 from drop_file where lane_id = ${laneId} and state in ('frozen', 'staged')) as busy,
      (select jsonb_agg(jsonb_build_object('id', id, 'practiceId', practice_id, 'expedited', expedited, 'notBefore', ${epochMs('not_before')},
        'order', order_key, 'lookAlikeKey', look_alike_key, 'lookAlikeGapMs', look_alike_gap_ms, 'siblingKey', sibling_key,
        'deadlineAt', ${epochMs('deadline')}, 'lineage', lineage, 'revision', revision, 'traceNumber', trace_number,
        'practiceVersion', practice_version, 'updatedAt', updated_at, 'overrideUntil', ${epochMs('override_until')}) order by ${order}) from due) as due,
      (select jsonb_agg(jsonb_build_object('key', s.key, 'nextAt', ${epochMs('next_at')}, 'setAt', ${epochMs('set_at')}))
        from keys join spacing s on s.key = keys.key) as spacing`.execute(db);
  const row = found.rows[0];
  return { busy: row?.busy ?? false, due: row?.due ?? [], spacing: row?.spacing ?? [] };
}

export interface Take {
  readonly lane: GateLane;
  /** New times of the keys that must have been due by `now`. */
  readonly slots: ReadonlyMap<string, number>;
  readonly now: number;
  readonly files: number;
  readonly claims: readonly Pick<DueClaim, 'id' | 'updatedAt'>[];
}

export interface Taken {
  readonly firstIsa13: number;
  readonly firstSt: number;
  readonly unsent: ReadonlyMap<string, UnsentClaim>;
}

/**
 * What a release takes, in one statement: the spacing keys of lane and claims, as many interchange control numbers of
 * (ISA06, ISA08) as files, as many transaction set control numbers of the lane as claims, and the claims with what bars them.
 * Numbers are never handed out twice, gaps are fine. Null (roll back) when a spacing key is not due, or a claim was written
 * since it was looked at (built again, planned anew): what the gate knows of it is old. Their rows are taken until the
 * transaction ends. Throws when the numbers are used up.
 */
export async function takeRelease(db: Executor, { lane, slots, now, files, claims }: Take): Promise<Taken | null> {
  const found = await sql<UnsentClaim & { spaced: number; isa: number; st: number }>`with
    spaced as (${spacingClaim(slots, now)}),
    isa as (insert into control_counter (sender_id, receiver_id, last) values (${lane.sender_id}, ${lane.receiver_id}, ${files}::int)
      on conflict (sender_id, receiver_id) do update set last = control_counter.last + ${files}::int returning last),
    st as (update lane set st_counter = st_counter + ${claims.length}::int where id = ${lane.id} returning st_counter as last)
    select (select count(*)::int from spaced) as spaced, (select last from isa) as isa, (select last from st) as st, ${UNSENT_COLUMNS}
    from ${UNSENT_ROWS} join jsonb_to_recordset(${rowsJson(claims.map(({ id, updatedAt }) => ({ id, at: updatedAt })))}::jsonb) as r(id text, at timestamptz)
      on r.id = c.id where c.state = 'scheduled' and c.updated_at = r.at order by c.id for update of c`.execute(db);
  const row = found.rows[0];
  if (row === undefined || found.rows.length !== claims.length || row.spaced !== slots.size) return null;
  return {
    firstIsa13: firstOf(row.isa, files),
    firstSt: firstOf(row.st, claims.length),
    unsent: new Map(found.rows.map((r) => [r.id, r])),
  };
}

function firstOf(last: number, count: number): number {
  // ISA13 and ST02 have nine digits; wrapping round would hand out a number twice.
  if (last > 999_999_999) throw new Error('control numbers are used up');
  return last - count + 1;
}

export interface NextInLane {
  readonly id: string;
  readonly armedFor: number | null;
  /** When lane and claim are both free, epoch ms. */
  readonly at: number;
}

/**
 * The claim that the lane's next alarm belongs to: the first in order of those due when the lane is free, else the earliest
 * of all. `now` and `notBefore` in epoch ms. A spacing row written in the clock's future is mended by the gate; its wait
 * counts from now.
 */
export async function nextInLane(db: Executor, laneId: string, now: number, notBefore: number): Promise<NextInLane | undefined> {
  const found = await sql<{ id: string; armed_for: Date | null; at: Date }>`with free as (
      select greatest(${iso(Math.max(now, notBefore))}::timestamptz, (select case when set_at > ${iso(now)}::timestamptz
        then ${iso(now)}::timestamptz + (next_at - set_at) else next_at end from spacing where key = 'lane:' || ${laneId}::text)) as at),
    next as ((select id, not_before, armed_for from claim where lane_id = ${laneId} and state = 'scheduled' and pending_action is null and not_before <= (select at from free)
        order by expedited desc, order_key, id limit 1)
      union all
      (select id, not_before, armed_for from claim where lane_id = ${laneId} and state = 'scheduled' and pending_action is null order by not_before, id limit 1)
      limit 1)
    select next.id, next.armed_for, greatest(free.at, next.not_before) as at from next, free`.execute(db);
  const row = found.rows[0];
  return row && { id: row.id, armedFor: row.armed_for?.getTime() ?? null, at: row.at.getTime() };
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
