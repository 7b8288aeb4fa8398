import type { SessionAnswer } from '../../schemas/group-session.ts';
import { atPosition } from '../claim/amend.ts';
import type { AttendeeVerdict } from '../claim/draft.ts';
import type { ConcernedClaim } from '../claim/ledger-gate.ts';
import { PRESENCE_RULES } from '../claim/overrides.ts';
import {
  type AttendeeChangeRow,
  changeAttendees,
  keepVersion,
  moveHolds,
  removedAttendees,
  replaceSession,
} from '../ledger/amendments.ts';
import { claimsOf } from '../ledger/claims.ts';
import { recordAudit, recordEvents } from '../ledger/events.ts';
import type { Executor } from '../ledger/executor.ts';
import { replaceSketches } from '../ledger/note-sketches.ts';
import { attendeesOf, findSession, replaceSessionFindings } from '../ledger/sessions.ts';
import type { Row } from '../ledger/types.ts';
import { actOnHead, lockAsItIs } from './amend-claims.ts';
import { type AmendedAttendee, amendedRoster, type Before, findingsOfUntouched, headsOf, RANKS } from './amend-roster.ts';
import type { Acted, Amending, Wish } from './amending.ts';
import { bearAnew, bearMembers } from './bear-claims.ts';
import { canonicalJson } from './canonical.ts';
import { holdConcerned } from './concerned-claims.ts';
import type { PipelineDeps } from './deps.ts';
import { giveUpStaleKeys } from './duplicates.ts';
import type { GatedSession } from './gate-session.ts';
import { facilityHash, usageOf } from './intake-facts.ts';
import { judgeInLedger } from './judge-in-ledger.ts';
import { attendeeRow, memberOf, sealedAttendeeOf } from './members.ts';
import { keptSketches } from './note-sketches.ts';
import type { Alarm } from './ports.ts';
import { type SealedAttendee, type SealedVersion, type StoredFinding, sessionWithoutNotes, storedFindings } from './sealed.ts';
import { sessionAnswers } from './views.ts';

export interface Amendment {
  readonly row: Row<'session'>;
  readonly before: Before;
  readonly after: GatedSession;
  readonly contentHash: Uint8Array;
  readonly reason: string;
  readonly actor: string;
}

/**
 * Stores the next version of a session in the caller's transaction and acts on the claims of exactly those attendees whom
 * it changed. Locks: the session, then claims by id, then duplicate keys. Null when the session is not at the version that
 * was judged any more.
 */
export async function storeAmendment(
  deps: PipelineDeps,
  tx: Executor,
  amendment: Amendment,
): Promise<{ readonly answer: SessionAnswer; readonly alarms: readonly Alarm[] } | null> {
  const { row, before, after, actor } = amendment;
  if (!(await storeVersion(deps, tx, amendment))) return null;
  const judged = await judgeInLedger(deps, tx, after, row.id);
  if (judged.verdict.findings.length > after.verdict.findings.length)
    await replaceSessionFindings(tx, row.id, judged.verdict.findings);
  const amending: Amending = {
    sessionId: row.id,
    practiceId: row.practice_id,
    version: row.version + 1,
    gated: after,
    actor,
  };
  const removed = (await removedAttendees(tx, [row.id])).map((r) => ({
    row: r,
    opened: deps.vault.open<SealedAttendee>(r.practice_id, 'attendee', r.id, r.sealed),
  }));
  const roster = amendedRoster(before, after, judged.verdict.attendees, removed);
  const acted = await actOnAttendees(deps, tx, amending, roster);
  const fresh = roster.filter((r) => r.row === null).map((r) => memberOf(deps, r.verdict as AttendeeVerdict));
  await reseat(deps, tx, amending, roster, acted);
  if (after.sketches !== null) await replaceSketches(tx, row.id, keptSketches(after.sketches, judged.verdict));
  const alarms = [...[...acted.values()].flatMap((x) => x.alarms), ...(await bearMembers(deps, tx, amending, fresh, true))];
  await holdOthers(tx, amending, roster, judged.concerned);
  const count = (change: string) => roster.filter((r) => r.diff.change === change).length;
  await recordEvents(tx, [
    {
      subject: row.id,
      kind: 'session.amended',
      actor,
      detail: {
        version: amending.version,
        added: count('added') + count('added_back'),
        changed: count('changed'),
        removed: count('removed'),
      },
    },
  ]);
  // The reason is a free text of the EHR's: it lies sealed with its version.
  await recordAudit(tx, { actor, action: 'session.amend', target: row.id, detail: { version: amending.version } });
  const [answer] = await sessionAnswers(tx, deps.vault, [(await findSession(tx, row.id, null)) as Row<'session'>]);
  return { answer: answer as SessionAnswer, alarms };
}

