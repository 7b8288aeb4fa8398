import { decide } from '../delivery/decide.ts';
import { DeliveryError } from '../delivery/errors.ts';
import type { DropFile, DropTarget } from '../delivery/transport.ts';
import { BY_DELIVERY, claimsByDrop, moveClaims } from '../ledger/claims.ts';
import {
  beginAttempts,
  type DropRow,
  dropBytes,
  firstAttempts,
  membersOf,
  postponeDrop,
  recordPickedUp,
  recordStaged,
  recordTransmitted,
} from '../ledger/drops.ts';
import { recordLaneSuccess } from '../ledger/lanes.ts';
import { raiseSpacing } from '../ledger/spacing.ts';
import { afterFailure, park } from './delivery-failures.ts';
import type { PipelineDeps } from './deps.ts';
import { slotsFor } from './lane-bars.ts';
import { lanePolicyOf } from './plan-claims.ts';
import type { SealedDrop } from './sealed.ts';

/** On a network file system a name that is absent must be absent twice. */
const LOOK_AGAIN = 'look_again';
const LOOK_AGAIN_MS = 120_000;

interface Work {
  readonly row: DropRow;
  readonly file: DropFile;
  readonly target: DropTarget;
}

/**
 * Delivers frozen drops of one lane: lease and token, stage, record, journal, rename, record (`03` §3.4). Whatever an
 * earlier attempt left is looked at first. Returns when every drop of the call is recorded, postponed or parked; only a
 * ledger that cannot be reached throws, and then the lease runs out and the next look finds the truth.
 */
