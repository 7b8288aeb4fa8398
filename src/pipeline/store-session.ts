import type { PlanReason } from '../../schemas/common.ts';
import type { AttendeeAnswer, SessionAnswer } from '../../schemas/group-session.ts';
import { patientControlNumber } from '../claim/identifiers.ts';
import { judgeAgainstLedger } from '../claim/ledger-gate.ts';
import { formatCents } from '../claim/money.ts';
import type { LanePolicy, PlannedClaim } from '../claim/stagger/types.ts';
import type { NewEvent } from '../ledger/events.ts';
import type { Executor } from '../ledger/executor.ts';
import { insertRoster } from '../ledger/roster.ts';
import { insertSession, replaceSessionFindings } from '../ledger/sessions.ts';
import { holdConcerned } from './concerned-claims.ts';
import type { PipelineDeps } from './deps.ts';
import type { GatedSession } from './gate-session.ts';
import { answerRow, answerTo, keyReused, SESSION_ROUTE } from './idempotency.ts';
import { facilityHash, factsRequest, openFacts, usageOf } from './intake-facts.ts';
import { assignLanes, attendeeRow, claimRow, holdRows, judgeAndPlan, type Member, memberOf } from './members.ts';
import { keptSketches } from './note-sketches.ts';
import { alarmsFor } from './plan-claims.ts';
import type { Alarm } from './ports.ts';
import { sessionWithoutNotes } from './sealed.ts';
import type { Answer } from './service.ts';
import { summaryOf } from './views.ts';

export interface StoredSession {
  readonly answer: Answer;
  readonly alarms: readonly Alarm[];
}

export interface SessionRequest {
  readonly owner: string;
  readonly idempotencyKey: string;
  readonly contentHash: Uint8Array;
  readonly actor: string;
}

/**
 * Stores a judged session and its answer in the caller's transaction, in three statements: the session's row, which lets one
 * of two intakes of one session through, with what the ledger knows; keys and look-ups for the plan; all the rest. Null when the session or the answer is
 * there already. Throws `keyReused` (roll back) when the request's key was taken for another session meanwhile.
 */
export async function storeSession(
  deps: PipelineDeps,
  tx: Executor,
  gated: GatedSession,
  request: SessionRequest,
): Promise<StoredSession | null> {
  const { session, verdict: own } = gated;
  const { actor } = request;
  const id = deps.newId('gs');
  const asked = factsRequest(deps.vault, gated, id);
  // Times that are stored come from the ledger's own clock, not from what this process remembers of it.
  const begun = await insertSession(
    tx,
    {
      id,
      practiceId: session.practiceId,
      externalId: session.externalId,
      contentHash: request.contentHash,
      dateOfService: own.dateOfService,
      startedAt: session.startedAt,
      endedAt: session.endedAt,
      facilitatorNpi: session.renderingProvider.npi,
      groupId: session.groupId ?? null,
      facilityHash: facilityHash(deps.vault, gated),
      usage: usageOf(gated),
      findings: own.findings,
      sealed: deps.vault.seal(session.practiceId, 'session', id, sessionWithoutNotes({ ...session })),
    },
    { owner: request.owner, route: SESSION_ROUTE, key: request.idempotencyKey },
    asked,
  );
  if (begun === null) return null;
  const { now } = begun;
  const facts = openFacts(deps.vault, session.practiceId, begun.facts, asked.patients);
  const judged = judgeAgainstLedger(own, facts);
  const { verdict } = judged;
  if (verdict.findings.length > own.findings.length) await replaceSessionFindings(tx, id, verdict.findings);
  const members = verdict.attendees.map((v) => memberOf(deps, v));
  await holdConcerned(tx, judged.concerned, {
    again: false,
    practiceId: session.practiceId,
    claimIds: new Map(members.flatMap((m) => (m.claimId === null ? [] : [[m.verdict.index, m.claimId] as const]))),
  });
  const lanes = assignLanes(deps, gated, members);
  await judgeAndPlan(deps, tx, gated, members, lanes, now);

  const scheduled = members.filter((m) => m.plan !== null && m.claimId !== null && m.laneId !== null);
  const policies = new Map(lanes.map((l) => [l.laneId, l]));
  const { covered, alarms } = alarmsFor(
    scheduled.map((m) => ({ claimId: m.claimId as string, laneId: m.laneId as string, at: (m.plan as PlannedClaim).estimate })),
    policies,
    now,
    deps.settings.alarmHorizonMs,
  );
  const answer = answerOf(id, { ...gated, verdict }, members);
  const kept = await insertRoster(tx, {
    attendees: members.map((m) => attendeeRow(deps, gated, id, m)),
    claims: members.flatMap((m) => claimRow(deps, gated, id, m, covered)),
    holds: members.flatMap(holdRows),
    actor,
    alsoRecord: [
      { subject: id, kind: 'session.accepted', actor, detail: { ...summaryOf(members) } },
      ...members.flatMap((m) => linkOf(m, judged.links.get(m.verdict.index))),
    ],
    answer: answerRow(deps, { ...request, key: request.idempotencyKey }, answer),
    notes: gated.sketches === null ? null : { sessionId: id, sketches: keptSketches(gated.sketches, verdict) },
  });
  if (!kept) throw keyReused();

  const wanted = new Set(alarms);
  return {
    answer,
    alarms: scheduled
      .filter((m) => wanted.has(m.claimId as string))
      .map((m) => ({
        claimId: m.claimId as string,
        jobId: `${m.claimId}-1`,
        delayMs: Math.max(0, (m.plan as PlannedClaim).estimate - now),
        ...laneCarried(m, policies, now),
      })),
  };
}

