/**
 * Amendments of sessions: every version of an amended session with its reason and actor, attendees who are no longer on
 * the roster, and what waits on a claim until its state lets it happen.
 */
export const sql = `
-- Versions 1 to the current one of a session that was amended; one that never was has no row here.
create table session_version (
  session_id text not null references session, version int not null, content_hash bytea not null, sealed bytea not null,
  actor text not null, created_at timestamptz not null default ledger_now(), primary key (session_id, version));

-- A roster may change places: the check waits for the end of a statement. Who left it keeps the row (claims point to it)
-- at a negative place, and removed_in says in which version that was.
alter table attendee drop constraint attendee_session_id_ordinal_key;
alter table attendee add constraint attendee_place unique (session_id, ordinal) deferrable initially immediate;
alter table attendee add column removed_in int;

-- claim.pending_action says it in a word; here is what it needs when its time comes.
create table pending_amendment (
  claim_id text primary key references claim, session_version int not null, kind text not null check (kind in ('amend', 'withdraw')),
  sealed bytea not null, actor text not null, since timestamptz not null default ledger_now());
create index claim_successor on claim (replaces) where replaces is not null;
`;
