import type { Finding } from '../../schemas/common.ts';
import type { AttendeeVerdict, ClaimDraft } from '../claim/draft.ts';
import { runGate } from '../claim/gate.ts';
import { dropKeys } from '../ledger/claim-keys.ts';
import { claimsOf, moveClaims, rebuildClaim } from '../ledger/claims.ts';
import { outdatedSessions } from '../ledger/config-store.ts';
import { recordEvents } from '../ledger/events.ts';
import type { Executor } from '../ledger/executor.ts';
import { insertHolds, liftHolds, openHolds } from '../ledger/holds.ts';
import { ensureLane } from '../ledger/lanes.ts';
import { attendeesOf, findSession, replaceFindings } from '../ledger/sessions.ts';
import { readSetting, writeSetting } from '../ledger/settings.ts';
import type { Row } from '../ledger/types.ts';
import type { ParsedSession } from '../session/parse.ts';
import type { PipelineDeps } from './deps.ts';
import { findingOf, takeDuplicateKeys } from './duplicates.ts';
import { configOf, type GatedSession } from './gate-session.ts';
import { planAgain } from './operator.ts';
import { laneIdOf } from './plan-claims.ts';
import type { SealedAttendee, SealedClaim } from './sealed.ts';

/** Written by every change of configuration; the sweeper works until it has caught up with it. */
export const CONFIG_CHANGED = 'config.changed';
const CONFIG_REGATED = 'config.regated';
const PAGE = 50;
const BY = { actor: 'regate', cause: 'system' } as const;

/** Rules that read the note; its text is gone, so what they said at intake stands. */
const fromNote = (rule: string): boolean => rule.startsWith('N') || rule === 'A16';
/** Holds that the gate did not set and does not lift. */
const KEPT_HOLDS = new Set(['OPERATOR', 'TRANSPORT', 'RELEASE']);

/**
 * After a change of practice, payer or clearinghouse: judges the sessions of unsent claims that were built with an older
 * version again. A held claim that passes now is scheduled, a scheduled one that no longer passes is held, the others are
 * rebuilt in place. One session per transaction; a crash goes on where it stood, because versions say what is left.
 */
export async function regateChanged(deps: PipelineDeps): Promise<number> {
  const changed = await readSetting(deps.ledger.db, CONFIG_CHANGED);
  if (changed === null || changed === (await readSetting(deps.ledger.db, CONFIG_REGATED))) return 0;
  deps.configs.forget();
  let done = 0;
  for (let after = ''; ; ) {
    const sessions = await outdatedSessions(deps.ledger.db, after, PAGE);
    for (const id of sessions) {
      await regateSession(deps, id);
      done += 1;
    }
    if (sessions.length < PAGE) break;
    after = sessions[sessions.length - 1] as string;
  }
  await writeSetting(deps.ledger.db, CONFIG_REGATED, changed);
  return done;
}

async function regateSession(deps: PipelineDeps, sessionId: string): Promise<void> {
  const row = await findSession(deps.ledger.db, sessionId, null);
  if (row === undefined) return;
  await deps.vault.warm(row.practice_id);
  const attendees = await attendeesOf(deps.ledger.db, [sessionId]);
  const session = reopen(deps, row, attendees);
  const practice = await deps.configs.practice(row.practice_id);
  if (practice === null) return;
  const config = await configOf(deps, session, practice.body);
  const now = (await deps.ledger.now()).getTime();
  const bodies = <T>(found: ReadonlyMap<string, { body: T }>) => new Map([...found].map(([id, c]) => [id, c.body]));
  const verdict = runGate({
    session,
    practice: practice.body,
    payers: bodies(config.payers),
    clearinghouses: bodies(config.clearinghouses),
    now,
    existingServices: [],
  });
  const gated: GatedSession = { session, verdict, practice, ...config, now };
  const toPlan = await deps.ledger.transaction(async (tx) => {
    const planned: string[] = [];
    const claims = await claimsOf(tx, [sessionId]);
    for (const attendee of attendees) {
      const claim = claims.find((c) => c.attendee_id === attendee.id && (c.state === 'held' || c.state === 'scheduled'));
      const judged = verdict.attendees[attendee.ordinal];
      if (claim !== undefined && judged !== undefined && (await regateClaim(deps, tx, gated, attendee, claim, judged)))
        planned.push(claim.id);
    }
    return planned;
  });
  for (const id of toPlan) await planAgain(deps, id);
}

/** The session as it was parsed, without what was never stored. */
function reopen(deps: PipelineDeps, row: Row<'session'>, attendees: readonly Row<'attendee'>[]): ParsedSession {
  const { attendeeCount, ...rest } = deps.vault.open<Record<string, unknown> & { attendeeCount: number }>(
    row.practice_id,
    'session',
    row.id,
    row.sealed,
  );
  return {
    ...rest,
    groupNote: { theme: '', interventions: [], dynamics: '', attendeeCount },
    attendees: attendees.map((a) => {
      const { externalId, attendee } = deps.vault.open<SealedAttendee>(a.practice_id, 'attendee', a.id, a.sealed);
      const { fields, status, faults } = attendee as Pick<ParsedSession['attendees'][number], 'fields' | 'status' | 'faults'>;
      return { index: a.ordinal, externalId, status, fields, faults };
    }),
  } as unknown as ParsedSession;
}