/** At gap 0 one alarm stands for all of its lane that is due at once. */
function laneCarried(m: Member, policies: ReadonlyMap<string, LanePolicy>, now: number): Pick<Alarm, 'lane'> {
  if (m.laneId === null || m.plan === null || m.plan.estimate > now || policies.get(m.laneId)?.gapMs !== 0) return {};
  return { lane: m.laneId };
}

function answerOf(id: string, gated: GatedSession, members: readonly Member[]): Answer {
  const body: SessionAnswer = {
    id,
    externalId: gated.session.externalId,
    version: 1,
    dateOfService: gated.verdict.dateOfService,
    summary: summaryOf(members),
    findings: [...gated.verdict.findings],
    attendees: members.map(attendeeAnswerOf),
  };
  return answerTo(202, body, { Location: `/v1/group-sessions/${id}`, ETag: '"1"' });
}

/** Which claims of the same practice a duplicate met: the link for whoever decides. */
function linkOf(m: Member, claims: readonly string[] | undefined): NewEvent[] {
  if (m.claimId === null || m.state !== 'held' || claims === undefined) return [];
  return [{ subject: m.claimId, kind: 'claim.duplicate_of', actor: 'gate', detail: { claims } }];
}

function attendeeAnswerOf(m: Member): AttendeeAnswer {
  const { externalId } = m.verdict;
  if (m.claimId === null || m.draft === null || m.state === 'not_billable') {
    return {
      externalId,
      state: 'not_billable',
      claimId: null,
      ...(m.reason === null ? {} : { reason: m.reason }),
      findings: m.findings,
    };
  }
  return {
    externalId,
    state: m.state,
    claimId: m.claimId,
    patientControlNumber: patientControlNumber(m.lineage, 1),
    chargeAmount: formatCents(m.draft.chargeCents),
    plannedReleaseAt: m.plan === null ? null : new Date(m.plan.estimate).toISOString(),
    planReasons: (m.plan?.reasons ?? []) as PlanReason[],
    findings: m.findings,
    claims: [{ claimId: m.claimId, responsibility: m.draft.responsibility, frequencyCode: '1', state: m.state }],
  };
}
