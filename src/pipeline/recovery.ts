import type { JournalEntry } from '../delivery/transport.ts';
import { findClaim, moveClaims } from '../ledger/claims.ts';
import { closeDrop, dropStates } from '../ledger/drops.ts';
import { recordAudit, recordEvents } from '../ledger/events.ts';
import type { Executor } from '../ledger/executor.ts';
import { allLanes, raiseAllCounters, raiseInterchangeCounter, resumeLane, stopAllLanes } from '../ledger/lanes.ts';
import { readSetting, writeSetting } from '../ledger/settings.ts';
import type { PipelineDeps, Vault } from './deps.ts';
import { takeDuplicateKeys } from './duplicates.ts';
import type { SealedClaim } from './sealed.ts';

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
  /** Claims parked as `transmit_unknown`. */
  readonly claims: number;
  /** Journalled claims that the ledger does not know or that were final: their files are to be looked for by hand. */
  readonly lost: number;
}

/**
 * Compares the journal with the ledger at start. A journal that is ahead (a restored or torn ledger), or another boot
 * after an unclean stop of the embedded ledger (which issues no fsync), puts the service into recovery: lanes stopped,
 * counters raised above everything seen, journalled claims `transmit_unknown: reconcile`. One operator command ends it.
 */
export async function checkRecovery(
  deps: Pick<PipelineDeps, 'ledger' | 'log' | 'vault'>,
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
  const bootId = input.bootId ?? '';
  if (ahead.length === 0 && !rebooted) {
    await deps.ledger.transaction((tx) => recordStart(tx, bootId));
    return before;
  }
  await enterRecovery(deps, ahead.length > 0 ? 'journal_ahead' : 'unclean_reboot', ahead, bootId);
  return recoveryStatus(deps);
}

async function recordStart(tx: Executor, bootId: string): Promise<void> {
  if (bootId !== '') await writeSetting(tx, BOOT_ID, bootId);
  await writeSetting(tx, CLEAN_STOP, 'no');
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
  deps: Pick<PipelineDeps, 'ledger' | 'log' | 'vault'>,
  reason: string,
  ahead: readonly JournalEntry[],
  bootId: string,
): Promise<void> {
  for (const claimId of ahead.flatMap((e) => e.claimIds)) {
    const claim = await findClaim(deps.ledger.db, claimId, null);
    if (claim !== undefined) await deps.vault.warm(claim.practice_id);
  }
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
    let lost = 0;
    for (const entry of ahead) {
      for (const claimId of entry.claimIds) {
        const done = await parkJournalled(deps, tx, entry, claimId);
        if (done === 'parked') parked += 1;
        else lost += 1;
      }
    }
    // In the same transaction: a crash in between must not make the next start forget what this one saw.
    await recordStart(tx, bootId);
    await writeSetting(tx, RECOVERY, JSON.stringify({ reason, since: new Date().toISOString(), claims: parked, lost }));
    await recordEvents(tx, [
      {
        subject: RECOVERY,
        kind: 'recovery.entered',
        actor: 'start',
        reason,
        detail: { journalled: ahead.length, claims: parked, lost },
      },
    ]);
  });
  deps.log.error({ reasonCode: reason, count: ahead.length }, 'recovery mode: lanes are stopped until an operator has looked');
}

/**
 * A claim that the journal shows in a file must not leave again, whatever the ledger believes of it. Held, scheduled and
 * released claims become `transmit_unknown: reconcile`; one that is final or further on, or that the ledger does not
 * know at all, is recorded for the operator.
 */
async function parkJournalled(
  deps: Pick<PipelineDeps, 'vault'>,
  tx: Executor,
  entry: JournalEntry,
  claimId: string,
): Promise<'parked' | 'recorded'> {
  const claim = await findClaim(tx, claimId, null);
  const detail = { fileName: entry.fileName, interchangeControlNumber: entry.interchangeControlNumber };
  if (claim === undefined || !['held', 'scheduled', 'released'].includes(claim.state)) {
    await recordEvents(tx, [
      { subject: claimId, kind: 'recovery.journalled', actor: RECOVERY, reason: claim?.state ?? 'unknown_claim', detail },
    ]);
    return 'recorded';
  }
  if (claim.drop_id !== null) await closeDrop(tx, claim.drop_id, 'transmit_unknown', 'reconcile');
  if (claim.state === 'held') {
    // Its keys come with it: nobody else may bill the service while this one may have left.
    const { draft } = deps.vault.open<SealedClaim>(claim.practice_id, 'claim', claim.id, claim.sealed);
    await takeDuplicateKeys(tx, deps.vault as Vault, [{ claimId, draft }]);
  }
  await moveClaims(
    tx,
    [
      {
        id: claimId,
        from: claim.state as 'held' | 'scheduled' | 'released',
        to: 'transmit_unknown',
        reason: 'reconcile',
        detail,
      },
    ],
    {
      actor: RECOVERY,
      cause: 'recovery',
    },
  );
  return 'parked';
}

export async function recoveryStatus(deps: Pick<PipelineDeps, 'ledger'>): Promise<RecoveryStatus> {
  const text = await readSetting(deps.ledger.db, RECOVERY);
  if (text === null || text === '') return { active: false, reason: null, since: null, claims: 0, lost: 0 };
  return { active: true, ...(JSON.parse(text) as { reason: string; since: string; claims: number; lost: number }) };
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
