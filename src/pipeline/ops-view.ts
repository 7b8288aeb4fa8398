import { statfs } from 'node:fs/promises';
import type { ClaimState } from '../../schemas/common.ts';
import { countByState, listClaims } from '../ledger/claims.ts';
import { membersOf, recentDrops } from '../ledger/drops.ts';
import { openHolds } from '../ledger/holds.ts';
import { allLanes, laneLoads } from '../ledger/lanes.ts';
import { upcomingClaims } from '../ledger/planning.ts';
import { dueBacklog } from '../ledger/release.ts';
import type { PipelineDeps } from './deps.ts';
import { laneViews } from './lanes-view.ts';
import { listPendingOverrides } from './overrides.ts';
import { recoveryStatus } from './recovery.ts';

import type { OpsView, Principal } from './service.ts';
import { openTaskViews } from './tasks.ts';
import { holdViewOf } from './views.ts';

const UPCOMING = 50;
const HELD = 50;
const DROPS = 20;
const OVERDUE_ALERT = 1;
/** Intake closes when so many claims are due and not gone (`06`, errors). */
const MAX_DUE = 50_000;
const MIN_FREE_BYTES = 1_000_000_000;
const MIN_FREE_SHARE = 0.02;

/** What `/ops` shows: ids, states, times and reasons; nothing of a patient's is read for it. */
export async function opsView(deps: PipelineDeps, who: Principal): Promise<OpsView> {
  const { db } = deps.ledger;
  const now = await deps.ledger.now();
  const views = await laneViews(db, who.practiceId);
  const counts = await countByState(db, who.practiceId);
  const upcoming = await upcomingClaims(db, who.practiceId, UPCOMING);
  const held = await listClaims(db, {
    state: 'held',
    payerId: null,
    practiceId: who.practiceId,
    dateOfService: null,
    sessionId: null,
    hold: null,
    before: null,
    limit: HELD,
  });
  const holds = await openHolds(
    db,
    held.map((c) => c.id),
  );
  const drops = await recentDrops(db, DROPS, who.practiceId);
  const members = await membersOf(
    db,
    drops.map((d) => d.id),
  );
  const queue = await deps.queue.counts().catch(() => null);
  return {
    now: now.toISOString(),
    lanes: views,
    claimsByState: Object.fromEntries(counts) as Partial<Record<ClaimState, number>>,
    upcoming: upcoming.map((c) => ({
      claimId: c.id,
      laneId: c.laneId,
      payerId: c.payerId,
      plannedReleaseAt: c.plannedReleaseAt.toISOString(),
      reasons: c.reasons,
    })),
    held: held.map((c) => ({
      claimId: c.id,
      payerId: c.payer_id,
      holds: holds.filter((h) => h.claim_id === c.id).map(holdViewOf),
    })),
    recentDrops: drops.map((d) => ({
      dropId: d.id,
      claimIds: members.filter((m) => m.drop_id === d.id).map((m) => m.claim_id),
      fileName: d.file_name,
      state: d.state,
      transmittedAt: d.transmitted_at?.toISOString() ?? null,
    })),
    overrides: await listPendingOverrides(deps, who),
    tasks: await openTaskViews(db, who.practiceId),
    // The queue holds the alarms of every practice.
    queue: who.practiceId === null ? (queue ?? {}) : {},
    alerts: await alertsOf(deps, views, queue === null, counts),
  };
}

async function alertsOf(
  deps: PipelineDeps,
  lanes: OpsView['lanes'],
  queueSilent: boolean,
  counts: ReadonlyMap<string, number>,
): Promise<string[]> {
  const alerts: string[] = [];
  const recovery = await recoveryStatus(deps);
  if (recovery.active)
    alerts.push(
      `Recovery mode since ${recovery.since}: ${recovery.reason}. Look at the drop folder, then end it with "rollcall recovery end".`,
    );
  if (queueSilent) alerts.push('The queue does not answer. The sweeper still releases what is due.');
  else if (await deps.queue.isPaused().catch(() => false)) alerts.push('The queue was paused outside the service.');
  for (const lane of lanes) {
    if (lane.stopped !== null) alerts.push(`Lane ${lane.id} is stopped: ${lane.stopped.reason}.`);
    if (lane.circuit.state !== 'closed')
      alerts.push(`Lane ${lane.id}: the receiver fails, next try ${lane.circuit.nextProbeAt ?? 'soon'}.`);
    if (lane.overdue >= OVERDUE_ALERT && lane.paused === null && lane.stopped === null)
      alerts.push(`Lane ${lane.id}: ${lane.overdue} claims are more than a minute late.`);
  }
  const unknown = counts.get('transmit_unknown') ?? 0;
  if (unknown > 0)
    alerts.push(`${unknown} claims may or may not have arrived (transmit_unknown): nobody resends them without proof.`);
  return alerts;
}

