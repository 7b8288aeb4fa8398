import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plan } from '../../../src/claim/stagger/planner.ts';
import type { PlanClaim, PlannedClaim } from '../../../src/claim/stagger/types.ts';
import { createSendCalendar } from '../../../src/claim/stagger/windows.ts';
import { claims as build, DAY, HOUR, jitter, lane, MINUTE, NOW, smallestGap } from '../../unit/stagger/build.ts';
import { type Situation, situation } from './arbitraries.ts';

const run = ({ claims, policy, spacing }: Situation, given: readonly PlanClaim[] = claims): PlannedClaim[] =>
  plan({ claims: given, lanes: [policy], spacing, now: NOW, jitter });
const isPulled = (planned: PlannedClaim): boolean => planned.reasons.includes('deadline_pull');
const opensAt = ({ policy, spacing }: Situation): number =>
  Math.max(NOW, spacing.lanes.get('lane')?.nextAt ?? NOW, policy.circuitOpenUntil ?? NOW);

/** Pairs of claim and plan, by a key of the claim. */
function byKey(claims: readonly PlanClaim[], planned: readonly PlannedClaim[], key: (claim: PlanClaim) => string | null) {
  const groups = new Map<string, { claim: PlanClaim; planned: PlannedClaim }[]>();
  claims.forEach((claim, n) => {
    const name = key(claim);
    const entry = planned[n];
    if (name === null || entry === undefined) return;
    groups.set(name, [...(groups.get(name) ?? []), { claim, planned: entry }]);
  });
  return groups;
}

const any = situation({ deadlines: true, caps: true });
const check = (property: fc.IProperty<[Situation]>) => fc.assert(property, { numRuns: 250 });

