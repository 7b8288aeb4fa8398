import { type RawBuilder, sql } from 'kysely';
import { type KeyConflict, type KeyToTake, keysInsert, keysWanted, settleKeys } from './claim-keys.ts';
import { type Executor, iso, rowsJson } from './executor.ts';

/** `spacing` keys: one namespace per kind, so that a hash can never collide with a lane's name. */
export const spacingKey = {
  lane: (laneId: string) => `lane:${laneId}`,
  lookAlike: (hash: string) => `la:${hash}`,
  sibling: (hash: string) => `sib:${hash}`,
};

/** What new claims are planned against. */
export interface PlanLook {
  readonly lookAlike: readonly string[];
  readonly sibling: readonly string[];
  /** Lanes with a gap: only there does it matter what is planned already. */
  readonly laneIds: readonly string[];
  /** Epoch ms; what lies before it takes no place in a lane. */
  readonly now: number;
  /** Stored claims that are planned anew: the place that each has now is no obstacle to it. Absent: they are not stored yet. */
  readonly anew?: readonly string[];
}

export interface LaneOccupancy {
  readonly nextAt: number;
  readonly occupied: readonly number[];
  readonly tail: number;
}

export interface PlanFacts {
  /** Latest moment taken, by look-alike and sibling key. */
  readonly lastByKey: ReadonlyMap<string, number>;
  readonly lanes: ReadonlyMap<string, LaneOccupancy>;
}

const OCCUPIED_LIMIT = 512;
const epochMs = (at: RawBuilder<unknown>): RawBuilder<number> => sql`(extract(epoch from ${at}) * 1000)::bigint`;

/** What `planFacts` selects; instants in epoch ms. */
export interface PlanFactsRow {
  readonly last_by_key: readonly { readonly k: string; readonly at: number | null }[] | null;
  readonly lanes: readonly { id: string; next_at: number | null; tail: number | null; occupied: number[] | null }[] | null;
}

/**
 * Two columns for a select list: the latest moment taken per look-alike and sibling key (stored plans and spacing rows), and
 * what each lane has planned (the nearest `OCCUPIED_LIMIT` times and the last one). All by index, one descent per key, so the
 * cost does not grow with the backlog.
 */
export function planFacts(look: PlanLook): RawBuilder<PlanFactsRow> {
  const keys = rowsJson([...look.lookAlike.map((k) => ({ k, la: true })), ...look.sibling.map((k) => ({ k, la: false }))]);
  const lanes = rowsJson(look.laneIds.map((id) => ({ id })));
  const other = look.anew === undefined || look.anew.length === 0 ? sql`` : sql` and claim.id not in (${sql.join(look.anew)})`;
  return sql`(select jsonb_agg(jsonb_build_object('k', r.k, 'at', ${epochMs(sql`greatest(
        case when r.la then (select not_before from claim where look_alike_key = r.k and state = 'scheduled' and look_alike_gap_ms > 0${other} order by not_before desc limit 1)
          else (select not_before from claim where sibling_key = r.k and state = 'scheduled'${other} order by not_before desc limit 1) end,
        (select least(set_at, (select ledger_now())) from spacing where key = case when r.la then 'la:' || r.k else 'sib:' || r.k end))`)}))
      from jsonb_to_recordset(${keys}::jsonb) as r(k text, la boolean)) as last_by_key,
    (select jsonb_agg(jsonb_build_object('id', r.id,
        'next_at', (select ${epochMs(sql`case when set_at > (select ledger_now()) then (select ledger_now()) + (next_at - set_at) else next_at end`)}
          from spacing where key = 'lane:' || r.id),
        'tail', (select ${epochMs(sql`planned_release_at`)} from claim where lane_id = r.id and state = 'scheduled'${other} order by planned_release_at desc limit 1),
        'occupied', (select jsonb_agg(t order by t) from (select ${epochMs(sql`planned_release_at`)} as t from claim
          where lane_id = r.id and state = 'scheduled' and planned_release_at >= ${iso(look.now)}::timestamptz${other} order by planned_release_at limit ${OCCUPIED_LIMIT}::int) x)))
      from jsonb_to_recordset(${lanes}::jsonb) as r(id text)) as lanes`;
}

export function planFactsOf(row: PlanFactsRow | undefined, now: number): PlanFacts {
  return {
    lastByKey: new Map((row?.last_by_key ?? []).flatMap(({ k, at }) => (at === null ? [] : [[k, at] as const]))),
    lanes: new Map(
      (row?.lanes ?? []).map((l) => [l.id, { nextAt: l.next_at ?? now, tail: l.tail ?? now, occupied: l.occupied ?? [] }]),
    ),
  };
}

export async function readPlanFacts(db: Executor, look: PlanLook): Promise<PlanFacts> {
  const found = await sql<PlanFactsRow>`select ${planFacts(look)}`.execute(db);
  return planFactsOf(found.rows[0], look.now);
}

/**
 * Takes the duplicate keys of claims about to be scheduled and reads what they are planned against, in one statement; on the
 * hot path of an intake. A conflict, which is rare, costs two more.
 */
export async function takeKeysAndLook(
  db: Executor,
  keys: readonly KeyToTake[],
  look: PlanLook,
): Promise<{ readonly conflicts: readonly KeyConflict[]; readonly facts: PlanFacts }> {
  const wanted = keysWanted(keys);
  const found = await sql<PlanFactsRow & { taken: number }>`with taken as (${keysInsert(wanted)})
    select (select count(*)::int from taken) as taken, ${planFacts(look)}`.execute(db);
  const row = found.rows[0];
  return { conflicts: await settleKeys(db, wanted, row?.taken ?? 0), facts: planFactsOf(row, look.now) };
}

