import type { Clearinghouse } from '../../schemas/clearinghouse.ts';
import { jitterFrom, plan } from '../claim/stagger/planner.ts';
import type { LanePolicy, PlanClaim, PlannedClaim } from '../claim/stagger/types.ts';
import { URGENT_DAYS } from '../claim/timely-filing.ts';
import type { Executor } from '../ledger/executor.ts';
import { type ArmedAlarm, type PlanFacts, type PlanLook, readPlanFacts } from '../ledger/planning.ts';
import type { Row } from '../ledger/types.ts';
import type { PipelineDeps, Vault } from './deps.ts';
import type { Alarm } from './ports.ts';

const DAY_MS = 86_400_000;
/** Days before the filing limit by which a claim must be out (`03` §3.1). */
const DEADLINE_SAFETY_DAYS = 10;

/** One lane = one sender to one receiver with one usage; the id is readable and safe in URLs and keys. */
export function laneIdOf(clearinghouseId: string, c: Pick<Clearinghouse, 'interchange' | 'usage'>): string {
  return [clearinghouseId, c.interchange.senderId, c.interchange.receiverId, c.usage]
    .map((part) => part.replace(/[^A-Za-z0-9_-]/g, '_'))
    .join('.');
}

export function lanePolicyOf(
  clearinghouseId: string,
  c: Clearinghouse,
  lane: Pick<Row<'lane'>, 'circuit_until'> | null,
): LanePolicy {
  return {
    laneId: laneIdOf(clearinghouseId, c),
    gapMs: Math.round(c.minFileGapSeconds * 1000),
    maxPerHour: c.maxPerHour ?? null,
    maxPerDay: c.maxPerDay ?? null,
    batchMaxClaims: c.batch.maxClaims,
    windows: c.windows,
    timezone: c.timezone,
    holidays: c.holidays ?? null,
    circuitOpenUntil: lane?.circuit_until?.getTime() ?? null,
  };
}

/**
 * End of the last filing day minus the safety margin, as an instant; null where the payer has no limit. With fourteen
 * days or less to the limit (edit A18) it has just passed: the planner then pulls the claim ahead of all others.
 */
export function deadlineOf(fileBy: string | null, now: number): number | null {
  if (fileBy === null) return null;
  const deadline = Date.parse(`${fileBy}T23:59:59Z`) - DEADLINE_SAFETY_DAYS * DAY_MS;
  const urgent = now >= Date.parse(`${fileBy}T00:00:00Z`) - URGENT_DAYS * DAY_MS;
  return urgent ? Math.min(deadline, now - 1) : deadline;
}

export interface PlanRequest {
  readonly claims: readonly PlanClaim[];
  readonly lanes: readonly LanePolicy[];
  readonly now: number;
}

/** Which stored plans and spacing rows these claims will be planned against. */
export function lookFor({ claims, lanes, now }: PlanRequest): PlanLook {
  return {
    lookAlike: [...new Set(claims.filter((c) => c.lookAlikeGapMs > 0).map((c) => c.lookAlikeKey))],
    sibling: [...new Set(claims.flatMap((c) => (c.siblingKey === null ? [] : [c.siblingKey])))],
    laneIds: lanes.filter((l) => l.gapMs > 0).map((l) => l.laneId),
    now,
  };
}

/** Plans claims against what their keys and lanes already hold. Pure. */
export function planAgainst(vault: Vault, facts: PlanFacts, request: PlanRequest): ReadonlyMap<string, PlannedClaim> {
  const { claims, lanes, now } = request;
  if (claims.length === 0) return new Map();
  const planned = plan({
    claims,
    lanes,
    spacing: {
      lastByKey: facts.lastByKey,
      lanes: new Map(lanes.map((l) => [l.laneId, facts.lanes.get(l.laneId) ?? { nextAt: now, occupied: [], tail: now }])),
    },
    now,
    jitter: (claimId) => jitterFrom(vault.hash('jitter', claimId)),
  });
  return new Map(planned.map((p) => [p.claimId, p]));
}

/** Plans stored claims anew: freed ones, and those that are scheduled for another time. Reads by index, writes nothing. */
export async function planClaims(db: Executor, vault: Vault, request: PlanRequest): Promise<ReadonlyMap<string, PlannedClaim>> {
  if (request.claims.length === 0) return new Map();
  const look = { ...lookFor(request), anew: request.claims.map((c) => c.claimId) };
  return planAgainst(vault, await readPlanFacts(db, look), request);
}

/**
 * Which of the planned claims get an alarm now. In a lane with a gap every claim due within the horizon has its own; at
 * gap 0 a lane run takes all that is due, so one alarm for the first claim carries the whole batch.
 */
export function alarmsFor(
  planned: readonly { readonly claimId: string; readonly laneId: string; readonly at: number }[],
  lanes: ReadonlyMap<string, LanePolicy>,
  now: number,
  horizonMs: number,
): { readonly covered: ReadonlySet<string>; readonly alarms: readonly string[] } {
  const covered = new Set<string>();
  const alarms: string[] = [];
  const carried = new Set<string>();
  for (const p of [...planned].sort((a, b) => a.at - b.at)) {
    if (p.at > now + horizonMs) continue;
    covered.add(p.claimId);
    const immediate = lanes.get(p.laneId)?.gapMs === 0 && p.at <= now;
    if (immediate && carried.has(p.laneId)) continue;
    if (immediate) carried.add(p.laneId);
    alarms.push(p.claimId);
  }
  return { covered, alarms };
}

export function alarmOf(armed: ArmedAlarm, now: number): Alarm {
  return { claimId: armed.claimId, jobId: `${armed.claimId}-${armed.alarmNo}`, delayMs: Math.max(0, armed.at - now) };
}

/**
 * Hands alarms to the queue after the ledger has committed. A queue that cannot be reached loses nothing: the ledger
 * knows for when each claim was armed, and the sweeper arms again what has not gone by then.
 */
export async function armAll(deps: PipelineDeps, alarms: readonly Alarm[]): Promise<void> {
  // A run in hand here looks at its lane again before it ends: that is as good as an alarm.
  const needed = alarms.filter((a) => a.lane === undefined || deps.wakeLane?.(a.lane) !== true);
  if (needed.length === 0) return;
  try {
    await deps.queue.arm(needed);
  } catch (error) {
    deps.log.warn({ count: needed.length, error }, 'alarms could not be armed');
  }
}
