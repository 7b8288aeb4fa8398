import { type RawBuilder, sql } from 'kysely';
import type { Bytes, GeneratedTimestamp } from './column-types.ts';
import { base64, type Executor, rowsJson } from './executor.ts';

/** Row of `0004-note-sketch`. */
export interface NoteSketchTable {
  session_id: string;
  ordinal: number;
  practice_id: string;
  patient_hash: Bytes;
  /** NPI; null when the clinician's days are over. */
  clinician: string | null;
  date_of_service: string;
  usage: string | null;
  key_id: string;
  version: number;
  shingles: number;
  minima: Bytes;
  bands: number[];
  created_at: GeneratedTimestamp;
}

/** Days to either side of a date of service in which a clinician's other paragraphs are looked at. */
export const CLINICIAN_DAYS = 30;
/** Days after the date of service for which a sketch can be found by its clinician: twice that, for sessions that come late. */
export const CLINICIAN_KEPT_DAYS = 60;

/** What a sketch belongs to. */
export interface SketchScope {
  readonly practiceId: string;
  readonly clinician: string;
  readonly dateOfService: string;
  /** T and P know nothing of each other; null counts as both. */
  readonly usage: 'T' | 'P' | null;
  /** Name of the key that salted it, and the version of the sketch: others are not comparable. */
  readonly keyId: string;
  readonly version: number;
}

export interface NewSketch {
  readonly ordinal: number;
  readonly patientHash: Uint8Array;
  readonly shingles: number;
  readonly minima: Uint8Array;
  /** Signed 32-bit. */
  readonly ownBands: readonly number[];
  readonly clinicianBands: readonly number[];
}

export interface SessionSketches {
  readonly scope: SketchScope;
  readonly sketches: readonly NewSketch[];
}

/** The insert of a session's sketches, as part of the statement that brings its roster. One that is there is replaced. */
export function sketchesInsert(sessionId: string, { scope, sketches }: SessionSketches): RawBuilder<unknown> {
  const rows = rowsJson(
    sketches.map((s) => ({
      ordinal: s.ordinal,
      patient: base64(s.patientHash),
      shingles: s.shingles,
      minima: base64(s.minima),
      bands: [...s.ownBands, ...s.clinicianBands],
    })),
  );
  return sql`insert into note_sketch (session_id, ordinal, practice_id, patient_hash, clinician, date_of_service, usage, key_id, version, shingles, minima, bands)
    select ${sessionId}::text, ordinal, ${scope.practiceId}::text, decode(patient, 'base64'), ${scope.clinician}::text, ${scope.dateOfService}::date,
      ${scope.usage}::text, ${scope.keyId}::text, ${scope.version}::int, shingles, decode(minima, 'base64'), bands
    from jsonb_to_recordset(${rows}::jsonb) as r(ordinal int, patient text, shingles int, minima text, bands int[])
    on conflict (session_id, ordinal) do update set patient_hash = excluded.patient_hash, clinician = excluded.clinician,
      date_of_service = excluded.date_of_service, usage = excluded.usage, key_id = excluded.key_id, version = excluded.version,
      shingles = excluded.shingles, minima = excluded.minima, bands = excluded.bands`;
}

/** Puts a session's sketches in the place of those it had: the note was written anew (an amendment). */
export async function replaceSketches(db: Executor, sessionId: string, sketches: SessionSketches): Promise<void> {
  await db.deleteFrom('note_sketch').where('session_id', '=', sessionId).execute();
  if (sketches.sketches.length > 0) await sketchesInsert(sessionId, sketches).execute(db);
}

/** A stored sketch that may be like one of ours; whether it is, its minima say. */
export interface StoredSketch {
  /** Ordinal of ours. */
  readonly ordinal: number;
  readonly sessionId: string;
  readonly dateOfService: string;
  /** The same patient's; else another patient's by the same clinician. */
  readonly own: boolean;
  readonly minima: Uint8Array;
}

/**
 * Stored sketches that share a band with one of ours: all of the same patient's, and the same clinician's within
 * `CLINICIAN_DAYS`. One statement, one index look-up per paragraph, whatever the clinician has written. The session that is
 * known by `externalId` is left out: that one is ours.
 */
export async function findSketches(
  db: Executor,
  { scope, sketches }: SessionSketches,
  externalId: string,
): Promise<readonly StoredSketch[]> {
  if (sketches.length === 0) return [];
  const rows = rowsJson(
    sketches.map((s) => ({
      ordinal: s.ordinal,
      patient: base64(s.patientHash),
      bands: [...s.ownBands, ...s.clinicianBands],
    })),
  );
  const found = await sql<{
    ordinal: number;
    session_id: string;
    date_of_service: string;
    own: boolean;
    minima: Buffer;
  }>`select q.ordinal, n.session_id, n.date_of_service, n.patient_hash = decode(q.patient, 'base64') as own, n.minima
    from jsonb_to_recordset(${rows}::jsonb) as q(ordinal int, patient text, bands int[])
    cross join lateral (select session_id, ordinal, practice_id, patient_hash, clinician, date_of_service, usage, key_id, version, minima
      from note_sketch s where s.bands && q.bands offset 0) n
    where n.practice_id = ${scope.practiceId} and n.key_id = ${scope.keyId} and n.version = ${scope.version}
      and (n.usage is null or ${scope.usage}::text is null or n.usage = ${scope.usage})
      and (n.patient_hash = decode(q.patient, 'base64') or (n.clinician = ${scope.clinician}
        and n.date_of_service between ${scope.dateOfService}::date - ${CLINICIAN_DAYS}::int and ${scope.dateOfService}::date + ${CLINICIAN_DAYS}::int))
      and not exists (select 1 from session x where x.id = n.session_id and x.practice_id = ${scope.practiceId} and x.external_id = ${externalId})
    order by q.ordinal, n.session_id, n.ordinal`.execute(db);
  return found.rows.map((r) => ({
    ordinal: r.ordinal,
    sessionId: r.session_id,
    dateOfService: r.date_of_service,
    own: r.own,
    minima: r.minima,
  }));
}

const PRUNED_AT_ONCE = 2_000;

/**
 * Takes the clinician's keys away from sketches whose days are over; the patient's own, the first `ownBands`, stay as long as
 * the session does. Returns how many: fewer than a page means that nothing is left.
 */
export async function pruneClinicianSketches(db: Executor, ownBands: number): Promise<number> {
  const done = await sql<{ n: number }>`with old as (select session_id, ordinal from note_sketch
      where clinician is not null and date_of_service < ledger_now()::date - ${CLINICIAN_KEPT_DAYS}::int limit ${PRUNED_AT_ONCE}::int),
    cut as (update note_sketch s set clinician = null, bands = s.bands[1:${ownBands}::int]
      from old where s.session_id = old.session_id and s.ordinal = old.ordinal returning 1)
    select count(*)::int as n from cut`.execute(db);
  return done.rows[0]?.n ?? 0;
}