export interface Replan {
  readonly claimId: string;
  readonly notBefore: number;
  readonly estimate: number;
  readonly reasons: readonly string[];
  readonly order?: string;
  /** Epoch ms; null = none, absent = as it was. */
  readonly deadlineAt?: number | null;
  readonly expedited?: boolean;
}

/**
 * Stores new times of scheduled claims, and of held ones about to be scheduled, and disarms them: a new time is a new
 * alarm. Claims that have moved on are left alone.
 */
export async function replanClaims(db: Executor, plans: readonly Replan[]): Promise<void> {
  if (plans.length === 0) return;
  const rows = rowsJson(
    plans.map((p) => ({
      id: p.claimId,
      nb: iso(p.notBefore),
      est: iso(p.estimate),
      reasons: p.reasons,
      ord: p.order ?? null,
      dl: iso(p.deadlineAt ?? null),
      dlset: p.deadlineAt !== undefined,
      exp: p.expedited ?? null,
    })),
  );
  await sql`update claim set not_before = r.nb, planned_release_at = r.est, plan_reasons = r.reasons, armed_for = null,
      order_key = coalesce(r.ord, order_key), deadline = case when r.dlset then r.dl else deadline end, expedited = coalesce(r.exp, expedited), updated_at = (select ledger_now())
    from jsonb_to_recordset(${rows}::jsonb) as r(id text, nb timestamptz, est timestamptz, reasons text[], ord text, dl timestamptz, dlset boolean, exp boolean)
    where claim.id = r.id and claim.state in ('scheduled', 'held')`.execute(db);
}

/** When the other expedited claims of a lane are to go, epoch ms: of one lane there are never many. */
export async function expeditedTimes(db: Executor, laneId: string, but: string): Promise<readonly number[]> {
  const found = await sql<{ at: Date }>`select planned_release_at as at from claim
    where lane_id = ${laneId} and state = 'scheduled' and expedited and id <> ${but} and planned_release_at is not null
    order by planned_release_at limit ${OCCUPIED_LIMIT}::int`.execute(db);
  return found.rows.map((r) => r.at.getTime());
}

export interface ArmedAlarm {
  readonly claimId: string;
  readonly alarmNo: number;
  readonly at: number;
}

/** Raises the alarm number of each still scheduled claim and notes for when it is armed. */
export async function armClaims(
  db: Executor,
  wanted: readonly { readonly claimId: string; readonly at: number }[],
): Promise<readonly ArmedAlarm[]> {
  if (wanted.length === 0) return [];
  const rows = rowsJson(wanted.map((w) => ({ id: w.claimId, at: iso(w.at) })));
  const done = await sql<{
    id: string;
    alarm_no: number;
    armed_for: Date;
  }>`update claim set alarm_no = alarm_no + 1, armed_for = r.at
    from jsonb_to_recordset(${rows}::jsonb) as r(id text, at timestamptz)
    where claim.id = r.id and claim.state = 'scheduled' returning claim.id, claim.alarm_no, claim.armed_for`.execute(db);
  return done.rows.map((r) => ({ claimId: r.id, alarmNo: r.alarm_no, at: r.armed_for.getTime() }));
}

/** Comes within the horizon and has no alarm. What is already due belongs to the lane runs, not to alarms of its own. */
export async function findUnarmed(
  db: Executor,
  horizonMs: number,
  limit: number,
): Promise<readonly { claimId: string; laneId: string; at: number }[]> {
  const found = await sql<{ id: string; lane_id: string; at: Date }>`select id, lane_id, planned_release_at as at from claim
    where state = 'scheduled' and armed_for is null and planned_release_at > (select ledger_now())
      and planned_release_at <= (select ledger_now()) + make_interval(secs => ${horizonMs / 1000})
    order by planned_release_at limit ${limit}`.execute(db);
  return found.rows.map((r) => ({ claimId: r.id, laneId: r.lane_id, at: r.at.getTime() }));
}

/** Claims whose estimate has passed get a new one at the lane's pace, in plan order: the console must not show the past. */
export async function reestimateOverdue(db: Executor, laneId: string): Promise<void> {
  await sql`update claim set planned_release_at = n.at, plan_reasons = case when 'catch_up' = any(plan_reasons) then plan_reasons
      else plan_reasons || array['catch_up'] end
    from (select c.id, greatest((select ledger_now()), s.next_at) + (row_number() over (order by c.expedited desc, c.order_key, c.id) - 1)
        * greatest(s.next_at - s.set_at, interval '0') as at
      from claim c join spacing s on s.key = 'lane:' || ${laneId}
      where c.lane_id = ${laneId} and c.state = 'scheduled' and c.planned_release_at < (select ledger_now()) - interval '1 second'
      order by c.expedited desc, c.order_key, c.id limit 500) n
    where claim.id = n.id and claim.state = 'scheduled'`.execute(db);
}

/** Next planned releases, soonest first. */
export async function upcomingClaims(
  db: Executor,
  practiceId: string | null,
  limit: number,
): Promise<readonly { id: string; laneId: string; payerId: string; plannedReleaseAt: Date; reasons: readonly string[] }[]> {
  const found = await sql<{
    id: string;
    lane_id: string;
    payer_id: string;
    at: Date;
    reasons: string[];
  }>`select id, lane_id, payer_id,
      planned_release_at as at, plan_reasons as reasons from claim
    where state = 'scheduled' and (${practiceId}::text is null or practice_id = ${practiceId}) order by planned_release_at limit ${limit}`.execute(
    db,
  );
  return found.rows.map((r) => ({
    id: r.id,
    laneId: r.lane_id,
    payerId: r.payer_id,
    plannedReleaseAt: r.at,
    reasons: r.reasons,
  }));
}
