import { type RawBuilder, sql } from 'kysely';
import { CONSENT_RULE, TWO_PERSON_RULES } from '../claim/overrides.ts';
import { type Executor, rowsJson } from './executor.ts';
import type { Row } from './types.ts';

export interface NewHold {
  readonly claimId: string;
  readonly rule: string;
  /** `block` only an amendment lifts; `hold` and `operator` an unhold with a reason. */
  readonly severity: 'block' | 'hold' | 'operator';
  readonly message: string;
  readonly path: string;
  readonly actor: string;
}

type HoldContent = Pick<Row<'claim_hold'>, 'rule' | 'path' | 'message' | 'severity'>;

/** What makes a hold of a claim the same hold, whenever and by whom it was found. */
const contentOf = (h: HoldContent): string => JSON.stringify([h.rule, h.severity, h.path, h.message]);

/** The insert of these holds, as a statement of its own or as a part of one: each once, and none that the claim has already. */
export function holdsInsert(wanted: readonly NewHold[]): RawBuilder<unknown> {
  const holds = [...new Map(wanted.map((h) => [`${h.claimId} ${contentOf(h)}`, h])).values()];
  return sql`insert into claim_hold (claim_id, rule, severity, message, path, actor, since)
    select "claimId", rule, severity, message, path, actor, (select ledger_now())
    from jsonb_to_recordset(${rowsJson(holds.map((h, n) => ({ ...h, n })))}::jsonb)
      as r("claimId" text, rule text, severity text, message text, path text, actor text, n int)
    where not exists (select 1 from claim_hold h where h.claim_id = r."claimId" and h.lifted_at is null
      and h.rule = r.rule and h.severity = r.severity and h.path = r.path and h.message = r.message)
    order by r.n`;
}

export async function insertHolds(db: Executor, holds: readonly NewHold[]): Promise<void> {
  if (holds.length > 0) await holdsInsert(holds).execute(db);
}

/** By rule, then path, as text and byte by byte: what was found in one moment has no order of its own. */
export async function openHolds(db: Executor, claimIds: readonly string[]): Promise<readonly Row<'claim_hold'>[]> {
  if (claimIds.length === 0) return [];
  return db
    .selectFrom('claim_hold')
    .selectAll()
    .where('claim_id', 'in', claimIds)
    .where('lifted_at', 'is', null)
    .orderBy(sql`rule collate "C"`)
    .orderBy(sql`path collate "C"`)
    .orderBy('id')
    .execute();
}

/** Lifts every open hold of a claim. */
export async function liftHolds(db: Executor, claimId: string, actor: string, reason: string): Promise<number> {
  const done = await sql<{
    id: number;
  }>`update claim_hold set lifted_at = ledger_now(), lifted_by = ${actor}, lift_reason = ${reason}
    where claim_id = ${claimId} and lifted_at is null returning id`.execute(db);
  return done.rows.length;
}

/**
 * Gives a claim that was judged again, with these `open` holds, those of now: what is still wrong stays as it was found, with its time; what is
 * not any more is lifted; what is new is added. Holds of the rules in `keep` are not touched.
 */
export async function exchangeHolds(
  db: Executor,
  open: readonly Row<'claim_hold'>[],
  now: readonly NewHold[],
  by: { readonly lifter: string; readonly reason: string; readonly keep: readonly string[] },
): Promise<void> {
  const still = new Set(now.map(contentOf));
  const gone = open.filter((h) => !by.keep.includes(h.rule) && !still.has(contentOf(h)));
  if (gone.length > 0)
    await sql`update claim_hold set lifted_at = ledger_now(), lifted_by = ${by.lifter}, lift_reason = ${by.reason}
      where id in (${sql.join(gone.map((h) => h.id))}) and lifted_at is null`.execute(db);
  await insertHolds(db, now);
}

/** Lifts the open holds of these rules in the name of an override: they stay lifted as long as it is in force. */
export async function liftUnderOverride(
  db: Executor,
  lift: {
    readonly claimId: string;
    readonly rules: readonly string[];
    readonly overrideId: string;
    readonly actor: string;
    readonly reason: string;
  },
): Promise<number> {
  const done = await sql<{
    id: number;
  }>`update claim_hold set lifted_at = ledger_now(), lifted_by = ${lift.actor}, lift_reason = ${lift.reason}, override_id = ${lift.overrideId}
    where claim_id = ${lift.claimId} and lifted_at is null and severity = 'hold' and rule in (${sql.join(lift.rules)}) returning id`.execute(
    db,
  );
  return done.rows.length;
}

export type LiftedHold = Pick<Row<'claim_hold'>, 'claim_id' | 'rule' | 'path' | 'message' | 'override_id'>;

/**
 * What people lifted on these claims, and nobody has put back since: the gate does not put the very same thing back by
 * itself. What an override lifted counts until it expires; what two people decide is never one person's, and no one's is a
 * patient's consent.
 */
export async function liftedByPeople(db: Executor, claimIds: readonly string[]): Promise<readonly LiftedHold[]> {
  if (claimIds.length === 0) return [];
  const found = await sql<LiftedHold>`select h.claim_id, h.rule, h.path, h.message, h.override_id from claim_hold h
    where h.claim_id in (${sql.join(claimIds)}) and h.lifted_at is not null and h.lifted_by not in ('regate', 'amendment')
      and h.rule <> ${CONSENT_RULE} and (h.override_id is not null or h.rule not in (${sql.join([...TWO_PERSON_RULES])}))
      and (h.override_id is null or exists (select 1 from claim_override o where o.id = h.override_id and o.expires_at > ledger_now()))
      and not exists (select 1 from claim_hold later where later.claim_id = h.claim_id and later.id > h.id
        and later.rule = h.rule and later.path = h.path and later.message = h.message)`.execute(db);
  return found.rows;
}
