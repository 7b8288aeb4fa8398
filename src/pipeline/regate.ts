import type { Clearinghouse } from '../../schemas/clearinghouse.ts';
import type { Finding } from '../../schemas/common.ts';
import type { AttendeeVerdict, ClaimDraft } from '../claim/draft.ts';
import { editById } from '../claim/edits/registry.ts';
import { runGate } from '../claim/gate.ts';
import { dropKeys } from '../ledger/claim-keys.ts';
import { ClaimMovedElsewhere, claimsOf, lockClaim, moveClaims, rebuildClaim } from '../ledger/claims.ts';
import { outdatedSessions } from '../ledger/config-store.ts';
import { recordEvents } from '../ledger/events.ts';
import type { Executor } from '../ledger/executor.ts';
import { insertHolds, liftedByPeople, liftHolds, openHolds } from '../ledger/holds.ts';
import { ensureLane } from '../ledger/lanes.ts';
import { attendeesOf, findSession, replaceFindings } from '../ledger/sessions.ts';
import { readSetting, writeSetting } from '../ledger/settings.ts';
import type { Row } from '../ledger/types.ts';
import type { ParsedSession } from '../session/parse.ts';
import type { PipelineDeps } from './deps.ts';
import { findingOf, takeDuplicateKeys } from './duplicates.ts';
import { configOf, type GatedSession } from './gate-session.ts';
import { schedule } from './operator.ts';
import { armAll, laneIdOf } from './plan-claims.ts';
import type { Alarm } from './ports.ts';
import { type SealedAttendee, type SealedClaim, storedFindings } from './sealed.ts';

/** Written by every change of configuration; the sweeper works until it has caught up with it. */
export const CONFIG_CHANGED = 'config.changed';
const CONFIG_REGATED = 'config.regated';
/** Five times what a process remembers of the configuration (`config-reader.ts`). */
const SETTLE_MS = 10_000;
const PAGE = 50;
const BY = { actor: 'regate', cause: 'system' } as const;

/** Rules that read texts which are never stored: what they said at intake stands. */
const fromNote = (rule: string): boolean => rule.startsWith('N') || editById(rule)?.readsNote === true;
/** Holds that the gate did not set and does not lift. */
const KEPT_HOLDS = new Set(['OPERATOR', 'TRANSPORT']);

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
  let overtaken = 0;
  for (let after = ''; ; ) {
    const sessions = await outdatedSessions(deps.ledger.db, after, PAGE);
    for (const id of sessions) {
      try {
        await regateSession(deps, id);
        done += 1;
      } catch (error) {
        // The gate or a person was faster with one of its claims: the next sweep looks at the session again.
        if (!(error instanceof ClaimMovedElsewhere)) throw error;
        overtaken += 1;
      }
    }
    if (sessions.length < PAGE) break;
    after = sessions[sessions.length - 1] as string;
  }
  // Another process may still judge by what it remembers: look again until that memory must have faded.
  const since = (await deps.ledger.now()).getTime() - Number(changed.split(' ').at(-1));
  if (since > SETTLE_MS && overtaken === 0) await writeSetting(deps.ledger.db, CONFIG_REGATED, changed);
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
    codeSets: await deps.codeSets.current(),
  });
  const gated: GatedSession = { session, verdict, practice, ...config, now };
  const alarms = await deps.ledger.transaction(async (tx) => {
    const planned: Alarm[] = [];
    const claims = await claimsOf(tx, [sessionId]);
    for (const attendee of attendees) {
      const claim = claims.find((c) => c.attendee_id === attendee.id && (c.state === 'held' || c.state === 'scheduled'));
      const judged = verdict.attendees[attendee.ordinal];
      if (claim !== undefined && judged !== undefined)
        planned.push(...(await regateClaim(deps, tx, gated, attendee, claim, judged)));
    }
    return planned;
  });
  await armAll(deps, alarms);
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

