import type { ReleaseBar } from '../claim/release-bar.ts';
import { BY_DELIVERY } from '../ledger/claims.ts';
import type { DropRow } from '../ledger/drops.ts';
import { type UnsentClaim, unsentInDrops } from '../ledger/privacy.ts';
import { park } from './delivery-failures.ts';
import type { PipelineDeps } from './deps.ts';
import { recallClaim } from './recall-claim.ts';
import { barClaim, barOnUnsent } from './release-bars.ts';

interface Barred {
  readonly claim: UnsentClaim;
  readonly bar: ReleaseBar;
}

/**
 * Step 0 of a further attempt (`03` §3.4): consent and restrictions are read again, since days may lie between. A drop of
 * which nothing was staged is taken back; one whose bytes may be there is nobody's to send any more. Returns the drops that
 * may go on.
 */
export async function withoutBarred(deps: PipelineDeps, rows: readonly DropRow[]): Promise<readonly DropRow[]> {
  const claims = await unsentInDrops(
    deps.ledger.db,
    rows.map((r) => r.id),
  );
  for (const practiceId of new Set(claims.map((c) => c.practiceId))) await deps.vault.warm(practiceId);
  const now = await deps.clock();
  const free: DropRow[] = [];
  for (const row of rows) {
    const barred = claims.flatMap((claim): Barred[] => {
      const bar = claim.dropId === row.id ? barOnUnsent(deps.vault, claim, now) : null;
      return bar === null ? [] : [{ claim, bar }];
    });
    if (barred.length === 0) free.push(row);
    else if (row.staged === null) await takeBack(deps, barred);
    else await park(deps, row, 'recalled_late');
  }
  return free;
}

/** The other claims of the file go back to their lane; those that are barred stay. */
async function takeBack(deps: PipelineDeps, barred: readonly Barred[]): Promise<void> {
  const { actor } = BY_DELIVERY;
  await deps.ledger.transaction(async (tx) => {
    for (const [i, { claim, bar }] of barred.entries()) {
      const row = { id: claim.id, drop_id: claim.dropId };
      if (i > 0) await barClaim(tx, claim, 'scheduled', bar, actor);
      else if (await recallClaim(tx, row, BY_DELIVERY, { reason: bar.reason, note: bar.reason }))
        await barClaim(tx, claim, 'held', bar, actor);
      else return;
    }
  });
}
