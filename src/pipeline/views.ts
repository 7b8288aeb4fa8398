import type { ClaimSummary, ClaimView } from '../../schemas/claim.ts';
import type { ClaimState, Finding, PlanReason } from '../../schemas/common.ts';
import type { AttendeeAnswer, SessionAnswer } from '../../schemas/group-session.ts';
import { patientControlNumber } from '../claim/identifiers.ts';
import { formatCents } from '../claim/money.ts';
import { liftOf } from '../claim/overrides.ts';
import { removedAttendees } from '../ledger/amendments.ts';
import { claimsOf } from '../ledger/claims.ts';
import { findDrop, membersOf } from '../ledger/drops.ts';
import { eventsOf } from '../ledger/events.ts';
import type { Executor } from '../ledger/executor.ts';
import { openHolds } from '../ledger/holds.ts';
import { attendeesById, attendeesOf } from '../ledger/sessions.ts';
import { tasksOf } from '../ledger/tasks.ts';
import type { Row } from '../ledger/types.ts';
import type { Vault } from './deps.ts';
import { openedFindings, type SealedAttendee, type StoredFinding } from './sealed.ts';

/** States in which the planned release still says something. */
const PLANNED = new Set(['scheduled']);

export function summaryOf(attendees: readonly { readonly state: string }[]): SessionAnswer['summary'] {
  const notBillable = attendees.filter((a) => a.state === 'not_billable').length;
  return {
    attendees: attendees.length,
    billable: attendees.length - notBillable,
    scheduled: attendees.filter((a) => a.state === 'scheduled').length,
    held: attendees.filter((a) => a.state === 'held').length,
    notBillable,
  };
}

export function attendeeAnswerOf(
  attendee: {
    readonly externalId: string;
    readonly state: string;
    readonly reason: string | null;
    readonly findings: readonly Finding[];
  },
  claims: readonly Row<'claim'>[],
): AttendeeAnswer {
  // The newest original: one that ended may have been made anew. Somebody who is not billed any more is answered so.
  const originals = claims.filter((c) => c.responsibility === 'P' && c.frequency_code === '1');
  const primary = originals.at(-1) ?? claims[0];
  const given = claims.length > 0 ? { claims: claims.map(claimLine) } : {};
  if (primary === undefined || (attendee.state === 'not_billable' && primary.state === 'cancelled')) {
    return {
      externalId: attendee.externalId,
      state: attendee.state as ClaimState,
      claimId: null,
      ...(attendee.reason === null ? {} : { reason: attendee.reason }),
      findings: [...attendee.findings],
      ...given,
    };
  }
  return {
    externalId: attendee.externalId,
    state: primary.state as ClaimState,
    claimId: primary.id,
    ...(primary.state === 'not_billable' && primary.state_reason !== null ? { reason: primary.state_reason } : {}),
    patientControlNumber: patientControlNumber(primary.lineage, primary.revision),
    chargeAmount: formatCents(primary.charge_cents),
    plannedReleaseAt: PLANNED.has(primary.state) ? (primary.planned_release_at?.toISOString() ?? null) : null,
    planReasons: PLANNED.has(primary.state) ? (primary.plan_reasons as PlanReason[]) : [],
    findings: [...attendee.findings],
    ...given,
  };
}

const claimLine = (c: Row<'claim'>): NonNullable<AttendeeAnswer['claims']>[number] => ({
  claimId: c.id,
  responsibility: c.responsibility,
  frequencyCode: c.frequency_code,
  state: c.state as ClaimState,
  ...(c.pending_action === null ? {} : { pendingAction: c.pending_action }),
});

/** The session resources as they are now, newest state of every claim included. */
export async function sessionAnswers(
  db: Executor,
  vault: Vault,
  sessions: readonly Row<'session'>[],
): Promise<readonly SessionAnswer[]> {
  const ids = sessions.map((s) => s.id);
  const attendees = await attendeesOf(db, ids);
  const removed = await removedAttendees(db, ids);
  const claims = await claimsOf(db, ids);
  for (const practiceId of new Set(sessions.map((s) => s.practice_id))) await vault.warm(practiceId);
  const answerOf = (a: Row<'attendee'>): AttendeeAnswer => {
    const { externalId } = vault.open<SealedAttendee>(a.practice_id, 'attendee', a.id, a.sealed);
    const findings = openedFindings(a.findings as StoredFinding[], externalId);
    return attendeeAnswerOf(
      { externalId, state: a.state, reason: a.reason, findings },
      claims.filter((c) => c.attendee_id === a.id),
    );
  };
  return sessions.map((s) => {
    const answers = attendees.filter((a) => a.session_id === s.id).map(answerOf);
    const gone = removed.filter((a) => a.session_id === s.id).map((a) => ({ ...answerOf(a), findings: [] }));
    return {
      id: s.id,
      externalId: s.external_id,
      version: s.version,
      dateOfService: s.date_of_service,
      summary: summaryOf(answers),
      findings: s.findings as Finding[],
      attendees: answers,
      ...(gone.length === 0 ? {} : { removed: gone }),
    };
  });
}

