import { DeliveryError } from '../delivery/errors.ts';
import type { DropTarget } from '../delivery/transport.ts';
import { BY_DELIVERY, claimsByDrop, moveClaims } from '../ledger/claims.ts';
import { idleDrops, openStagedNames, recordPickedUp, waitingDrops } from '../ledger/drops.ts';
import { purgeIdempotent } from '../ledger/idempotency.ts';
import { purgeBuckets } from '../ledger/intake-facts.ts';
import { pruneClinicianSketches } from '../ledger/note-sketches.ts';
import { armClaims, findUnarmed, reestimateOverdue } from '../ledger/planning.ts';
import { lanesWithDue } from '../ledger/release.ts';
import { takeTurn, writeSetting } from '../ledger/settings.ts';
import { OWN_BANDS } from '../session/notes/sketch.ts';
import { deliverDrops } from './deliver-drop.ts';
import { parkAfterUnknownError } from './delivery-failures.ts';
import type { PipelineDeps } from './deps.ts';
import { fillFacts } from './fill-facts.ts';
import { judgeLateClaims } from './late-claims.ts';
import { runPendingActions } from './pending-actions.ts';
import { alarmOf, armAll } from './plan-claims.ts';
import { regateChanged } from './regate.ts';
import type { LaneRunner } from './run-lane.ts';

const PAGE = 500;
/** An alarm that is so late is taken for lost; a lane run too many changes nothing. */
const ALARM_GRACE_MS = 2_000;
const STALE_TEMP_MS = 3_600_000;
const HOURLY_MS = 3_600_000;
const LATE_TURN = 'sweep.late';

/**
 * One sweep: delivers what is released and idle, judges again after a change of configuration, does what amendments left waiting, runs lanes with something
 * due, arms what comes within the horizon and has no alarm, notices what was picked up. Everything is conditional, so two
 * sweeps at once only waste work; each step stands alone, so that one that fails does not starve the others.
 */
export async function sweepOnce(deps: PipelineDeps, lanes: LaneRunner, graceMs = ALARM_GRACE_MS): Promise<void> {
  // Before this sweep runs a lane: what has waited past its filing limit is for a person to look at.
  await alone(deps, 'late', async () => {
    if (!(await takeTurn(deps.ledger.db, LATE_TURN, HOURLY_MS))) return;
    if (await judgeLateClaims(deps)) await writeSetting(deps.ledger.db, LATE_TURN, '0');
  });
  await alone(deps, 'deliver', () => deliverIdle(deps, lanes));
  await alone(deps, 'regate', () => regateChanged(deps));
  await alone(deps, 'pending', () => runPendingActions(deps));
  await alone(deps, 'lanes', () => runDueLanes(deps, lanes, graceMs));
  await alone(deps, 'arm', () => armUnarmed(deps));
  await alone(deps, 'pick_up', () => noticePickedUp(deps));
  await alone(deps, 'fill_facts', () => fillFacts(deps));
  await alone(deps, 'clean', async () => {
    if (!(await takeTurn(deps.ledger.db, 'sweep.hourly', HOURLY_MS))) return;
    await purgeIdempotent(deps.ledger.db);
    await pruneClinicianSketches(deps.ledger.db, OWN_BANDS.bands);
    await purgeBuckets(deps.ledger.db);
    await cleanStaging(deps);
  });
}

async function alone(deps: PipelineDeps, step: string, run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    deps.log.error({ error, step }, 'sweep step failed');
    return false;
  }
}

async function deliverIdle(deps: PipelineDeps, lanes: LaneRunner): Promise<void> {
  const idle = await idleDrops(deps.ledger.db, PAGE);
  for (const laneId of new Set(idle.map((d) => d.laneId))) {
    const ids = idle.filter((d) => d.laneId === laneId).map((d) => d.id);
    if (await alone(deps, 'deliver_lane', () => deliverDrops(deps, ids))) await alone(deps, 'run_lane', () => lanes.run(laneId));
    else await alone(deps, 'park', () => parkAfterUnknownError(deps, ids));
  }
}

/** A lane whose due claims have not left although their alarm should have fired: the queue lost it, or this is a new start. */
async function runDueLanes(deps: PipelineDeps, lanes: LaneRunner, graceMs: number): Promise<void> {
  for (const lane of await lanesWithDue(deps.ledger.db, graceMs)) {
    await alone(deps, 'run_lane', () => lanes.run(lane));
    await reestimateOverdue(deps.ledger.db, lane);
  }
}