/** Intake pressure is looked at once in so many ms, not at every POST: `statfs` would queue behind the drops' fsyncs. */
const PRESSURE_TTL_MS = 1_000;

/** Seconds that an intake should wait, or null: disk nearly full, or too much already due. GETs and claim actions stay up. */
export function createBackpressure(deps: PipelineDeps, now: () => number): () => Promise<number | null> {
  let known: { readonly at: number; readonly value: number | null } | null = null;
  let looking: Promise<number | null> | null = null;
  return () => {
    if (known !== null && now() - known.at < PRESSURE_TTL_MS) return Promise.resolve(known.value);
    looking ??= lookAtPressure(deps)
      .then((value) => {
        known = { at: now(), value };
        return value;
      })
      .finally(() => {
        looking = null;
      });
    if (known === null) return looking;
    // The last answer serves until the new one is there; a look that fails is tried again at the next call.
    looking.catch((error: unknown) => deps.log.warn({ error }, 'intake pressure could not be read'));
    return Promise.resolve(known.value);
  };
}

async function lookAtPressure(deps: PipelineDeps): Promise<number | null> {
  const disk = await statfs(deps.settings.dataDir).catch(() => null);
  if (disk !== null) {
    const free = disk.bavail * disk.bsize;
    if (free < MIN_FREE_BYTES || free < disk.blocks * disk.bsize * MIN_FREE_SHARE) return 60;
  }
  return (await dueBacklog(deps.ledger.db, MAX_DUE + 1)) > MAX_DUE ? 30 : null;
}

export async function metricSamples(
  deps: PipelineDeps,
): Promise<readonly { name: string; help: string; labels: Readonly<Record<string, string>>; value: number }[]> {
  const { db } = deps.ledger;
  const samples: { name: string; help: string; labels: Record<string, string>; value: number }[] = [];
  for (const [state, value] of await countByState(db, null)) {
    samples.push({ name: 'rollcall_claims', help: 'Claims by state', labels: { state }, value });
  }
  const loads = await laneLoads(db, null);
  for (const lane of await allLanes(db)) {
    const labels = { lane: lane.id };
    const load = loads.get(lane.id);
    samples.push({ name: 'rollcall_lane_scheduled', help: 'Claims scheduled in the lane', labels, value: load?.scheduled ?? 0 });
    samples.push({
      name: 'rollcall_lane_overdue',
      help: 'Claims more than a minute past their planned release',
      labels,
      value: load?.overdue ?? 0,
    });
    samples.push({ name: 'rollcall_lane_in_flight', help: 'Drops frozen or staged', labels, value: load?.inFlight ?? 0 });
    const halted = lane.paused_at !== null || lane.stopped_at !== null;
    samples.push({ name: 'rollcall_lane_halted', help: '1 when the lane is paused or stopped', labels, value: halted ? 1 : 0 });
    samples.push({
      name: 'rollcall_lane_circuit_open',
      help: '1 when the circuit of the lane is not closed',
      labels,
      value: lane.circuit_state === 'closed' ? 0 : 1,
    });
  }
  const queue = await deps.queue.counts().catch(() => null);
  for (const [state, value] of Object.entries(queue ?? {}))
    samples.push({ name: 'rollcall_queue_jobs', help: 'BullMQ jobs by state', labels: { state }, value });
  samples.push({ name: 'rollcall_queue_up', help: '1 when the queue answers', labels: {}, value: queue === null ? 0 : 1 });
  return samples;
}
