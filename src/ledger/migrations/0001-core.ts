/**
 * First schema. Patient data lies only in columns named `sealed` (AES-256-GCM, see `src/ops/crypto.ts`) and is looked
 * up by keyed hash only. Times are timestamptz with millisecond precision, taken from `ledger_now()`.
 */
export const sql = `
create table setting (key text primary key, value text not null);

create function ledger_now() returns timestamptz language sql volatile as $$
  select date_trunc('milliseconds', clock_timestamp())
       + make_interval(secs => coalesce((select value::double precision from setting where key = 'clock_offset_ms'), 0) / 1000.0)
$$;

create table data_key (
  id text primary key, purpose text not null, practice_id text, wrapped bytea not null,
  created_at timestamptz not null default ledger_now(), retired_at timestamptz);
create unique index data_key_live on data_key (purpose, coalesce(practice_id, '')) where retired_at is null;

create table api_key (
  id text primary key, practice_id text, name text not null, hash bytea not null unique, scopes text[] not null,
  created_at timestamptz not null default ledger_now(), revoked_at timestamptz);

create table config_version (
  kind text not null, id text not null, version int not null, body jsonb not null, sealed bytea,
  actor text not null, created_at timestamptz not null default ledger_now(), primary key (kind, id, version));
create table config_current (kind text not null, id text not null, version int not null, primary key (kind, id));

create table session (
  id text primary key, practice_id text not null, external_id text not null, version int not null default 1,
  content_hash bytea not null, date_of_service date not null, started_at timestamptz not null, ended_at timestamptz not null,
  facilitator_npi text not null, group_id text, findings jsonb not null, sealed bytea not null,
  created_at timestamptz not null default ledger_now(), unique (practice_id, external_id));
create index session_by_date on session (practice_id, date_of_service, id);

create table attendee (
  id text primary key, session_id text not null references session, practice_id text not null, ordinal int not null,
  patient_hash bytea not null, state text not null, reason text, claim_id text, findings jsonb not null, sealed bytea not null,
  unique (session_id, ordinal));
create index attendee_by_patient on attendee (patient_hash);

create table lane (
  id text primary key, clearinghouse_id text not null, sender_id text not null, receiver_id text not null, usage text not null,
  st_counter bigint not null default 0,
  paused_at timestamptz, paused_by text, pause_reason text,
  stopped_at timestamptz, stop_reason text,
  circuit_state text not null default 'closed', circuit_failures int not null default 0, circuit_until timestamptz,
  created_at timestamptz not null default ledger_now());

create table control_counter (sender_id text not null, receiver_id text not null, last bigint not null, primary key (sender_id, receiver_id));

create table claim (
  id text primary key, session_id text not null references session, attendee_id text not null references attendee,
  practice_id text not null, payer_id text, clearinghouse_id text, lane_id text references lane,
  responsibility text not null, frequency_code text not null default '1', state text not null, state_reason text, level text,
  lineage text not null, revision int not null default 1, trace_number text not null,
  date_of_service date not null, procedure_code text, rendering_npi text, billing_npi text,
  charge_cents int not null default 0, look_alike_key text, look_alike_gap_ms int not null default 0, sibling_key text,
  not_before timestamptz, deadline timestamptz, file_by date, order_key text not null default '',
  planned_release_at timestamptz, plan_reasons text[] not null default '{}', expedited boolean not null default false,
  alarm_no int not null default 0, armed_for timestamptz,
  attempts int not null default 0, practice_version int not null, payer_version int, clearinghouse_version int,
  payer_claim_control_number text, replaces text, replaced_by text, pending_action text,
  drop_id text, sealed bytea not null,
  constraint claim_scheduled_has_a_plan check (state <> 'scheduled'
    or (lane_id is not null and look_alike_key is not null and not_before is not null and planned_release_at is not null)),
  created_at timestamptz not null default ledger_now(), updated_at timestamptz not null default ledger_now());
create unique index claim_lineage on claim (lineage) where frequency_code = '1';
create index claim_due on claim (lane_id, expedited desc, order_key, id) where state = 'scheduled';
create index claim_arm on claim (planned_release_at) where state = 'scheduled';
create index claim_lane_plan on claim (lane_id, planned_release_at) where state = 'scheduled';
create index claim_by_sibling on claim (sibling_key, not_before) where state = 'scheduled';
create index claim_list on claim (practice_id, id);
create index claim_by_session on claim (session_id);
create index claim_by_state on claim (state, id);
create index claim_by_look_alike on claim (look_alike_key, not_before) where state = 'scheduled' and look_alike_gap_ms > 0;

create table claim_hold (
  id bigint generated always as identity primary key, claim_id text not null references claim, rule text not null, severity text not null,
  message text not null, path text not null default '', actor text not null, since timestamptz not null default ledger_now(),
  lifted_at timestamptz, lifted_by text, lift_reason text);
create index claim_hold_open on claim_hold (claim_id) where lifted_at is null;

create table claim_key (
  kind text not null, hash bytea not null, key_id text not null, canonical_version int not null, claim_id text not null,
  taken_at timestamptz not null default ledger_now(), primary key (kind, hash));
create index claim_key_owner on claim_key (claim_id);

create table spacing (key text primary key, next_at timestamptz not null, set_at timestamptz not null default ledger_now());

-- Not "event": BullMQ's schema has a table of that name, and on PGlite both share one session and its search path.
create table ledger_event (
  id bigint generated always as identity primary key, at timestamptz not null default ledger_now(),
  subject text not null, kind text not null, from_state text, to_state text, actor text not null, reason text, detail jsonb);
create index ledger_event_by_subject on ledger_event (subject, id);

create table drop_file (
  id text primary key, lane_id text not null references lane, clearinghouse_id text not null, state text not null,
  sender_id text not null, receiver_id text not null, isa13 bigint not null, file_name text not null, target jsonb not null, target_key text not null,
  size int not null, sha256 text not null, sealed bytea not null,
  token int not null default 0, lease_until timestamptz, staged text, reason text, attempts int not null default 0, retry_at timestamptz,
  frozen_at timestamptz not null default ledger_now(), transmitted_at timestamptz, picked_up_at timestamptz,
  unique (sender_id, receiver_id, isa13), unique (target_key, file_name));
create index drop_file_open on drop_file (lane_id) where state in ('frozen', 'staged');
create index drop_file_waiting on drop_file (id) where state = 'transmitted';

create table drop_claim (
  drop_id text not null references drop_file, claim_id text not null references claim, st02 text not null, bht03 text not null unique,
  patient_control_number text not null, revision int not null, primary key (drop_id, claim_id));
create index drop_claim_by_claim on drop_claim (claim_id);

create table idempotency (
  owner text not null, route text not null, key text not null, body_hash bytea not null, status int not null, sealed bytea not null,
  headers jsonb not null, created_at timestamptz not null default ledger_now(), primary key (owner, route, key));
create index idempotency_age on idempotency (created_at);

create table audit (
  id bigint generated always as identity primary key, at timestamptz not null default ledger_now(),
  actor text not null, action text not null, target text not null, detail jsonb);
`;
