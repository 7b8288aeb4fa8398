import type { Finding, PlanReason } from '../../schemas/common.ts';
import type { AttendeeAnswer, SessionAnswer } from '../../schemas/group-session.ts';
import type { AttendeeVerdict, ClaimDraft } from '../claim/draft.ts';
import { newLineage, newTraceNumber, patientControlNumber } from '../claim/identifiers.ts';
import { formatCents } from '../claim/money.ts';
import type { LanePolicy, PlanClaim, PlannedClaim } from '../claim/stagger/types.ts';
import type { Executor } from '../ledger/executor.ts';
import type { NewHold } from '../ledger/holds.ts';
import { insertRoster, type NewClaim } from '../ledger/roster.ts';
import { insertSession } from '../ledger/sessions.ts';
import type { ParsedAttendee } from '../session/parse.ts';
import type { PipelineDeps } from './deps.ts';
import { findingOf, takeDuplicateKeysAndLook } from './duplicates.ts';
import type { GatedSession } from './gate-session.ts';
import { answerRow, answerTo, keyReused, SESSION_ROUTE } from './idempotency.ts';
import { alarmsFor, deadlineOf, laneIdOf, lanePolicyOf, lookFor, type PlanRequest, planAgainst } from './plan-claims.ts';
import type { Alarm } from './ports.ts';
import { attendeeWithoutNotes, type SealedAttendee, type SealedClaim, sessionWithoutNotes, storedFindings } from './sealed.ts';
import type { Answer } from './service.ts';
import { summaryOf } from './views.ts';

interface Member {
  readonly verdict: AttendeeVerdict;
  readonly attendeeId: string;
  readonly claimId: string | null;
  readonly draft: ClaimDraft | null;
  readonly lineage: string;
  readonly findings: Finding[];
  state: 'not_billable' | 'held' | 'scheduled';
  reason: string | null;
  laneId: string | null;
  lookAlikeKey: string | null;
  siblingKey: string | null;
  plan: PlannedClaim | null;
}

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
 * of two intakes of one session through; keys and look-ups for the plan; all the rest. Null when the session or the answer is
 * there already. Throws `keyReused` (roll back) when the request's key was taken for another session meanwhile.
 */
export async function storeSession(
  deps: PipelineDeps,
  tx: Executor,
  gated: GatedSession,
  request: SessionRequest,
): Promise<StoredSession | null> {
  const { session, verdict } = gated;
  const { actor } = request;
  const id = deps.newId('gs');
  // Times that are stored come from the ledger's own clock, not from what this process remembers of it.
  const now = await insertSession(
    tx,
    {
      id,
      practiceId: session.practiceId,
      externalId: session.externalId,
      contentHash: request.contentHash,
      dateOfService: verdict.dateOfService,
      startedAt: session.startedAt,
      endedAt: session.endedAt,
      facilitatorNpi: session.renderingProvider.npi,
      groupId: session.groupId ?? null,
      findings: verdict.findings,
      sealed: deps.vault.seal(session.practiceId, 'session', id, sessionWithoutNotes({ ...session })),
    },
    { owner: request.owner, route: SESSION_ROUTE, key: request.idempotencyKey },
  );
  if (now === null) return null;
  // Here belongs what two intakes must wait for each other at (rows of a patient's or facilitator's day): written after the
  // session's row and before anything is read, so that each later statement, with a snapshot of its own, sees the other's.

  const members = verdict.attendees.map((v) => memberOf(deps, v));
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
  const answer = answerOf(id, gated, members);
  const kept = await insertRoster(tx, {
    attendees: members.map((m) => attendeeRow(deps, gated, id, m)),
    claims: members.flatMap((m) => claimRow(deps, gated, id, m, covered)),
    holds: members.flatMap(holdRows),
    actor,
    alsoRecord: [{ subject: id, kind: 'session.accepted', actor, detail: { ...summaryOf(members) } }],
    answer: answerRow(deps, { ...request, key: request.idempotencyKey }, answer),
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
      })),
  };
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

function memberOf(deps: PipelineDeps, verdict: AttendeeVerdict): Member {
  const { disposition } = verdict;
  const billable = disposition.kind !== 'not_billable';
  return {
    verdict,
    attendeeId: deps.newId('att'),
    claimId: billable ? deps.newId('clm') : null,
    draft: billable ? disposition.draft : null,
    lineage: billable ? newLineage(deps.randomBytes(16)) : '',
    findings: [...verdict.findings],
    state: disposition.kind === 'ready' ? 'scheduled' : disposition.kind,
    reason: disposition.kind === 'not_billable' ? disposition.reason : null,
    laneId: null,
    lookAlikeKey: null,
    siblingKey: null,
    plan: null,
  };
}

