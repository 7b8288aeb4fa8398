import { ClaimMovedElsewhere } from '../ledger/claims.ts';
import { recordEvents } from '../ledger/events.ts';
import { JUDGED_LATE, lateClaims, lateSessions } from '../ledger/late-claims.ts';
import type { PipelineDeps } from './deps.ts';
import { rejudgeSession } from './regate.ts';
import type { Occasion } from './rejudge-claim.ts';

/** Sessions of one pass: a lane that stood for weeks must not keep the sweep from all others. */
const MOST = 100;
/** Then a calendar day has ended in every zone of the earth. */
const DAY_HAS_ENDED_MS = 12 * 3_600_000;
const OCCASION: Occasion = {
  by: { actor: 'gate', cause: 'system' },
  event: JUDGED_LATE,
  reason: 'filing limit past',
  heldReason: 'timely_filing_expired',
  lifter: 'regate',
  keepsLifted: () => true,
};

/**
 * Claims that were scheduled in time and have waited past their filing limit, in a paused lane say, are judged again, once
 * for each limit: A18 holds those without a delay reason. What a person lets go then stays so. One session per transaction;
 * one that cannot be judged is logged and does not keep the next from it. True when there may be more.
 */
export async function judgeLateClaims(deps: PipelineDeps): Promise<boolean> {
  const day = new Date((await deps.ledger.now()).getTime() - DAY_HAS_ENDED_MS).toISOString().slice(0, 10);
  let failed = 0;
  for (let after = '', left = MOST; left > 0; left--) {
    const [id] = await lateSessions(deps.ledger.db, day, after, 1);
    if (id === undefined) return false;
    after = id;
    try {
      await rejudgeSession(deps, id, OCCASION, (c) => c.state === 'scheduled' && c.file_by !== null && c.file_by < day);
      await noteUnjudged(deps, day, id);
    } catch (error) {
      // The gate or a person was faster with one of them: what is left of the session is looked at the next time.
      if (error instanceof ClaimMovedElsewhere) continue;
      failed += 1;
      deps.log.error({ error, sessionId: id }, 'a late session could not be judged again');
    }
  }
  return failed < MOST;
}

/** What nothing is known of any more (its practice went, say) cannot be judged: said once, instead of tried for ever. */
async function noteUnjudged(deps: PipelineDeps, day: string, sessionId: string): Promise<void> {
  const left = await lateClaims(deps.ledger.db, day, sessionId);
  await recordEvents(
    deps.ledger.db,
    left.map((subject) => ({
      subject,
      kind: JUDGED_LATE,
      actor: 'gate',
      reason: 'filing limit past',
      detail: { judged: false },
    })),
  );
}
