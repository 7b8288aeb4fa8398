import type { GeneratedAlways } from 'kysely';
import type { Bytes, GeneratedTimestamp, Optional, Timestamp, WithDefault } from './column-types.ts';

/** Rows of `0005-intake-facts`: what intakes wait at, and what people have decided or have to look into. */
export interface IntakeBucketTable {
  key: Bytes;
  touched_at: Timestamp;
}

export interface PatientPrivacyTable {
  patient_hash: Bytes;
  practice_id: string;
  version: number;
  sealed: Bytes;
  actor: string;
  updated_at: GeneratedTimestamp;
}

export interface ClaimOverrideTable {
  id: string;
  practice_id: string;
  claim_id: string;
  kind: string;
  rules: string[];
  override_no: WithDefault<number>;
  modifier: Optional<string>;
  original_claim_id: Optional<string>;
  carc: Optional<string>;
  reason: string;
  requested_by: string;
  requested_at: GeneratedTimestamp;
  expires_at: Timestamp;
  approved_by: Optional<string>;
  approved_at: Optional<Timestamp>;
  approve_reason: Optional<string>;
  /** When an amendment made another claim of the one that it was about; its term ended then. */
  lapsed_at: Optional<Timestamp>;
}

export interface TaskTable {
  id: GeneratedAlways<number>;
  practice_id: string;
  kind: string;
  claim_id: string;
  rule: Optional<string>;
  related_claim_id: Optional<string>;
  message: string;
  created_by: string;
  created_at: GeneratedTimestamp;
  closed_at: Optional<Timestamp>;
  closed_by: Optional<string>;
  close_reason: Optional<string>;
}