/** The other side of what the ledger found about attendees whom the amendment changed; the others' was held before. */
async function holdOthers(
  tx: Executor,
  amending: Amending,
  roster: readonly AmendedAttendee[],
  concerned: readonly ConcernedClaim[],
): Promise<void> {
  const changed = new Map(
    roster.flatMap((r) => (r.diff.change === 'none' || r.verdict === null ? [] : [[r.verdict.index, r.samePresence] as const])),
  );
  const mine = concerned.filter((c) => changed.has(c.index));
  if (mine.length === 0) return;
  const seats = await attendeesOf(tx, [amending.sessionId]);
  const claimIds = new Map(seats.flatMap((s) => (s.claim_id === null ? [] : [[s.ordinal, s.claim_id] as const])));
  for (const again of [false, true]) {
    const those = mine.filter((c) => (PRESENCE_RULES.includes(c.rule) && changed.get(c.index) === true) === again);
    await holdConcerned(tx, those, { practiceId: amending.practiceId, claimIds, again });
  }
}

/** The session's row, and both versions kept for good; false when somebody else amended it first. */
async function storeVersion(deps: PipelineDeps, tx: Executor, amendment: Amendment): Promise<boolean> {
  const { row, before, after, contentHash, reason, actor } = amendment;
  const { session, verdict } = after;
  const content = sessionWithoutNotes({ ...session });
  const seal = (kind: string, id: string, value: unknown) => deps.vault.seal(row.practice_id, kind, id, value);
  const next = row.version + 1;
  const replaced = await replaceSession(tx, row.version, {
    id: row.id,
    contentHash,
    dateOfService: verdict.dateOfService,
    startedAt: session.startedAt,
    endedAt: session.endedAt,
    facilitatorNpi: session.renderingProvider.npi,
    groupId: session.groupId ?? null,
    facilityHash: facilityHash(deps.vault, after),
    usage: usageOf(after),
    findings: verdict.findings,
    sealed: seal('session', row.id, content),
  });
  if (!replaced) return false;
  const was: SealedVersion = {
    session: deps.vault.open(row.practice_id, 'session', row.id, row.sealed),
    attendees: before.opened,
    reason: null,
  };
  const is: SealedVersion = {
    session: content,
    attendees: verdict.attendees.map((v) => sealedAttendeeOf(after, v.index)),
    reason,
  };
  await keepVersion(tx, {
    sessionId: row.id,
    version: row.version,
    contentHash: row.content_hash,
    sealed: seal('version', `${row.id} ${row.version}`, was),
    actor: null,
  });
  await keepVersion(tx, {
    sessionId: row.id,
    version: next,
    contentHash,
    sealed: seal('version', `${row.id} ${next}`, is),
    actor,
  });
  return true;
}

/** By attendee row id. Who is given up goes first, so that what they owned is free for those who take it over. */
async function actOnAttendees(
  deps: PipelineDeps,
  tx: Executor,
  amending: Amending,
  roster: readonly AmendedAttendee[],
): Promise<ReadonlyMap<string, Acted>> {
  const claims = await claimsOf(tx, [amending.sessionId]);
  const touched = roster.flatMap((r) => {
    if (r.wish === null || r.row === null) return [];
    const { wish, row } = r;
    const heads = headsOf(claims.filter((c) => c.attendee_id === row.id));
    return [{ wish, heads: heads.flatMap((h) => wishFor(r, wish, h.responsibility).map((w) => ({ head: h.id, wish: w }))) }];
  });
  const locked = new Map<string, Row<'claim'>>();
  for (const id of touched.flatMap((t) => t.heads.map((h) => h.head)).sort()) locked.set(id, await lockAsItIs(tx, id));
  const lastFirst = [...touched].sort((a, b) => Number(a.wish.draft !== null) - Number(b.wish.draft !== null));
  for (const { head, wish } of lastFirst.flatMap((t) => t.heads)) {
    const claim = locked.get(head) as Row<'claim'>;
    if (wish.draft !== null && (claim.state === 'held' || claim.state === 'scheduled'))
      await giveUpStaleKeys(tx, deps.vault, { claimId: claim.id, draft: wish.draft });
  }
  const done = new Map<string, Acted>();
  for (const { wish, heads } of lastFirst) {
    const results: Acted[] = [];
    for (const h of heads) results.push(await actOnHead(deps, tx, amending, h.wish, locked.get(h.head) as Row<'claim'>));
    if (wish.draft !== null && !heads.some((h) => h.wish.draft !== null))
      results.push(await bearAnew(deps, tx, amending, wish, null));
    // What the claim that is billed now has to say, duplicates included.
    const own = results[heads.findIndex((h) => h.wish.draft !== null)] ?? results.at(-1);
    done.set(wish.attendeeId, {
      findings: wish.draft === null ? wish.findings : (own?.findings ?? wish.findings),
      alarms: results.flatMap((x) => x.alarms),
      born: results.find((x) => x.born !== null)?.born ?? null,
    });
  }
  return done;
}

