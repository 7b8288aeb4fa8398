/**
 * What an intake must know of the ledger (spec 03 §3.2: K3b, K5, K6; 02 §2.2: S10, S11, A04–A06, A09, A21), the people's
 * decisions that overrule it, and the tasks that it raises. Columns named `_hash` are keyed hashes; `sealed` is sealed.
 *
 * Rows stored before: who was present and when, and whose claim it is, follow from what lies there in clear and are filled
 * in here. Hashes need the key and are filled in by the sweeper (`facts_version = 0`); a session without a facility or a
 * usage counts as the same facility and usage, so that nothing of old is overlooked. Whoever an amendment takes off a
 * roster has a negative place there.
 *
 * `lateral (… offset 0)` fixes each look-up to the index of its hash: a condition on the state beside it invites a planner
 * that knows no statistics (PL/pgSQL plans early and keeps the plan) to read every claim that is scheduled.
 */
export const sql = `
create table intake_bucket (key bytea primary key, touched_at timestamptz not null) with (fillfactor = 70);

alter table session add column facility_hash bytea, add column usage text;
create index session_by_facilitator on session (practice_id, facilitator_npi, started_at);

alter table attendee add column present_from timestamptz, add column present_to timestamptz;
update attendee a set present_from = s.started_at, present_to = s.ended_at from session s
  where s.id = a.session_id and (a.reason is null or a.reason not in ('no_show', 'cancelled', 'cancelled_late', 'excused', 'observer'));
create index attendee_present on attendee (patient_hash, present_from) where present_from is not null;

alter table claim add column patient_hash bytea, add column member_hash bytea, add column person_hash bytea,
  add column demographics_hash bytea, add column is_subscriber boolean, add column authorization_hash bytea,
  add column authorized_units int, add column units_stated int, add column service_code text, add column service_lines jsonb,
  add column override_no int not null default 0, add column override_until timestamptz,
  add column facts_version int not null default 0;
update claim c set patient_hash = a.patient_hash from attendee a where a.id = c.attendee_id;
create index claim_by_attendee on claim (attendee_id);
create index claim_by_patient on claim (patient_hash, date_of_service);
create index claim_by_member on claim (member_hash, person_hash) where member_hash is not null;
create index claim_by_authorization on claim (authorization_hash) where authorization_hash is not null;
create index claim_without_facts on claim (id) where facts_version = 0;

create table patient_privacy (
  patient_hash bytea primary key, practice_id text not null, version int not null, sealed bytea not null,
  actor text not null, updated_at timestamptz not null default ledger_now());

create table claim_override (
  id text primary key, practice_id text not null, claim_id text not null references claim, kind text not null, rules text[] not null,
  override_no int not null default 0, modifier text, original_claim_id text references claim, carc text,
  reason text not null, requested_by text not null, requested_at timestamptz not null default ledger_now(), expires_at timestamptz not null,
  approved_by text, approved_at timestamptz, approve_reason text, lapsed_at timestamptz,
  constraint claim_override_two_people check (approved_by is null or approved_by <> requested_by));
alter table claim_hold add column override_id text references claim_override;
create index claim_override_by_claim on claim_override (claim_id);
create index claim_override_pending on claim_override (id) where approved_at is null;

create table task (
  id bigint generated always as identity primary key, practice_id text not null, kind text not null, claim_id text not null references claim,
  rule text, related_claim_id text, message text not null, created_by text not null, created_at timestamptz not null default ledger_now(),
  closed_at timestamptz, closed_by text, close_reason text);
create unique index task_open on task (claim_id, kind, coalesce(related_claim_id, '')) where closed_at is null;

create function intake_facts(p jsonb, locking boolean) returns jsonb language plpgsql volatile
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_material = off set join_collapse_limit = 1 as $$
declare
  v_own text := p->>'session';
  v_practice text := p->>'practice';
  v_usage text := p->>'usage';
  v_start timestamptz := (p->>'from')::timestamptz;
  v_end timestamptz := (p->>'to')::timestamptz;
  v_live text[] := array(select jsonb_array_elements_text(p->'live'));
  v_roster bytea[] := array(select decode(r.hash, 'hex') from jsonb_to_recordset(p->'patients') as r(hash text));
  v_touched text[];
  v_owning int[] := '{}';
  v_groups jsonb; v_overlaps jsonb; v_services jsonb; v_conflicts jsonb; v_units jsonb; v_owners jsonb; v_privacy jsonb;
begin
  -- Two intakes that share a bucket go one after the other. Every statement below has a snapshot of its own, taken after
  -- the wait, so the second one sees what the first has stored.
  if locking then
    insert into intake_bucket (key, touched_at)
      select decode(k, 'hex'), clock_timestamp() from jsonb_array_elements_text(p->'buckets') as k order by 1
      on conflict (key) do update set touched_at = excluded.touched_at;
  end if;

  select coalesce(jsonb_agg(jsonb_build_object('sessionId', s.id, 'startedAt', (extract(epoch from s.started_at) * 1000)::bigint,
      'endedAt', (extract(epoch from s.ended_at) * 1000)::bigint,
      'sameFacility', s.facility_hash is null or s.facility_hash = decode(p->>'facility', 'hex'),
      'roster', (select count(distinct a.patient_hash) from attendee a where a.session_id = s.id and a.ordinal >= 0),
      'common', (select count(distinct a.patient_hash) from attendee a where a.session_id = s.id and a.ordinal >= 0 and a.patient_hash = any (v_roster))) order by s.id), '[]')
    into v_groups from session s
    where s.practice_id = v_practice and s.facilitator_npi = p->>'facilitator' and s.id <> v_own and (s.usage is null or v_usage is null or s.usage = v_usage)
      and (not exists (select 1 from claim c where c.session_id = s.id)
        or exists (select 1 from claim c where c.session_id = s.id and c.state not in ('cancelled', 'voided')))
      and s.started_at > v_start - interval '1 day' and s.started_at < v_end + interval '15 minutes'
      and (s.ended_at > v_start or s.started_at >= v_start - interval '15 minutes');

  -- Claims that may have to be held stand still from here on.
  if locking then
    v_touched := array(
      select c.id from jsonb_to_recordset(p->'patients') as r(hash text, "from" timestamptz, "to" timestamptz)
        join attendee a on a.patient_hash = decode(r.hash, 'hex') and a.present_from > r."from" - interval '1 day' and a.present_from < r."to"
          and a.present_to > r."from" and a.session_id <> v_own and a.ordinal >= 0
        join claim c on c.attendee_id = a.id
      union select c.id from jsonb_to_recordset(p->'members') as r(member text, person text, self boolean)
        cross join lateral (select * from claim x where x.member_hash = decode(r.member, 'hex') offset 0) c
        where r.self and c.person_hash <> decode(r.person, 'hex') and c.session_id <> v_own and c.is_subscriber
          and c.state in ('held', 'scheduled'));
    perform 1 from claim where id = any (v_touched) and state in ('held', 'scheduled') order by id for no key update;
  end if;

  select coalesce(jsonb_agg(jsonb_build_object('index', r.n, 'sessionId', a.session_id, 'claimId', c.id, 'state', c.state) order by r.n, a.id, c.id), '[]')
    into v_overlaps from jsonb_to_recordset(p->'patients') as r(n int, hash text, "from" timestamptz, "to" timestamptz)
    join attendee a on a.patient_hash = decode(r.hash, 'hex') and a.present_from > r."from" - interval '1 day' and a.present_from < r."to"
      and a.present_to > r."from" and a.session_id <> v_own and a.ordinal >= 0
    join session s on s.id = a.session_id and (s.usage is null or v_usage is null or s.usage = v_usage)
    left join claim c on c.attendee_id = a.id;

  -- Claims of this very session that own the keys they ask for came first: what two people let go beside them since, under
  -- a number of its own, is no second service to them. To everybody else it is one like any other, whatever its number.
  if exists (select 1 from claim c where c.session_id = v_own) then
    v_owning := array(select q.n from jsonb_to_recordset(p->'keys') as q(n int, kind text, hash text)
      join claim_key k on k.kind = q.kind and k.hash = decode(q.hash, 'hex')
      join claim c on c.id = k.claim_id and c.session_id = v_own where q.kind = 'K2a');
  end if;

  select coalesce(jsonb_agg(jsonb_build_object('index', r.n, 'claimId', c.id, 'state', c.state, 'serviceCode', coalesce(c.service_code, c.procedure_code),
      'lines', coalesce(c.service_lines, jsonb_build_array(jsonb_build_object('procedureCode', c.procedure_code, 'modifiers', '[]'::jsonb)))) order by r.n, c.id), '[]')
    into v_services from jsonb_to_recordset(p->'patients') as r(n int, hash text)
    cross join lateral (select * from claim x where x.patient_hash = decode(r.hash, 'hex') and x.date_of_service = (p->>'date')::date offset 0) c
    join session s on s.id = c.session_id and (s.usage is null or v_usage is null or s.usage = v_usage)
    where c.session_id <> v_own and (c.override_no = 0 or r.n <> all (v_owning)) and (c.state = any (v_live) or (c.state = 'held' and exists (select 1 from claim_key k where k.claim_id = c.id)));

  -- Other demographics: within a practice another name, birth date or gender; between practices, which may spell a name
  -- differently, another birth date, gender or initial. Of claims that have left, the newest of each person stands for all.
  select coalesce(jsonb_agg(jsonb_build_object('index', x.n, 'claimId', x.id, 'state', x.state, 'ownPractice', x.practice_id = v_practice) order by x.n, x.id), '[]')
    into v_conflicts from (
      select r.n, c.id, c.state, c.practice_id, c.member_hash, c.person_hash, decode(r.person, 'hex') as person,
          row_number() over (partition by r.n, c.practice_id, c.person_hash, c.state in ('held', 'scheduled') order by c.id desc) as newest
        from jsonb_to_recordset(p->'members') as r(n int, patient text, member text, person text, demographics text, self boolean)
        cross join lateral (select * from claim x where x.member_hash = decode(r.member, 'hex') offset 0) c
        where r.self and c.is_subscriber and c.session_id <> v_own
          and c.person_hash <> decode(r.person, 'hex') and c.patient_hash <> decode(r.patient, 'hex')
          and (c.practice_id = v_practice or c.demographics_hash <> decode(r.demographics, 'hex'))
          and c.state not in ('cancelled', 'not_billable', 'rejected', 'voided')) x
    where (x.state in ('held', 'scheduled') or x.newest = 1)
      and not exists (select 1 from claim_override o join claim oc on oc.id = o.claim_id
        where oc.member_hash = x.member_hash and oc.person_hash in (x.person_hash, x.person)
          and 'A21' = any (o.rules) and o.approved_at is not null and o.expires_at > ledger_now());

  select coalesce(jsonb_agg(jsonb_build_object('index', r.n, 'stated', c.units_stated, 'units', c.authorized_units) order by r.n, c.id), '[]')
    into v_units from jsonb_to_recordset(p->'members') as r(n int, "authorization" text)
    cross join lateral (select * from claim x where x.authorization_hash = decode(r."authorization", 'hex') offset 0) c
    where c.session_id <> v_own and c.frequency_code = '1'
      and (c.state = any (v_live) or (c.state = 'held' and exists (select 1 from claim_key k where k.claim_id = c.id)));

  -- The keys of a claim under an override carry its number, so no other claim meets them: of another patient id it is found
  -- by what K3 is made of. Of the same patient id the services above have it.
  select coalesce(jsonb_agg(jsonb_build_object('index', x.n, 'kind', x.kind, 'claimId', x.claim_id, 'ownPractice', x.practice_id = v_practice) order by x.n, x.kind), '[]')
    into v_owners from (
      select r.n, r.kind, k.claim_id, c.practice_id from jsonb_to_recordset(p->'keys') as r(n int, kind text, hash text)
        join claim_key k on k.kind = r.kind and k.hash = decode(r.hash, 'hex')
        join claim c on c.id = k.claim_id and c.session_id <> v_own
      union all select r.n, 'K3', c.id, c.practice_id
        from jsonb_to_recordset(p->'members') as r(n int, patient text, member text, demographics text, code text)
        cross join lateral (select * from claim x where x.member_hash = decode(r.member, 'hex') offset 0) c
        where c.override_no > 0 and c.date_of_service = (p->>'date')::date and c.session_id <> v_own and r.n <> all (v_owning)
          and c.demographics_hash = decode(r.demographics, 'hex') and c.patient_hash <> decode(r.patient, 'hex')
          and c.service_code = r.code
          and (c.state = any (v_live) or (c.state = 'held' and exists (select 1 from claim_key k where k.claim_id = c.id)))) x;

  select coalesce(jsonb_agg(jsonb_build_object('index', r.n, 'sealed', encode(v.sealed, 'base64')) order by r.n), '[]')
    into v_privacy from jsonb_to_recordset(p->'patients') as r(n int, hash text)
    join patient_privacy v on v.patient_hash = decode(r.hash, 'hex');

  return jsonb_build_object('groups', v_groups, 'overlaps', v_overlaps, 'services', v_services, 'memberConflicts', v_conflicts,
    'authorizedUnits', v_units, 'keyOwners', v_owners, 'privacy', v_privacy);
end
$$;
`;
