import type { AttendeeContext, RosterContext } from './context.ts';
import type { ClaimDraft } from './draft.ts';
import type { IntakeFacts } from './facts.ts';

/** One on the roster, as the ledger's edits see him. */
export interface LedgerMember {
  readonly index: number;
  readonly externalId: string;
  readonly roster: RosterContext;
  /** Null for those who get no claim. */
  readonly claim: { readonly context: AttendeeContext; readonly draft: ClaimDraft; readonly ready: boolean } | null;
}

/** What a ledger-reading edit may know: the roster after the gate, and what the ledger says of it. */
export interface LedgerContext {
  readonly members: readonly LedgerMember[];
  readonly facts: IntakeFacts;
  /** Sessions that are this very one, keyed in twice (S10): no second group, and nobody in two places. */
  readonly rekeyed: ReadonlySet<string>;
}

/** How far a re-keyed start may be off, and the share of patients that makes two rosters the same. */
const SAME_START_MS = 15 * 60_000;
const SAME_SHARE = 0.5;

/** S10: the same facility, facilitator and start within 15 minutes, and at least half of the smaller roster the same. */
export function rekeyedSessions(facts: Pick<IntakeFacts, 'groups'>, startedAt: number, rosterSize: number): ReadonlySet<string> {
  const same = facts.groups.filter(
    (g) =>
      g.sameFacility &&
      Math.abs(g.startedAt - startedAt) <= SAME_START_MS &&
      g.common > 0 &&
      g.common >= SAME_SHARE * Math.min(g.roster, rosterSize),
  );
  return new Set(same.map((g) => g.sessionId));
}
