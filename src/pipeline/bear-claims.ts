import type { Finding } from '../../schemas/common.ts';
import { asCorrection } from '../claim/amend.ts';
import { dayOf, lastFilingDay } from '../claim/dates.ts';
import type { ClaimDraft } from '../claim/draft.ts';
import { findingOf } from '../claim/duplicates.ts';
import { MAX_REVISION } from '../claim/identifiers.ts';
import type { PlannedClaim } from '../claim/stagger/types.ts';
import { findingsOfCorrection } from '../claim/timely-filing.ts';
import { resolveProfile } from '../delivery/profiles/registry.ts';
import { linkSuccessor } from '../ledger/amendments.ts';
import { ancestorsOf, findClaim } from '../ledger/claims.ts';
import type { Executor } from '../ledger/executor.ts';
import { insertRoster } from '../ledger/roster.ts';
import type { Row } from '../ledger/types.ts';
import { type Acted, type Amending, policyFor, type Wish } from './amending.ts';
import type { PipelineDeps } from './deps.ts';
import { exchangeDuplicateKeys } from './duplicates.ts';
import { assignLanes, attendeeRow, claimRow, holdRows, type Judged, judgeAndPlan, type Member, memberOf } from './members.ts';
import { draftUnderOverrides } from './override-draft.ts';
import { alarmsFor } from './plan-claims.ts';
import type { Alarm } from './ports.ts';
import { endedByPerson } from './rejudge-claim.ts';
import { planOne } from './schedule-claim.ts';

/**
 * Stores claims that an amendment brings, as an intake does: duplicate keys, plan, holds, events. `withAttendees`: they
 * are new on the roster, too. Returns the alarms to hand to the queue after the commit.
 */
export async function bearMembers(
  deps: PipelineDeps,
  tx: Executor,
  a: Amending,
  members: readonly Member[],
  withAttendees: boolean,
): Promise<readonly Alarm[]> {
  if (members.length === 0) return [];
  const lanes = assignLanes(deps, a.gated, members);
  await judgeAndPlan(deps, tx, a.gated, members, lanes, a.gated.now);
  return store(deps, tx, a, members, withAttendees, new Map(lanes.map((l) => [l.laneId, l])));
}

async function store(
  deps: PipelineDeps,
  tx: Executor,
  a: Amending,
  members: readonly Member[],
  withAttendees: boolean,
  lanes: Parameters<typeof alarmsFor>[1],
): Promise<readonly Alarm[]> {
  const { now } = a.gated;
  const planned = members.flatMap((m) =>
    m.plan === null || m.claimId === null || m.laneId === null
      ? []
      : [{ claimId: m.claimId, laneId: m.laneId, at: m.plan.estimate }],
  );
  const { covered, alarms } = alarmsFor(planned, lanes, now, deps.settings.alarmHorizonMs);
  await insertRoster(tx, {
    attendees: withAttendees ? members.map((m) => attendeeRow(deps, a.gated, a.sessionId, m)) : [],
    claims: members.flatMap((m) => claimRow(deps, a.gated, a.sessionId, m, covered)),
    holds: members.flatMap(holdRows),
    actor: a.actor,
    alsoRecord: [],
    answer: null,
    notes: null,
  });
  return planned
    .filter((p) => alarms.includes(p.claimId))
    .map((p) => ({ claimId: p.claimId, jobId: `${p.claimId}-1`, delayMs: Math.max(0, p.at - now) }));
}

function verdictOf(wish: Wish, draft: ClaimDraft, findings: readonly Finding[]): Judged {
  const stopped = findings.some((f) => f.severity === 'block' || f.severity === 'hold');
  return {
    index: wish.index,
    externalId: wish.externalId,
    disposition: { kind: stopped ? 'held' : 'ready', draft },
    findings,
  };
}

/** A new original for an attendee whose claim is final or who has none of this rank. What a person ended, a person takes up again. */
export async function bearAnew(
  deps: PipelineDeps,
  tx: Executor,
  a: Amending,
  wish: Wish,
  ended: Row<'claim'> | null,
): Promise<Acted> {
  if (wish.draft === null) throw new Error('somebody who is not billed gets no claim');
  const member = memberOf(deps, verdictOf(wish, wish.draft, wish.findings), wish.attendeeId);
  // A void that the payer has taken ends what an amendment, or whoever asked for the void, wanted ended.
  const byPerson = ended !== null && ended.frequency_code !== '8' && ended.state_reason !== 'amended';
  if (byPerson) {
    member.state = 'held';
    member.findings.push(endedByPerson(wish.externalId, wish.index));
  }
  const alarms = await bearMembers(deps, tx, a, [member], false);
  return { findings: member.findings, alarms, born: member.claimId };
}

