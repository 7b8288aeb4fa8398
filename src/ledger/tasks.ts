import { sql } from 'kysely';
import { type Executor, rowsJson } from './executor.ts';
import type { Row } from './types.ts';

/** What a person has to look into although the claim has left: it cannot be held any more. */
export interface NewTask {
  readonly practiceId: string;
  /** A word of ours, such as `review_member_id`. */
  readonly kind: string;
  readonly claimId: string;
  readonly rule: string | null;
  /** Of the same practice; null where it is another's. */
  readonly relatedClaimId: string | null;
  /** A fixed sentence: no value of the patient's. */
  readonly message: string;
  readonly actor: string;
}

/**
 * Opens tasks; one that is open already for the same claim, kind and related claim stays as it is. With `unlessClosed` one
 * that was closed is not opened again, either.
 */
export async function openTasks(db: Executor, tasks: readonly NewTask[], unlessClosed = false): Promise<void> {
  if (tasks.length === 0) return;
  await sql`insert into task (practice_id, kind, claim_id, rule, related_claim_id, message, created_by)
    select "practiceId", kind, "claimId", rule, "relatedClaimId", message, actor
    from jsonb_to_recordset(${rowsJson(tasks.map((t) => ({ ...t })))}::jsonb)
      as r("practiceId" text, kind text, "claimId" text, rule text, "relatedClaimId" text, message text, actor text)
    where not ${unlessClosed}::boolean or not exists (select 1 from task t where t.claim_id = r."claimId" and t.kind = r.kind
      and t.related_claim_id is not distinct from r."relatedClaimId" and t.closed_at is not null)
    on conflict do nothing`.execute(db);
}

export async function tasksOf(db: Executor, claimIds: readonly string[]): Promise<readonly Row<'task'>[]> {
  if (claimIds.length === 0) return [];
  return db
    .selectFrom('task')
    .selectAll()
    .where('claim_id', 'in', claimIds)
    .where('closed_at', 'is', null)
    .orderBy('id')
    .execute();
}

/** Oldest first; `practiceId` null = the operator. */
export async function listOpenTasks(db: Executor, practiceId: string | null, limit: number): Promise<readonly Row<'task'>[]> {
  return db
    .selectFrom('task')
    .selectAll()
    .where('closed_at', 'is', null)
    .$if(practiceId !== null, (q) => q.where('practice_id', '=', practiceId as string))
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** The task as it is now, or undefined when there is no such open task. */
export async function closeTask(
  db: Executor,
  id: number,
  practiceId: string | null,
  actor: string,
  reason: string,
): Promise<Row<'task'> | undefined> {
  return db
    .updateTable('task')
    .set({ closed_at: sql`ledger_now()`, closed_by: actor, close_reason: reason })
    .where('id', '=', id)
    .where('closed_at', 'is', null)
    .$if(practiceId !== null, (q) => q.where('practice_id', '=', practiceId as string))
    .returningAll()
    .executeTakeFirst();
}

/** Closes what a decision about a claim has settled: the tasks of these rules on it, and those of other claims about it. */
export async function settleTasks(
  db: Executor,
  claimId: string,
  rules: readonly string[],
  actor: string,
  reason: string,
): Promise<void> {
  if (rules.length === 0) return;
  await sql`update task set closed_at = ledger_now(), closed_by = ${actor}, close_reason = ${reason}
    where closed_at is null and rule in (${sql.join(rules)}) and (claim_id = ${claimId} or related_claim_id = ${claimId})`.execute(
    db,
  );
}
