import { sql } from 'kysely';
import { base64, type Executor, iso, rowsJson } from './executor.ts';
import type { NewAttendee, NewSession } from './sessions.ts';
import type { Row } from './types.ts';

/**
 * Puts the next version of a session in place of version `from`; false when it is not at `from` any more. The row stays
 * locked until the transaction ends, so that two amendments go one after the other and the second sees the first.
 */
export async function replaceSession(
  db: Executor,
  from: number,
  s: Omit<NewSession, 'practiceId' | 'externalId'>,
): Promise<boolean> {
  const done =
    await sql`update session set version = ${from}::int + 1, content_hash = ${s.contentHash}, date_of_service = ${s.dateOfService}::date,
      started_at = ${s.startedAt}::timestamptz, ended_at = ${s.endedAt}::timestamptz, facilitator_npi = ${s.facilitatorNpi},
      group_id = ${s.groupId}, facility_hash = ${s.facilityHash}, usage = ${s.usage}, findings = ${JSON.stringify(s.findings)}::jsonb, sealed = ${s.sealed}
    where id = ${s.id} and version = ${from} returning id`.execute(db);
  return done.rows.length === 1;
}

/** True when the session is still at that version, and then no amendment comes between until the transaction ends. */
export async function holdsVersion(db: Executor, id: string, version: number): Promise<boolean> {
  const found = await sql`select 1 from session where id = ${id} and version = ${version} for share`.execute(db);
  return found.rows.length === 1;
}

export interface NewVersion {
  readonly sessionId: string;
  readonly version: number;
  readonly contentHash: Uint8Array;
  readonly sealed: Uint8Array;
  /** Null for the version that the intake stored: who that was is in its event. */
  readonly actor: string | null;
}

/** Keeps a version for good; one that is kept already stays as it is. */
export async function keepVersion(db: Executor, v: NewVersion): Promise<void> {
  await sql`insert into session_version (session_id, version, content_hash, sealed, actor, created_at)
    select s.id, ${v.version}::int, ${v.contentHash}, ${v.sealed},
      coalesce(${v.actor}::text, (select actor from ledger_event where subject = s.id and kind = 'session.accepted' order by id limit 1), ''),
      case when ${v.actor}::text is null then s.created_at else (select ledger_now()) end
    from session s where s.id = ${v.sessionId}
    on conflict (session_id, version) do nothing`.execute(db);
}

/** Oldest first; empty for a session that was never amended. */
export async function versionsOf(db: Executor, sessionId: string): Promise<readonly Row<'session_version'>[]> {
  return db.selectFrom('session_version').selectAll().where('session_id', '=', sessionId).orderBy('version').execute();
}

/** Attendees whom some version took off the roster, latest first. */
export async function removedAttendees(db: Executor, sessionIds: readonly string[]): Promise<readonly Row<'attendee'>[]> {
  if (sessionIds.length === 0) return [];
  return db
    .selectFrom('attendee')
    .selectAll()
    .where('session_id', 'in', sessionIds)
    .where('removed_in', 'is not', null)
    .orderBy('removed_in', 'desc')
    .orderBy('ordinal', 'desc')
    .execute();
}

export interface AttendeeChangeRow {
  readonly id: string;
  /** Place on the roster; of somebody who was removed the last one, and `removedIn` says when. */
  readonly ordinal: number;
  readonly removedIn: number | null;
  readonly state: string;
  readonly reason: string | null;
  readonly claimId: string | null;
  /** When the patient was there, epoch ms. */
  readonly presence: NewAttendee['presence'];
  readonly findings: readonly unknown[];
  readonly sealed: Uint8Array;
}

/** More than a roster can have (limits of the contract), so that places of the removed never meet. */
const ROSTER_LIMIT = 1000;

/** All changes of a roster in one statement: places may be exchanged, the check of uniqueness waits for its end. */
export async function changeAttendees(db: Executor, changes: readonly AttendeeChangeRow[]): Promise<void> {
  if (changes.length === 0) return;
  const rows = rowsJson(
    changes.map(({ id, ordinal, removedIn, state, reason, claimId, presence, findings, sealed }) => ({
      id,
      ordinal: removedIn === null ? ordinal : -(removedIn * ROSTER_LIMIT + ordinal),
      removedIn,
      state,
      reason,
      claimId,
      from: iso(presence?.from ?? null),
      to: iso(presence?.to ?? null),
      findings,
      sealed: base64(sealed),
    })),
  );
  await sql`update attendee set ordinal = r.ordinal, removed_in = r."removedIn", state = r.state, reason = r.reason, claim_id = r."claimId",
      present_from = r."from", present_to = r."to", findings = r.findings, sealed = decode(r.sealed, 'base64')
    from jsonb_to_recordset(${rows}::jsonb) as r(id text, ordinal int, "removedIn" int, state text, reason text, "claimId" text,
      "from" timestamptz, "to" timestamptz, findings jsonb, sealed text)
    where attendee.id = r.id`.execute(db);
}

/** A claim's holds, open and lifted, follow their attendee to another place on the roster. */
export async function moveHolds(db: Executor, claimIds: readonly string[], ordinal: number): Promise<void> {
  if (claimIds.length === 0) return;
  await sql`update claim_hold set path = regexp_replace(path, '^/attendees/[0-9]+', ${`/attendees/${ordinal}`}::text)
    where claim_id in (${sql.join(claimIds)}) and path ~ '^/attendees/[0-9]+'`.execute(db);
}

