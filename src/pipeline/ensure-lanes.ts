import type { Clearinghouse } from '../../schemas/clearinghouse.ts';
import { ensureLane, type NewLane } from '../ledger/lanes.ts';
import type { PipelineDeps } from './deps.ts';
import type { GatedSession } from './gate-session.ts';
import { laneIdOf } from './plan-claims.ts';

const knownLanes = new WeakMap<PipelineDeps['ledger'], Set<string>>();

/** Lanes are made once and never deleted: outside the intake's transaction, and only asked for when this process has not yet. */
export async function ensureLanes(deps: PipelineDeps, gated: GatedSession): Promise<void> {
  const known = knownLanes.get(deps.ledger) ?? new Set<string>();
  knownLanes.set(deps.ledger, known);
  for (const [clearinghouseId, { body }] of gated.clearinghouses) {
    const row = laneRowOf(clearinghouseId, body);
    if (known.has(row.id)) continue;
    await ensureLane(deps.ledger.db, row);
    known.add(row.id);
  }
}

function laneRowOf(clearinghouseId: string, c: Clearinghouse): NewLane {
  const { senderId, receiverId } = c.interchange;
  return { id: laneIdOf(clearinghouseId, c), clearinghouseId, senderId, receiverId, usage: c.usage };
}
