import { type RawBuilder, sql } from 'kysely';
import type { ClaimState } from '../../schemas/common.ts';
import { type Cause, canTransition, KEY_RELEASING_STATES } from '../claim/states.ts';
import { dropKeys } from './claim-keys.ts';
import { type Executor, rowsJson } from './executor.ts';
import type { Row, RowUpdate } from './types.ts';

export interface Move {
  readonly id: string;
  readonly from: ClaimState;
  readonly to: ClaimState;
  /** Stays on the claim (`reason` in the API): a word of ours. */
  readonly reason?: string | null;
  /** For the history: what a person gave as reason; without it `reason`. */
  readonly note?: string;
  /** The file that carries the claim from now on; null = none any more. */
  readonly dropId?: string | null;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Who moves a claim, for the event, and in what capacity, for the transition table. */
export interface By {
  readonly actor: string;
  readonly cause: Cause;
}

export const BY_GATE: By = { actor: 'gate', cause: 'gate' };
export const BY_DELIVERY: By = { actor: 'delivery', cause: 'system' };

export class ClaimMovedElsewhere extends Error {
  readonly ids: readonly string[];
  constructor(ids: readonly string[]) {
    super('a claim changed state in the meantime');
    this.name = 'ClaimMovedElsewhere';
    this.ids = ids;
  }
}

/**
 * The one writer of a claim's state, as the parts `r`, `moved` and `told` of a statement's WITH: every move is checked
 * against the transition table, conditional on the state that the caller saw, and recorded as an event. `onlyIf` narrows
 * what moves beyond that; `moved` says by id what did.
 */
function movement(moves: readonly Move[], by: By, onlyIf: RawBuilder<unknown>): RawBuilder<unknown> {
  for (const m of moves) {
    if (!canTransition(m.from, m.to, by.cause)) throw new Error(`no transition from ${m.from} to ${m.to} by ${by.cause}`);
  }
  const rows = rowsJson(
    moves.map((m) => ({
      id: m.id,
      f: m.from,
      t: m.to,
      reason: m.reason ?? null,
      note: m.note ?? m.reason ?? null,
      drop: m.dropId ?? null,
      clear: m.dropId === null,
      detail: m.detail ?? null,
    })),
  );
  return sql`r as (select id, f, t, reason, note, "drop", clear, detail from jsonb_to_recordset(${rows}::jsonb) as x(id text, f text, t text, reason text, note text, "drop" text, clear boolean, detail jsonb)),
    moved as (update claim set state = r.t, state_reason = r.reason, updated_at = (select ledger_now()),
        drop_id = case when r.clear then null else coalesce(r."drop", drop_id) end, armed_for = case when r.t = 'scheduled' then armed_for end
      from r where claim.id = r.id and claim.state = r.f and ${onlyIf} returning claim.id),
    told as (insert into ledger_event (at, subject, kind, from_state, to_state, actor, reason, detail)
      select (select ledger_now()), r.id, 'claim.state', r.f, r.t, ${by.actor}::text, r.note, r.detail from r join moved on moved.id = r.id)`;
}

/** As part of a larger statement, for claims that stay alive; what ends gives up keys and links, and that is `moveClaims`'. */
export function moveParts(moves: readonly Move[], by: By, onlyIf: RawBuilder<unknown> = sql`true`): RawBuilder<unknown> {
  if (moves.some((m) => (KEY_RELEASING_STATES as readonly string[]).includes(m.to)))
    throw new Error('a claim that ends is moved alone');
  return movement(moves, by, onlyIf);
}

/** Throws `ClaimMovedElsewhere` (roll back) when a claim was not in the expected state. */
export function assertMoved(moves: readonly Move[], rows: readonly { readonly id: string }[]): void {
  if (rows.length === moves.length) return;
  const moved = new Set(rows.map((r) => r.id));
  throw new ClaimMovedElsewhere(moves.map((m) => m.id).filter((id) => !moved.has(id)));
}

/**
 * Moves claims; states that give up their duplicate keys (R2) give them up here. Throws `ClaimMovedElsewhere` (roll back)
 * when a claim was not in the expected state.
 */
export async function moveClaims(db: Executor, moves: readonly Move[], by: By): Promise<void> {
  if (moves.length === 0) return;
  const done = await sql<{ id: string }>`with ${movement(moves, by, sql`true`)} select id from moved`.execute(db);
  assertMoved(moves, done.rows);
  const releasing = moves.filter((m) => (KEY_RELEASING_STATES as readonly string[]).includes(m.to)).map((m) => m.id);
  // A corrected service is one service (R4): once the payer has taken the void, the claims before it own nothing, either.
  const voided = moves.filter((m) => m.to === 'voided').map((m) => m.id);
  await dropKeys(db, [...releasing, ...(await ancestorsOf(db, voided))]);
  await unlinkSuccessors(
    db,
    moves.filter((m) => m.to === 'cancelled').map((m) => m.id),
  );
}

/** A correction given up before it was sent: the claim that it was to correct stands as it was. */
async function unlinkSuccessors(db: Executor, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db.updateTable('claim').set({ replaced_by: null }).where('replaced_by', 'in', ids).execute();
}

/** The claims that these correct, directly or through others. */
export async function ancestorsOf(db: Executor, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const found = await sql<{ id: string }>`with recursive chain as (
      select replaces as id from claim where id in (${sql.join(ids)}) and replaces is not null
      union select c.replaces from claim c join chain on c.id = chain.id where c.replaces is not null)
    select id from chain`.execute(db);
  return found.rows.map((r) => r.id);
}

export async function findClaim(db: Executor, id: string, practiceId: string | null): Promise<Row<'claim'> | undefined> {
  return db
    .selectFrom('claim')
    .selectAll()
    .where('id', '=', id)
    .$if(practiceId !== null, (q) => q.where('practice_id', '=', practiceId as string))
    .executeTakeFirst();
}

/** Takes the claim's row until the transaction ends, if it is still in that state: two people's actions go one after the other. */
export async function lockClaim(db: Executor, id: string, state: ClaimState): Promise<boolean> {
  const done =
    await sql`update claim set updated_at = (select ledger_now()) where id = ${id} and state = ${state} returning id`.execute(db);
  return done.rows.length === 1;
}

export async function claimsOf(db: Executor, sessionIds: readonly string[]): Promise<readonly Row<'claim'>[]> {
  if (sessionIds.length === 0) return [];
  return db.selectFrom('claim').selectAll().where('session_id', 'in', sessionIds).orderBy('id').execute();
}

/** Claims with what is said of their attendees and where those stand on the roster, in id order. */
export async function claimsWithAttendee(db: Executor, ids: readonly string[]) {
  return db
    .selectFrom('claim')
    .innerJoin('attendee', 'attendee.id', 'claim.attendee_id')
    .select(['claim.id', 'claim.practice_id', 'claim.state', 'claim.attendee_id', 'attendee.ordinal', 'attendee.findings'])
    .where('claim.id', 'in', ids)
    .orderBy('claim.id')
    .execute();
}

export interface ClaimFilter {
  readonly state: string | null;
  readonly payerId: string | null;
  readonly practiceId: string | null;
  readonly dateOfService: string | null;
  readonly sessionId: string | null;
  readonly hold: string | null;
  readonly before: string | null;
  readonly limit: number;
}

/** Newest first by id (ids sort by time): keyset pages. */
export async function listClaims(db: Executor, f: ClaimFilter): Promise<readonly Row<'claim'>[]> {
  return db
    .selectFrom('claim')
    .selectAll()
    .$if(f.state !== null, (q) => q.where('state', '=', f.state as string))
    .$if(f.payerId !== null, (q) => q.where('payer_id', '=', f.payerId))
    .$if(f.practiceId !== null, (q) => q.where('practice_id', '=', f.practiceId as string))
    .$if(f.dateOfService !== null, (q) => q.where('date_of_service', '=', f.dateOfService as string))
    .$if(f.sessionId !== null, (q) => q.where('session_id', '=', f.sessionId as string))
    .$if(f.before !== null, (q) => q.where('id', '<', f.before as string))
    .$if(f.hold !== null, (q) =>
      q.where((eb) =>
        eb.exists(
          eb
            .selectFrom('claim_hold')
            .select('claim_hold.id')
            .whereRef('claim_hold.claim_id', '=', 'claim.id')
            .where('claim_hold.lifted_at', 'is', null)
            .where('claim_hold.rule', '=', f.hold as string),
        ),
      ),
    )
    .orderBy('id', 'desc')
    .limit(f.limit)
    .execute();
}

export async function countByState(db: Executor, practiceId: string | null): Promise<ReadonlyMap<string, number>> {
  const rows = await sql<{ state: string; n: number }>`select state, count(*)::int as n from claim
    where ${practiceId}::text is null or practice_id = ${practiceId} group by state`.execute(db);
  return new Map(rows.rows.map((r) => [r.state, r.n]));
}

/**
 * A claim built again before it is sent: new body, keys and versions; its state, lineage and plan stay. Throws
 * `ClaimMovedElsewhere` when the gate was faster.
 */
export async function rebuildClaim(
  db: Executor,
  id: string,
  built: Pick<
    RowUpdate<'claim'>,
    | 'payer_id'
    | 'clearinghouse_id'
    | 'lane_id'
    | 'procedure_code'
    | 'rendering_npi'
    | 'billing_npi'
    | 'charge_cents'
    | 'date_of_service'
    | 'deadline'
    | 'revision'
    | 'look_alike_key'
    | 'look_alike_gap_ms'
    | 'sibling_key'
    | 'file_by'
    | 'practice_version'
    | 'payer_version'
    | 'clearinghouse_version'
    | 'sealed'
  >,
): Promise<void> {
  const done = await db
    .updateTable('claim')
    .set({ ...built, updated_at: sql`ledger_now()` })
    .where('id', '=', id)
    .where('state', 'in', ['held', 'scheduled'])
    .returning('id')
    .execute();
  if (done.length === 0) throw new ClaimMovedElsewhere([id]);
}

/** What delivery needs of a claim: no sealed body. */
export type ClaimInDrop = Pick<
  Row<'claim'>,
  'id' | 'practice_id' | 'state' | 'drop_id' | 'look_alike_key' | 'look_alike_gap_ms' | 'sibling_key'
>;

export async function claimsByDrop(db: Executor, dropIds: readonly string[]): Promise<readonly ClaimInDrop[]> {
  if (dropIds.length === 0) return [];
  return db
    .selectFrom('claim')
    .select(['id', 'practice_id', 'state', 'drop_id', 'look_alike_key', 'look_alike_gap_ms', 'sibling_key'])
    .where('drop_id', 'in', dropIds)
    .orderBy('id')
    .execute();
}

/** The lane of an alarm's claim; null when there is no such claim or it has none. */
export async function laneOfClaim(db: Executor, id: string): Promise<string | null> {
  return (await db.selectFrom('claim').select('lane_id').where('id', '=', id).executeTakeFirst())?.lane_id ?? null;
}
