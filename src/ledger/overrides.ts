import { sql } from 'kysely';
import { type Executor, iso } from './executor.ts';
import type { Row } from './types.ts';

export type OverrideRow = Row<'claim_override'>;

export interface NewOverride {
  readonly id: string;
  readonly practiceId: string;
  readonly claimId: string;
  readonly kind: string;
  /** Holds that it lifts once approved. */
  readonly rules: readonly string[];
  /** 0 = the claim keeps its own keys. */
  readonly number: number;
  readonly modifier: string | null;
  readonly originalClaimId: string | null;
  readonly carc: string | null;
  readonly reason: string;
  readonly requestedBy: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

export async function insertOverride(db: Executor, o: NewOverride): Promise<OverrideRow> {
  return db
    .insertInto('claim_override')
    .values({
      id: o.id,
      practice_id: o.practiceId,
      claim_id: o.claimId,
      kind: o.kind,
      rules: [...o.rules],
      override_no: o.number,
      modifier: o.modifier,
      original_claim_id: o.originalClaimId,
      carc: o.carc,
      reason: o.reason,
      requested_by: o.requestedBy,
      expires_at: new Date(o.expiresAt),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** `practiceId` null = the operator. Another practice's is simply not found. */
export async function findOverride(db: Executor, id: string, practiceId: string | null): Promise<OverrideRow | undefined> {
  return db
    .selectFrom('claim_override')
    .selectAll()
    .where('id', '=', id)
    .$if(practiceId !== null, (q) => q.where('practice_id', '=', practiceId as string))
    .executeTakeFirst();
}

/**
 * Puts the second name under an override that is pending and not expired; false when it is neither, or when the name is the
 * first one's. Two approvals at once: one of them wins.
 */
export async function approveOverride(db: Executor, id: string, actor: string, reason: string): Promise<boolean> {
  const done = await sql`update claim_override set approved_by = ${actor}, approved_at = ledger_now(), approve_reason = ${reason}
    where id = ${id} and approved_at is null and expires_at > ledger_now() and requested_by <> ${actor} returning id`.execute(db);
  return done.rows.length === 1;
}

/** Overrides of these claims, oldest first. */
export async function overridesOf(db: Executor, claimIds: readonly string[]): Promise<readonly OverrideRow[]> {
  return db.selectFrom('claim_override').selectAll().where('claim_id', 'in', claimIds).orderBy('id').execute();
}

/** Waiting for a second person and not expired, oldest first. */
export async function pendingOverrides(db: Executor, practiceId: string | null, limit: number): Promise<readonly OverrideRow[]> {
  return db
    .selectFrom('claim_override')
    .selectAll()
    .where('approved_at', 'is', null)
    .where('expires_at', '>', sql<Date>`ledger_now()`)
    .$if(practiceId !== null, (q) => q.where('practice_id', '=', practiceId as string))
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** What an approved override makes of its claim: the number of its keys (null: as it is), and until when it may go. */
export async function putUnderOverride(db: Executor, claimId: string, number: number | null, until: number): Promise<void> {
  await sql`update claim set override_no = coalesce(${number}::int, override_no), override_until = least(override_until, ${iso(until)}::timestamptz),
    updated_at = ledger_now() where id = ${claimId}`.execute(db);
}

/**
 * Ends what was approved for a claim that an amendment has made another one: the decision, its number and its modifier. A
 * correction keeps the number, which is that of the service it corrects (R4). Returns the overrides' ids.
 */
export async function lapseOverrides(db: Executor, claimId: string): Promise<readonly string[]> {
  const done = await sql<{ id: string }>`with over as (
      update claim_override set lapsed_at = ledger_now(), expires_at = least(expires_at, ledger_now())
        where claim_id = ${claimId} and approved_at is not null and lapsed_at is null returning id),
      bare as (update claim set override_until = null, updated_at = ledger_now(),
        override_no = case when frequency_code = '1' then 0 else override_no end where id = ${claimId})
    select id from over order by id`.execute(db);
  return done.rows.map((r) => r.id);
}

/**
 * Puts back what expired overrides had lifted on a claim, as it was, unless it was put back and lifted anew since; returns
 * the rules. The claim's term is that of what is left.
 */
export async function reviveHolds(db: Executor, claimId: string): Promise<readonly string[]> {
  const done = await sql<{ rule: string }>`with again as (
      insert into claim_hold (claim_id, rule, severity, message, path, actor, since)
      select distinct h.claim_id, h.rule, h.severity, h.message, h.path, 'gate', ledger_now() from claim_hold h
        join claim_override o on o.id = h.override_id and o.expires_at <= ledger_now()
        where h.claim_id = ${claimId} and not exists (select 1 from claim_hold open where open.claim_id = h.claim_id
          and open.rule = h.rule and open.path = h.path and open.message = h.message and (open.lifted_at is null or open.id > h.id))
      returning rule), forgot as (update claim set override_until = (select min(o.expires_at) from claim_override o
        where o.claim_id = ${claimId} and o.approved_at is not null and o.expires_at > ledger_now()) where id = ${claimId})
    select rule from again`.execute(db);
  return done.rows.map((r) => r.rule);
}
