import { ClaimMovedElsewhere, claimsOf } from '../ledger/claims.ts';
import { outdatedSessions } from '../ledger/config-store.ts';
import { readSetting, writeSetting } from '../ledger/settings.ts';
import type { Row } from '../ledger/types.ts';
import type { PipelineDeps } from './deps.ts';
import { armAll } from './plan-claims.ts';
import type { Alarm } from './ports.ts';
import type { Occasion } from './rejudge-claim.ts';
import { judgeWithLedger, readForJudging, rejudgeAttendee } from './rejudge-stored.ts';

/** Written by every change of configuration; the sweeper works until it has caught up with it. */
export const CONFIG_CHANGED = 'config.changed';
const CONFIG_REGATED = 'config.regated';
/** Five times what a process remembers of the configuration (`config-reader.ts`). */
const SETTLE_MS = 10_000;
const PAGE = 50;
const BY = { actor: 'regate', cause: 'system' } as const;
const OCCASION: Occasion = {
  by: BY,
  event: 'claim.regated',
  reason: 'configuration changed',
  heldReason: 'configuration_changed',
  lifter: 'regate',
  keepsLifted: () => true,
};

/**
 * After a change of practice, payer, clearinghouse or code list: judges the sessions of unsent claims that were built with an
 * older version, or held for a code, again. A held claim that passes now is scheduled, a scheduled one that no longer passes is held, the others are
 * rebuilt in place. One session per transaction; a crash goes on where it stood, because versions say what is left.
 */
export async function regateChanged(deps: PipelineDeps): Promise<number> {
  const changed = await readSetting(deps.ledger.db, CONFIG_CHANGED);
  if (changed === null || changed === (await readSetting(deps.ledger.db, CONFIG_REGATED))) return 0;
  deps.configs.forget();
  deps.codeSets.forget();
  let done = 0;
  let left = 0;
  for (let after = ''; ; ) {
    const sessions = await outdatedSessions(deps.ledger.db, after, PAGE);
    for (const id of sessions) {
      try {
        await rejudgeSession(deps, id, OCCASION, () => true);
        done += 1;
      } catch (error) {
        // The gate or a person was faster with one of its claims: the next sweep looks at the session again.
        // One that cannot be judged does not keep the next from it.
        if (!(error instanceof ClaimMovedElsewhere))
          deps.log.error({ error, sessionId: id }, 'a session could not be judged again');
        left += 1;
      }
    }
    if (sessions.length < PAGE) break;
    after = sessions[sessions.length - 1] as string;
  }
  // Another process may still judge by what it remembers: look again until that memory must have faded.
  const since = (await deps.ledger.now()).getTime() - Number(changed.split(' ').at(-1));
  if (since > SETTLE_MS && left === 0) await writeSetting(deps.ledger.db, CONFIG_REGATED, changed);
  return done;
}

/** Judges these claims of a stored session again in one transaction, as far as they are unsent. Throws `ClaimMovedElsewhere`. */
export async function rejudgeSession(
  deps: PipelineDeps,
  sessionId: string,
  occasion: Occasion,
  of: (claim: Row<'claim'>) => boolean,
): Promise<void> {
  const read = await readForJudging(deps, sessionId);
  if (read === null) return;
  const alarms = await deps.ledger.transaction(async (tx) => {
    const judged = await judgeWithLedger(deps, tx, read);
    const planned: Alarm[] = [];
    for (const claim of (await claimsOf(tx, [sessionId])).filter(of))
      planned.push(...(await rejudgeAttendee(deps, tx, judged, claim, occasion)));
    return planned;
  });
  await armAll(deps, alarms);
}
