import type { ClaimQuery, ClaimSummary, ClaimView, LaneView } from '../../schemas/claim.ts';
import type { ClaimState, Scope } from '../../schemas/common.ts';
import type { SessionAnswer, SessionVersions } from '../../schemas/group-session.ts';
import type { AuditEntry, DropDetail } from '../../schemas/operations.ts';
import type { OverrideRequest, OverrideView, PatientPrivacyBody, PatientPrivacyView, TaskView } from '../../schemas/override.ts';
import type { ValidationAnswer } from '../../schemas/validation.ts';
import type { Executor } from '../ledger/executor.ts';

/** Who asks. `practiceId` null = the operator (sees every practice). */
export interface Principal {
  readonly keyId: string;
  readonly practiceId: string | null;
  readonly scopes: ReadonlySet<Scope>;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export interface Answer {
  readonly status: number;
  /** JSON text, byte for byte as first answered. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly replayed: boolean;
}

/** A request under an Idempotency-Key; `status` is what its success is answered with. */
export interface KeyedRequest {
  readonly route: string;
  readonly key: string;
  readonly body: unknown;
  readonly status: number;
}

/** Stores the answer to a change in the change's own transaction. Throws 409 when another request has used the key. */
export type KeepAnswer = (tx: Executor, body: unknown) => Promise<void>;

export type KeyedChange = (keep: KeepAnswer) => Promise<unknown>;

export interface SessionQuery {
  readonly externalId?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

export type ConfigKind = 'practice' | 'payer' | 'clearinghouse';
export type ClaimActionName = 'hold' | 'unhold' | 'cancel' | 'expedite';

/** What `/ops` shows; ids, states and times only. */
export interface OpsView {
  readonly now: string;
  readonly lanes: readonly LaneView[];
  readonly claimsByState: Readonly<Partial<Record<ClaimState, number>>>;
  readonly upcoming: readonly {
    claimId: string;
    laneId: string;
    payerId: string;
    plannedReleaseAt: string;
    reasons: readonly string[];
  }[];
  readonly held: readonly {
    claimId: string;
    payerId: string | null;
    holds: ClaimView['holds'];
  }[];
  readonly recentDrops: readonly {
    dropId: string;
    claimIds: readonly string[];
    fileName: string;
    state: string;
    transmittedAt: string | null;
  }[];
  /** Waiting for a second person. */
  readonly overrides: readonly OverrideView[];
  readonly tasks: readonly TaskView[];
  readonly queue: Readonly<Record<string, number>>;
  readonly alerts: readonly string[];
}

/**
 * Everything that HTTP, console and CLI may ask of the pipeline. Refusals are thrown as `ProblemError`
 * (`src/pipeline/problem.ts`), anything else thrown is a defect and becomes a 500 that says nothing.
 */
export interface RollcallService {
  /** Who a key stands for. `intake`: for a request that is refused when the ledger is silent for two seconds; others wait their turn. */
  authenticate(bearer: string, request: { readonly intake: boolean }): Promise<Principal | null>;
  acceptSession(who: Principal, body: unknown, idempotencyKey: string): Promise<Answer>;
  previewSession(who: Principal, body: unknown): Promise<SessionAnswer>;
  /** `ifMatch`: the header, null when absent. */
  amendSession(
    who: Principal,
    id: string,
    body: unknown,
    request: { readonly idempotencyKey: string; readonly ifMatch: string | null },
  ): Promise<Answer>;
  listSessionVersions(who: Principal, id: string): Promise<SessionVersions>;
  getSession(who: Principal, id: string): Promise<{ answer: SessionAnswer; etag: string }>;
  listSessions(who: Principal, query: SessionQuery): Promise<Page<SessionAnswer>>;
  listClaims(who: Principal, query: ClaimQuery): Promise<Page<ClaimSummary>>;
  getClaim(who: Principal, id: string): Promise<ClaimView>;
  /** The frozen 837P, or for an unsent claim the bytes it would have (control numbers zero). Audited. */
  getClaimX12(who: Principal, id: string): Promise<string>;
  /** Findings on an 837P of anybody, of these SNIP types (1 to 7) or of all. Keeps and logs nothing of it. */
  validateX12(bytes: Uint8Array, snip: readonly number[] | null): Promise<ValidationAnswer>;
  /** Like every change below: under an Idempotency-Key `keep` stores the answer with the effect. */
  actOnClaim(who: Principal, id: string, action: ClaimActionName, reason: string, keep?: KeepAnswer): Promise<ClaimView>;
  /** Runs `change` once per (key owner, route, Idempotency-Key) and replays what it kept afterwards. */
  idempotent(who: Principal, request: KeyedRequest, change: KeyedChange): Promise<Answer>;
  getConfig(who: Principal, kind: ConfigKind, id: string): Promise<{ version: number; body: unknown }>;
  putConfig(
    who: Principal,
    kind: ConfigKind,
    id: string,
    body: unknown,
  ): Promise<{ version: number; body: unknown; created: boolean }>;
  requestOverride(who: Principal, body: OverrideRequest, keep?: KeepAnswer): Promise<OverrideView>;
  approveOverride(who: Principal, id: string, reason: string, keep?: KeepAnswer): Promise<OverrideView>;
  /** Those that wait for a second person. */
  listOverrides(who: Principal): Promise<readonly OverrideView[]>;
  /** Those that are open. */
  listTasks(who: Principal): Promise<readonly TaskView[]>;
  closeTask(who: Principal, id: number, reason: string, keep?: KeepAnswer): Promise<TaskView>;
  putPatientPrivacy(
    who: Principal,
    practiceId: string,
    externalId: string,
    body: PatientPrivacyBody,
  ): Promise<PatientPrivacyView>;
  listLanes(who: Principal): Promise<readonly LaneView[]>;
  pauseLane(who: Principal, id: string, reason: string, keep?: KeepAnswer): Promise<LaneView>;
  resumeLane(who: Principal, id: string, reason: string, keep?: KeepAnswer): Promise<LaneView>;
  getDrop(who: Principal, id: string): Promise<DropDetail>;
  listAudit(who: Principal, cursor: string | undefined, limit: number): Promise<Page<AuditEntry>>;
  opsView(who: Principal): Promise<OpsView>;
  /** Rejects with a `ProblemError` (503) whose `code` is the first thing that is not ready: database, queue, migrations or key. */
  ready(): Promise<{ database: true; queue: true; migrations: true; key: true }>;
  /** Intake pressure: seconds to ask the client to wait, or null (disk, due backlog, slow commits). */
  backpressure(): Promise<number | null>;
  /** Gauges read at scrape time. */
  metrics(): Promise<readonly { name: string; help: string; labels: Readonly<Record<string, string>>; value: number }[]>;
}
