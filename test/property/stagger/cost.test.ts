import { describe, expect, it } from 'vitest';
import { plan } from '../../../src/claim/stagger/planner.ts';
import { OCCUPIED_LIMIT, type PlanSpacing } from '../../../src/claim/stagger/types.ts';
import { claims, DAY, jitter, lane, MINUTE, NOW } from '../../unit/stagger/build.ts';

/** What the ledger hands over for a lane with `backlog` scheduled claims: the next 512, and the last. */
function scheduled(backlog: number): PlanSpacing {
  const times = Array.from({ length: Math.min(backlog, OCCUPIED_LIMIT) }, (_, n) => NOW + n * 61_000);
  return {
    lanes: new Map([['lane', { nextAt: NOW, occupied: times, tail: NOW + backlog * 61_000 }]]),
    lastByKey: new Map([['group', NOW + 30 * MINUTE]]),
  };
}

/** Least ms of one plan per spacing, taken in turns: what other processes take from the machine only ever adds, and to both. */
function leastMs(spacings: readonly PlanSpacing[], count: number): number[] {
  const best = spacings.map(() => Number.POSITIVE_INFINITY);
  for (let n = 0; n < 200; n += 1) {
    for (const [which, spacing] of spacings.entries()) {
      const input = {
        claims: claims(count, (k) => ({ lookAlikeKey: `g${k % 5}`, deadlineAt: NOW + 80 * DAY })),
        lanes: [lane()],
        spacing,
        now: NOW,
        jitter,
      };
      const start = performance.now();
      plan(input);
      best[which] = Math.min(best[which] ?? Number.POSITIVE_INFINITY, performance.now() - start);
    }
  }
  return best;
}

describe('planning cost', () => {
  it('does not grow from 1 000 to 100 000 scheduled claims', () => {
    const [small, large] = leastMs([scheduled(1_000), scheduled(100_000)], 12) as [number, number];
    expect(large / small).toBeLessThan(1.5);
  });

  it('reads no more of the lane than it says', () => {
    const { lanes, lastByKey } = scheduled(100_000);
    const entry = lanes.get('lane')!;
    let reads = 0;
    const counted = new Proxy(entry.occupied, {
      get: (target, key, receiver) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) reads += 1;
        return Reflect.get(target, key, receiver);
      },
    });
    plan({
      claims: claims(12),
      lanes: [lane()],
      spacing: { lanes: new Map([['lane', { ...entry, occupied: counted }]]), lastByKey },
      now: NOW,
      jitter,
    });
    expect(reads).toBeGreaterThan(0);
    expect(reads).toBeLessThanOrEqual(2 * OCCUPIED_LIMIT);
  });

  it('stays near linear in the new claims: a session of 200 in well under a second', () => {
    // Processor time: other tests share the machine.
    const before = process.cpuUsage();
    const planned = plan({
      claims: claims(2_000, (n) => ({ lookAlikeKey: `g${n % 40}`, deadlineAt: NOW + 80 * DAY })),
      lanes: [lane()],
      spacing: scheduled(1_000),
      now: NOW,
      jitter,
    });
    expect(planned).toHaveLength(2_000);
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(5_000);
    const [one] = leastMs([scheduled(1_000)], 50) as [number];
    const [four] = leastMs([scheduled(1_000)], 200) as [number];
    expect(four / one).toBeLessThan(4 * 3);
  });
});
