import type { Finding } from '../../schemas/common.ts';
import type { AttendeeVerdict, ClaimDraft } from '../claim/draft.ts';
import { findingOf } from '../claim/duplicates.ts';
import { newLineage, newTraceNumber } from '../claim/identifiers.ts';
import { presenceOf } from '../claim/presence.ts';
import type { LanePolicy, PlanClaim, PlannedClaim } from '../claim/stagger/types.ts';
import type { Executor } from '../ledger/executor.ts';
import type { NewHold } from '../ledger/holds.ts';
import type { NewClaim } from '../ledger/roster.ts';
import type { ParsedAttendee } from '../session/parse.ts';
import type { PipelineDeps } from './deps.ts';
import { takeDuplicateKeysAndLook } from './duplicates.ts';
import type { GatedSession } from './gate-session.ts';
import { claimFacts, patientHash } from './intake-facts.ts';
import { deadlineOf, laneIdOf, lanePolicyOf, lookFor, type PlanRequest, planAgainst } from './plan-claims.ts';
import { attendeeWithoutNotes, type SealedAttendee, type SealedClaim, storedFindings } from './sealed.ts';

/** What of a verdict goes into the ledger. */
export type Judged = Pick<AttendeeVerdict, 'index' | 'externalId' | 'disposition' | 'findings'>;

/** One attendee on the way into the ledger, with the claim that comes of it. */
export interface Member {
  readonly verdict: Judged;
  readonly attendeeId: string;
  readonly claimId: string | null;
  readonly draft: ClaimDraft | null;
  readonly lineage: string;
  readonly frequencyCode: '1' | '7' | '8';
  readonly findings: Finding[];
  state: 'not_billable' | 'held' | 'scheduled';
  reason: string | null;
  laneId: string | null;
  lookAlikeKey: string | null;
  siblingKey: string | null;
  plan: PlannedClaim | null;
}

/** `attendeeId`: somebody who was on the roster before. */
export function memberOf(deps: PipelineDeps, verdict: Judged, attendeeId = deps.newId('att')): Member {
  const { disposition } = verdict;
  const billable = disposition.kind !== 'not_billable';
  return {
    verdict,
    attendeeId,
    claimId: billable ? deps.newId('clm') : null,
    draft: billable ? disposition.draft : null,
    lineage: billable ? newLineage(deps.randomBytes(16)) : '',
    frequencyCode: '1',
    findings: [...verdict.findings],
    state: disposition.kind === 'ready' ? 'scheduled' : disposition.kind,
    reason: disposition.kind === 'ready' ? null : (disposition.reason ?? null),
    laneId: null,
    lookAlikeKey: null,
    siblingKey: null,
    plan: null,
  };
}

/** Where each claim goes and what it is spaced by; returns the policies of the lanes. */
export function assignLanes(deps: PipelineDeps, gated: GatedSession, members: readonly Member[]): readonly LanePolicy[] {
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
export async function judgeAndPlan(
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
    deadlineAt: deadlineOf(m.draft.fileBy, gated.now),
  };
}

/** An attendee as stored: everything but texts. */
export function sealedAttendeeOf(gated: GatedSession, index: number): SealedAttendee {
  const { externalId, fields, status, faults, remains } = gated.session.attendees[index] as ParsedAttendee;
  return { externalId, attendee: { status, faults, fields: attendeeWithoutNotes({ ...fields }), ...(remains && { remains }) } };
}

export function attendeeRow(deps: PipelineDeps, gated: GatedSession, sessionId: string, m: Member) {
  const practiceId = gated.session.practiceId;
  const attendee = gated.session.attendees[m.verdict.index] as ParsedAttendee;
  const sealed = sealedAttendeeOf(gated, m.verdict.index);
  return {
    id: m.attendeeId,
    sessionId,
    practiceId,
    ordinal: m.verdict.index,
    patientHash: patientHash(deps.vault, practiceId, m.verdict.externalId),
    presence: presenceOf(gated.session, attendee),
    state: m.state,
    reason: m.reason,
    claimId: m.claimId,
    findings: storedFindings(m.findings),
    sealed: deps.vault.seal(practiceId, 'attendee', m.attendeeId, sealed),
  };
}

export function claimRow(
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
      frequencyCode: m.frequencyCode,
      state: m.state,
      stateReason: m.reason,
      lineage: m.lineage,
      traceNumber: newTraceNumber(deps.randomBytes(16)),
      // A void has the date of the claim that it withdraws, whatever the session's is now.
      dateOfService: d.claim?.lines[0]?.dateOfService ?? gated.verdict.dateOfService,
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
      facts: claimFacts(deps.vault, practiceId, m.verdict.externalId, d),
      sealed: deps.vault.seal(practiceId, 'claim', m.claimId, sealed),
    },
  ];
}

export function holdRows(m: Member): NewHold[] {
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
