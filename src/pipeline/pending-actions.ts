import type { ClaimState } from '../../schemas/common.ts';
import type { GateVerdict } from '../claim/draft.ts';
import { clearPending, findPending, holdsVersion, outdatedByCorrection, REOPENING, ripePending } from '../ledger/amendments.ts';
import { ClaimMovedElsewhere, findClaim, moveClaims } from '../ledger/claims.ts';
import type { Executor } from '../ledger/executor.ts';
import { attendeesOf, findSession, replaceFindings, setClaim } from '../ledger/sessions.ts';
import type { Row } from '../ledger/types.ts';
import { actOnHead, lockAsItIs, lookAtHead } from './amend-claims.ts';
import { type Acted, type Amending, type Wish, withConfigOf } from './amending.ts';
import type { PipelineDeps } from './deps.ts';
import type { GatedSession } from './gate-session.ts';
import { judgeInLedger } from './judge-in-ledger.ts';
import { armAll } from './plan-claims.ts';
import { type SealedPending, type StoredFinding, storedFindings } from './sealed.ts';
import { findingsBeside, judgeStored, openSession } from './stored-session.ts';

const PAGE = 100;

/**
 * Does what amendments left waiting on claims whose state lets it happen now: rejected → sent again, adjudicated → replaced
 * or voided, taken back before it left → built again. Without `claimIds` all that are ripe (the sweeper); whoever moves
 * claims on evidence passes theirs. One claim per transaction; two at once, or a crash, repeat nothing. Returns how many
 * acted.
 */
export async function runPendingActions(deps: PipelineDeps, claimIds?: readonly string[]): Promise<number> {
  let done = await settleCorrections(deps);
  for (let after = ''; ; ) {
    const ids = claimIds ?? (await ripePending(deps.ledger.db, after, PAGE));
    for (const id of ids) {
      try {
        if (await runOne(deps, id)) done += 1;
      } catch (error) {
        // An amendment, the gate or a person was faster: the next sweep looks again.
        if (!(error instanceof ClaimMovedElsewhere)) throw error;
      }
    }
    if (claimIds !== undefined || ids.length < PAGE) return done;
    after = ids[ids.length - 1] as string;
  }
}

async function runOne(deps: PipelineDeps, claimId: string): Promise<boolean> {
  const { db } = deps.ledger;
  const seen = await findClaim(db, claimId, null);
  const session = seen === undefined ? undefined : await findSession(db, seen.session_id, null);
  if (seen === undefined || session === undefined) return false;
  await deps.vault.warm(seen.practice_id);
  const attendees = await attendeesOf(db, [session.id]);
  const judged = await judgeStored(
    deps,
    session.practice_id,
    openSession(deps, session, attendees),
    (await deps.ledger.now()).getTime(),
  );
  if (judged === null) return false;
  const gated = await withConfigOf(deps, judged, [seen]);
  const acted = await deps.ledger.transaction(async (tx) => {
    if (!(await holdsVersion(tx, session.id, session.version))) throw new ClaimMovedElsewhere([claimId]);
    const claim = await lockAsItIs(tx, claimId);
    const done = await act(deps, tx, gated, attendees, claim);
    if (done !== null) await deps.step?.('pending:before_commit');
    return done;
  });
  if (acted === null) return false;
  await deps.step?.('pending:committed');
  await armAll(deps, acted.alarms);
  return true;
}

/** Null when nothing waits, or it is not time yet. */
async function act(
  deps: PipelineDeps,
  tx: Executor,
  gated: GatedSession,
  attendees: readonly Row<'attendee'>[],
  claim: Row<'claim'>,
): Promise<Acted | null> {
  const pending = await findPending(tx, claim.id);
  if (pending === undefined) return null;
  const { wish: kept } = deps.vault.open<SealedPending>(claim.practice_id, 'pending', claim.id, pending.sealed);
  const amending: Amending = {
    sessionId: claim.session_id,
    practiceId: claim.practice_id,
    version: pending.session_version,
    gated,
    actor: pending.actor,
  };
  const attendee = attendees.find((x) => x.id === claim.attendee_id);
  const { verdict } = await judgeInLedger(deps, tx, gated, claim.session_id);
  const wish = ripeWish(kept, claim, attendee, verdict);
  const { action } = await lookAtHead(deps, tx, amending, wish, claim);
  if (action === 'wait' || (action === 'task' && claim.pending_action === REOPENING)) return null;
  // Ended since: what waited has nothing to wait for.
  if (claim.frequency_code !== '8' && (action === 'renew' || action === 'none')) {
    await clearPending(tx, [claim.id]);
    return { findings: [], alarms: [], born: null };
  }
  const done = await actOnHead(deps, tx, amending, wish, claim);
  if (attendee !== undefined) {
    await replaceFindings(tx, attendee.id, storedFindings(done.findings));
    if (done.born !== null) await setClaim(tx, attendee.id, done.born);
  }
  return done;
}

/**
 * The amended attendee as the present configuration builds it. What was kept with the pending action stands where the
 * session would bill another rank by now, or the attendee is off the roster.
 */
function ripeWish(kept: Wish, claim: Row<'claim'>, attendee: Row<'attendee'> | undefined, verdict: GateVerdict): Wish {
  const base: Wish = { ...kept, change: kept.draft === null ? 'removed' : 'changed', wire: true };
  const judged = attendee === undefined ? undefined : verdict.attendees[attendee.ordinal];
  if (attendee === undefined || judged === undefined) return base;
  const findings = findingsBeside(judged, (attendee.findings as StoredFinding[]) ?? []);
  const here: Wish = { ...base, index: judged.index, findings };
  // The patient may have restricted disclosure since: then nothing is sent any more.
  if (judged.disposition.kind === 'not_billable')
    return { ...here, change: 'removed', draft: null, notBillable: judged.disposition.reason };
  if (kept.draft === null) return here;
  const { draft } = judged.disposition;
  return draft.claim !== null && draft.responsibility === claim.responsibility ? { ...here, draft } : here;
}

/**
 * A claim is replaced or voided when the payer has taken the correction, not when it was sent: only then does it stop to
 * be what the payer has on file, and only then does a voided service give its duplicate keys up (R2).
 */
async function settleCorrections(deps: PipelineDeps): Promise<number> {
  let done = 0;
  for (;;) {
    const found = await outdatedByCorrection(deps.ledger.db, PAGE);
    for (const c of found) {
      const to = c.voided ? ('voided' as const) : ('replaced' as const);
      const move = { id: c.id, from: c.state as ClaimState, to, reason: 'corrected', detail: { by: c.by } };
      await deps.ledger.transaction((tx) => moveClaims(tx, [move], { actor: 'system', cause: 'evidence' }));
      done += 1;
    }
    if (found.length < PAGE) return done;
  }
}