/**
 * Makes a claim just born the successor of another: its CLM01 is that of the claim it corrects, unless the receiver wants a new
 * one, and it is the same service of the day, under the same override number.
 */
export async function linkSuccessor(
  db: Executor,
  link: { readonly id: string; readonly replaces: string; readonly revision: number },
): Promise<void> {
  await sql`update claim set replaces = ${link.replaces}, revision = ${link.revision},
    override_no = (select o.override_no from claim o where o.id = ${link.replaces}) where id = ${link.id}`.execute(db);
  await sql`update claim set replaced_by = ${link.id}, updated_at = (select ledger_now()) where id = ${link.replaces}`.execute(
    db,
  );
}

export interface NewPending {
  readonly claimId: string;
  readonly sessionVersion: number;
  readonly kind: 'amend' | 'withdraw';
  /** What `claim.pending_action` shows: the kind, or what people have to do instead. */
  readonly shown: string;
  readonly sealed: Uint8Array;
  readonly actor: string;
}

/** A later amendment takes the place of the one that waits. */
export async function setPending(db: Executor, p: NewPending): Promise<void> {
  await sql`insert into pending_amendment (claim_id, session_version, kind, sealed, actor)
    values (${p.claimId}, ${p.sessionVersion}, ${p.kind}, ${p.sealed}, ${p.actor})
    on conflict (claim_id) do update set session_version = excluded.session_version, kind = excluded.kind, sealed = excluded.sealed,
      actor = excluded.actor, since = ledger_now()`.execute(db);
  await sql`update claim set pending_action = ${p.shown}, updated_at = (select ledger_now()) where id = ${p.claimId}`.execute(db);
}

export async function clearPending(db: Executor, claimIds: readonly string[]): Promise<void> {
  if (claimIds.length === 0) return;
  await sql`delete from pending_amendment where claim_id in (${sql.join(claimIds)})`.execute(db);
  // What people were asked to do instead is not to be done any more.
  await sql`update task set closed_at = ledger_now(), closed_by = 'amendment', close_reason = 'amended'
    where claim_id in (${sql.join(claimIds)}) and kind = ${REOPENING} and closed_at is null`.execute(db);
  await sql`update claim set pending_action = null, updated_at = (select ledger_now())
    where id in (${sql.join(claimIds)}) and pending_action is not null`.execute(db);
}

export async function findPending(db: Executor, claimId: string): Promise<Row<'pending_amendment'> | undefined> {
  return db.selectFrom('pending_amendment').selectAll().where('claim_id', '=', claimId).executeTakeFirst();
}

/** A reopening is asked for by people; only a rejection (remark MA130) makes it a claim again. */
export const REOPENING = 'reopening_or_redetermination';

/**
 * Claims with something pending whose state may let it happen now, in pages by id: not what is still under way, what waits
 * for people, or a void that the payer has not taken. `accepted` is early for most payers; the caller knows which.
 */
export async function ripePending(db: Executor, after: string, limit: number): Promise<readonly string[]> {
  const found = await sql<{ id: string }>`select c.id from pending_amendment p join claim c on c.id = p.claim_id
    left join claim o on o.id = c.replaces
    where c.id > ${after} and case when c.frequency_code = '8'
      then c.state in ('held', 'scheduled', 'rejected', 'cancelled') or o.state = 'voided'
      else c.state not in ('released', 'transmit_unknown', 'transmitted', 'picked_up', 'acknowledged', 'stalled', 'duplicate_flagged', 'reversed')
        and not (c.state = 'accepted' and c.payer_claim_control_number is null)
        and not (c.state in ('accepted', 'paid', 'partially_paid', 'denied') and c.pending_action = ${REOPENING}) end
    order by c.id limit ${limit}`.execute(db);
  return found.rows.map((r) => r.id);
}

/**
 * Adjudicated claims whose correction the payer has taken: a replacement that is accepted by the payer or decided, a void
 * that is accepted by the payer or has made it reverse the claim (R2: never when it was only sent).
 */
export async function outdatedByCorrection(
  db: Executor,
  limit: number,
): Promise<readonly { readonly id: string; readonly state: string; readonly by: string; readonly voided: boolean }[]> {
  const found = await sql<{ id: string; state: string; by: string; voided: boolean }>`
    select c.id, c.state, s.id as by, s.frequency_code = '8' as voided from claim s join claim c on c.id = s.replaces
    where s.replaces is not null and case when s.frequency_code = '7'
      then c.state in ('paid', 'partially_paid', 'denied') and ((s.state = 'accepted' and s.level = 'payer') or s.state in ('paid', 'partially_paid', 'denied'))
      else (c.state in ('paid', 'partially_paid', 'denied', 'reversed') and ((s.state = 'accepted' and s.level = 'payer') or s.state in ('paid', 'partially_paid', 'reversed')))
        or (c.state = 'reversed' and s.state in ('transmitted', 'picked_up', 'acknowledged', 'accepted', 'stalled')) end
    order by c.id limit ${limit}`.execute(db);
  return found.rows;
}
