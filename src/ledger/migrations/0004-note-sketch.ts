/**
 * Salted MinHash sketches of paragraphs (spec 02 §2.3), so that a note that is copied from another week is recognised
 * although no text is kept. `bands`: eight look-up keys of the patient, then sixteen of the clinician, which are taken
 * away, with the clinician's number, when the days are over in which they are asked for (`note-sketches.ts`).
 *
 * Entries go straight into the index (`fastupdate = off`): a pending list would be read through by every look-up, and on the
 * embedded ledger nobody but an intake ever empties it.
 */
export const sql = `
create table note_sketch (
  session_id text not null references session, ordinal int not null, practice_id text not null, patient_hash bytea not null,
  clinician text, date_of_service date not null, usage text, key_id text not null, version int not null,
  shingles int not null, minima bytea not null, bands int[] not null,
  created_at timestamptz not null default ledger_now(), primary key (session_id, ordinal));
create index note_sketch_by_band on note_sketch using gin (bands) with (fastupdate = off);
create index note_sketch_of_clinician on note_sketch (date_of_service) where clinician is not null;
`;