export async function deliverDrops(
  deps: PipelineDeps,
  dropIds: readonly string[],
  fresh: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<void> {
  const freshRows = await firstAttempts(
    deps.ledger.db,
    dropIds.filter((id) => fresh.has(id)),
  );
  const rows = [
    ...freshRows,
    ...(await beginAttempts(
      deps.ledger.db,
      dropIds.filter((id) => !fresh.has(id)),
      deps.settings.leaseMs,
    )),
  ];
  if (rows.length === 0) return;
  const work: Work[] = [];
  for (const row of rows) work.push(await workOf(deps, row, fresh));
  await deps.step?.('deliver:leased');
  const unstaged = work.filter((w) => w.row.staged === null);
  const staged: Work[] = [];
  for (const w of work.filter((x) => x.row.staged !== null)) await resume(deps, w, staged);
  const recorded = unstaged.length === 0 ? [] : await guarded(deps, unstaged, () => stage(deps, unstaged));
  const ready = [...staged, ...(recorded ?? [])];
  if (ready.length > 0) await guarded(deps, ready, () => renameAndRecord(deps, ready));
}

async function workOf(deps: PipelineDeps, row: DropRow, fresh: ReadonlyMap<string, Uint8Array>): Promise<Work> {
  const bytes = fresh.get(row.id) ?? (await frozenBytes(deps, row.id));
  const target = row.target as DropTarget;
  return {
    row,
    target,
    file: { dropId: row.id, token: row.token, fileName: row.file_name, bytes, size: row.size, sha256: row.sha256 },
  };
}

async function frozenBytes(deps: PipelineDeps, dropId: string): Promise<Uint8Array> {
  const [claim] = await claimsByDrop(deps.ledger.db, [dropId]);
  const sealed = await dropBytes(deps.ledger.db, dropId);
  if (claim === undefined || sealed === undefined) throw new Error('a drop without claims');
  await deps.vault.warm(claim.practice_id);
  return Buffer.from(deps.vault.open<SealedDrop>(claim.practice_id, 'drop', dropId, sealed).text, 'latin1');
}

/** Step 2: write, fsync, verify, and only then record the temporary name; a drop that somebody else took is let go. */
async function stage(deps: PipelineDeps, work: readonly Work[]): Promise<Work[]> {
  const target = (work[0] as Work).target;
  await deps.transport.verifyMarker(target);
  const names = await deps.transport.stage(
    target,
    work.map((w) => w.file),
  );
  await deps.step?.('deliver:staged_file');
  const took = await recordStaged(
    deps.ledger.db,
    work.map((w, i) => ({ id: w.row.id, token: w.row.token, name: names[i] as string })),
  );
  await deps.step?.('deliver:staged_recorded');
  const lost = names.filter((_, i) => !took.has((work[i] as Work).row.id));
  await deps.transport.discard(target, lost);
  return work.map((w, i) => ({ ...w, row: { ...w.row, staged: names[i] as string } })).filter((w) => took.has(w.row.id));
}

/** Step 3: journal line on disk, then the rename, then the record. */
async function renameAndRecord(deps: PipelineDeps, work: readonly Work[]): Promise<void> {
  const target = (work[0] as Work).target;
  await deps.transport.verifyMarker(target);
  const members = await membersOf(
    deps.ledger.db,
    work.map((w) => w.row.id),
  );
  const at = new Date(await deps.clock()).toISOString();
  await deps.journal.append(
    work.map((w) => {
      const mine = members.filter((m) => m.drop_id === w.row.id);
      return {
        senderId: w.row.sender_id,
        receiverId: w.row.receiver_id,
        interchangeControlNumber: String(w.row.isa13).padStart(9, '0'),
        transactionSetControlNumbers: mine.map((m) => m.st02),
        claimIds: mine.map((m) => m.claim_id),
        dropId: w.row.id,
        fileName: w.row.file_name,
        sha256: w.row.sha256,
        at,
      };
    }),
  );
  await deps.step?.('deliver:journalled');
  const renamed = await deps.transport.rename(
    target,
    work.map((w) => ({ tempName: w.row.staged as string, fileName: w.row.file_name })),
  );
  await deps.step?.('deliver:renamed');
  await transmitted(
    deps,
    work.filter((_, i) => renamed[i] === 'renamed'),
    [],
  );
  await deps.step?.('deliver:recorded');
  for (const w of work.filter((_, i) => renamed[i] === 'look')) await look(deps, w);
}

/** A drop with a recorded temp: look before anything else, then go on from where it stands. */
async function resume(deps: PipelineDeps, w: Work, ready: Work[]): Promise<void> {
  await guarded(deps, [w], async () => {
    const verdict = await judge(deps, w);
    if (verdict === 'rename') ready.push(w);
    else await conclude(deps, w, verdict);
  });
}

async function look(deps: PipelineDeps, w: Work): Promise<void> {
  const verdict = await judge(deps, w);
  // The temp is still there and the rename refused: somebody else's file bears the final name.
  await conclude(deps, w, verdict === 'rename' ? { unknown: 'damaged' } : verdict);
}

type Verdict = ReturnType<typeof decide>;

async function judge(deps: PipelineDeps, w: Work): Promise<Verdict> {
  await deps.transport.verifyMarker(w.target);
  const tempLook = await deps.transport.lookAtTemp(w.target, w.row.staged as string, w.file);
  const finalLook = await deps.transport.lookAtFinal(w.target, w.file);
  await deps.transport.verifyMarker(w.target);
  return decide({
    staged: true,
    tempLook,
    finalLook,
    markerBefore: true,
    markerAfter: true,
    transport: 'directory',
    networkFileSystem: w.target.networkFileSystem ?? false,
    lookedAgain: w.row.reason === LOOK_AGAIN,
  });
}

async function conclude(deps: PipelineDeps, w: Work, verdict: Verdict): Promise<void> {
  if (verdict === 'record_transmitted') return transmitted(deps, [w], []);
  if (verdict === 'record_taken') return transmitted(deps, [w], [w.row.id]);
  if (typeof verdict === 'object') return park(deps, w.row, verdict.unknown);
  if (verdict === 'look_again') {
    const now = (await deps.ledger.now()).getTime();
    return postponeDrop(deps.ledger.db, w.row.id, w.row.token, now + LOOK_AGAIN_MS, LOOK_AGAIN);
  }
  throw new Error('a recorded temp can only be renamed, recorded or parked');
}

/** Records drops as in the receiver's hands: claims move, and the spacing rows count from this moment. */
async function transmitted(deps: PipelineDeps, work: readonly Work[], taken: readonly string[]): Promise<void> {
  if (work.length === 0) return;
  const lane = (work[0] as Work).row;
  const clearinghouse = await deps.configs.clearinghouse(lane.clearinghouse_id);
  await deps.ledger.transaction(async (tx) => {
    const closed = await recordTransmitted(
      tx,
      work.map((w) => w.row.id),
    );
    const byDrop = new Map(closed.map((c) => [c.id, c.at]));
    const claims = (
      await claimsByDrop(
        tx,
        closed.map((c) => c.id),
      )
    ).filter((c) => c.state === 'released');
    await moveClaims(
      tx,
      claims.map((c) => ({ id: c.id, from: 'released' as const, to: 'transmitted' as const, detail: { dropId: c.drop_id } })),
      BY_DELIVERY,
    );
    if (clearinghouse !== null && closed.length > 0) {
      const policy = lanePolicyOf(lane.clearinghouse_id, clearinghouse.body, null);
      const spaced = claims.map((c) => ({
        lookAlikeKey: c.look_alike_key as string,
        lookAlikeGapMs: c.look_alike_gap_ms,
        siblingKey: c.sibling_key,
      }));
      await raiseSpacing(tx, slotsFor(spaced, lane.lane_id, policy, Math.max(...byDrop.values())));
    }
    await recordLaneSuccess(tx, lane.lane_id);
    const gone = await recordPickedUp(tx, taken);
    // Read again: another worker may have recorded these as transmitted before us.
    const goneClaims = (await claimsByDrop(tx, gone)).filter((c) => c.state === 'transmitted');
    await moveClaims(
      tx,
      goneClaims.map((c) => ({ id: c.id, from: 'transmitted' as const, to: 'picked_up' as const })),
      BY_DELIVERY,
    );
  });
}

/** Turns an I/O failure into what the ledger knows of it: backoff and circuit, a stopped lane, or a parked claim. */
async function guarded<T>(deps: PipelineDeps, work: readonly Work[], run: () => Promise<T>): Promise<T | null> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    await afterFailure(deps, work, error);
    return null;
  }
}
