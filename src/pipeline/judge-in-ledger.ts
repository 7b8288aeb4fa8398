import type { Edit } from '../claim/edits/edit.ts';
import type { IntakeFacts } from '../claim/facts.ts';
import { judgeAgainstLedger, type LedgerVerdict } from '../claim/ledger-gate.ts';
import type { Executor } from '../ledger/executor.ts';
import { readFacts } from '../ledger/intake-facts.ts';
import type { PipelineDeps } from './deps.ts';
import type { GatedSession } from './gate-session.ts';
import { factsRequest, openFacts } from './intake-facts.ts';

/**
 * The second half of the gate for a session that is stored already: what the ledger knows beside the session itself. In the
 * caller's transaction, after the session's row was taken: it waits for every intake that it has something in common with.
 * Of two sessions that are one (S10) or overlap (S11) the later is held: sessions stored after this one are no fact about it.
 */
export async function judgeInLedger(
  deps: Pick<PipelineDeps, 'vault'>,
  tx: Executor,
  gated: GatedSession,
  sessionId: string,
  scopes?: readonly Edit['scope'][],
): Promise<LedgerVerdict> {
  const asked = factsRequest(deps.vault, gated, sessionId);
  const stored = await readFacts(tx, asked, true);
  const facts = openFacts(deps.vault, gated.session.practiceId, stored, asked.patients);
  return judgeAgainstLedger(gated.verdict, { ...facts, groups: cameBefore(facts.groups, sessionId) }, scopes);
}

/** Sessions stored before this one: ids sort by time. */
export const cameBefore = (groups: IntakeFacts['groups'], sessionId: string): IntakeFacts['groups'] =>
  groups.filter((g) => g.sessionId < sessionId);
