import type { Generated, GeneratedAlways, Selectable, Updateable } from 'kysely';
import type { ClaimHoldTable, ClaimKeyTable, ClaimTable } from './claim-types.ts';
import type {
  Bytes,
  GeneratedTimestamp,
  Json,
  NullableBytes,
  NullableJson,
  Optional,
  Timestamp,
  WithDefault,
} from './column-types.ts';
import type { ClaimOverrideTable, IntakeBucketTable, PatientPrivacyTable, TaskTable } from './decision-types.ts';
import type { NoteSketchTable } from './note-sketches.ts';

/**
 * Row shapes of `migrations/`, column by column, as both drivers give them through the one parser table
 * (`parsers.ts`): timestamptz ↔ Date (milliseconds), int8 ↔ number, date ↔ 'YYYY-MM-DD', bytea ↔ Buffer, jsonb → parsed.
 * Column names are the SQL names; aggregates map them to camelCase.
 */

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
  /** Null in rows of before `0005`: any facility, any usage. */
  facility_hash: NullableBytes;
  usage: Optional<string>;
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
  /** When the patient was in the group; null for those who were not. */
  present_from: Optional<Timestamp>;
  present_to: Optional<Timestamp>;
  findings: Json<unknown[]>;
  sealed: Bytes;
  /** The version that took this attendee off the roster; `ordinal` is negative then. */
  removed_in: Optional<number>;
}

export interface SessionVersionTable {
  session_id: string;
  version: number;
  content_hash: Bytes;
  sealed: Bytes;
  actor: string;
  created_at: GeneratedTimestamp;
}

export interface PendingAmendmentTable {
  claim_id: string;
  session_version: number;
  kind: 'amend' | 'withdraw';
  sealed: Bytes;
  actor: string;
  since: GeneratedTimestamp;
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

export interface CodeTableTable {
  version: GeneratedAlways<number>;
  code_set: string;
  file_name: string;
  sha256: string;
  effective_from: string | null;
  effective_to: string | null;
  vouched_to: string | null;
  entries: number;
  body: Bytes;
  actor: string;
  loaded_at: GeneratedTimestamp;
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
  session_version: SessionVersionTable;
  pending_amendment: PendingAmendmentTable;
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
  intake_bucket: IntakeBucketTable;
  patient_privacy: PatientPrivacyTable;
  claim_override: ClaimOverrideTable;
  task: TaskTable;
  note_sketch: NoteSketchTable;
  audit: AuditTable;
  code_table: CodeTableTable;
}

export type Row<T extends keyof Database> = Selectable<Database[T]>;
export type RowUpdate<T extends keyof Database> = Updateable<Database[T]>;
