import { type By, claimsByDrop, moveClaims } from '../ledger/claims.ts';
import { recallUnstaged } from '../ledger/drops.ts';
import type { Executor } from '../ledger/executor.ts';
import { freeSpacing } from '../ledger/spacing.ts';
import type { Row } from '../ledger/types.ts';
import { keysOf } from './lane-bars.ts';

/**
 * A claim already on its way can be stopped only while no byte was staged; its numbers are abandoned then and it is held.
 * The other claims of its file go back to their lane: nothing was wrong with them. False when it is too late.
 */
export async function recallClaim(
  tx: Executor,
  claim: Pick<Row<'claim'>, 'id' | 'drop_id'>,
  by: By,
  why: { readonly reason: string; readonly note: string },
): Promise<boolean> {
  const dropId = claim.drop_id;
  if (dropId === null || !(await recallUnstaged(tx, dropId))) return false;
  const members = (await claimsByDrop(tx, [dropId])).filter((c) => c.state === 'released');
  await freeSpacing(tx, members.flatMap(keysOf));
  await moveClaims(
    tx,
    members.map((c) =>
      c.id === claim.id
        ? { id: c.id, from: 'released' as const, to: 'held' as const, ...why, dropId: null }
        : { id: c.id, from: 'released' as const, to: 'scheduled' as const, note: 'its file was recalled', dropId: null },
    ),
    by,
  );
  return true;
}