/** Empty for a claim of an earlier rank than the one that is billed now: it is done with, and not touched. */
function wishFor(r: AmendedAttendee, wish: Wish, responsibility: string): readonly Wish[] {
  const rank = RANKS.indexOf(responsibility);
  const first = wish.draft === null ? (r.endsAt ?? 0) : RANKS.indexOf(wish.draft.responsibility);
  if (rank < first) return [];
  if (wish.draft === null || rank === first) return [wish];
  return [{ ...wish, change: 'removed', draft: null, notBillable: 'not_due' }];
}

/** Rows of the roster: contents, places, findings. What is as it was is not written. */
async function reseat(
  deps: PipelineDeps,
  tx: Executor,
  amending: Amending,
  roster: readonly AmendedAttendee[],
  acted: ReadonlyMap<string, Acted>,
): Promise<void> {
  const claims = await claimsOf(tx, [amending.sessionId]);
  const rows: AttendeeChangeRow[] = [];
  for (const r of roster) {
    if (r.row === null) continue;
    const done = acted.get(r.row.id);
    const next = r.verdict === null ? removedRow(deps, amending, r) : seatedRow(deps, amending, r, r.verdict, done);
    if (next === null) continue;
    rows.push(next);
    if (r.row.ordinal !== next.ordinal && next.removedIn === null) {
      const own = claims.filter((c) => c.attendee_id === next.id).map((c) => c.id);
      await moveHolds(tx, own, next.ordinal);
    }
  }
  await changeAttendees(tx, rows);
}

function removedRow(deps: PipelineDeps, amending: Amending, r: AmendedAttendee): AttendeeChangeRow | null {
  const { row, opened } = r;
  if (row === null || opened === null) return null;
  return {
    id: row.id,
    ordinal: row.ordinal,
    removedIn: amending.version,
    state: 'not_billable',
    reason: 'removed',
    presence: null,
    claimId: row.claim_id,
    findings: row.findings,
    sealed: deps.vault.seal(amending.practiceId, 'attendee', row.id, opened),
  };
}

function seatedRow(
  deps: PipelineDeps,
  amending: Amending,
  r: AmendedAttendee,
  verdict: AttendeeVerdict,
  done: Acted | undefined,
): AttendeeChangeRow | null {
  const row = r.row as Row<'attendee'>;
  const member = memberOf(deps, verdict, row.id);
  const seat = attendeeRow(deps, amending.gated, amending.sessionId, member);
  const findings =
    done === undefined ? findingsOfUntouched(verdict, row.findings as StoredFinding[]) : storedFindings([...done.findings]);
  const next: AttendeeChangeRow = {
    ...seat,
    removedIn: null,
    claimId: done?.born ?? row.claim_id,
    findings: storedFindings(findings.map((f) => atPosition(f, verdict.index))),
  };
  const unchanged =
    row.removed_in === null &&
    row.ordinal === next.ordinal &&
    row.state === next.state &&
    row.reason === next.reason &&
    row.claim_id === next.claimId &&
    canonicalJson(row.findings) === canonicalJson(next.findings) &&
    canonicalJson(r.opened) === canonicalJson(sealedAttendeeOf(amending.gated, verdict.index));
  return unchanged ? null : next;
}
