import { type RawBuilder, sql } from 'kysely';
import { eventsInsert, type NewEvent } from './events.ts';
import { base64, type Executor, iso, rowsJson } from './executor.ts';
import { holdsInsert, type NewHold } from './holds.ts';
import { answerInsert, type IdempotentAnswer } from './idempotency.ts';
import { attendeesInsert, type NewAttendee } from './sessions.ts';

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
}

/**
 * Birth of a session's attendees and claims, with their holds, their events and the answer, in one statement: it stands on
 * the hot path, and a round trip costs more than a row. One of the two places that write `claim.state`; the other is
 * `moveClaims`. False (the caller rolls back) when the answer's key is taken; waits for a concurrent holder of the key to
 * commit or give up.
 */
export async function insertRoster(db: Executor, roster: NewRoster): Promise<boolean> {
  const { attendees, claims, holds, actor, alsoRecord, answer } = roster;
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
  const done = await sql<{ kept: number }>`with roster as (${attendeesInsert(attendees)}), born as (${claimsInsert(claims)}),
      held as (${holdsInsert(holds)}), told as (${events}), kept as (${kept})
    select count(*)::int as kept from kept`.execute(db);
  return done.rows[0]?.kept === 1;
}

function claimsInsert(claims: readonly NewClaim[]): RawBuilder<unknown> {
  const rows = rowsJson(
    claims.map((c) => ({
      ...c,
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
      planned_release_at, plan_reasons, armed_for, alarm_no, sealed, created_at, updated_at)
    select id, "sessionId", "attendeeId", "practiceId", "payerId", "clearinghouseId", "laneId", responsibility, "frequencyCode",
      state, "stateReason", lineage, "traceNumber", "dateOfService", "procedureCode", "renderingNpi", "billingNpi", "chargeCents", "lookAlikeKey",
      "lookAlikeGapMs", "siblingKey", "fileBy", "practiceVersion", "payerVersion", "clearinghouseVersion", "notBefore", deadline, "orderKey",
      planned, reasons, armed, case when armed is null then 0 else 1 end, decode(sealed, 'base64'),
      (select ledger_now()), (select ledger_now())
    from jsonb_to_recordset(${rows}::jsonb) as r(id text, "sessionId" text, "attendeeId" text, "practiceId" text, "payerId" text,
      "clearinghouseId" text, "laneId" text, responsibility text, "frequencyCode" text, state text, "stateReason" text, lineage text,
      "traceNumber" text, "dateOfService" date, "procedureCode" text, "renderingNpi" text, "billingNpi" text, "chargeCents" int,
      "lookAlikeKey" text, "lookAlikeGapMs" int, "siblingKey" text, "fileBy" date, "practiceVersion" int, "payerVersion" int,
      "clearinghouseVersion" int, "notBefore" timestamptz, deadline timestamptz, "orderKey" text, planned timestamptz, reasons text[],
      armed timestamptz, sealed text)`;
}