async function armUnarmed(deps: PipelineDeps): Promise<void> {
  const unarmed = await findUnarmed(deps.ledger.db, deps.settings.alarmHorizonMs, PAGE);
  const now = (await deps.ledger.now()).getTime();
  const armed = await armClaims(
    deps.ledger.db,
    unarmed.map((u) => ({ claimId: u.claimId, at: u.at })),
  );
  await armAll(
    deps,
    armed.map((a) => alarmOf(a, now)),
  );
}

/** A file that was renamed into our own drop folder and is gone was taken; the marker proves that the folder is ours. */
export async function noticePickedUp(deps: PipelineDeps): Promise<number> {
  let after = '';
  let noticed = 0;
  for (;;) {
    const waiting = await waitingDrops(deps.ledger.db, after, PAGE);
    if (waiting.length === 0) return noticed;
    after = (waiting[waiting.length - 1] as { id: string }).id;
    for (const key of new Set(waiting.map((w) => w.target_key))) {
      const mine = waiting.filter((w) => w.target_key === key);
      const target = (mine[0] as (typeof mine)[number]).target as DropTarget;
      const names = await listed(deps, target);
      if (names === null) continue;
      const gone = mine.filter((w) => !names.has(w.file_name) && surelyAbsent(w.id, target)).map((w) => w.id);
      if (gone.length === 0) continue;
      noticed += gone.length;
      await deps.ledger.transaction(async (tx) => {
        const taken = await recordPickedUp(tx, gone);
        const claims = (await claimsByDrop(tx, taken)).filter((c) => c.state === 'transmitted');
        await moveClaims(
          tx,
          claims.map((c) => ({ id: c.id, from: 'transmitted' as const, to: 'picked_up' as const })),
          BY_DELIVERY,
        );
      });
    }
  }
}

/** Drops seen absent on a network file system, and when (monotonic): its caches may hide a file for a while. */
const firstAbsent = new Map<string, number>();
const ABSENT_TWICE_MS = 120_000;

function surelyAbsent(dropId: string, target: DropTarget): boolean {
  if (target.networkFileSystem !== true) return true;
  const since = firstAbsent.get(dropId);
  if (since === undefined) firstAbsent.set(dropId, performance.now());
  else if (performance.now() - since >= ABSENT_TWICE_MS) return firstAbsent.delete(dropId);
  return false;
}

async function listed(deps: PipelineDeps, target: DropTarget): Promise<ReadonlySet<string> | null> {
  try {
    await deps.transport.verifyMarker(target);
    const names = new Set(await deps.transport.list(target));
    await deps.transport.verifyMarker(target);
    return names;
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    deps.log.warn({ errorClass: error.class, code: error.code }, 'drop folder not readable');
    return null;
  }
}

async function cleanStaging(deps: PipelineDeps): Promise<void> {
  const keep = await openStagedNames(deps.ledger.db);
  const targets = new Map((await waitingDrops(deps.ledger.db, '', PAGE)).map((w) => [w.target_key, w.target as DropTarget]));
  for (const target of targets.values()) {
    try {
      await deps.transport.clean(target, keep, STALE_TEMP_MS);
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error;
      deps.log.warn({ errorClass: error.class, code: error.code }, 'staging folder not readable');
    }
  }
}

/** The sweeper is a timer in every worker, never a BullMQ job: FLUSHALL takes those too. */
export function startSweeper(deps: PipelineDeps, lanes: LaneRunner, jitter: () => number): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void> = Promise.resolve();
  let stopped = false;
  // At a start the alarms of the last run are not waited for: what is due goes.
  let graceMs = 0;
  const tick = (): void => {
    current = turn(deps, lanes, graceMs).finally(() => {
      graceMs = ALARM_GRACE_MS;
      if (!stopped) timer = setTimeout(tick, deps.settings.sweepMs * (0.8 + 0.4 * jitter()));
    });
  };
  tick();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await current;
      clearTimeout(timer);
    },
  };
}

async function turn(deps: PipelineDeps, lanes: LaneRunner, graceMs: number): Promise<void> {
  try {
    if (await takeTurn(deps.ledger.db, 'sweep', Math.floor(deps.settings.sweepMs * 0.7))) await sweepOnce(deps, lanes, graceMs);
  } catch (error) {
    // The next sweep tries again; an error must not end the timer that mends everything else.
    deps.log.error({ error }, 'sweep failed');
  }
}
