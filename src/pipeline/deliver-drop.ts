import { decide } from '../delivery/decide.ts';
import { DeliveryError } from '../delivery/errors.ts';
import type { DropFile, DropTarget } from '../delivery/transport.ts';
import { BY_DELIVERY, claimsByDrop, moveClaims } from '../ledger/claims.ts';
import { type NewDrop, recordTransmitted } from '../ledger/drop-records.ts';
import {
  beginAttempts,
  type DropMember,
  type DropRow,
  deliveryMembers,
  dropBytes,
  postponeDrop,
  recordPickedUp,
  recordStaged,
} from '../ledger/drops.ts';
import { withoutBarred } from './bar-delivery.ts';
import { afterFailure, park } from './delivery-failures.ts';
import type { PipelineDeps } from './deps.ts';
import { slotsFor } from './lane-bars.ts';
import { lanePolicyOf } from './plan-claims.ts';
import type { SealedDrop } from './sealed.ts';

/** The token that freezing gives: whoever takes a drop over raises it. */
const FIRST_TOKEN = 1;
/** On a network file system a name that is absent must be absent twice. */
const LOOK_AGAIN = 'look_again';
const LOOK_AGAIN_MS = 120_000;

/** What delivery needs to know of a drop. */
type OpenDrop = Pick<
  DropRow,
  | 'id'
  | 'lane_id'
  | 'clearinghouse_id'
  | 'sender_id'
  | 'receiver_id'
  | 'isa13'
  | 'file_name'
  | 'size'
  | 'sha256'
  | 'token'
  | 'staged'
  | 'reason'
  | 'attempts'
>;

interface Work {
  readonly row: OpenDrop;
  readonly file: DropFile;
  readonly target: DropTarget;
  readonly members: readonly DropMember[];
}

/** A drop that this process has just frozen, and whose first attempt (token 1) is its own. */
export type FreshDrop = Omit<NewDrop, 'sealed' | 'targetKey' | 'claims' | 'target'> & {
  readonly target: DropTarget;
  readonly bytes: Uint8Array;
  readonly members: readonly DropMember[];
};

/**
 * Delivers drops right after they were frozen. The gate has read in the same transaction what bars them; whoever recalls one
 * from then on raises its token, and then its temporary name is not recorded.
 */
export async function deliverFresh(deps: PipelineDeps, drops: readonly FreshDrop[]): Promise<void> {
  await deliver(
    deps,
    drops.map((d) => ({
      row: {
        id: d.id,
        lane_id: d.laneId,
        clearinghouse_id: d.clearinghouseId,
        sender_id: d.senderId,
        receiver_id: d.receiverId,
        isa13: d.isa13,
        file_name: d.fileName,
        size: d.size,
        sha256: d.sha256,
        token: FIRST_TOKEN,
        staged: null,
        reason: null,
        attempts: 1,
      },
      target: d.target,
      file: { dropId: d.id, token: FIRST_TOKEN, fileName: d.fileName, bytes: d.bytes, size: d.size, sha256: d.sha256 },
      members: d.members,
    })),
  );
}

/**
 * Delivers what was released earlier and is idle, for drops of one lane: takes lease and token, and looks first at what an
 * earlier attempt left.
 */
export async function deliverDrops(deps: PipelineDeps, dropIds: readonly string[]): Promise<void> {
  const rows = await withoutBarred(deps, await beginAttempts(deps.ledger.db, dropIds, deps.settings.leaseMs));
  const members = await deliveryMembers(
    deps.ledger.db,
    rows.map((r) => r.id),
  );
  const work: Work[] = [];
  for (const row of rows) {
    const bytes = await frozenBytes(deps, row.id);
    work.push({
      row,
      target: row.target as DropTarget,
      file: { dropId: row.id, token: row.token, fileName: row.file_name, bytes, size: row.size, sha256: row.sha256 },
      members: members.filter((m) => m.dropId === row.id),
    });
  }
  await deliver(deps, work);
}

/**
 * Stage, record, journal, rename, record (`03` §3.4). Returns when every drop of the call is recorded, postponed or parked;
 * only a ledger that cannot be reached throws, and then the lease runs out and the next look finds the truth.
 */
async function deliver(deps: PipelineDeps, work: readonly Work[]): Promise<void> {
  if (work.length === 0) return;
  await deps.step?.('deliver:leased');
  const unstaged = work.filter((w) => w.row.staged === null);
  const staged: Work[] = [];
  for (const w of work.filter((x) => x.row.staged !== null)) await resume(deps, w, staged);
  const recorded = unstaged.length === 0 ? [] : await guarded(deps, unstaged, () => stage(deps, unstaged));
  const ready = [...staged, ...(recorded ?? [])];
  if (ready.length > 0) await guarded(deps, ready, () => renameAndRecord(deps, ready));
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
  const at = new Date(await deps.clock()).toISOString();
  await deps.journal.append(
    work.map((w) => ({
      senderId: w.row.sender_id,
      receiverId: w.row.receiver_id,
      interchangeControlNumber: String(w.row.isa13).padStart(9, '0'),
      transactionSetControlNumbers: w.members.map((m) => m.st02),
      claimIds: w.members.map((m) => m.claimId),
      dropId: w.row.id,
      fileName: w.row.file_name,
      sha256: w.row.sha256,
      at,
    })),
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
  const { row } = work[0] as Work;
  const clearinghouse = await deps.configs.clearinghouse(row.clearinghouse_id);
  const members = work.flatMap((w) => w.members);
  const record = {
    laneId: row.lane_id,
    dropIds: work.map((w) => w.row.id),
    members,
    waits:
      clearinghouse === null
        ? new Map<string, number>()
        : slotsFor(members, row.lane_id, lanePolicyOf(row.clearinghouse_id, clearinghouse.body, null), 0),
  };
  if (taken.length === 0) {
    await deps.ledger.statement((db) => recordTransmitted(db, record));
    return;
  }
  await deps.ledger.transaction(async (tx) => {
    await recordTransmitted(tx, record);
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
