import { type RawBuilder, sql } from 'kysely';
import { eventsInsert, type NewEvent } from './events.ts';
import { base64, type Executor, iso, rowsJson } from './executor.ts';
import { holdsInsert, type NewHold } from './holds.ts';
import { answerInsert, type IdempotentAnswer } from './idempotency.ts';
import { type SessionSketches, sketchesInsert } from './note-sketches.ts';
import { attendeesInsert, type NewAttendee } from './sessions.ts';

/** What later intakes find a claim by (`0005`): the patient, and whose it is to the payer. */
export interface ClaimFacts {
  readonly patientHash: Uint8Array;
  readonly memberHash: Uint8Array | null;
  readonly personHash: Uint8Array | null;
  readonly demographicsHash: Uint8Array | null;
  readonly isSubscriber: boolean | null;
  readonly authorizationHash: Uint8Array | null;
  readonly authorizedUnits: number | null;
  readonly unitsStated: number | null;
  readonly serviceCode: string;
  readonly serviceLines: readonly { readonly procedureCode: string; readonly modifiers: readonly string[] }[] | null;
}

export interface NewClaim {
  readonly id: string;
  readonly sessionId: string;
  readonly attendeeId: string;
  readonly practiceId: string;
  readonly payerId: string | null;
  readonly clearinghouseId: string | null;
  readonly laneId: string | null;
  readonly responsibility: string;
  readonly frequencyCode: string;
  readonly state: 'held' | 'scheduled';
  readonly stateReason: string | null;
  readonly lineage: string;
  readonly traceNumber: string;
  readonly dateOfService: string;
  readonly procedureCode: string | null;
  readonly renderingNpi: string | null;
  readonly billingNpi: string | null;
  readonly chargeCents: number;
  readonly lookAlikeKey: string | null;
  readonly lookAlikeGapMs: number;
  readonly siblingKey: string | null;
  readonly fileBy: string | null;
  readonly practiceVersion: number;
  readonly payerVersion: number | null;
  readonly clearinghouseVersion: number | null;
  readonly plan: Plan | null;
  readonly facts: ClaimFacts;
  readonly sealed: Uint8Array;
}

/** Stored plan of one claim; instants are epoch milliseconds of the ledger's clock. */
export interface Plan {
  readonly notBefore: number;
  readonly deadlineAt: number | null;
  readonly order: string;
  readonly estimate: number;
  readonly reasons: readonly string[];
  /** When its alarm fires, or null while it lies beyond the horizon. */
  readonly armedFor: number | null;
}

export interface NewRoster {
  readonly attendees: readonly NewAttendee[];
  readonly claims: readonly NewClaim[];
  readonly holds: readonly NewHold[];
  readonly actor: string;
  /** Events of the same moment, before those of the claims. */
  readonly alsoRecord: readonly NewEvent[];
  /** What the caller is told, under its key; null when it is told later in the same transaction. */
  readonly answer: IdempotentAnswer | null;
  /** What is kept of a new session's notes; null when nothing is. */
  readonly notes: { readonly sessionId: string; readonly sketches: SessionSketches } | null;
}

/**
 * Birth of a session's attendees and claims, with their holds, their events and the answer, in one statement: it stands on
 * the hot path, and a round trip costs more than a row. One of the two places that write `claim.state`; the other is
 * `moveClaims`. False (the caller rolls back) when the answer's key is taken; waits for a concurrent holder of the key to
 * commit or give up.
 */
export async function insertRoster(db: Executor, roster: NewRoster): Promise<boolean> {
  const { attendees, claims, holds, actor, alsoRecord, answer, notes } = roster;
  const events = eventsInsert([
    ...alsoRecord,
    ...claims.map((c) => ({
      subject: c.id,
      kind: 'claim.created',
      from: null,
      to: c.state,
      actor,
      reason: c.stateReason,
      detail: c.plan ? { reasons: c.plan.reasons } : null,
    })),
  ]);
  const kept = answer === null ? sql`select 1` : answerInsert(answer);
  const noted = notes === null ? sql`select 1` : sketchesInsert(notes.sessionId, notes.sketches);
  const done = await sql<{ kept: number }>`with roster as (${attendeesInsert(attendees)}), born as (${claimsInsert(claims)}),
      held as (${holdsInsert(holds)}), told as (${events}), noted as (${noted}), kept as (${kept})
    select count(*)::int as kept from kept`.execute(db);
  return done.rows[0]?.kept === 1;
}

const maybe = (bytes: Uint8Array | null): string | null => (bytes === null ? null : base64(bytes));

/** As JSON for `jsonb_to_recordset`: hashes as base64. */
function factsRow(f: ClaimFacts) {
  return {
    ...f,
    patientHash: base64(f.patientHash),
    memberHash: maybe(f.memberHash),
    personHash: maybe(f.personHash),
    demographicsHash: maybe(f.demographicsHash),
    authorizationHash: maybe(f.authorizationHash),
  };
}