/** Where each claim goes and what it is spaced by; returns the policies of the lanes. */
function assignLanes(deps: PipelineDeps, gated: GatedSession, members: readonly Member[]): readonly LanePolicy[] {
  const lanes = new Map<string, LanePolicy>();
  for (const m of members) {
    const clearinghouseId = m.draft?.clearinghouseId ?? null;
    const found = clearinghouseId === null ? undefined : gated.clearinghouses.get(clearinghouseId);
    if (m.draft === null || clearinghouseId === null || found === undefined) continue;
    const laneId = laneIdOf(clearinghouseId, found.body);
    m.laneId = laneId;
    m.lookAlikeKey = m.draft.lookAlikeKey === null ? null : hex(deps.vault.hash('look-alike', m.draft.lookAlikeKey));
    m.siblingKey = m.draft.siblingKey === null ? null : hex(deps.vault.hash('sibling', m.draft.siblingKey));
    if (!lanes.has(laneId)) lanes.set(laneId, lanePolicyOf(clearinghouseId, found.body, null));
  }
  return [...lanes.values()];
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Takes the duplicate keys of what may be scheduled, holds what meets an owner, and plans the rest. */
async function judgeAndPlan(
  deps: PipelineDeps,
  tx: Executor,
  gated: GatedSession,
  members: readonly Member[],
  lanes: readonly LanePolicy[],
  now: number,
): Promise<void> {
  const candidates = members.filter((m) => m.state === 'scheduled');
  if (candidates.length === 0) return;
  const requestFor = (ready: readonly Member[]): PlanRequest => ({ claims: ready.map((m) => planClaimOf(gated, m)), lanes, now });
  const { verdicts, facts } = await takeDuplicateKeysAndLook(
    tx,
    deps.vault,
    candidates.map((m) => ({ claimId: m.claimId as string, draft: m.draft as ClaimDraft })),
    lookFor(requestFor(candidates)),
  );
  for (const m of candidates) {
    for (const v of verdicts.get(m.claimId as string) ?? []) {
      m.state = 'held';
      m.reason ??= v.reason;
      m.findings.push(findingOf(v, m.verdict.externalId, m.verdict.index));
    }
  }
  const ready = candidates.filter((m) => m.state === 'scheduled');
  const planned = planAgainst(deps.vault, facts, requestFor(ready));
  for (const m of ready) m.plan = planned.get(m.claimId as string) ?? null;
}

function planClaimOf(gated: GatedSession, m: Member): PlanClaim {
  // The gate lets a claim through only with a payer, a clearinghouse and a key; anything else is a defect, not a claim.
  if (m.claimId === null || m.draft === null || m.laneId === null || m.lookAlikeKey === null)
    throw new Error('a claim that passed the gate has no lane');
  return {
    claimId: m.claimId,
    practiceId: gated.session.practiceId,
    laneId: m.laneId,
    lookAlikeKey: m.lookAlikeKey,
    lookAlikeGapMs: Math.round(m.draft.lookAlikeGapMinutes * 60_000),
    siblingKey: m.siblingKey,
    deadlineAt: deadlineOf(m.draft.fileBy),
  };
}

function attendeeRow(deps: PipelineDeps, gated: GatedSession, sessionId: string, m: Member) {
  const practiceId = gated.session.practiceId;
  const { fields, status, faults } = gated.session.attendees[m.verdict.index] as ParsedAttendee;
  const sealed: SealedAttendee = {
    externalId: m.verdict.externalId,
    attendee: { status, faults, fields: attendeeWithoutNotes({ ...fields }) },
  };
  return {
    id: m.attendeeId,
    sessionId,
    practiceId,
    ordinal: m.verdict.index,
    patientHash: deps.vault.hash('patient', `${practiceId}\n${m.verdict.externalId}`),
    state: m.state,
    reason: m.reason,
    claimId: m.claimId,
    findings: storedFindings(m.findings),
    sealed: deps.vault.seal(practiceId, 'attendee', m.attendeeId, sealed),
  };
}

function claimRow(
  deps: PipelineDeps,
  gated: GatedSession,
  sessionId: string,
  m: Member,
  covered: ReadonlySet<string>,
): NewClaim[] {
  if (m.claimId === null || m.draft === null || m.state === 'not_billable') return [];
  const d = m.draft;
  const practiceId = gated.session.practiceId;
  const sealed: SealedClaim = { externalId: m.verdict.externalId, draft: d };
  return [
    {
      id: m.claimId,
      sessionId,
      attendeeId: m.attendeeId,
      practiceId,
      payerId: d.payerId,
      clearinghouseId: d.clearinghouseId,
      laneId: m.laneId,
      responsibility: d.responsibility,
      frequencyCode: '1',
      state: m.state,
      stateReason: m.reason,
      lineage: m.lineage,
      traceNumber: newTraceNumber(deps.randomBytes(16)),
      dateOfService: gated.verdict.dateOfService,
      procedureCode: d.procedureCode,
      renderingNpi: d.renderingNpi,
      billingNpi: d.billingNpi,
      chargeCents: d.chargeCents,
      lookAlikeKey: m.lookAlikeKey,
      lookAlikeGapMs: Math.round(d.lookAlikeGapMinutes * 60_000),
      siblingKey: m.siblingKey,
      fileBy: d.fileBy,
      practiceVersion: gated.practice.version,
      payerVersion: d.payerId === null ? null : (gated.payers.get(d.payerId)?.version ?? null),
      clearinghouseVersion: d.clearinghouseId === null ? null : (gated.clearinghouses.get(d.clearinghouseId)?.version ?? null),
      plan: m.plan === null ? null : { ...m.plan, armedFor: covered.has(m.claimId) ? m.plan.estimate : null },
      sealed: deps.vault.seal(practiceId, 'claim', m.claimId, sealed),
    },
  ];
}

function holdRows(m: Member): NewHold[] {
  if (m.claimId === null || m.state !== 'held') return [];
  const claimId = m.claimId;
  return m.findings
    .filter((f) => f.severity === 'block' || f.severity === 'hold')
    .map((f) => ({
      claimId,
      rule: f.rule,
      severity: f.severity as 'block' | 'hold',
      message: f.message,
      path: f.path,
      actor: 'gate',
    }));
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
