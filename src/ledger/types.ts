import type { ColumnType, Generated, GeneratedAlways, Selectable, Updateable } from 'kysely';

/**
 * Row shapes of `migrations/0001-core.ts`, column by column, as both drivers give them through the one parser table
 * (`parsers.ts`): timestamptz ↔ Date (milliseconds), int8 ↔ number, date ↔ 'YYYY-MM-DD', bytea ↔ Buffer, jsonb → parsed.
 * Column names are the SQL names; aggregates map them to camelCase.
 */

type Timestamp = Date;
type GeneratedTimestamp = ColumnType<Date, Date | undefined, Date>;
type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>;
type NullableBytes = ColumnType<Buffer | null, Uint8Array | null | undefined, Uint8Array | null>;
/**
 * jsonb: read parsed, written as JSON text. Text, because `pg` turns a JS array into a Postgres array literal and
 * PGlite does not, so `JSON.stringify(value)` is the one form that both take.
 */
type Json<T = unknown> = ColumnType<T, string, string>;
type NullableJson<T = unknown> = ColumnType<T | null, string | null | undefined, string | null>;
type WithDefault<T> = ColumnType<T, T | undefined, T>;
type Optional<T> = ColumnType<T | null, T | null | undefined, T | null>;

export interface SettingTable {
  key: string;
  value: string;
}

export interface SchemaMigrationTable {
  name: string;
  sha256: string;
  /** Lowest program version that may use a ledger on which this migration has run. */
  min_code_version: string;
  applied_at: Generated<Timestamp>;
}

export interface DataKeyTable {
  id: string;
  purpose: string;
  practice_id: string | null;
  wrapped: Bytes;
  created_at: GeneratedTimestamp;
  retired_at: Optional<Timestamp>;
}

export interface ApiKeyTable {
  id: string;
  practice_id: string | null;
  name: string;
  hash: Bytes;
  scopes: string[];
  created_at: GeneratedTimestamp;
  revoked_at: Optional<Timestamp>;
}

export interface ConfigVersionTable {
  kind: string;
  id: string;
  version: number;
  body: Json;
  sealed: NullableBytes;
  actor: string;
  created_at: GeneratedTimestamp;
}

export interface ConfigCurrentTable {
  kind: string;
  id: string;
  version: number;
}

export interface SessionTable {
  id: string;
  practice_id: string;
  external_id: string;
  version: WithDefault<number>;
  content_hash: Bytes;
  date_of_service: string;
  started_at: Timestamp;
  ended_at: Timestamp;
  facilitator_npi: string;
  group_id: string | null;
  findings: Json<unknown[]>;
  sealed: Bytes;
  created_at: GeneratedTimestamp;
}

export interface AttendeeTable {
  id: string;
  session_id: string;
  practice_id: string;
  ordinal: number;
  patient_hash: Bytes;
  state: string;
  reason: Optional<string>;
  claim_id: Optional<string>;
  findings: Json<unknown[]>;
  sealed: Bytes;
}

export interface LaneTable {
  id: string;
  clearinghouse_id: string;
  sender_id: string;
  receiver_id: string;
  usage: string;
  st_counter: WithDefault<number>;
  paused_at: Optional<Timestamp>;
  paused_by: Optional<string>;
  pause_reason: Optional<string>;
  stopped_at: Optional<Timestamp>;
  stop_reason: Optional<string>;
  circuit_state: WithDefault<string>;
  circuit_failures: WithDefault<number>;
  circuit_until: Optional<Timestamp>;
  created_at: GeneratedTimestamp;
}

export interface ControlCounterTable {
  sender_id: string;
  receiver_id: string;
  last: number;
}

