import type { Clearinghouse } from '../../schemas/clearinghouse.ts';
import { DeliveryError } from '../delivery/errors.ts';
import type { DropTarget } from '../delivery/transport.ts';
import { laneOfClaim } from '../ledger/claims.ts';
import { stopLane } from '../ledger/lanes.ts';
import { armClaims } from '../ledger/planning.ts';
import { type LaneLook, lookAtLane, nextInLane } from '../ledger/release.ts';
import { deliverFresh } from './deliver-drop.ts';
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
  /** Makes a run in hand look at its lane again before it ends; false when there is none. */
  wake(laneId: string): boolean;
  /** Resolves when no lane is running here (shutdown). */
  idle(): Promise<void>;
  stop(): void;
}

export function createLaneRunner(deps: PipelineDeps): LaneRunner {
  const running = new Map<string, { again: boolean; done: Promise<void> }>();
  let stopping = false;

  async function loop(laneId: string, state: { again: boolean }): Promise<void> {
    try {
      do {
        state.again = false;
        await runOnce(deps, laneId, () => stopping);
      } while (state.again && !stopping);
    } finally {
      // In the same turn as the last look at `again`: nobody can ask in between and be forgotten.
      running.delete(laneId);
    }
  }

  function run(laneId: string): Promise<void> {
    const busy = running.get(laneId);
    if (busy !== undefined) {
      busy.again = true;
      return busy.done;
    }
    if (stopping) return Promise.resolve();
    const state = { again: false, done: Promise.resolve() };
    state.done = loop(laneId, state);
    running.set(laneId, state);
    return state.done;
  }

  function wake(laneId: string): boolean {
    const busy = running.get(laneId);
    if (busy === undefined || stopping) return false;
    busy.again = true;
    return true;
  }

  return {
    async onAlarm(claimId) {
      // Whatever has become of the claim: at gap 0 its alarm stands for all of its lane that was due with it.
      const laneId = await laneOfClaim(deps.ledger.db, claimId);
      if (laneId === null) return;
      // Waiting here for the run in hand would keep a worker from another lane.
      if (!wake(laneId)) await run(laneId);
    },
    run,
    wake,
    async idle() {
      await Promise.allSettled([...running.values()].map((r) => r.done));
    },
    stop() {
      stopping = true;
    },
  };
}

async function runOnce(deps: PipelineDeps, laneId: string, stopping: () => boolean): Promise<void> {
  const first = await lookAtLane(deps.ledger.db, laneId);
  if (first === undefined || first.lane.paused_at !== null || first.lane.stopped_at !== null) return;
  const { clearinghouse_id: clearinghouseId } = first.lane;
  const clearinghouse = await deps.configs.clearinghouse(clearinghouseId);
  if (clearinghouse === null) return;
  const target = await openTarget(deps, laneId, clearinghouseId, clearinghouse.body);
  if (target === null) return;
  let until: number | null = null;
  for (
    let seen: LaneLook | undefined = first;
    seen !== undefined && !stopping();
    seen = await lookAtLane(deps.ledger.db, laneId)
  ) {
    const outcome = await releaseLane(deps, { seen, clearinghouse: clearinghouse.body, target });
    if (outcome.kind === 'again') continue;
    if (outcome.kind === 'wait') {
      until = outcome.until;
      // Somebody else delivers in this lane and will arm the next; a lane that waits for people needs no alarm.
      if (outcome.reason === 'in_flight' || outcome.reason === 'operator' || outcome.reason === 'reconfigured') return;
      break;
    }
    await deliverFresh(deps, outcome.drops);
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
  const next = await nextInLane(deps.ledger.db, laneId, now, notBefore ?? 0);
  if (next === undefined) return;
  const { at, armedFor } = next;
  if (at > now + deps.settings.alarmHorizonMs) return;
  if (armedFor !== null && armedFor >= now && armedFor <= at + SAME_ALARM_MS) return;
  const alarms = await armClaims(deps.ledger.db, [{ claimId: next.id, at }]);
  await armAll(
    deps,
    alarms.map((a) => alarmOf(a, now)),
  );
}
