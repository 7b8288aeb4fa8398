import type { Clearinghouse } from '../../schemas/clearinghouse.ts';
import { DeliveryError } from '../delivery/errors.ts';
import type { DropTarget } from '../delivery/transport.ts';
import { findClaim } from '../ledger/claims.ts';
import { findLane, stopLane } from '../ledger/lanes.ts';
import { armClaims, spacingKey } from '../ledger/planning.ts';
import { nextInLane } from '../ledger/release.ts';
import { readSpacing } from '../ledger/spacing.ts';
import { deliverDrops } from './deliver-drop.ts';
import type { PipelineDeps } from './deps.ts';
import { alarmOf, armAll } from './plan-claims.ts';
import { releaseLane } from './release-claim.ts';
import { targetOf } from './targets.ts';

/** Two alarms for one claim closer than this are one alarm. */
const SAME_ALARM_MS = 50;

export interface LaneRunner {
  /** A fired alarm: runs the lane of this claim. Stale, repeated and early alarms change nothing. */
  onAlarm(claimId: string): Promise<void>;
  /** Releases and delivers what is due in the lane, then arms the next. Calls at once for one lane are folded into one. */
  run(laneId: string): Promise<void>;
  /** Resolves when no lane is running here (shutdown). */
  idle(): Promise<void>;
  stop(): void;
}

export function createLaneRunner(deps: PipelineDeps): LaneRunner {
  const running = new Map<string, { again: boolean; done: Promise<void> }>();
  let stopping = false;

  async function loop(laneId: string, state: { again: boolean }): Promise<void> {
    do {
      state.again = false;
      await runOnce(deps, laneId, () => stopping);
    } while (state.again && !stopping);
  }

  function run(laneId: string): Promise<void> {
    const busy = running.get(laneId);
    if (busy !== undefined) {
      busy.again = true;
      return busy.done;
    }
    if (stopping) return Promise.resolve();
    const state = { again: false, done: Promise.resolve() };
    state.done = loop(laneId, state).finally(() => running.delete(laneId));
    running.set(laneId, state);
    return state.done;
  }

  return {
    async onAlarm(claimId) {
      const claim = await findClaim(deps.ledger.db, claimId, null);
      if (claim === undefined || claim.lane_id === null || claim.state !== 'scheduled') return;
      await run(claim.lane_id);
    },
    run,
    async idle() {
      await Promise.allSettled([...running.values()].map((r) => r.done));
    },
    stop() {
      stopping = true;
    },
  };
}

async function runOnce(deps: PipelineDeps, laneId: string, stopping: () => boolean): Promise<void> {
  const lane = await findLane(deps.ledger.db, laneId);
  if (lane === undefined || lane.paused_at !== null || lane.stopped_at !== null) return;
  const clearinghouse = await deps.configs.clearinghouse(lane.clearinghouse_id);
  if (clearinghouse === null) return;
  const target = await openTarget(deps, laneId, lane.clearinghouse_id, clearinghouse.body);
  if (target === null) return;
  let until: number | null = null;
  while (!stopping()) {
    const outcome = await releaseLane(deps, laneId, clearinghouse.body, target);
    if (outcome.kind === 'again') continue;
    if (outcome.kind === 'wait') {
      until = outcome.until;
      // Somebody else delivers in this lane and will arm the next; a lane that waits for people needs no alarm.
      if (outcome.reason === 'in_flight' || outcome.reason === 'operator' || outcome.reason === 'reconfigured') return;
      break;
    }
    await deliverDrops(
      deps,
      outcome.drops.map((d) => d.id),
      new Map(outcome.drops.map((d) => [d.id, d.bytes])),
    );
  }
  await armNext(deps, laneId, until);
}

/** No marker, another volume: the lane stops for people, claims stay scheduled. */
async function openTarget(
  deps: PipelineDeps,
  laneId: string,
  clearinghouseId: string,
  body: Clearinghouse,
): Promise<DropTarget | null> {
  try {
    return await targetOf(deps, clearinghouseId, body);
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    deps.log.error({ laneId, errorClass: error.class, code: error.code }, 'lane stopped');
    await stopLane(deps.ledger.db, laneId, error.class);
    return null;
  }
}

/** The lane's next claim gets an alarm for the moment at which it may leave, unless one is set for about then. */
export async function armNext(deps: PipelineDeps, laneId: string, notBefore: number | null): Promise<void> {
  const now = await deps.clock();
  const [row] = await readSpacing(deps.ledger.db, [spacingKey.lane(laneId)]);
  // A row written in the clock's future is mended by the gate; its wait counts from now.
  const laneFree = row === undefined ? 0 : row.setAt > now ? now + (row.nextAt - row.setAt) : row.nextAt;
  const free = Math.max(now, laneFree, notBefore ?? 0);
  const next = await nextInLane(deps.ledger.db, laneId, free);
  if (next === undefined) return;
  const at = Math.max(free, next.notBefore);
  if (at > now + deps.settings.alarmHorizonMs) return;
  const armed = next.armedFor;
  if (armed !== null && armed >= now && armed <= at + SAME_ALARM_MS) return;
  const alarms = await armClaims(deps.ledger.db, [{ claimId: next.id, at }]);
  await armAll(
    deps,
    alarms.map((a) => alarmOf(a, now)),
  );
}
