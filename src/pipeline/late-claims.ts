import { ClaimMovedElsewhere } from '../ledger/claims.ts';
import { JUDGED_LATE, lateSessions } from '../ledger/late-claims.ts';
import type { PipelineDeps } from './deps.ts';
import { rejudgeSession } from './regate.ts';
import type { Occasion } from './rejudge-claim.ts';

const PAGE = 50;
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
 * each: A18 holds those without a delay reason. What a person lets go then stays so. Returns the number of sessions.
 */
export async function judgeLateClaims(deps: PipelineDeps): Promise<number> {
  const day = new Date((await deps.ledger.now()).getTime() - DAY_HAS_ENDED_MS).toISOString().slice(0, 10);
  let done = 0;
  for (let after = ''; ; ) {
    const sessions = await lateSessions(deps.ledger.db, day, after, PAGE);
    for (const id of sessions) {
      try {
        await rejudgeSession(deps, id, OCCASION, (c) => c.state === 'scheduled' && c.file_by !== null && c.file_by < day);
        done += 1;
      } catch (error) {
        // The gate or a person was faster with one of them: what is left of the session is looked at the next time.
        if (!(error instanceof ClaimMovedElsewhere)) throw error;
      }
    }
    if (sessions.length < PAGE) return done;
    after = sessions[sessions.length - 1] as string;
  }
}
