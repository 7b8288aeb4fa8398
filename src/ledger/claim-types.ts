import type { GeneratedAlways } from 'kysely';
import type { Bytes, GeneratedTimestamp, NullableBytes, NullableJson, Optional, Timestamp, WithDefault } from './column-types.ts';

/** Rows of a claim, its holds and its duplicate keys. */
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
  patient_hash: NullableBytes;
  /** Payer and member id; the person billed under it, by name and by demographics alone. Null until the sweeper has filled old rows in. */
  member_hash: NullableBytes;
  person_hash: NullableBytes;
  demographics_hash: NullableBytes;
  is_subscriber: Optional<boolean>;
  authorization_hash: NullableBytes;
  /** Units of this claim under its prior authorization, and how many the EHR said were left before it. */
  authorized_units: Optional<number>;
  units_stated: Optional<number>;
  /** Our own procedure code, before the payer's map. */
  service_code: Optional<string>;
  service_lines: NullableJson<readonly { procedureCode: string; modifiers: readonly string[] }[]>;
  override_no: WithDefault<number>;
  /** When the first of the overrides that let this claim go expires; null without one. */
  override_until: Optional<Timestamp>;
  /** 0 = the columns of `0005` are still to be filled in. */
  facts_version: WithDefault<number>;
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
  /** The override of two people that lifted it: while that is in force it stays lifted. */
  override_id: Optional<string>;
}

export interface ClaimKeyTable {
  kind: string;
  hash: Bytes;
  key_id: string;
  canonical_version: number;
  claim_id: string;
  taken_at: GeneratedTimestamp;
}
