import type { ClaimState, Severity } from '../../../schemas/common.ts';
import type { AttendeeContext, RosterContext, SessionContext } from '../context.ts';
import type { LedgerContext } from '../ledger-context.ts';
import type { Confidence } from '../payers/policy.ts';

/** What one edit found; the runner adds rule, version and scope. Messages are fixed sentences: no value of the patient's. */
export interface EditFinding {
  readonly severity: Severity;
  /** JSON pointer into the request body. Configuration has none: its faults point at the field that names it. */
  readonly path: string;
  readonly message: string;
  /** A session edit whose result is for one attendee only (a payer's own limit): roster position. */
  readonly attendee?: number;
}

/** Who can mend what an edit finds: the one to send the finding to. */
export type FixedBy = 'clinician' | 'front_desk' | 'biller' | 'administrator';

interface EditFacts {
  readonly id: string;
  /** What it does by default, at its worst; a finding may be milder. */
  readonly severity: Severity;
  /** False = no payer may change it (✱ in `02` §2.2). */
  readonly payerOverridable: boolean;
  /** Raised whenever the same session may get another answer. */
  readonly version: string;
  /** WEDI SNIP type, where it has one. */
  readonly snip?: 1 | 2 | 3 | 4 | 5 | 6 | 7;
  readonly title: string;
  /** Who signs notes, who keeps patients and coverages, who codes and bills, who keeps the configuration. Most likely first. */
  readonly fixedBy: readonly [FixedBy, ...FixedBy[]];
  /** Reads texts that are never stored: what it said at intake stands when the session is judged again without them. */
  readonly readsNote?: true;
  /** Depends on the day of sending (consent, restriction of disclosure): looked at again in the moment of release. */
  readonly recheckAtRelease?: true;
  readonly provenance: { readonly confidence: Confidence; readonly source: string };
}

/**
 * Looks at the session once. A block without `attendee` refuses the session, a hold without `attendee` holds every claim
 * of it; with `attendee` the finding is that one's own.
 */
export interface SessionEdit extends EditFacts {
  readonly scope: 'session';
  readonly check: (ctx: SessionContext) => readonly EditFinding[];
}

/** Looks at everybody on the roster, billable or not; on those who get no claim nothing is stopped, so it only warns. */
export interface RosterEdit extends EditFacts {
  readonly scope: 'attendee';
  readonly of: 'roster';
  readonly check: (ctx: RosterContext) => readonly EditFinding[];
}

/** Looks at an attendee who gets a claim. */
export interface AttendeeEdit extends EditFacts {
  readonly scope: 'attendee';
  readonly of: 'billable';
  readonly check: (ctx: AttendeeContext) => readonly EditFinding[];
  /** The same rule, asked of the ledger: looks at the whole roster once and names whom it means. */
  readonly checkLedger?: (ctx: LedgerContext) => readonly LedgerFinding[];
}

/** A claim of another session that is in the same conflict: held as well while it has not left, else a task for people. */
export interface OtherClaim {
  readonly claimId: string;
  readonly state: ClaimState;
}

export interface LedgerFinding extends EditFinding {
  /** Word on a claim that it holds, such as `duplicate_service`. */
  readonly reason?: string;
  readonly others?: readonly OtherClaim[];
}

/** Looks at what the ledger knows of the roster; without `attendee` its hold lies on every claim of the session. */
export interface LedgerEdit extends EditFacts {
  readonly scope: 'session' | 'attendee';
  readonly of: 'ledger';
  readonly checkLedger: (ctx: LedgerContext) => readonly LedgerFinding[];
}

export type Edit = SessionEdit | RosterEdit | AttendeeEdit | LedgerEdit;