/** Says anew whose an unsent claim is, and marks claims of before `0005` as known. */
export async function updateClaimFacts(
  db: Executor,
  claims: readonly { readonly id: string; readonly facts: ClaimFacts }[],
): Promise<void> {
  if (claims.length === 0) return;
  const rows = rowsJson(claims.map((c) => ({ id: c.id, ...factsRow(c.facts) })));
  await sql`update claim set patient_hash = decode(r."patientHash", 'base64'), member_hash = decode(r."memberHash", 'base64'),
      person_hash = decode(r."personHash", 'base64'), demographics_hash = decode(r."demographicsHash", 'base64'), is_subscriber = r."isSubscriber",
      authorization_hash = decode(r."authorizationHash", 'base64'), authorized_units = r."authorizedUnits", units_stated = r."unitsStated",
      service_code = r."serviceCode", service_lines = nullif(r."serviceLines", 'null'::jsonb), facts_version = ${FACTS_VERSION}::int
    from jsonb_to_recordset(${rows}::jsonb) as r(id text, "patientHash" text, "memberHash" text, "personHash" text, "demographicsHash" text,
      "isSubscriber" boolean, "authorizationHash" text, "authorizedUnits" int, "unitsStated" int, "serviceCode" text, "serviceLines" jsonb)
    where claim.id = r.id`.execute(db);
}

/** Claims of before `0005`, oldest first. */
export async function claimsWithoutFacts(db: Executor, limit: number) {
  return db
    .selectFrom('claim')
    .innerJoin('attendee', 'attendee.id', 'claim.attendee_id')
    .select(['claim.id', 'claim.practice_id', 'payer_id', 'clearinghouse_id', 'procedure_code', 'responsibility', 'claim.sealed'])
    .select(['attendee_id', 'attendee.sealed as sealed_attendee'])
    .where('facts_version', '=', 0)
    .orderBy('claim.id')
    .limit(limit)
    .execute();
}

/** Form of the columns of `ClaimFacts`; 0 stands for rows of before them. */
const FACTS_VERSION = 1;

function claimsInsert(claims: readonly NewClaim[]): RawBuilder<unknown> {
  const rows = rowsJson(
    claims.map((c) => ({
      ...c,
      ...factsRow(c.facts),
      facts: undefined,
      sealed: base64(c.sealed),
      notBefore: iso(c.plan?.notBefore ?? null),
      deadline: iso(c.plan?.deadlineAt ?? null),
      orderKey: c.plan?.order ?? '',
      planned: iso(c.plan?.estimate ?? null),
      reasons: c.plan?.reasons ?? [],
      armed: iso(c.plan?.armedFor ?? null),
      plan: undefined,
    })),
  );
  return sql`insert into claim (id, session_id, attendee_id, practice_id, payer_id, clearinghouse_id, lane_id, responsibility, frequency_code,
      state, state_reason, lineage, trace_number, date_of_service, procedure_code, rendering_npi, billing_npi, charge_cents, look_alike_key,
      look_alike_gap_ms, sibling_key, file_by, practice_version, payer_version, clearinghouse_version, not_before, deadline, order_key,
      planned_release_at, plan_reasons, armed_for, alarm_no, sealed, created_at, updated_at, patient_hash, member_hash, person_hash,
      demographics_hash, is_subscriber, authorization_hash, authorized_units, units_stated, service_code, service_lines, facts_version)
    select id, "sessionId", "attendeeId", "practiceId", "payerId", "clearinghouseId", "laneId", responsibility, "frequencyCode",
      state, "stateReason", lineage, "traceNumber", "dateOfService", "procedureCode", "renderingNpi", "billingNpi", "chargeCents", "lookAlikeKey",
      "lookAlikeGapMs", "siblingKey", "fileBy", "practiceVersion", "payerVersion", "clearinghouseVersion", "notBefore", deadline, "orderKey",
      planned, reasons, armed, case when armed is null then 0 else 1 end, decode(sealed, 'base64'),
      (select ledger_now()), (select ledger_now()), decode("patientHash", 'base64'), decode("memberHash", 'base64'), decode("personHash", 'base64'),
      decode("demographicsHash", 'base64'), "isSubscriber", decode("authorizationHash", 'base64'), "authorizedUnits", "unitsStated",
      "serviceCode", nullif("serviceLines", 'null'::jsonb), ${FACTS_VERSION}::int
    from jsonb_to_recordset(${rows}::jsonb) as r(id text, "sessionId" text, "attendeeId" text, "practiceId" text, "payerId" text,
      "clearinghouseId" text, "laneId" text, responsibility text, "frequencyCode" text, state text, "stateReason" text, lineage text,
      "traceNumber" text, "dateOfService" date, "procedureCode" text, "renderingNpi" text, "billingNpi" text, "chargeCents" int,
      "lookAlikeKey" text, "lookAlikeGapMs" int, "siblingKey" text, "fileBy" date, "practiceVersion" int, "payerVersion" int,
      "clearinghouseVersion" int, "notBefore" timestamptz, deadline timestamptz, "orderKey" text, planned timestamptz, reasons text[],
      armed timestamptz, sealed text, "patientHash" text, "memberHash" text, "personHash" text, "demographicsHash" text, "isSubscriber" boolean,
      "authorizationHash" text, "authorizedUnits" int, "unitsStated" int, "serviceCode" text, "serviceLines" jsonb)`;
}