/**
 * The claim that corrects an adjudicated one: frequency 7 with the amended content, or 8 with the content as it was sent.
 * It has the CLM01 of the claim that it corrects (a receiver's profile may want the next revision), refers to it by REF*F8
 * and shares its duplicate keys (R4): the first of the chain keeps them, this one takes only what is new.
 */
export async function bearCorrection(
  deps: PipelineDeps,
  tx: Executor,
  a: Amending,
  wish: Wish,
  claim: Row<'claim'>,
  frequencyCode: '7' | '8',
  stored: ClaimDraft,
): Promise<Acted & { readonly claim: Row<'claim'> }> {
  const number = claim.payer_claim_control_number;
  const amended =
    wish.draft && (await draftUnderOverrides(tx, a.gated, claim, { externalId: wish.externalId, draft: wish.draft }));
  const content = frequencyCode === '8' ? stored : amended;
  if (number === null || content === null) throw new Error('a correction needs the number of what it corrects');
  const fileBy = correctionDeadline(a, claim);
  const made = asCorrection(content, frequencyCode, number);
  if (!made.ok) throw new Error(`a correction that cannot be one: ${made.reason}`);
  const draft = { ...made.draft, fileBy };
  const today = dayOf(a.gated.now, a.gated.practice.body.timezone);
  const findings = frequencyCode === '8' ? [] : findingsOfCorrection(wish.findings, fileBy, today);
  const member: Member = {
    ...memberOf(deps, verdictOf(wish, draft, findings), wish.attendeeId),
    lineage: claim.lineage,
    frequencyCode,
  };
  const lanes = assignLanes(deps, a.gated, [member]);
  const claimId = member.claimId as string;
  const chain = [claim.id, ...(await ancestorsOf(tx, [claim.id]))];
  // The claim that a void withdraws owns the keys until the payer has taken the void (R2).
  const take = frequencyCode === '7' && member.state === 'scheduled';
  const owners = take ? await exchangeDuplicateKeys(tx, deps.vault, { claimId, draft, chain, take }) : [];
  for (const v of owners) {
    member.state = 'held';
    member.reason ??= v.reason;
    member.findings.push(findingOf(v, wish.externalId, wish.index));
  }
  if (member.state === 'scheduled') member.plan = await planOf(deps, tx, a, member);
  const alarms = await store(deps, tx, a, [member], false, new Map(lanes.map((l) => [l.laneId, l])));
  await linkSuccessor(tx, { id: claimId, replaces: claim.id, revision: revisionOf(a, claim) });
  const born = (await findClaim(tx, claimId, null)) as Row<'claim'>;
  return { findings: frequencyCode === '8' ? wish.findings : member.findings, alarms, born: null, claim: born };
}

function correctionDeadline(a: Amending, claim: Row<'claim'>): string | null {
  const filing = policyFor(a, claim).timelyFiling.correction;
  // Counted from the remittance where the payer does: its date comes with the 835.
  return filing.from === 'date_of_service' ? lastFilingDay(claim.date_of_service, filing) : null;
}

async function planOf(deps: PipelineDeps, tx: Executor, a: Amending, m: Member): Promise<PlannedClaim> {
  const { draft, claimId } = m;
  const clearinghouse = draft?.clearinghouseId == null ? undefined : a.gated.clearinghouses.get(draft.clearinghouseId);
  if (draft === null || claimId === null || clearinghouse === undefined)
    throw new Error('a claim that passed the gate has no lane');
  const claim = {
    id: claimId,
    practice_id: a.practiceId,
    lane_id: m.laneId,
    clearinghouse_id: draft.clearinghouseId,
    look_alike_key: m.lookAlikeKey,
    look_alike_gap_ms: Math.round(draft.lookAlikeGapMinutes * 60_000),
    sibling_key: m.siblingKey,
    file_by: draft.fileBy,
  };
  return planOne(deps, tx, { claim, clearinghouse: clearinghouse.body, now: a.gated.now });
}

function revisionOf(a: Amending, claim: Row<'claim'>): number {
  const clearinghouse = claim.clearinghouse_id === null ? undefined : a.gated.clearinghouses.get(claim.clearinghouse_id);
  const wantsNew = clearinghouse !== undefined && resolveProfile(clearinghouse.body).pcnRevision === 'new';
  return wantsNew ? Math.min(claim.revision + 1, MAX_REVISION) : claim.revision;
}
