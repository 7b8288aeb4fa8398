import type { LaneView } from '../../schemas/claim.ts';
import { recordAudit } from '../ledger/events.ts';
import { findLane, laneLoads, pauseLane, resumeLane } from '../ledger/lanes.ts';
import type { Row } from '../ledger/types.ts';
import { carryOut } from './carry-out.ts';
import type { PipelineDeps } from './deps.ts';
import { laneViewOf } from './lanes-view.ts';
import { ProblemError } from './problem.ts';
import type { KeepAnswer, Principal } from './service.ts';

/** An operator's pause or resume of a lane, audited. Throws 403 for a practice's key and 404. */
export async function setLane(
  deps: PipelineDeps,
  who: Principal,
  set: {
    readonly id: string;
    readonly action: 'lane.pause' | 'lane.resume';
    readonly reason: string;
    readonly keep: KeepAnswer | undefined;
  },
): Promise<LaneView> {
  const { id, action, reason } = set;
  if (who.practiceId !== null) throw new ProblemError(403, 'operator_only', 'A lane belongs to the operator');
  return carryOut(deps, set.keep, async (tx) => {
    if ((await findLane(tx, id)) === undefined) throw new ProblemError(404, 'not_found', 'No such lane');
    if (action === 'lane.pause') await pauseLane(tx, id, who.keyId, reason);
    else await resumeLane(tx, id);
    await recordAudit(tx, { actor: who.keyId, action, target: id, detail: { reason } });
    const lane = (await findLane(tx, id)) as Row<'lane'>;
    return { answer: laneViewOf(lane, (await laneLoads(tx, null)).get(id)) };
  });
}
