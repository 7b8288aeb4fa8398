import { sql } from 'kysely';
import type { Executor } from './executor.ts';

/** Kind of the event that says of a claim that it was judged again because its filing limit was past. */
export const JUDGED_LATE = 'claim.judged_late';

/**
 * Sessions with a scheduled claim whose last day to file was before `day`, and that was not judged again for it yet. A void
 * has no limit of its own.
 */
export async function lateSessions(db: Executor, day: string, after: string, limit: number): Promise<readonly string[]> {
  const rows = await sql<{ id: string }>`select distinct c.session_id as id from claim c
    where c.state = 'scheduled' and c.file_by < ${day}::date and c.frequency_code <> '8' and c.session_id > ${after}
      and not exists (select 1 from ledger_event e where e.subject = c.id and e.kind = ${JUDGED_LATE})
    order by 1 limit ${limit}`.execute(db);
  return rows.rows.map((r) => r.id);
}