/** Alarms of a claim that came to be scheduled. */
async function regateClaim(
  deps: PipelineDeps,
  tx: Executor,
  gated: GatedSession,
  attendee: Row<'attendee'>,
  claim: Row<'claim'>,
  judged: AttendeeVerdict,
): Promise<readonly Alarm[]> {
  const { disposition } = judged;
  const from = claim.state as 'held' | 'scheduled';
  // Rebuilding is conditional on the state: it also keeps the gate out until this transaction ends.
  if (!(await lockClaim(tx, claim.id, from))) throw new ClaimMovedElsewhere([claim.id]);
  if (disposition.kind === 'not_billable') {
    await moveClaims(tx, [{ id: claim.id, from, to: 'not_billable', reason: disposition.reason }], BY);
    return [];
  }
  const { draft } = disposition;
  const stored = attendee.findings as Finding[];
  const findings = [...judged.findings.filter((f) => !fromNote(f.rule)), ...stored.filter((f) => fromNote(f.rule))];
  const built = await rebuild(deps, tx, gated, claim, judged, draft);
  const kept = (await openHolds(tx, [claim.id])).filter((h) => KEPT_HOLDS.has(h.rule));
  const lifted = await liftedByPeople(tx, claim.id);
  const decided = (f: Finding) =>
    f.severity === 'hold' && lifted.some((l) => l.rule === f.rule && l.path === f.path && l.message === f.message);
  const stops = findings.filter((f) => (f.severity === 'block' || f.severity === 'hold') && !decided(f));
  if (stops.length === 0 && kept.length === 0) {
    // Payer, member and amounts are in the keys: the old ones are given back before the new ones are asked for.
    await dropKeys(tx, [claim.id]);
    const taken = (await takeDuplicateKeys(tx, deps.vault, [{ claimId: claim.id, draft }])).get(claim.id) ?? [];
    const duplicates = taken.map((v) => findingOf(v, judged.externalId, judged.index));
    stops.push(...duplicates);
    findings.push(...duplicates);
  }
  await replaceFindings(tx, attendee.id, storedFindings(findings));
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
  const passes = stops.length === 0 && kept.length === 0 && built.clearinghouse !== null;
  if (!passes && from === 'scheduled') {
    await moveClaims(tx, [{ id: claim.id, from: 'scheduled', to: 'held', reason: 'configuration_changed' }], BY);
  }
  if (!passes || from === 'scheduled' || built.clearinghouse === null) return [];
  return schedule(deps, tx, {
    claim: { ...claim, ...built.columns },
    clearinghouse: built.clearinghouse,
    now: gated.now,
    by: BY,
    note: 'configuration changed',
  });
}

interface Rebuilt {
  readonly columns: Pick<
    Row<'claim'>,
    'lane_id' | 'clearinghouse_id' | 'look_alike_key' | 'look_alike_gap_ms' | 'sibling_key' | 'file_by'
  >;
  readonly clearinghouse: Clearinghouse | null;
}

async function rebuild(
  deps: PipelineDeps,
  tx: Executor,
  gated: GatedSession,
  claim: Row<'claim'>,
  judged: AttendeeVerdict,
  draft: ClaimDraft,
): Promise<Rebuilt> {
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
  const columns = {
    lane_id: laneId,
    clearinghouse_id: draft.clearinghouseId,
    look_alike_key: hex('look-alike', draft.lookAlikeKey),
    look_alike_gap_ms: Math.round(draft.lookAlikeGapMinutes * 60_000),
    sibling_key: hex('sibling', draft.siblingKey),
    file_by: draft.fileBy,
  };
  await rebuildClaim(tx, claim.id, {
    ...columns,
    payer_id: draft.payerId,
    procedure_code: draft.procedureCode,
    rendering_npi: draft.renderingNpi,
    billing_npi: draft.billingNpi,
    charge_cents: draft.chargeCents,
    practice_version: gated.practice.version,
    payer_version: draft.payerId === null ? null : (gated.payers.get(draft.payerId)?.version ?? null),
    clearinghouse_version: clearinghouse?.version ?? null,
    sealed: deps.vault.seal(claim.practice_id, 'claim', claim.id, sealed),
  });
  return { columns, clearinghouse: clearinghouse?.body ?? null };
}