/** True when the claim came to be scheduled and wants a time. */
async function regateClaim(
  deps: PipelineDeps,
  tx: Executor,
  gated: GatedSession,
  attendee: Row<'attendee'>,
  claim: Row<'claim'>,
  judged: AttendeeVerdict,
): Promise<boolean> {
  const { disposition } = judged;
  if (disposition.kind === 'not_billable') {
    await moveClaims(
      tx,
      [{ id: claim.id, from: claim.state as 'held' | 'scheduled', to: 'not_billable', reason: disposition.reason }],
      BY,
    );
    return false;
  }
  const { draft } = disposition;
  const stored = attendee.findings as Finding[];
  const findings = [...judged.findings.filter((f) => !fromNote(f.rule)), ...stored.filter((f) => fromNote(f.rule))];
  await rebuild(deps, tx, gated, claim, judged, draft);
  const kept = (await openHolds(tx, [claim.id])).filter((h) => KEPT_HOLDS.has(h.rule));
  let stops = findings.filter((f) => f.severity === 'block' || f.severity === 'hold');
  // Payer, member and amounts are in the keys: the old ones are given back before the new ones are asked for.
  await dropKeys(tx, [claim.id]);
  if (stops.length === 0 && kept.length === 0) {
    const taken = (await takeDuplicateKeys(tx, deps.vault, [{ claimId: claim.id, draft }])).get(claim.id) ?? [];
    stops = taken.map((v) => findingOf(v, judged.externalId, judged.index));
    findings.push(...stops);
  }
  await replaceFindings(tx, attendee.id, findings);
  await liftHolds(tx, claim.id, BY.actor, 'configuration changed', [...KEPT_HOLDS]);
  await insertHolds(
    tx,
    stops.map((f) => ({
      claimId: claim.id,
      rule: f.rule,
      severity: f.severity as 'block' | 'hold',
      message: f.message,
      path: f.path,
      actor: 'gate',
    })),
  );
  await recordEvents(tx, [
    {
      subject: claim.id,
      kind: 'claim.regated',
      actor: BY.actor,
      reason: 'configuration changed',
      detail: { stops: stops.length },
    },
  ]);
  const passes = stops.length === 0 && kept.length === 0;
  if (!passes && claim.state === 'scheduled')
    await moveClaims(tx, [{ id: claim.id, from: 'scheduled', to: 'held', reason: 'configuration_changed' }], BY);
  if (passes && claim.state === 'held') await moveClaims(tx, [{ id: claim.id, from: 'held', to: 'scheduled' }], BY);
  return passes && claim.state === 'held';
}

async function rebuild(
  deps: PipelineDeps,
  tx: Executor,
  gated: GatedSession,
  claim: Row<'claim'>,
  judged: AttendeeVerdict,
  draft: ClaimDraft,
): Promise<void> {
  const hex = (domain: string, canonical: string | null) =>
    canonical === null ? null : Buffer.from(deps.vault.hash(domain, canonical)).toString('hex');
  const clearinghouse = draft.clearinghouseId === null ? undefined : gated.clearinghouses.get(draft.clearinghouseId);
  const laneId =
    draft.clearinghouseId === null || clearinghouse === undefined ? null : laneIdOf(draft.clearinghouseId, clearinghouse.body);
  if (laneId !== null && clearinghouse !== undefined && draft.clearinghouseId !== null) {
    const { senderId, receiverId } = clearinghouse.body.interchange;
    await ensureLane(tx, {
      id: laneId,
      clearinghouseId: draft.clearinghouseId,
      senderId,
      receiverId,
      usage: clearinghouse.body.usage,
    });
  }
  const sealed: SealedClaim = { externalId: judged.externalId, draft };
  await rebuildClaim(tx, claim.id, {
    payer_id: draft.payerId,
    clearinghouse_id: draft.clearinghouseId,
    lane_id: laneId,
    procedure_code: draft.procedureCode,
    rendering_npi: draft.renderingNpi,
    billing_npi: draft.billingNpi,
    charge_cents: draft.chargeCents,
    look_alike_key: hex('look-alike', draft.lookAlikeKey),
    look_alike_gap_ms: Math.round(draft.lookAlikeGapMinutes * 60_000),
    sibling_key: hex('sibling', draft.siblingKey),
    file_by: draft.fileBy,
    practice_version: gated.practice.version,
    payer_version: draft.payerId === null ? null : (gated.payers.get(draft.payerId)?.version ?? null),
    clearinghouse_version: clearinghouse?.version ?? null,
    sealed: deps.vault.seal(claim.practice_id, 'claim', claim.id, sealed),
  });
}