describe('every plan', () => {
  it('keeps look-alikes at 0.8 × gap or more, planned and estimated, deadlines apart', () => {
    check(
      fc.property(any, (s) => {
        for (const [key, members] of byKey(s.claims, run(s), (claim) => claim.lookAlikeKey)) {
          const gap = members[0]?.claim.lookAlikeGapMs ?? 0;
          const free = members.filter((member) => !isPulled(member.planned)).map((member) => member.planned);
          expect(smallestGap(free.map((p) => p.notBefore))).toBeGreaterThanOrEqual(gap * 0.8);
          expect(smallestGap(free.map((p) => p.estimate))).toBeGreaterThanOrEqual(gap * 0.8);
          const last = s.spacing.lastByKey.get(key);
          if (last === undefined || gap === 0) continue;
          for (const p of free) expect(p.notBefore).toBeGreaterThanOrEqual(last + gap * 0.8);
        }
      }),
    );
  });

  it('keeps siblings a day apart and flags them, deadlines apart', () => {
    check(
      fc.property(any, (s) => {
        for (const members of byKey(s.claims, run(s), (claim) => claim.siblingKey).values()) {
          const free = members.filter((member) => !isPulled(member.planned));
          expect(smallestGap(free.map((member) => member.planned.notBefore))).toBeGreaterThanOrEqual(DAY);
          const flagged = members.filter((member) => member.planned.reasons.includes('collision')).length;
          expect(flagged).toBeGreaterThanOrEqual(members.length - 1);
        }
      }),
    );
  });

  it('never lets a deadline bring two claims of one person together', () => {
    check(
      fc.property(any, (s) => {
        const same = s.claims.map((claim) => ({ ...claim, personKey: claim.siblingKey === null ? null : 'one person' }));
        for (const members of byKey(same, run(s, same), (claim) => claim.siblingKey).values()) {
          expect(smallestGap(members.map((member) => member.planned.notBefore))).toBeGreaterThanOrEqual(DAY);
        }
      }),
    );
  });

  it('does not depend on the order of the claims, and comes out the same again', () => {
    check(
      fc.property(any, (s) => {
        const first = new Map(run(s).map((p) => [p.claimId, p]));
        const again = run(s, s.claims.toReversed());
        expect(again.map((p) => first.get(p.claimId))).toEqual(again);
      }),
    );
  });

  it('is untouched by claims of other lanes', () => {
    check(
      fc.property(any, (s) => {
        const others = build(5, () => ({ laneId: 'elsewhere', practiceId: 'p9', lookAlikeKey: 'elsewhere' }), 'other');
        const lanes = [s.policy, { ...s.policy, laneId: 'elsewhere' }];
        const together = plan({ claims: [...others, ...s.claims], lanes, spacing: s.spacing, now: NOW, jitter });
        expect(together.slice(others.length)).toEqual(run(s));
      }),
    );
  });

  it('stays in the send windows, behind notBefore and behind the lane', () => {
    check(
      fc.property(any, (s) => {
        const calendar = createSendCalendar(s.policy);
        for (const p of run(s)) {
          expect(calendar.next(p.notBefore)).toBe(p.notBefore);
          expect(calendar.next(p.estimate)).toBe(p.estimate);
          expect(p.notBefore).toBeGreaterThanOrEqual(NOW);
          expect(p.estimate).toBeGreaterThanOrEqual(Math.max(p.notBefore, opensAt(s)));
        }
      }),
    );
  });

  it('keeps the lane floor, also towards what is planned already', () => {
    check(
      fc.property(situation({ deadlines: false, caps: false }), (s) => {
        const estimates = run(s).map((p) => p.estimate);
        const planned = (s.spacing.lanes.get('lane')?.occupied ?? []).filter((at) => at >= opensAt(s));
        expect(smallestGap(estimates)).toBeGreaterThanOrEqual(s.policy.gapMs);
        for (const at of estimates) {
          for (const taken of planned) expect(Math.abs(at - taken)).toBeGreaterThanOrEqual(s.policy.gapMs);
        }
      }),
    );
  });

  it('keeps the caps in every hour and every day', () => {
    check(
      fc.property(any, (s) => {
        const empty = { ...s, spacing: { ...s.spacing, lanes: new Map() } };
        const times = run(empty)
          .map((p) => p.estimate)
          .sort((a, b) => a - b);
        for (const [cap, period] of [
          [s.policy.maxPerHour, HOUR],
          [s.policy.maxPerDay, DAY],
        ] as const) {
          if (cap === null) continue;
          times.forEach((at, n) => {
            const next = times[n + cap];
            if (next !== undefined) expect(next - at).toBeGreaterThanOrEqual(period);
          });
        }
      }),
    );
  });

  it('meets every deadline that the lane floor and the windows allow', () => {
    let feasible = 0;
    check(
      fc.property(situation({ deadlines: true, caps: false }), (s) => {
        // Oracle: earliest deadline first at the floor, nothing else in the way.
        const calendar = createSendCalendar(s.policy);
        const pressed = s.claims
          .filter((claim) => claim.deadlineAt !== null)
          .sort((a, b) => (a.deadlineAt ?? 0) - (b.deadlineAt ?? 0));
        let at = opensAt(s) - s.policy.gapMs;
        const possible = pressed.every((claim) => {
          at = calendar.next(Math.max(opensAt(s), at + s.policy.gapMs));
          return at <= (claim.deadlineAt ?? 0);
        });
        if (!possible || pressed.length === 0) return;
        feasible += 1;
        for (const p of run(s)) if (p.deadlineAt !== null) expect(p.estimate).toBeLessThanOrEqual(p.deadlineAt);
      }),
    );
    expect(feasible).toBeGreaterThan(20);
  });

  it('takes no longer than the largest group, its gaps at their widest, plus one lane slot per claim', () => {
    const groups = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 24 });
    fc.assert(
      fc.property(groups, (payers) => {
        const list = build(payers.length, (n) => ({ lookAlikeKey: payers[n] ?? '' }));
        const s: Situation = {
          claims: list,
          policy: lane(),
          spacing: { lanes: new Map(), lastByKey: new Map() },
        };
        const largest = Math.max(...['a', 'b', 'c', 'd', 'e'].map((payer) => payers.filter((p) => p === payer).length));
        const last = Math.max(...run(s).map((p) => p.estimate));
        expect(last - NOW).toBeLessThanOrEqual((largest - 1) * 18 * MINUTE + payers.length * 61_000);
      }),
      { numRuns: 200 },
    );
  });

  it('lets pulled claims go first, earliest deadline first', () => {
    check(
      fc.property(any, (s) => {
        const order = run(s).toSorted((a, b) => (a.order < b.order ? -1 : 1));
        const pulled = order.filter(isPulled);
        expect(order.slice(0, pulled.length)).toEqual(pulled);
        const deadlines = pulled.map((p) => p.deadlineAt ?? 0);
        expect(deadlines).toEqual(deadlines.toSorted((a, b) => a - b));
      }),
    );
  });
});
