import { type RawBuilder, sql } from 'kysely';
import { base64, type Executor, iso, rowsJson } from './executor.ts';
import { type FactsRequest, factsCall, type StoredFacts } from './intake-facts.ts';
import type { Row } from './types.ts';

export interface NewSession {
  readonly id: string;
  readonly practiceId: string;
  readonly externalId: string;
  readonly contentHash: Uint8Array;
  readonly dateOfService: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly facilitatorNpi: string;
  readonly groupId: string | null;
  readonly facilityHash: Uint8Array;
  readonly usage: 'T' | 'P' | null;
  readonly findings: readonly unknown[];
  readonly sealed: Uint8Array;
}

/**
 * Stores the session's row and, in the same round trip, waits for every intake that it shares a patient, a facilitator or a
 * member with and reads what the ledger knows of it (`readFacts`). Null when the natural key (practice, external id) is taken
 * or the request has its answer already; waits for a concurrent insert of the same natural key to decide. `now` is the
 * ledger's time of the insert, epoch ms.
 */
export async function insertSession(
  db: Executor,
  s: NewSession,
  request: { readonly owner: string; readonly route: string; readonly key: string },
  facts: FactsRequest,
): Promise<{ readonly now: number; readonly facts: StoredFacts } | null> {
  const done = await sql<{ now: Date; facts: StoredFacts }>`with stored as (insert into session
      (id, practice_id, external_id, content_hash, date_of_service, started_at, ended_at, facilitator_npi, group_id, facility_hash, usage, findings, sealed)
    select ${s.id}, ${s.practiceId}, ${s.externalId}, ${s.contentHash}, ${s.dateOfService}::date, ${s.startedAt}::timestamptz,
      ${s.endedAt}::timestamptz, ${s.facilitatorNpi}, ${s.groupId}, ${s.facilityHash}, ${s.usage}, ${JSON.stringify(s.findings)}::jsonb, ${s.sealed}
    where not exists (select 1 from idempotency where owner = ${request.owner} and route = ${request.route} and key = ${request.key})
    on conflict (practice_id, external_id) do nothing returning (select ledger_now()) as now)
    select now, ${factsCall(facts, true)} as facts from stored`.execute(db);
  const [row] = done.rows;
  return row === undefined ? null : { now: row.now.getTime(), facts: row.facts };
}

/** `practiceId` null = the operator. Another practice's row is simply not found. */
export async function findSession(db: Executor, id: string, practiceId: string | null): Promise<Row<'session'> | undefined> {
  return db
    .selectFrom('session')
    .selectAll()
    .where('id', '=', id)
    .$if(practiceId !== null, (q) => q.where('practice_id', '=', practiceId as string))
    .executeTakeFirst();
}

/** Id of the session of this natural key; null when none is stored. */
export async function findSessionByName(db: Executor, practiceId: string, externalId: string): Promise<string | null> {
  const found = await db
    .selectFrom('session')
    .select('id')
    .where('practice_id', '=', practiceId)
    .where('external_id', '=', externalId)
    .executeTakeFirst();
  return found?.id ?? null;
}

export interface SessionFilter {
  readonly practiceId: string | null;
  readonly externalId: string | null;
  readonly from: string | null;
  readonly to: string | null;
  /** Ids sort by time: rows older than this id. */
  readonly before: string | null;
  readonly limit: number;
}

export async function listSessions(db: Executor, f: SessionFilter): Promise<readonly Row<'session'>[]> {
  return db
    .selectFrom('session')
    .selectAll()
    .$if(f.practiceId !== null, (q) => q.where('practice_id', '=', f.practiceId as string))
    .$if(f.externalId !== null, (q) => q.where('external_id', '=', f.externalId as string))
    .$if(f.from !== null, (q) => q.where('date_of_service', '>=', f.from as string))
    .$if(f.to !== null, (q) => q.where('date_of_service', '<=', f.to as string))
    .$if(f.before !== null, (q) => q.where('id', '<', f.before as string))
    .orderBy('id', 'desc')
    .limit(f.limit)
    .execute();
}

export interface NewAttendee {
  readonly id: string;
  readonly sessionId: string;
  readonly practiceId: string;
  readonly ordinal: number;
  readonly patientHash: Uint8Array;
  readonly state: string;
  readonly reason: string | null;
  readonly claimId: string | null;
  /** When the patient was there, epoch ms; null for those who were not. */
  readonly presence: { readonly from: number; readonly to: number } | null;
  readonly findings: readonly unknown[];
  readonly sealed: Uint8Array;
}

/** The insert of a roster, as part of the statement that also brings its claims (`insertRoster` in `roster.ts`). */
export function attendeesInsert(attendees: readonly NewAttendee[]): RawBuilder<unknown> {
  const rows = rowsJson(
    attendees.map(({ presence, ...a }) => ({
      ...a,
      patientHash: base64(a.patientHash),
      sealed: base64(a.sealed),
      from: iso(presence?.from ?? null),
      to: iso(presence?.to ?? null),
    })),
  );
  return sql`insert into attendee (id, session_id, practice_id, ordinal, patient_hash, state, reason, claim_id, present_from, present_to, findings, sealed)
    select id, "sessionId", "practiceId", ordinal, decode("patientHash", 'base64'), state, reason, "claimId", "from", "to", findings, decode(sealed, 'base64')
    from jsonb_to_recordset(${rows}::jsonb) as r(id text, "sessionId" text, "practiceId" text, ordinal int, "patientHash" text,
      state text, reason text, "claimId" text, "from" timestamptz, "to" timestamptz, findings jsonb, sealed text)`;
}

/** The roster of the current version, in its order. */
export async function attendeesOf(db: Executor, sessionIds: readonly string[]): Promise<readonly Row<'attendee'>[]> {
  if (sessionIds.length === 0) return [];
  return db
    .selectFrom('attendee')
    .selectAll()
    .where('session_id', 'in', sessionIds)
    .where('removed_in', 'is', null)
    .orderBy('session_id')
    .orderBy('ordinal')
    .execute();
}

export async function attendeesById(db: Executor, ids: readonly string[]): Promise<readonly Row<'attendee'>[]> {
  if (ids.length === 0) return [];
  return db.selectFrom('attendee').selectAll().where('id', 'in', ids).execute();
}

/** Findings of a whole session, in place of what its row has. */
export async function replaceSessionFindings(db: Executor, sessionId: string, findings: readonly unknown[]): Promise<void> {
  await db
    .updateTable('session')
    .set({ findings: JSON.stringify(findings) })
    .where('id', '=', sessionId)
    .execute();
}

export async function replaceFindings(db: Executor, attendeeId: string, findings: readonly unknown[]): Promise<void> {
  await db
    .updateTable('attendee')
    .set({ findings: JSON.stringify(findings) })
    .where('id', '=', attendeeId)
    .execute();
}

/** The claim that an attendee is answered with from now on. */
export async function setClaim(db: Executor, attendeeId: string, claimId: string): Promise<void> {
  await db.updateTable('attendee').set({ claim_id: claimId }).where('id', '=', attendeeId).execute();
}
