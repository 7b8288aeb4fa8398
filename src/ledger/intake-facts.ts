import { type RawBuilder, sql } from 'kysely';
import type { IntakeFacts } from '../claim/facts.ts';
import { LIVE_STATES } from '../claim/states.ts';
import type { Executor } from './executor.ts';

/** Hashes as lower-case hex, instants as ISO strings. */
export interface FactsRequest {
  /** The session that is being stored: what it holds itself is no fact about it. Any other text for a preview. */
  readonly sessionId: string;
  readonly practiceId: string;
  readonly facilitatorNpi: string;
  readonly facilityHash: string;
  /** T and P know nothing of each other; null = not known, and then everything counts. */
  readonly usage: 'T' | 'P' | null;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly dateOfService: string;
  /** Everybody on the roster; `from` and `to` null for those who were not there. */
  readonly patients: readonly {
    readonly n: number;
    readonly hash: string;
    readonly from: string | null;
    readonly to: string | null;
  }[];
  /** Everybody whose claim could be built. */
  readonly members: readonly {
    readonly n: number;
    readonly patient: string;
    readonly member: string;
    readonly person: string;
    readonly demographics: string;
    /** The practice's own code of the service. */
    readonly code: string;
    readonly self: boolean;
    readonly authorization: string | null;
  }[];
  readonly keys: readonly { readonly n: number; readonly kind: string; readonly hash: string }[];
  readonly buckets: readonly string[];
}

export type StoredFacts = Omit<IntakeFacts, 'privacy'> & {
  /** Sealed bytes as base64. */
  readonly privacy: readonly { readonly index: number; readonly sealed: string }[];
};

/** The call as a part of a statement; its value is a `StoredFacts`. */
export function factsCall(request: FactsRequest, locking: boolean): RawBuilder<StoredFacts> {
  const body = {
    session: request.sessionId,
    practice: request.practiceId,
    facilitator: request.facilitatorNpi,
    facility: request.facilityHash,
    usage: request.usage,
    from: request.startedAt,
    to: request.endedAt,
    date: request.dateOfService,
    live: LIVE_STATES,
    patients: request.patients,
    members: request.members,
    keys: request.keys,
    // Sorted, so that two intakes never wait for each other in a circle.
    buckets: [...new Set(request.buckets)].sort(),
  };
  return sql<StoredFacts>`intake_facts(${JSON.stringify(body)}::jsonb, ${locking}::boolean)`;
}

/**
 * Waits for every other intake that shares a bucket (facilitator, patient, payer + member id), then reads what the ledger
 * knows about this session: one round trip, and nothing that is read can change before the caller's transaction ends.
 * With `locking` false (previews) it waits for nobody and writes nothing.
 */
export async function readFacts(db: Executor, request: FactsRequest, locking: boolean): Promise<StoredFacts> {
  const found = await sql<{ facts: StoredFacts }>`select ${factsCall(request, locking)} as facts`.execute(db);
  return (found.rows[0] as { facts: StoredFacts }).facts;
}

/** Buckets are only waited at; two days after the last intake nobody does. */
export async function purgeBuckets(db: Executor): Promise<void> {
  await sql`delete from intake_bucket where touched_at < clock_timestamp() - interval '2 days'`.execute(db);
}
