import { sql } from 'kysely';
import type { ClaimState } from '../../schemas/common.ts';
import type { Executor } from './executor.ts';

/** Waits for every intake of this patient; later ones wait until the caller's transaction ends. `bucket` as hex. */
export async function lockBucket(db: Executor, bucket: string): Promise<void> {
  await sql`insert into intake_bucket (key, touched_at) values (decode(${bucket}, 'hex'), clock_timestamp())
    on conflict (key) do update set touched_at = excluded.touched_at`.execute(db);
}

/** Stores what a patient has laid down, in place of what was there; returns the version. */
export async function putPrivacy(
  db: Executor,
  row: { readonly patientHash: Uint8Array; readonly practiceId: string; readonly sealed: Uint8Array; readonly actor: string },
): Promise<number> {
  const done = await sql<{ version: number }>`insert into patient_privacy (patient_hash, practice_id, version, sealed, actor)
    values (${row.patientHash}, ${row.practiceId}, 1, ${row.sealed}, ${row.actor})
    on conflict (patient_hash) do update set version = patient_privacy.version + 1, sealed = excluded.sealed, actor = excluded.actor,
      updated_at = ledger_now() returning version`.execute(db);
  return (done.rows[0] as { version: number }).version;
}

/** A claim that has not left, with all that decides whether it may: its own body and what its patient has laid down. */
export interface UnsentClaim {
  readonly id: string;
  readonly practiceId: string;
  readonly sessionId: string;
  readonly attendeeId: string;
  readonly state: ClaimState;
  readonly frequencyCode: string;
  readonly dropId: string | null;
  /** Place on the roster. */
  readonly ordinal: number;
  readonly sealed: Buffer;
  readonly patientHash: Buffer;
  readonly privacy: Buffer | null;
}

/** Columns of an `UnsentClaim`, from `UNSENT_ROWS`. */
export const UNSENT_COLUMNS = sql`c.id, c.practice_id as "practiceId", c.session_id as "sessionId", c.attendee_id as "attendeeId", c.state,
    c.frequency_code as "frequencyCode", c.drop_id as "dropId", a.ordinal, c.sealed, a.patient_hash as "patientHash", p.sealed as privacy`;
export const UNSENT_ROWS = sql`claim c join attendee a on a.id = c.attendee_id left join patient_privacy p on p.patient_hash = a.patient_hash`;
const UNSENT = sql`select ${UNSENT_COLUMNS} from ${UNSENT_ROWS}`;

export async function unsentOfPatient(db: Executor, patientHash: Uint8Array): Promise<readonly UnsentClaim[]> {
  const found =
    await sql<UnsentClaim>`${UNSENT} where c.patient_hash = ${patientHash} and c.state in ('held', 'scheduled', 'released')
    order by c.id`.execute(db);
  return found.rows;
}

/** Claims of these drops that are still on their way. */
export async function unsentInDrops(db: Executor, dropIds: readonly string[]): Promise<readonly UnsentClaim[]> {
  if (dropIds.length === 0) return [];
  return (
    await sql<UnsentClaim>`${UNSENT} where c.drop_id in (${sql.join(dropIds)}) and c.state = 'released' order by c.id`.execute(db)
  ).rows;
}

/** Of these drops those that carry a claim of a patient who has laid something down. */
export async function dropsWithPrivacy(db: Executor, dropIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (dropIds.length === 0) return new Set();
  const found = await sql<{ id: string }>`select distinct d.drop_id as id from drop_claim d join claim c on c.id = d.claim_id
    join patient_privacy p on p.patient_hash = c.patient_hash where d.drop_id in (${sql.join(dropIds)})`.execute(db);
  return new Set(found.rows.map((r) => r.id));
}
