import type { Finding } from '../../schemas/common.ts';
import type { AttendeeVerdict } from '../claim/draft.ts';
import { holdsVersion } from '../ledger/amendments.ts';
import { ancestorsOf, ClaimMovedElsewhere, lockClaim, moveClaims } from '../ledger/claims.ts';
import type { Executor } from '../ledger/executor.ts';
import { attendeesOf, findSession, replaceFindings } from '../ledger/sessions.ts';
import type { Row } from '../ledger/types.ts';
import { holdConcerned } from './concerned-claims.ts';
import type { PipelineDeps } from './deps.ts';
import type { GatedSession } from './gate-session.ts';
import { judgeInLedger } from './judge-in-ledger.ts';
import type { Alarm } from './ports.ts';
import { inFrequencyOf, type Occasion, rejudgeClaim } from './rejudge-claim.ts';
import { storedFindings } from './sealed.ts';
import { findingsBeside, judgeStored, openSession } from './stored-session.ts';

/** A stored session, opened and judged by the present configuration; nothing is locked yet. */
export interface ReadSession {
  readonly row: Row<'session'>;
  readonly attendees: readonly Row<'attendee'>[];
  readonly gated: GatedSession;
}

/** Null when there is no such session, or its practice is not configured any more. Reads outside any transaction. */
export async function readForJudging(deps: PipelineDeps, sessionId: string): Promise<ReadSession | null> {
  const row = await findSession(deps.ledger.db, sessionId, null);
  if (row === undefined) return null;
  await deps.vault.warm(row.practice_id);
  const attendees = await attendeesOf(deps.ledger.db, [sessionId]);
  const now = (await deps.ledger.now()).getTime();
  const gated = await judgeStored(deps, row.practice_id, openSession(deps, row, attendees), now);
  return gated === null ? null : { row, attendees, gated };
}

/**
 * First thing in the transaction: the session must still be the version that was read (else `ClaimMovedElsewhere`), and the
 * ledger is asked as at an intake. Waits for intakes that it shares a bucket with, so no claim may be locked before.
 */
export async function judgeWithLedger(deps: PipelineDeps, tx: Executor, read: ReadSession): Promise<ReadSession> {
  const { row, attendees, gated } = read;
  if (!(await holdsVersion(tx, row.id, row.version))) throw new ClaimMovedElsewhere([]);
  const judged = await judgeInLedger(deps, tx, gated, row.id, ['attendee']);
  await holdConcerned(tx, judged.concerned, {
    again: true,
    practiceId: row.practice_id,
    claimIds: new Map(attendees.flatMap((a) => (a.claim_id === null ? [] : [[a.ordinal, a.claim_id] as const]))),
  });
  return { ...read, gated: { ...gated, verdict: judged.verdict } };
}

/** The unsent claim that a verdict speaks of: of the rank that would be billed now. A void withdraws a claim as it was. */
function isAbout(judged: AttendeeVerdict, claim: Row<'claim'>): boolean {
  if ((claim.state !== 'held' && claim.state !== 'scheduled') || claim.frequency_code === '8') return false;
  return judged.disposition.kind === 'not_billable' || judged.disposition.draft.responsibility === claim.responsibility;
}

const verdictOn = ({ attendees, gated }: ReadSession, claim: Row<'claim'>): AttendeeVerdict | null => {
  const attendee = attendees.find((a) => a.id === claim.attendee_id);
  const judged = attendee && gated.verdict.attendees[attendee.ordinal];
  return judged !== undefined && isAbout(judged, claim) ? judged : null;
};

/** Whether the session as it is now speaks of this claim; `rejudgeAttendee` does nothing to any other. */
export const judgesClaim = (read: ReadSession, claim: Row<'claim'>): boolean => verdictOn(read, claim) !== null;

/** What is found about a claim by the session as it is now; null when the session speaks of it no more. */
export function findingsOn(read: ReadSession, claim: Row<'claim'>): readonly Finding[] | null {
  const judged = verdictOn(read, claim);
  const attendee = read.attendees.find((a) => a.id === claim.attendee_id);
  return judged === null || attendee === undefined ? null : findingsBeside(judged, attendee.findings as Finding[]);
}

/**
 * One unsent claim of a session that `judgeWithLedger` has judged, in the same transaction: built again, held, scheduled, or
 * no claim any more. Alarms to hand to the queue after the commit. Throws `ClaimMovedElsewhere` when it moved meanwhile.
 */
export async function rejudgeAttendee(
  deps: PipelineDeps,
  tx: Executor,
  read: ReadSession,
  claim: Row<'claim'>,
  occasion: Occasion,
): Promise<readonly Alarm[]> {
  const judged = verdictOn(read, claim);
  const attendee = read.attendees.find((a) => a.id === claim.attendee_id);
  if (judged === null || attendee === undefined) return [];
  const from = claim.state as 'held' | 'scheduled';
  // Rebuilding is conditional on the state: it also keeps the gate out until this transaction ends.
  if (!(await lockClaim(tx, claim.id, from))) throw new ClaimMovedElsewhere([claim.id]);
  const { disposition } = judged;
  if (disposition.kind === 'not_billable') {
    const { actor } = occasion.by;
    await moveClaims(tx, [{ id: claim.id, from, to: 'not_billable', reason: disposition.reason }], { actor, cause: 'system' });
    return [];
  }
  const done = await rejudgeClaim(deps, tx, read.gated, occasion, {
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
