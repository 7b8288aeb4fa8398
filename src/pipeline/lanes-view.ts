import type { LaneView } from '../../schemas/claim.ts';
import type { Executor } from '../ledger/executor.ts';
import { allLanes, type LaneLoad, laneLoads } from '../ledger/lanes.ts';
import type { Row } from '../ledger/types.ts';

export function laneViewOf(lane: Row<'lane'>, load: LaneLoad | undefined): LaneView {
  return {
    id: lane.id,
    clearinghouseId: lane.clearinghouse_id,
    senderId: lane.sender_id,
    receiverId: lane.receiver_id,
    usage: lane.usage,
    paused:
      lane.paused_at === null
        ? null
        : { by: lane.paused_by ?? '', reason: lane.pause_reason ?? '', since: lane.paused_at.toISOString() },
    stopped: lane.stopped_at === null ? null : { reason: lane.stop_reason ?? '', since: lane.stopped_at.toISOString() },
    circuit: {
      state: lane.circuit_state as 'closed' | 'open' | 'half_open',
      failures: lane.circuit_failures,
      nextProbeAt: lane.circuit_until?.toISOString() ?? null,
    },
    scheduled: load?.scheduled ?? 0,
    overdue: load?.overdue ?? 0,
    inFlight: load?.inFlight ?? 0,
    nextReleaseAt: load?.nextReleaseAt?.toISOString() ?? null,
  };
}

/** Every lane for the operator (null); a practice sees the lanes that carry claims of its own, and counts of those only. */
export async function laneViews(db: Executor, practiceId: string | null): Promise<LaneView[]> {
  const loads = await laneLoads(db, practiceId);
  return (await allLanes(db)).flatMap((lane) => {
    const load = loads.get(lane.id);
    return practiceId !== null && load === undefined ? [] : [laneViewOf(lane, load)];
  });
}
