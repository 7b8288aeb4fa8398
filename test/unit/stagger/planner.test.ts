import { describe, expect, it } from 'vitest';
import { turnOf } from '../../../src/claim/stagger/fair-order.ts';
import { jitterFrom, plan } from '../../../src/claim/stagger/planner.ts';
import { OCCUPIED_LIMIT } from '../../../src/claim/stagger/types.ts';
import { byEstimate, claim, claims, DAY, HOUR, jitter, lane, MINUTE, NOW, smallestGap, spacing } from './build.ts';

const even = (): number => 0;
const base = { lanes: [lane()], spacing: spacing(), now: NOW, jitter: even };

describe('look-alike gap', () => {
  it('sends a group one gap apart and the first at once', () => {
    const planned = plan({ ...base, claims: claims(4) });
    expect(planned.map((p) => p.notBefore - NOW)).toEqual([0, 15, 30, 45].map((minutes) => minutes * MINUTE));
    expect(planned.map((p) => p.estimate)).toEqual(planned.map((p) => p.notBefore));
    expect(planned.map((p) => p.reasons)).toEqual([[], ['look_alike_gap'], ['look_alike_gap'], ['look_alike_gap']]);
  });

  it('varies with the jitter of the claim by a fifth and no more', () => {
    const late = plan({ ...base, claims: claims(2), jitter: () => 1 });
    const early = plan({ ...base, claims: claims(2), jitter: () => -7 });
    expect(late[1]?.notBefore).toBe(NOW + 18 * MINUTE);
    expect(early[1]?.notBefore).toBe(NOW + 12 * MINUTE);
  });

  it('continues behind what the group has planned or dropped', () => {
    const [planned] = plan({ ...base, claims: claims(1), spacing: spacing({}, { group: NOW + 5 * MINUTE }) });
    expect(planned?.notBefore).toBe(NOW + 20 * MINUTE);
    const [free] = plan({ ...base, claims: claims(1), spacing: spacing({}, { group: NOW - HOUR }) });
    expect(free).toMatchObject({ notBefore: NOW, reasons: [] });
  });

  it('is off at 0', () => {
    const planned = plan({ ...base, claims: claims(3, () => ({ lookAlikeGapMs: 0 })) });
    expect(planned.map((p) => p.notBefore)).toEqual([NOW, NOW, NOW]);
    expect(byEstimate(planned).map((p) => p.estimate - NOW)).toEqual([0, 61_000, 122_000]);
    expect(byEstimate(planned)[1]?.reasons).toEqual(['lane_gap']);
  });
});

