import type { PlanReason } from '../../../schemas/common.ts';
import type { LanePolicy } from './types.ts';
import type { SendCalendar } from './windows.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Drop times of one lane, with its floor, its caps and its windows. Caps are rolling: never more than n in any hour or 24 h. */
export interface LaneSlots {
  take(at: number): void;
  release(at: number): void;
  /** Earliest free instant ≥ `from`, and what moved it. */
  earliest(from: number): { readonly at: number; readonly moved: ReadonlySet<PlanReason> };
  /** Latest free instant ≤ `upTo`, or null when there is none at or after `floor`. */
  latest(upTo: number, floor: number): number | null;
}

export type SlotPolicy = Pick<LanePolicy, 'gapMs' | 'maxPerHour' | 'maxPerDay'>;

/** First index whose value is ≥ `at` (or > `at` with `after`). */
function indexOf(times: readonly number[], at: number, after: boolean): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = times[middle] ?? 0;
    if (value < at || (after && value === at)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * One cap around a candidate at index `position`: null when it holds, else the instant to try next in that direction.
 * With n allowed per period, every n + 1 neighbouring drops must span a whole period.
 */
function capMove(times: readonly number[], at: number, position: number, cap: number, periodMs: number, ahead: boolean) {
  if (indexOf(times, at + periodMs, false) - indexOf(times, at - periodMs, true) < cap) return null;
  for (let after = 0; after <= cap; after += 1) {
    const before = cap - after;
    const first = before === 0 ? at : times[position - before];
    const last = after === 0 ? at : times[position + after - 1];
    if (first === undefined || last === undefined || last - first >= periodMs) continue;
    if (ahead) return after === 0 ? first + periodMs : (times[position] ?? at);
    return before === 0 ? last - periodMs : (times[position - 1] ?? at);
  }
  return null;
}

/** An empty lane; `take` what is planned already. Cost per search: O(log n) plus the neighbours that are in the way. */
export function createLaneSlots(policy: SlotPolicy, calendar: SendCalendar): LaneSlots {
  const times: number[] = [];
  const caps: readonly (readonly [number, number])[] = [
    ...(policy.maxPerHour === null ? [] : [[policy.maxPerHour, HOUR_MS] as const]),
    ...(policy.maxPerDay === null ? [] : [[policy.maxPerDay, DAY_MS] as const]),
  ];

  /** Where the lane floor sends a candidate, or null when both neighbours are far enough. */
  const gapMove = (at: number, ahead: boolean): number | null => {
    if (policy.gapMs === 0) return null;
    const next = times[indexOf(times, at, false)];
    const previous = times[indexOf(times, at, false) - 1];
    if (ahead) {
      if (next !== undefined && next - at < policy.gapMs) return next + policy.gapMs;
      return previous !== undefined && at - previous < policy.gapMs ? previous + policy.gapMs : null;
    }
    if (previous !== undefined && at - previous < policy.gapMs) return previous - policy.gapMs;
    return next !== undefined && next - at < policy.gapMs ? next - policy.gapMs : null;
  };
  const capsMove = (at: number, ahead: boolean): number | null => {
    const position = indexOf(times, at, ahead);
    for (const [cap, periodMs] of caps) {
      const move = capMove(times, at, position, cap, periodMs, ahead);
      if (move !== null) return move;
    }
    return null;
  };
  return {
    take: (at) => {
      times.splice(indexOf(times, at, true), 0, at);
    },
    release: (at) => {
      const index = indexOf(times, at, false);
      if (times[index] === at) times.splice(index, 1);
    },
    earliest: (from) => {
      const moved = new Set<PlanReason>();
      let at = from;
      for (;;) {
        const open = calendar.next(at);
        if (open > at) moved.add('window');
        const gap = gapMove(open, true);
        if (gap !== null) moved.add('lane_gap');
        const cap = gap === null ? capsMove(open, true) : null;
        if (cap !== null) moved.add('cap');
        const next = gap ?? cap;
        if (next === null) return { at: open, moved };
        at = next;
      }
    },
    latest: (upTo, floor) => {
      let at = upTo;
      for (;;) {
        if (at < floor) return null;
        const open = calendar.previous(at);
        if (open < floor) return null;
        const next = gapMove(open, false) ?? capsMove(open, false);
        if (next === null) return open;
        at = next;
      }
    },
  };
}
