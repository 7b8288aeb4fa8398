import { sql } from 'kysely';
import type { Executor } from './executor.ts';
import type { Row } from './types.ts';

export interface NewLane {
  readonly id: string;
  readonly clearinghouseId: string;
  readonly senderId: string;
  readonly receiverId: string;
  readonly usage: string;
}

export async function ensureLane(db: Executor, lane: NewLane): Promise<void> {
  await sql`insert into lane (id, clearinghouse_id, sender_id, receiver_id, usage)
    values (${lane.id}, ${lane.clearinghouseId}, ${lane.senderId}, ${lane.receiverId}, ${lane.usage}) on conflict (id) do nothing`.execute(
    db,
  );
}

export async function findLane(db: Executor, id: string): Promise<Row<'lane'> | undefined> {
  return db.selectFrom('lane').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function allLanes(db: Executor): Promise<readonly Row<'lane'>[]> {
  return db.selectFrom('lane').selectAll().orderBy('id').execute();
}

export interface LaneLoad {
  readonly laneId: string;
  readonly scheduled: number;
  readonly overdue: number;
  readonly inFlight: number;
  readonly nextReleaseAt: Date | null;
}

/**
 * For people, not for the gate: counts the backlog, so it is read on demand only. `practiceId` null = every lane with
 * everybody's claims; of a practice only the lanes that carry or have carried claims of its own, and only those claims.
 */
export async function laneLoads(db: Executor, practiceId: string | null): Promise<ReadonlyMap<string, LaneLoad>> {
  const rows = await sql<{ lane_id: string; scheduled: number; overdue: number; next: Date | null; in_flight: number }>`
    select l.id as lane_id, coalesce(c.scheduled, 0)::int as scheduled, coalesce(c.overdue, 0)::int as overdue, c.next,
      (select count(*)::int from drop_file d where d.lane_id = l.id and d.state in ('frozen', 'staged')
        and (${practiceId}::text is null or exists (select 1 from drop_claim m join claim on claim.id = m.claim_id
          where m.drop_id = d.id and claim.practice_id = ${practiceId}))) as in_flight
    from lane l left join (select lane_id, count(*) as scheduled, count(*) filter (where planned_release_at < ledger_now() - interval '1 minute') as overdue,
      min(planned_release_at) as next from claim
      where state = 'scheduled' and (${practiceId}::text is null or practice_id = ${practiceId}) group by lane_id) c on c.lane_id = l.id
    where ${practiceId}::text is null
      or exists (select 1 from claim own where own.practice_id = ${practiceId} and own.lane_id = l.id)`.execute(db);
  return new Map(
    rows.rows.map((r) => [
      r.lane_id,
      { laneId: r.lane_id, scheduled: r.scheduled, overdue: r.overdue, inFlight: r.in_flight, nextReleaseAt: r.next },
    ]),
  );
}

export async function pauseLane(db: Executor, id: string, actor: string, reason: string): Promise<void> {
  await sql`update lane set paused_at = ledger_now(), paused_by = ${actor}, pause_reason = ${reason} where id = ${id}`.execute(
    db,
  );
}

/** An operator's resume also ends a stop, closes the circuit and ends the backoff of what is in hand: somebody has looked. */
export async function resumeLane(db: Executor, id: string): Promise<void> {
  await sql`update lane set paused_at = null, paused_by = null, pause_reason = null, stopped_at = null, stop_reason = null,
    circuit_state = 'closed', circuit_failures = 0, circuit_until = null where id = ${id}`.execute(db);
  await sql`update drop_file set retry_at = null where lane_id = ${id} and state in ('frozen', 'staged') and retry_at is not null`.execute(
    db,
  );
}

/** The service's own stop (no marker, recovery): kept apart from an operator's pause, so that neither hides the other. */
export async function stopLane(db: Executor, id: string, reason: string): Promise<void> {
  await sql`update lane set stopped_at = coalesce(stopped_at, ledger_now()), stop_reason = ${reason} where id = ${id}`.execute(
    db,
  );
}

export async function stopAllLanes(db: Executor, reason: string): Promise<void> {
  await sql`update lane set stopped_at = coalesce(stopped_at, ledger_now()), stop_reason = ${reason}`.execute(db);
}

/** Three failures open the circuit; each further one doubles the wait, 1 to 30 minutes. */
export async function recordLaneFailure(db: Executor, id: string): Promise<{ opened: boolean }> {
  const done = await sql<{
    circuit_state: string;
    circuit_failures: number;
  }>`update lane set circuit_failures = circuit_failures + 1,
      circuit_state = case when circuit_failures + 1 >= 3 then 'open' else circuit_state end,
      circuit_until = case when circuit_failures + 1 >= 3
        then ledger_now() + least(interval '30 minutes', interval '1 minute' * power(2, least(circuit_failures - 2, 5))) else circuit_until end
    where id = ${id} returning circuit_state, circuit_failures`.execute(db);
  const row = done.rows[0];
  return { opened: row?.circuit_state === 'open' && row.circuit_failures === 3 };
}

/** Raises every counter above what was ever seen (recovery mode). */
export async function raiseInterchangeCounter(
  db: Executor,
  senderId: string,
  receiverId: string,
  atLeast: number,
): Promise<void> {
  await sql`insert into control_counter (sender_id, receiver_id, last) values (${senderId}, ${receiverId}, ${atLeast})
    on conflict (sender_id, receiver_id) do update set last = greatest(control_counter.last, ${atLeast})`.execute(db);
}

export async function raiseAllCounters(db: Executor, by: number): Promise<void> {
  await sql`update control_counter set last = last + ${by}`.execute(db);
  await sql`update lane set st_counter = st_counter + ${by}`.execute(db);
}
