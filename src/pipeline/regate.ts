import type { Finding } from '../../schemas/common.ts';
import type { AttendeeVerdict } from '../claim/draft.ts';
import { holdsVersion } from '../ledger/amendments.ts';
import { ancestorsOf, ClaimMovedElsewhere, claimsOf, lockClaim, moveClaims } from '../ledger/claims.ts';
import { outdatedSessions } from '../ledger/config-store.ts';
import type { Executor } from '../ledger/executor.ts';
import { attendeesOf, findSession, replaceFindings } from '../ledger/sessions.ts';
import { readSetting, writeSetting } from '../ledger/settings.ts';
import type { Row } from '../ledger/types.ts';
import type { PipelineDeps } from './deps.ts';
import type { GatedSession } from './gate-session.ts';
import { armAll } from './plan-claims.ts';
import type { Alarm } from './ports.ts';
import { inFrequencyOf, type Occasion, rejudgeClaim } from './rejudge-claim.ts';
import { storedFindings } from './sealed.ts';
import { findingsBeside, judgeStored, openSession } from './stored-session.ts';

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
  keepsLifted: true,
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
  let overtaken = 0;
  for (let after = ''; ; ) {
    const sessions = await outdatedSessions(deps.ledger.db, after, PAGE);
    for (const id of sessions) {
      try {
        await regateSession(deps, id);
        done += 1;
      } catch (error) {
        // The gate or a person was faster with one of its claims: the next sweep looks at the session again.
        if (!(error instanceof ClaimMovedElsewhere)) throw error;
        overtaken += 1;
      }
    }
    if (sessions.length < PAGE) break;
    after = sessions[sessions.length - 1] as string;
  }
  // Another process may still judge by what it remembers: look again until that memory must have faded.
  const since = (await deps.ledger.now()).getTime() - Number(changed.split(' ').at(-1));
  if (since > SETTLE_MS && overtaken === 0) await writeSetting(deps.ledger.db, CONFIG_REGATED, changed);
  return done;
}

async function regateSession(deps: PipelineDeps, sessionId: string): Promise<void> {
  const row = await findSession(deps.ledger.db, sessionId, null);
  if (row === undefined) return;
  await deps.vault.warm(row.practice_id);
  const attendees = await attendeesOf(deps.ledger.db, [sessionId]);
  const now = (await deps.ledger.now()).getTime();
  const gated = await judgeStored(deps, row.practice_id, openSession(deps, row, attendees), now);
  if (gated === null) return;
  const alarms = await deps.ledger.transaction(async (tx) => {
    const planned: Alarm[] = [];
    // An amendment since the session was read: what was judged here is old.
    if (!(await holdsVersion(tx, sessionId, row.version))) throw new ClaimMovedElsewhere([]);
    const claims = await claimsOf(tx, [sessionId]);
    for (const attendee of attendees) {
      const judged = gated.verdict.attendees[attendee.ordinal];
      const claim = claims.find((c) => c.attendee_id === attendee.id && judged !== undefined && isAbout(judged, c));
      if (claim !== undefined && judged !== undefined)
        planned.push(...(await regateClaim(deps, tx, gated, attendee, claim, judged)));
    }
    return planned;
  });
  await armAll(deps, alarms);
}

/** The unsent claim that a verdict speaks of: of the rank that would be billed now. A void withdraws a claim as it was. */
function isAbout(judged: AttendeeVerdict, claim: Row<'claim'>): boolean {
  if ((claim.state !== 'held' && claim.state !== 'scheduled') || claim.frequency_code === '8') return false;
  return judged.disposition.kind === 'not_billable' || judged.disposition.draft.responsibility === claim.responsibility;
}

/** Alarms of a claim that came to be scheduled. */
async function regateClaim(
  deps: PipelineDeps,
  tx: Executor,
  gated: GatedSession,
  attendee: Row<'attendee'>,
  claim: Row<'claim'>,
  judged: AttendeeVerdict,
): Promise<readonly Alarm[]> {
  const { disposition } = judged;
  const from = claim.state as 'held' | 'scheduled';
  // Rebuilding is conditional on the state: it also keeps the gate out until this transaction ends.
  if (!(await lockClaim(tx, claim.id, from))) throw new ClaimMovedElsewhere([claim.id]);
  if (disposition.kind === 'not_billable') {
    await moveClaims(tx, [{ id: claim.id, from, to: 'not_billable', reason: disposition.reason }], BY);
    return [];
  }
  const done = await rejudgeClaim(deps, tx, gated, OCCASION, {
    claim,
    externalId: judged.externalId,
    index: judged.index,
    draft: await inFrequencyOf(tx, claim, disposition.draft),
    findings: findingsBeside(judged, attendee.findings as Finding[]),
    chain: claim.replaces === null ? [] : await ancestorsOf(tx, [claim.id]),
  });
  await replaceFindings(tx, attendee.id, storedFindings(done.findings));
  return done.alarms;
}