describe('twelve attendees over five payers', () => {
  it('take as long as the largest payer alone', () => {
    const payers = ['a', 'a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'd', 'd', 'e'];
    const planned = plan({ ...base, claims: claims(12, (n) => ({ lookAlikeKey: payers[n] ?? '' })) });
    const last = Math.max(...planned.map((p) => p.estimate));
    // Four of payer a: three gaps, and at most one lane slot per other group on top.
    expect(last - NOW).toBeGreaterThanOrEqual(45 * MINUTE);
    expect(last - NOW).toBeLessThanOrEqual(45 * MINUTE + 5 * 61_000);
    expect(smallestGap(planned.map((p) => p.estimate))).toBeGreaterThanOrEqual(61_000);
  });
});

describe('fairness in a lane', () => {
  it('gives each payer its turn where the groups have no gap', () => {
    const large = claims(6, () => ({ lookAlikeKey: 'large', lookAlikeGapMs: 0 }), 'a');
    const small = claims(2, () => ({ lookAlikeKey: 'small', lookAlikeGapMs: 0 }), 'z');
    const order = byEstimate(plan({ ...base, claims: [...large, ...small] })).map((p) => p.claimId.charAt(0));
    expect(order.slice(0, 4).toSorted()).toEqual(['a', 'a', 'z', 'z']);
  });

  it('gives each practice its turn', () => {
    const many = claims(8, () => ({ practiceId: 'many', lookAlikeKey: 'x', lookAlikeGapMs: 0 }), 'a');
    const few = claims(2, () => ({ practiceId: 'few', lookAlikeKey: 'y', lookAlikeGapMs: 0 }), 'z');
    const order = byEstimate(plan({ ...base, claims: [...many, ...few] })).map((p) => p.claimId.charAt(0));
    expect(order.slice(0, 4).toSorted()).toEqual(['a', 'a', 'z', 'z']);
  });

  it('puts a practice that posts again behind its own claims, not before those of others', () => {
    const first = plan({ ...base, claims: claims(5, () => ({ practiceId: 'many', lookAlikeGapMs: 0 }), 'a') });
    const lastTurn = Math.max(...first.map((p) => turnOf(p.order) ?? 0));
    const lanes = { lane: { lastTurnByPractice: new Map([['many', lastTurn]]) } };
    const [again] = plan({ ...base, claims: [claim('b', { practiceId: 'many' })], spacing: spacing(lanes) });
    const [other] = plan({ ...base, claims: [claim('c', { practiceId: 'few' })], spacing: spacing(lanes) });
    expect(again?.order.localeCompare(first[4]?.order ?? '')).toBe(1);
    expect(other?.order.localeCompare(first[1]?.order ?? '')).toBe(-1);
  });
});

describe('siblings', () => {
  const pair = [claim('a', { siblingKey: 'family' }), claim('b', { siblingKey: 'family' })];

  it('go a day apart, flagged, and do not hold up their group', () => {
    const planned = plan({ ...base, claims: [...pair, claim('c')] });
    expect(planned.map((p) => p.notBefore - NOW)).toEqual([0, DAY, 15 * MINUTE]);
    expect(planned[1]?.reasons).toEqual(['collision']);
  });

  it('go a lane gap apart where the deadline demands it, still flagged', () => {
    const planned = plan({ ...base, claims: pair.map((c) => ({ ...c, deadlineAt: NOW + HOUR })) });
    expect(Math.max(...planned.map((p) => p.estimate))).toBeLessThanOrEqual(NOW + HOUR);
    expect(smallestGap(planned.map((p) => p.estimate))).toBeGreaterThanOrEqual(61_000);
    const second = planned.find((p) => p.reasons.includes('collision'));
    expect(second?.reasons.slice(0, 2)).toEqual(['deadline_pull', 'collision']);
  });

  it('of one and the same person stay a day apart whatever the deadline', () => {
    const same = pair.map((c) => ({ ...c, personKey: 'one', deadlineAt: NOW + HOUR }));
    expect(smallestGap(plan({ ...base, claims: same }).map((p) => p.notBefore))).toBe(DAY);
    const two = pair.map((c, n) => ({ ...c, personKey: `p${n}`, deadlineAt: NOW + HOUR }));
    expect(smallestGap(plan({ ...base, claims: two }).map((p) => p.notBefore))).toBeLessThan(HOUR);
  });

  it('wait for a sibling of an earlier session', () => {
    const [planned] = plan({ ...base, claims: [pair[0]!], spacing: spacing({}, { family: NOW - HOUR }) });
    expect(planned?.notBefore).toBe(NOW + 23 * HOUR);
  });
});

describe('deadlines', () => {
  it('shrink the gap only as far as they must and come first in the lane', () => {
    const deadlineAt = NOW + 31 * MINUTE;
    const planned = plan({ ...base, claims: claims(5, () => ({ deadlineAt })) });
    expect(Math.max(...planned.map((p) => p.estimate))).toBeLessThanOrEqual(deadlineAt);
    expect(smallestGap(planned.map((p) => p.estimate))).toBeGreaterThanOrEqual(61_000);
    expect(planned[1]).toMatchObject({ notBefore: NOW + 15 * MINUTE, reasons: ['look_alike_gap'] });
    expect(planned[4]?.reasons).toContain('deadline_pull');
    expect(planned[4]?.order.startsWith('0')).toBe(true);
    expect(planned[1]?.order.startsWith('1')).toBe(true);
  });

  it('that have passed send at the lane floor, the earliest first', () => {
    const passed = claims(3, (n) => ({ deadlineAt: NOW - (n + 1) * DAY }));
    const order = byEstimate(plan({ ...base, claims: passed }));
    expect(order.map((p) => p.claimId)).toEqual(['clm_0002', 'clm_0001', 'clm_0000']);
    expect(order.map((p) => p.estimate - NOW)).toEqual([0, 61_000, 122_000]);
    expect(order.every((p) => p.notBefore === NOW && p.reasons.includes('deadline_pull'))).toBe(true);
  });

  it('push planned claims behind when nothing else helps', () => {
    const occupied = Array.from({ length: 60 }, (_, n) => NOW + n * 61_000);
    const lanes = { lane: { occupied, tail: occupied.at(-1) ?? NOW } };
    const [planned] = plan({ ...base, claims: [claim('a', { deadlineAt: NOW + 30 * MINUTE })], spacing: spacing(lanes) });
    expect(planned?.estimate).toBeLessThanOrEqual(NOW + 30 * MINUTE);
    expect(planned?.reasons).toContain('deadline_pull');
  });

  it('that are far away change nothing', () => {
    const without = plan({ ...base, claims: claims(6) });
    const withDeadline = plan({ ...base, claims: claims(6, () => ({ deadlineAt: NOW + 300 * DAY })) });
    expect(withDeadline.map((p) => [p.notBefore, p.estimate, p.order])).toEqual(
      without.map((p) => [p.notBefore, p.estimate, p.order]),
    );
  });
});

describe('the lane', () => {
  it('waits for its next drop, its circuit and its occupied slots', () => {
    const [gap] = plan({ ...base, claims: claims(1), spacing: spacing({ lane: { nextAt: NOW + 30_000 } }) });
    expect(gap).toMatchObject({ notBefore: NOW, estimate: NOW + 30_000, reasons: ['lane_gap'] });
    const [circuit] = plan({ ...base, claims: claims(1), lanes: [lane({ circuitOpenUntil: NOW + HOUR })] });
    expect(circuit).toMatchObject({ notBefore: NOW, estimate: NOW + HOUR, reasons: ['circuit_open'] });
    const occupied = [NOW, NOW + 61_000, NOW + 4 * 61_000];
    const [hole] = plan({ ...base, claims: claims(1), spacing: spacing({ lane: { occupied, tail: occupied[2]! } }) });
    expect(hole).toMatchObject({ estimate: NOW + 2 * 61_000, reasons: ['lane_gap'] });
  });

  it('takes what it does not know of a long backlog as full', () => {
    const occupied = Array.from({ length: OCCUPIED_LIMIT }, (_, n) => NOW + n * 61_000);
    const tail = NOW + 5000 * 61_000;
    const [planned] = plan({ ...base, claims: claims(1), spacing: spacing({ lane: { occupied, tail } }) });
    expect(planned?.estimate).toBe(tail + 61_000);
  });

  it('goes on at its floor after an outage: missed slots are not owed', () => {
    const occupied = Array.from({ length: 10 }, (_, n) => NOW - 6 * HOUR + n * 61_000);
    const lanes = { lane: { occupied, tail: occupied.at(-1) ?? NOW } };
    const [planned] = plan({ ...base, claims: claims(1), spacing: spacing(lanes) });
    expect(planned).toMatchObject({ estimate: NOW + 10 * 61_000, reasons: ['catch_up', 'lane_gap'] });
  });

  it('keeps its caps in the estimate', () => {
    const planned = plan({
      ...base,
      claims: claims(7, () => ({ lookAlikeGapMs: 0 })),
      lanes: [lane({ gapMs: 0, maxPerHour: 2, maxPerDay: 5 })],
    });
    const hours = byEstimate(planned).map((p) => (p.estimate - NOW) / HOUR);
    expect(hours).toEqual([0, 0, 1, 1, 2, 24, 24]);
    expect(byEstimate(planned)[2]?.reasons).toEqual(['cap']);
  });

  it('sends in its windows only', () => {
    const windows = [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '15:20' }];
    const planned = plan({ ...base, claims: claims(3), lanes: [lane({ windows })] });
    const tomorrow = NOW + 17 * HOUR;
    expect(planned.map((p) => p.notBefore)).toEqual([NOW, NOW + 15 * MINUTE, tomorrow]);
    expect(planned[2]?.reasons).toEqual(['look_alike_gap', 'window']);
  });

  it('puts claims of different groups into one file where it may', () => {
    const mixed = claims(6, (n) => ({ lookAlikeKey: `g${n % 3}`, lookAlikeGapMs: 0 }));
    const planned = plan({ ...base, claims: mixed, lanes: [lane({ batchMaxClaims: 10 })] });
    expect(new Set(planned.map((p) => p.estimate)).size).toBe(2);
  });

  it('must be known', () => {
    expect(() => plan({ ...base, claims: [claim('a', { laneId: 'other' })] })).toThrow(RangeError);
  });
});

describe('jitter', () => {
  it('spreads HMAC bytes over [-1, 1]', () => {
    expect(jitterFrom(new Uint8Array(32))).toBe(-1);
    expect(jitterFrom(new Uint8Array(32).fill(255))).toBe(1);
    expect(Math.abs(jitterFrom(Uint8Array.of(128, 0, 0, 0, 0, 0)))).toBeLessThan(1e-9);
    const values = Array.from({ length: 400 }, (_, n) => jitter(`clm_${n}`));
    expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / values.length)).toBeLessThan(0.1);
    expect(() => jitterFrom(new Uint8Array(5))).toThrow(RangeError);
  });
});
