import { type RawBuilder, sql } from 'kysely';
import { type Executor, rowsJson } from './executor.ts';
import type { Row } from './types.ts';

export interface NewEvent {
  /** Id of the claim, session, drop, lane or setting that changed. */
  readonly subject: string;
  readonly kind: string;
  readonly from?: string | null;
  readonly to?: string | null;
  readonly actor: string;
  readonly reason?: string | null;
  readonly detail?: Readonly<Record<string, unknown>> | null;
}

/** The insert of these events, as a statement of its own or as a part of one. */
export function eventsInsert(events: readonly NewEvent[]): RawBuilder<unknown> {
  const rows = rowsJson(
    events.map((e) => ({
      subject: e.subject,
      kind: e.kind,
      f: e.from ?? null,
      t: e.to ?? null,
      actor: e.actor,
      reason: e.reason ?? null,
      detail: e.detail ?? null,
    })),
  );
  return sql`insert into ledger_event (at, subject, kind, from_state, to_state, actor, reason, detail)
    select (select ledger_now()), subject, kind, f, t, actor, reason, detail
    from jsonb_to_recordset(${rows}::jsonb) as r(subject text, kind text, f text, t text, actor text, reason text, detail jsonb)`;
}

/** Appends events in the order given; ids only, never a value of the patient's. */
export async function recordEvents(db: Executor, events: readonly NewEvent[]): Promise<void> {
  if (events.length > 0) await eventsInsert(events).execute(db);
}

/** History of one subject, oldest first. */
export async function eventsOf(db: Executor, subject: string): Promise<readonly Row<'ledger_event'>[]> {
  return db.selectFrom('ledger_event').selectAll().where('subject', '=', subject).orderBy('id').execute();
}

export async function recordAudit(
  db: Executor,
  entry: { actor: string; action: string; target: string; detail?: Readonly<Record<string, unknown>> },
): Promise<void> {
  await db
    .insertInto('audit')
    .values({
      actor: entry.actor,
      action: entry.action,
      target: entry.target,
      detail: entry.detail ? JSON.stringify(entry.detail) : null,
    })
    .execute();
}

/** Newest first; `before` is the id of the last row of the previous page. */
export async function listAudit(db: Executor, before: number | null, limit: number): Promise<readonly Row<'audit'>[]> {
  return db
    .selectFrom('audit')
    .selectAll()
    .$if(before !== null, (q) => q.where('id', '<', before as number))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}
