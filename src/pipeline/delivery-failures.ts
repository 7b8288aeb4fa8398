import type { ClaimState } from '../../schemas/common.ts';
import type { DeliveryError } from '../delivery/errors.ts';
import type { DropTarget } from '../delivery/transport.ts';
import { BY_DELIVERY, claimsByDrop, moveClaims } from '../ledger/claims.ts';
import { closeDrop, type DropRow, dropRows, postponeDrop, recallUnstaged } from '../ledger/drops.ts';
import { recordEvents } from '../ledger/events.ts';
import { insertHolds } from '../ledger/holds.ts';
import { recordLaneFailure, stopLane } from '../ledger/lanes.ts';
import { freeSpacing } from '../ledger/spacing.ts';
import type { PipelineDeps } from './deps.ts';
import { keysOf } from './lane-bars.ts';

/** An unstaged drop that failed this often while its lane works otherwise is taken back to `held: transport`. */
const MAX_UNSTAGED_ATTEMPTS = 5;

/** What a failure needs to know of a drop. */
type FailedDrop = Pick<DropRow, 'id' | 'lane_id' | 'token' | 'staged' | 'attempts'>;

/** Nobody may resend without proof: what the bytes did is not known. */
export async function park(deps: PipelineDeps, row: Pick<FailedDrop, 'id'>, reason: string): Promise<void> {
  await deps.ledger.transaction(async (tx) => {
    if (!(await closeDrop(tx, row.id, 'transmit_unknown', reason))) return;
    const claims = (await claimsByDrop(tx, [row.id])).filter((c) => c.state === 'released');
    await moveClaims(
      tx,
      claims.map((c) => ({ id: c.id, from: c.state as ClaimState, to: 'transmit_unknown' as const, reason })),
      BY_DELIVERY,
    );
  });
}

/** Nothing was staged: the numbers are abandoned and the claims wait for somebody to look at the transport. */
async function recall(deps: PipelineDeps, row: Pick<FailedDrop, 'id'>, message: string): Promise<void> {
  await deps.ledger.transaction(async (tx) => {
    if (!(await recallUnstaged(tx, row.id))) return;
    const claims = (await claimsByDrop(tx, [row.id])).filter((c) => c.state === 'released');
    await freeSpacing(tx, claims.flatMap(keysOf));
    await moveClaims(
      tx,
      claims.map((c) => ({ id: c.id, from: 'released' as const, to: 'held' as const, reason: 'transport', dropId: null })),
      BY_DELIVERY,
    );
    await insertHolds(
      tx,
      claims.map((c) => ({ claimId: c.id, rule: 'TRANSPORT', severity: 'hold' as const, message, path: '', actor: 'delivery' })),
    );
  });
}

/** Classes that may lie with one drop alone; a full disk or a folder out of reach is everybody's trouble. */
const OWN_FAULTS: ReadonlySet<DeliveryError['class']> = new Set(['exists', 'damaged', 'unknown']);

/** What the ledger is to know of a failed attempt: backoff and circuit, a stopped lane, or claims taken back. */
export async function afterFailure(
  deps: PipelineDeps,
  work: readonly { readonly row: FailedDrop; readonly target: DropTarget }[],
  error: DeliveryError,
): Promise<void> {
  const [first] = work;
  if (first === undefined) return;
  const { row, target } = first;
  deps.log.warn({ laneId: row.lane_id, errorClass: error.class, code: error.code, count: work.length }, 'delivery failed');
  await deps.ledger.transaction(async (tx) => {
    if (error.retry === 'operator') await stopLane(tx, row.lane_id, error.class);
    else await recordLaneFailure(tx, row.lane_id);
    const kind = error.retry === 'operator' ? 'lane.stopped' : 'lane.failure';
    const failed = work.map((w) => ({
      subject: w.row.id,
      kind: 'delivery.failed',
      actor: 'delivery',
      reason: error.class,
      detail: { attempt: w.row.attempts },
    }));
    await recordEvents(tx, [{ subject: row.lane_id, kind, actor: 'delivery', reason: error.class }, ...failed]);
  });
  const tired = work.filter(
    (w) =>
      error.retry === 'backoff' &&
      w.row.staged === null &&
      w.row.attempts >= MAX_UNSTAGED_ATTEMPTS &&
      OWN_FAULTS.has(error.class),
  );
  const place = tired.length > 0 && (await placeWorks(deps, target));
  const now = (await deps.ledger.now()).getTime();
  for (const w of work) {
    if (place && tired.includes(w)) await recall(deps, w.row, `the file could not be written (${error.class})`);
    else await postponeDrop(deps.ledger.db, w.row.id, w.row.token, now + backoffMs(w.row.attempts), error.class);
  }
}

/** The place itself is fine: markers, volume and a trial rename; so what keeps failing is the drop's own. */
async function placeWorks(deps: PipelineDeps, target: DropTarget): Promise<boolean> {
  const { transport, host, outboundDir, stagingDir, markerId } = target;
  return deps.transport.prepare({ transport, host, outboundDir, stagingDir }, markerId).then(
    () => true,
    () => false,
  );
}

/** Attempts after which an error that nobody foresaw parks a drop instead of trying it for ever. */
const MAX_UNKNOWN_ATTEMPTS = 5;

/**
 * An error that is no I/O trouble (a defect, bytes that cannot be opened) met these drops. The lease gives them another
 * try; after five they are parked: nothing staged → held, else `transmit_unknown`. It never becomes success.
 */
export async function parkAfterUnknownError(deps: PipelineDeps, dropIds: readonly string[]): Promise<void> {
  for (const row of await dropRows(deps.ledger.db, dropIds)) {
    if (row.attempts < MAX_UNKNOWN_ATTEMPTS) continue;
    if (row.staged === null) await recall(deps, row, 'an unexpected error kept this claim from being written');
    else await park(deps, row, 'cut');
  }
}

/** 2 s, 4 s, 8 s … at most five minutes. */
function backoffMs(attempts: number): number {
  return Math.min(300_000, 1000 * 2 ** Math.min(attempts, 9));
}
