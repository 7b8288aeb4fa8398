import { createHmac } from 'node:crypto';
import type { DueClaim } from '../../../src/claim/stagger/gate-order.ts';
import { jitterFrom } from '../../../src/claim/stagger/planner.ts';
import type { LanePolicy, LaneSpacing, PlanClaim, PlannedClaim, PlanSpacing } from '../../../src/claim/stagger/types.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** Wednesday 2026-11-18, 15:00 in New York. */
export const NOW = Date.UTC(2026, 10, 18, 20, 0, 0);

export const lane = (over: Partial<LanePolicy> = {}): LanePolicy => ({
  laneId: 'lane',
  gapMs: 61_000,
  maxPerHour: null,
  maxPerDay: null,
  batchMaxClaims: 1,
  windows: [],
  timezone: 'America/New_York',
  holidays: null,
  circuitOpenUntil: null,
  ...over,
});

export const claim = (claimId: string, over: Partial<PlanClaim> = {}): PlanClaim => ({
  claimId,
  practiceId: 'practice',
  laneId: 'lane',
  lookAlikeKey: 'group',
  lookAlikeGapMs: 15 * MINUTE,
  siblingKey: null,
  deadlineAt: null,
  ...over,
});

export const claims = (count: number, over: (n: number) => Partial<PlanClaim> = () => ({}), prefix = 'clm'): PlanClaim[] =>
  Array.from({ length: count }, (_, n) => claim(`${prefix}_${String(n).padStart(4, '0')}`, over(n)));

export const spacing = (
  lanes: Record<string, Partial<LaneSpacing>> = {},
  lastByKey: Record<string, number> = {},
): PlanSpacing => ({
  lastByKey: new Map(Object.entries(lastByKey)),
  lanes: new Map(Object.entries(lanes).map(([id, over]) => [id, { nextAt: NOW, occupied: [], tail: NOW, ...over }] as const)),
});

export const jitter = (claimId: string): number => jitterFrom(createHmac('sha256', 'test key').update(claimId).digest());

export const due = (claimId: string, over: Partial<DueClaim> = {}): DueClaim => ({
  claimId,
  order: `1${claimId}`,
  lookAlikeKey: 'group',
  lookAlikeGapMs: 15 * MINUTE,
  siblingKey: null,
  deadlineAt: null,
  ...over,
});

export const byEstimate = (planned: readonly PlannedClaim[]): PlannedClaim[] =>
  planned.toSorted((a, b) => a.estimate - b.estimate);

/** Smallest distance between neighbours; Infinity for fewer than two. */
export function smallestGap(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  return Math.min(...sorted.slice(1).map((at, n) => at - (sorted[n] ?? at)));
}
