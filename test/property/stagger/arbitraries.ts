import fc from 'fast-check';
import type { LanePolicy, LaneSpacing, PlanClaim, PlanSpacing } from '../../../src/claim/stagger/types.ts';
import { claim, DAY, HOUR, lane, MINUTE, NOW } from '../../unit/stagger/build.ts';

/** Gap of each look-alike group: one figure per group, as from one payer policy. */
const GROUP_GAPS: Readonly<Record<string, number>> = { a: 0, b: MINUTE, c: 15 * MINUTE, d: 2 * HOUR };

const deadline = fc.option(
  fc.oneof(fc.integer({ min: -2 * DAY, max: 2 * HOUR }), fc.integer({ min: 0, max: 40 * DAY })).map((ms) => NOW + ms),
  { nil: null },
);

/** Claims of three practices in four groups each; siblings are rare, and each is a person of its own. */
export const planClaims = (options: { readonly deadlines: boolean }): fc.Arbitrary<PlanClaim[]> =>
  fc
    .array(
      fc.record({
        practice: fc.constantFrom('p1', 'p2', 'p3'),
        group: fc.constantFrom(...Object.keys(GROUP_GAPS)),
        sibling: fc.option(fc.constantFrom('s1', 's2'), { nil: null, freq: 5 }),
        deadlineAt: options.deadlines ? deadline : fc.constant(null),
      }),
      { minLength: 1, maxLength: 24 },
    )
    .map((list) =>
      list.map((entry, n) =>
        claim(`clm_${((n * 7919) % 1000).toString().padStart(3, '0')}`, {
          practiceId: entry.practice,
          lookAlikeKey: `${entry.practice}/${entry.group}`,
          lookAlikeGapMs: GROUP_GAPS[entry.group] ?? 0,
          siblingKey: entry.sibling,
          deadlineAt: entry.deadlineAt,
        }),
      ),
    );

const OFFICE: LanePolicy['windows'] = [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '18:00' }];
const NIGHT: LanePolicy['windows'] = [
  { days: ['mon', 'wed', 'fri'], from: '22:00', to: '02:00' },
  { days: ['sun'], from: '01:30', to: '02:45' },
];

export const lanePolicy = (options: { readonly caps: boolean }): fc.Arbitrary<LanePolicy> =>
  fc
    .record({
      gapMs: fc.constantFrom(0, 1_000, 61_000, 10 * MINUTE),
      windows: fc.constantFrom([], [], OFFICE, NIGHT),
      timezone: fc.constantFrom('America/New_York', 'Pacific/Honolulu', 'UTC'),
      holidays: fc.constantFrom(null, 'us_federal' as const),
      circuitOpenUntil: fc.option(
        fc.integer({ min: -HOUR, max: HOUR }).map((ms) => NOW + ms),
        { nil: null, freq: 2 },
      ),
      maxPerHour: options.caps ? fc.option(fc.integer({ min: 1, max: 5 }), { nil: null }) : fc.constant(null),
      maxPerDay: options.caps ? fc.option(fc.integer({ min: 3, max: 20 }), { nil: null }) : fc.constant(null),
    })
    .map((over) => lane(over));

export const planSpacing = (claims: readonly PlanClaim[]): fc.Arbitrary<PlanSpacing> => {
  const keys = [...new Set(claims.flatMap((c) => (c.siblingKey === null ? [c.lookAlikeKey] : [c.lookAlikeKey, c.siblingKey])))];
  return fc
    .record({
      nextAt: fc.integer({ min: -HOUR, max: 20 * MINUTE }).map((ms) => NOW + ms),
      occupied: fc.array(fc.integer({ min: -HOUR, max: 3 * HOUR }), { maxLength: 30 }),
      last: fc.array(fc.option(fc.integer({ min: -2 * DAY, max: 2 * HOUR })), { minLength: keys.length, maxLength: keys.length }),
    })
    .map(({ nextAt, occupied, last }) => {
      const times = occupied.map((ms) => NOW + ms).sort((a, b) => a - b);
      const entry: LaneSpacing = { nextAt, occupied: times, tail: times.at(-1) ?? NOW };
      const known = keys.flatMap((key, n) => (last[n] === null || last[n] === undefined ? [] : [[key, NOW + last[n]] as const]));
      return { lanes: new Map([['lane', entry]]), lastByKey: new Map(known) };
    });
};

export interface Situation {
  readonly claims: PlanClaim[];
  readonly policy: LanePolicy;
  readonly spacing: PlanSpacing;
}

export const situation = (options: { readonly deadlines: boolean; readonly caps: boolean }): fc.Arbitrary<Situation> =>
  planClaims(options).chain((claims) =>
    fc.record({ claims: fc.constant(claims), policy: lanePolicy(options), spacing: planSpacing(claims) }),
  );