export interface ClaimTable {
  id: string;
  session_id: string;
  attendee_id: string;
  practice_id: string;
  payer_id: string | null;
  clearinghouse_id: string | null;
  lane_id: string | null;
  responsibility: string;
  frequency_code: WithDefault<string>;
  state: string;
  state_reason: Optional<string>;
  level: Optional<string>;
  lineage: string;
  revision: WithDefault<number>;
  trace_number: string;
  date_of_service: string;
  procedure_code: string | null;
  rendering_npi: string | null;
  billing_npi: string | null;
  charge_cents: WithDefault<number>;
  look_alike_key: Optional<string>;
  look_alike_gap_ms: WithDefault<number>;
  sibling_key: Optional<string>;
  not_before: Optional<Timestamp>;
  deadline: Optional<Timestamp>;
  /** 'YYYY-MM-DD'. */
  file_by: Optional<string>;
  order_key: WithDefault<string>;
  planned_release_at: Optional<Timestamp>;
  plan_reasons: WithDefault<string[]>;
  expedited: WithDefault<boolean>;
  alarm_no: WithDefault<number>;
  armed_for: Optional<Timestamp>;
  attempts: WithDefault<number>;
  practice_version: number;
  payer_version: number | null;
  clearinghouse_version: number | null;
  payer_claim_control_number: Optional<string>;
  replaces: Optional<string>;
  replaced_by: Optional<string>;
  pending_action: Optional<string>;
  drop_id: Optional<string>;
  sealed: Bytes;
  created_at: GeneratedTimestamp;
  updated_at: GeneratedTimestamp;
}

export interface ClaimHoldTable {
  id: GeneratedAlways<number>;
  claim_id: string;
  rule: string;
  severity: string;
  message: string;
  path: WithDefault<string>;
  actor: string;
  since: GeneratedTimestamp;
  lifted_at: Optional<Timestamp>;
  lifted_by: Optional<string>;
  lift_reason: Optional<string>;
}

export interface ClaimKeyTable {
  kind: string;
  hash: Bytes;
  key_id: string;
  canonical_version: number;
  claim_id: string;
  taken_at: GeneratedTimestamp;
}

export interface SpacingTable {
  key: string;
  next_at: Timestamp;
  set_at: GeneratedTimestamp;
}

export interface LedgerEventTable {
  id: GeneratedAlways<number>;
  at: GeneratedTimestamp;
  subject: string;
  kind: string;
  from_state: Optional<string>;
  to_state: Optional<string>;
  actor: string;
  reason: Optional<string>;
  detail: NullableJson<Record<string, unknown>>;
}

export interface DropFileTable {
  id: string;
  lane_id: string;
  clearinghouse_id: string;
  state: string;
  sender_id: string;
  receiver_id: string;
  isa13: number;
  file_name: string;
  target: Json;
  target_key: string;
  size: number;
  sha256: string;
  sealed: Bytes;
  token: WithDefault<number>;
  lease_until: Optional<Timestamp>;
  staged: Optional<string>;
  reason: Optional<string>;
  attempts: WithDefault<number>;
  retry_at: Optional<Timestamp>;
  frozen_at: GeneratedTimestamp;
  transmitted_at: Optional<Timestamp>;
  picked_up_at: Optional<Timestamp>;
}

export interface DropClaimTable {
  drop_id: string;
  claim_id: string;
  st02: string;
  bht03: string;
  patient_control_number: string;
  revision: number;
}

export interface IdempotencyTable {
  owner: string;
  route: string;
  key: string;
  body_hash: Bytes;
  status: number;
  sealed: Bytes;
  headers: Json<Record<string, string>>;
  created_at: GeneratedTimestamp;
}

export interface AuditTable {
  id: GeneratedAlways<number>;
  at: GeneratedTimestamp;
  actor: string;
  action: string;
  target: string;
  detail: NullableJson<Record<string, unknown>>;
}

export interface Database {
  setting: SettingTable;
  schema_migration: SchemaMigrationTable;
  data_key: DataKeyTable;
  api_key: ApiKeyTable;
  config_version: ConfigVersionTable;
  config_current: ConfigCurrentTable;
  session: SessionTable;
  attendee: AttendeeTable;
  lane: LaneTable;
  control_counter: ControlCounterTable;
  claim: ClaimTable;
  claim_hold: ClaimHoldTable;
  claim_key: ClaimKeyTable;
  spacing: SpacingTable;
  ledger_event: LedgerEventTable;
  drop_file: DropFileTable;
  drop_claim: DropClaimTable;
  idempotency: IdempotencyTable;
  audit: AuditTable;
}

export type Row<T extends keyof Database> = Selectable<Database[T]>;
export type RowUpdate<T extends keyof Database> = Updateable<Database[T]>;
