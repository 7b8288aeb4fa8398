import type { Finding, PlanReason } from '../../schemas/common.ts';
import type { AttendeeAnswer, SessionAnswer } from '../../schemas/group-session.ts';
import type { AttendeeVerdict, ClaimDraft } from '../claim/draft.ts';
import { newLineage, newTraceNumber, patientControlNumber } from '../claim/identifiers.ts';
import { formatCents } from '../claim/money.ts';
import type { LanePolicy, PlannedClaim } from '../claim/stagger/types.ts';
import { insertRoster, type NewClaim } from '../ledger/claims.ts';
import type { Executor } from '../ledger/executor.ts';
import { insertHolds, type NewHold } from '../ledger/holds.ts';
import { insertSession } from '../ledger/sessions.ts';
import type { ParsedAttendee } from '../session/parse.ts';
import type { PipelineDeps } from './deps.ts';
import { findingOf, takeDuplicateKeys } from './duplicates.ts';
import type { GatedSession } from './gate-session.ts';
import { alarmsFor, deadlineOf, laneIdOf, lanePolicyOf, planClaims } from './plan-claims.ts';
import type { Alarm } from './ports.ts';
import { attendeeWithoutNotes, type SealedAttendee, type SealedClaim, sessionWithoutNotes, storedFindings } from './sealed.ts';
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
  readonly answer: SessionAnswer;
  readonly alarms: readonly Alarm[];
}

/** Stores a judged session in the caller's transaction; null when its natural key is taken. */
export async function storeSession(
  deps: PipelineDeps,
  tx: Executor,
  gated: GatedSession,
  contentHash: Uint8Array,
  actor: string,
): Promise<StoredSession | null> {
  const { session, verdict } = gated;
  const id = deps.newId('gs');
  // Times that are stored come from the ledger's own clock, not from what this process remembers of it.
  const now = await insertSession(tx, {
    id,
    practiceId: session.practiceId,
    externalId: session.externalId,
    contentHash,
    dateOfService: verdict.dateOfService,
    startedAt: session.startedAt,
    endedAt: session.endedAt,
    facilitatorNpi: session.renderingProvider.npi,
    groupId: session.groupId ?? null,
    findings: verdict.findings,
    sealed: deps.vault.seal(session.practiceId, 'session', id, sessionWithoutNotes({ ...session })),
  });
  if (now === null) return null;

  const members = verdict.attendees.map((v) => memberOf(deps, v));
  await judgeDuplicates(deps, tx, members);
  const lanes = assignLanes(deps, gated, members);
  await planMembers(deps, tx, gated, members, lanes, now);

  const scheduled = members.filter((m) => m.plan !== null && m.claimId !== null && m.laneId !== null);
  const policies = new Map([...lanes].map(([laneId, l]) => [laneId, l.policy]));
  const { covered, alarms } = alarmsFor(
    scheduled.map((m) => ({ claimId: m.claimId as string, laneId: m.laneId as string, at: (m.plan as PlannedClaim).estimate })),
    policies,
    now,
    deps.settings.alarmHorizonMs,
  );
  await insertRoster(
    tx,
    members.map((m) => attendeeRow(deps, gated, id, m)),
    members.flatMap((m) => claimRow(deps, gated, id, m, covered)),
    actor,
    [{ subject: id, kind: 'session.accepted', actor, detail: { ...summaryOf(members) } }],
  );
  await insertHolds(tx, members.flatMap(holdRows));

  const wanted = new Set(alarms);
  return {
    answer: {
      id,
      externalId: session.externalId,
      version: 1,
      dateOfService: verdict.dateOfService,
      summary: summaryOf(members),
      findings: [...verdict.findings],
      attendees: members.map(answerOf),
    },
    alarms: scheduled
      .filter((m) => wanted.has(m.claimId as string))
      .map((m) => ({
        claimId: m.claimId as string,
        jobId: `${m.claimId}-1`,
        delayMs: Math.max(0, (m.plan as PlannedClaim).estimate - now),
      })),
  };
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

async function judgeDuplicates(deps: PipelineDeps, tx: Executor, members: readonly Member[]): Promise<void> {
  const candidates = members.filter((m) => m.state === 'scheduled');
  const verdicts = await takeDuplicateKeys(
    tx,
    deps.vault,
    candidates.map((m) => ({ claimId: m.claimId as string, draft: m.draft as ClaimDraft })),
  );
  for (const m of candidates) {
    for (const v of verdicts.get(m.claimId as string) ?? []) {
      m.state = 'held';
      m.reason ??= v.reason;
      m.findings.push(findingOf(v, m.verdict.externalId, m.verdict.index));
    }
  }
}

function assignLanes(
  deps: PipelineDeps,
  gated: GatedSession,
  members: readonly Member[],
): ReadonlyMap<string, { policy: LanePolicy }> {
  const lanes = new Map<string, { policy: LanePolicy }>();
  for (const m of members) {
    const clearinghouseId = m.draft?.clearinghouseId ?? null;
    const found = clearinghouseId === null ? undefined : gated.clearinghouses.get(clearinghouseId);
    if (m.draft === null || clearinghouseId === null || found === undefined) continue;
    const laneId = laneIdOf(clearinghouseId, found.body);
    m.laneId = laneId;
    m.lookAlikeKey = m.draft.lookAlikeKey === null ? null : hex(deps.vault.hash('look-alike', m.draft.lookAlikeKey));
    m.siblingKey = m.draft.siblingKey === null ? null : hex(deps.vault.hash('sibling', m.draft.siblingKey));
    if (!lanes.has(laneId)) lanes.set(laneId, { policy: lanePolicyOf(clearinghouseId, found.body, null) });
  }
  return lanes;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

async function planMembers(
  deps: PipelineDeps,
  tx: Executor,
  gated: GatedSession,
  members: readonly Member[],
  lanes: ReadonlyMap<string, { policy: LanePolicy }>,
  now: number,
): Promise<void> {
  const ready = members.filter((m) => m.state === 'scheduled');
  for (const m of ready) {
    // The gate lets a claim through only with a payer, a clearinghouse and a key; anything else is a defect, not a claim.
    if (m.laneId === null || m.lookAlikeKey === null) throw new Error('a claim that passed the gate has no lane');
  }
  const planned = await planClaims(tx, deps.vault, {
    claims: ready.map((m) => ({
      claimId: m.claimId as string,
      practiceId: gated.session.practiceId,
      laneId: m.laneId as string,
      lookAlikeKey: m.lookAlikeKey as string,
      lookAlikeGapMs: Math.round((m.draft as ClaimDraft).lookAlikeGapMinutes * 60_000),
      siblingKey: m.siblingKey,
      deadlineAt: deadlineOf((m.draft as ClaimDraft).fileBy),
    })),
    lanes: [...lanes.values()].map((l) => l.policy),
    now,
  });
  for (const m of ready) m.plan = planned.get(m.claimId as string) ?? null;
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

function answerOf(m: Member): AttendeeAnswer {
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