/** Attendee ids of these claims, opened for an authorised answer. */
async function externalIds(db: Executor, vault: Vault, claims: readonly Row<'claim'>[]): Promise<ReadonlyMap<string, string>> {
  for (const practiceId of new Set(claims.map((c) => c.practice_id))) await vault.warm(practiceId);
  const rows = await attendeesById(
    db,
    claims.map((c) => c.attendee_id),
  );
  return new Map(rows.map((a) => [a.id, vault.open<SealedAttendee>(a.practice_id, 'attendee', a.id, a.sealed).externalId]));
}

export async function claimSummaries(
  db: Executor,
  vault: Vault,
  claims: readonly Row<'claim'>[],
): Promise<readonly ClaimSummary[]> {
  const names = await externalIds(db, vault, claims);
  const holds = await openHolds(
    db,
    claims.map((c) => c.id),
  );
  return claims.map((c) => ({
    id: c.id,
    sessionId: c.session_id,
    attendeeExternalId: names.get(c.attendee_id) ?? '',
    payerId: c.payer_id ?? '',
    responsibility: c.responsibility,
    state: c.state as ClaimState,
    level: c.level,
    reason: c.state_reason,
    holds: holds.filter((h) => h.claim_id === c.id).map(holdViewOf),
    patientControlNumber: patientControlNumber(c.lineage, c.revision),
    revision: c.revision,
    frequencyCode: c.frequency_code,
    payerClaimControlNumber: c.payer_claim_control_number,
    dateOfService: c.date_of_service,
    chargeAmount: formatCents(c.charge_cents),
    plannedReleaseAt: PLANNED.has(c.state) ? (c.planned_release_at?.toISOString() ?? null) : null,
    planReasons: PLANNED.has(c.state) ? (c.plan_reasons as PlanReason[]) : [],
    fileBy: c.file_by,
  }));
}

export async function claimViewOf(db: Executor, vault: Vault, claim: Row<'claim'>): Promise<ClaimView> {
  const [summary] = await claimSummaries(db, vault, [claim]);
  const drop = claim.drop_id === null ? undefined : await findDrop(db, claim.drop_id);
  const member = drop && (await membersOf(db, [drop.id])).find((m) => m.claim_id === claim.id);
  const history = await eventsOf(db, claim.id);
  return {
    ...(summary as ClaimSummary),
    drop: drop && member ? dropViewOf(drop, member) : null,
    acknowledgements: [],
    money: { paid: '0.00', patientResponsibility: '0.00', adjustments: [] },
    replaces: claim.replaces,
    replacedBy: claim.replaced_by,
    pendingAction: claim.pending_action ?? (await tasksOf(db, [claim.id]))[0]?.kind ?? null,
    history: history.map((e) => ({
      at: e.at.toISOString(),
      event: e.kind,
      from: e.from_state as ClaimState | null,
      to: e.to_state as ClaimState | null,
      actor: e.actor,
      reason: e.reason,
      detail: e.detail,
    })),
  };
}

/** To whoever reads it a person's hold is a hold like any other: its rule, OPERATOR, says whose it is. */
export function holdViewOf(h: Row<'claim_hold'>): ClaimSummary['holds'][number] {
  return {
    rule: h.rule,
    severity: h.severity === 'block' ? 'block' : 'hold',
    path: h.path,
    message: h.message,
    lift: liftOf(h),
    since: h.since.toISOString(),
    by: h.actor,
  };
}

export function dropViewOf(drop: Row<'drop_file'>, member: Row<'drop_claim'>): NonNullable<ClaimView['drop']> {
  return {
    id: drop.id,
    fileName: drop.file_name,
    interchangeControlNumber: String(drop.isa13).padStart(9, '0'),
    groupControlNumber: String(drop.isa13),
    transactionSetControlNumber: member.st02,
    batchReference: member.bht03,
    sha256: drop.sha256,
    bytes: drop.size,
    transmittedAt: drop.transmitted_at?.toISOString() ?? null,
    pickedUpAt: drop.picked_up_at?.toISOString() ?? null,
  };
}
