import type { JournalEntry } from '../delivery/transport.ts';
import { claimsByDrop, findClaim, moveClaims } from '../ledger/claims.ts';
import { closeDrop, dropStates } from '../ledger/drops.ts';
import { recordAudit, recordEvents } from '../ledger/events.ts';
import type { Executor } from '../ledger/executor.ts';
import { allLanes, raiseAllCounters, raiseInterchangeCounter, resumeLane, stopAllLanes } from '../ledger/lanes.ts';
import { readSetting, writeSetting } from '../ledger/settings.ts';
import type { PipelineDeps } from './deps.ts';

/** Numbers skipped above everything seen, so that bytes lost with the ledger's last commits never meet their number again. */
const COUNTER_MARGIN = 1_000;
const PAGE = 1_000;
const RECOVERY = 'recovery';
const BOOT_ID = 'boot_id';
const CLEAN_STOP = 'clean_stop';

export interface RecoveryStatus {
  readonly active: boolean;
  readonly reason: string | null;
  readonly since: string | null;
  readonly claims: number;
}

/**
 * Compares the journal with the ledger at start. A journal that is ahead (a restored or torn ledger), or another boot
 * after an unclean stop of the embedded ledger (which issues no fsync), puts the service into recovery: lanes stopped,
 * counters raised above everything seen, journalled claims `transmit_unknown: reconcile`. One operator command ends it.
 */
export async function checkRecovery(
  deps: Pick<PipelineDeps, 'ledger' | 'log'>,
  input: { readonly journal: readonly JournalEntry[]; readonly bootId: string | null; readonly embedded: boolean },
): Promise<RecoveryStatus> {
  const before = await recoveryStatus(deps);
  if (before.active) return before;
  const ahead: JournalEntry[] = [];
  for (let from = 0; from < input.journal.length; from += PAGE)
    ahead.push(...(await aheadOf(deps, input.journal.slice(from, from + PAGE))));
  const lastBoot = await readSetting(deps.ledger.db, BOOT_ID);
  const clean = (await readSetting(deps.ledger.db, CLEAN_STOP)) !== 'no';
  const rebooted = input.embedded && !clean && lastBoot !== null && input.bootId !== null && lastBoot !== input.bootId;
  if (input.bootId !== null) await writeSetting(deps.ledger.db, BOOT_ID, input.bootId);
  await writeSetting(deps.ledger.db, CLEAN_STOP, 'no');
  if (ahead.length === 0 && !rebooted) return before;
  await enterRecovery(deps, ahead.length > 0 ? 'journal_ahead' : 'unclean_reboot', ahead);
  return recoveryStatus(deps);
}

/** The last thing a service does: the next start need not suspect lost commits. */
export async function recordCleanStop(deps: Pick<PipelineDeps, 'ledger'>): Promise<void> {
  await writeSetting(deps.ledger.db, CLEAN_STOP, 'yes');
}

async function aheadOf(deps: Pick<PipelineDeps, 'ledger'>, entries: readonly JournalEntry[]): Promise<JournalEntry[]> {
  const known = new Map(
    (
      await dropStates(
        deps.ledger.db,
        entries.map((e) => e.dropId),
      )
    ).map((d) => [d.id, d]),
  );
  return entries.filter((entry) => {
    const drop = known.get(entry.dropId);
    // A temp's name is committed before its line is journalled: a line whose drop is unknown or unstaged says that commits are gone.
    return drop === undefined || drop.sha256 !== entry.sha256 || (drop.staged === null && drop.state === 'frozen');
  });
}

async function enterRecovery(
  deps: Pick<PipelineDeps, 'ledger' | 'log'>,
  reason: string,
  ahead: readonly JournalEntry[],
): Promise<void> {
  await deps.ledger.transaction(async (tx) => {
    await raiseAllCounters(tx, COUNTER_MARGIN);
    for (const entry of ahead) {
      await raiseInterchangeCounter(
        tx,
        entry.senderId,
        entry.receiverId,
        Number(entry.interchangeControlNumber) + COUNTER_MARGIN,
      );
    }
    await stopAllLanes(tx, RECOVERY);
    let parked = 0;
    for (const entry of ahead) {
      const claims = (await claimsByDrop(tx, [entry.dropId])).filter((c) => c.state === 'released');
      if (await closeDrop(tx, entry.dropId, 'transmit_unknown', 'reconcile')) {
        await moveClaims(
          tx,
          claims.map((c) => ({ id: c.id, from: 'released' as const, to: 'transmit_unknown' as const, reason: 'reconcile' })),
          { actor: RECOVERY, cause: 'system' },
        );
        parked += claims.length;
      }
      for (const claimId of entry.claimIds)
        parked += await parkForgotten(
          tx,
          claimId,
          claims.map((c) => c.id),
        );
    }
    await writeSetting(tx, RECOVERY, JSON.stringify({ reason, since: new Date().toISOString(), claims: parked }));
    await recordEvents(tx, [
      {
        subject: RECOVERY,
        kind: 'recovery.entered',
        actor: 'start',
        reason,
        detail: { journalled: ahead.length, claims: parked },
      },
    ]);
  });
  deps.log.error({ reasonCode: reason, count: ahead.length }, 'recovery mode: lanes are stopped until an operator has looked');
}

/** A claim that the ledger believes scheduled although the journal shows its drop: it may have left, so it must not leave again. */
async function parkForgotten(tx: Executor, claimId: string, done: readonly string[]): Promise<number> {
  if (done.includes(claimId)) return 0;
  const claim = await findClaim(tx, claimId, null);
  if (claim?.state !== 'scheduled') return 0;
  const by = { actor: RECOVERY, cause: 'gate' } as const;
  await moveClaims(tx, [{ id: claimId, from: 'scheduled', to: 'released', reason: 'reconcile' }], by);
  await moveClaims(tx, [{ id: claimId, from: 'released', to: 'transmit_unknown', reason: 'reconcile' }], {
    actor: RECOVERY,
    cause: 'system',
  });
  return 1;
}

export async function recoveryStatus(deps: Pick<PipelineDeps, 'ledger'>): Promise<RecoveryStatus> {
  const text = await readSetting(deps.ledger.db, RECOVERY);
  if (text === null || text === '') return { active: false, reason: null, since: null, claims: 0 };
  return { active: true, ...(JSON.parse(text) as { reason: string; since: string; claims: number }) };
}

/** The operator has looked: lanes run again. Claims in `transmit_unknown` stay there until somebody decides each. */
export async function endRecovery(deps: Pick<PipelineDeps, 'ledger'>, actor: string, reason: string): Promise<RecoveryStatus> {
  await deps.ledger.transaction(async (tx) => {
    for (const lane of await allLanes(tx)) if (lane.stop_reason === RECOVERY) await resumeLane(tx, lane.id);
    await writeSetting(tx, RECOVERY, '');
    await recordAudit(tx, { actor, action: 'recovery.end', target: RECOVERY, detail: { reason } });
  });
  return recoveryStatus(deps);
}
