import { type RawBuilder, sql } from 'kysely';
import type { Executor } from './executor.ts';

/** Kind of the event that says of a claim that it was judged again because its filing limit was past. */
export const JUDGED_LATE = 'claim.judged_late';

/**
 * Scheduled, its last day to file before `day`, and not judged again since that day: a limit that was moved has its own
 * judgement. A void has no limit of its own.
 */
const late = (
  day: string,
): RawBuilder<unknown> => sql`c.state = 'scheduled' and c.file_by < ${day}::date and c.frequency_code <> '8'
  and not exists (select 1 from ledger_event e where e.subject = c.id and e.kind = ${JUDGED_LATE} and e.at > c.file_by + 1)`;

/** Sessions with such a claim, by id after `after`. */
export async function lateSessions(db: Executor, day: string, after: string, limit: number): Promise<readonly string[]> {
  const rows = await sql<{ id: string }>`select distinct c.session_id as id from claim c
    where ${late(day)} and c.session_id > ${after} order by 1 limit ${limit}`.execute(db);
  return rows.rows.map((r) => r.id);
}

/** Such claims of one session. */
export async function lateClaims(db: Executor, day: string, sessionId: string): Promise<readonly string[]> {
  const rows = await sql<{
    id: string;
  }>`select c.id from claim c where ${late(day)} and c.session_id = ${sessionId} order by 1`.execute(db);
  return rows.rows.map((r) => r.id);
}
