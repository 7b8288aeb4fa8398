import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DueClaim, type PickInput, pickDue } from '../../../src/claim/stagger/gate-order.ts';
import { DAY, due, HOUR, MINUTE, NOW } from '../../unit/stagger/build.ts';

const KEYS = ['a', 'b', 'c', 'd'];

const dueClaims = fc
  .array(
    fc.record({
      key: fc.option(fc.constantFrom(...KEYS), { nil: null, freq: 8 }),
      sibling: fc.option(fc.constantFrom('s1', 's2'), { nil: null, freq: 3 }),
      person: fc.option(fc.constantFrom('x', 'y'), { nil: null }),
      deadlineAt: fc.option(
        fc.integer({ min: -DAY, max: 3 * DAY }).map((ms) => NOW + ms),
        { nil: null },
      ),
      turn: fc.integer({ min: 0, max: 99 }),
    }),
    { maxLength: 30 },
  )
  .map((list) =>
    list.map((entry, n) =>
      due(`clm_${n}`, {
        order: `1${String(entry.turn).padStart(2, '0')}clm_${n}`,
        lookAlikeKey: entry.key,
        lookAlikeGapMs: entry.key === 'a' ? 0 : 15 * MINUTE,
        siblingKey: entry.sibling,
        personKey: entry.person,
        deadlineAt: entry.deadlineAt,
      }),
    ),
  );

const input: fc.Arbitrary<PickInput> = fc.record({
  due: dueClaims,
  nextAt: fc
    .array(
      fc.tuple(
        fc.constantFrom(...KEYS, 's1', 's2'),
        fc.integer({ min: -HOUR, max: 2 * DAY }).map((ms) => NOW + ms),
      ),
    )
    .map((rows) => new Map(rows)),
  now: fc.constant(NOW),
  laneGapMs: fc.constantFrom(0, 61_000),
  maxFiles: fc.integer({ min: 1, max: 32 }),
  maxClaimsPerFile: fc.integer({ min: 1, max: 10 }),
  catchUp: fc.boolean(),
});
const check = (property: fc.IProperty<[PickInput]>) => fc.assert(property, { numRuns: 400 });

describe('every round', () => {
  it('puts each due claim into one file, or defers it to a later time, or leaves it', () => {
    check(
      fc.property(input, (given) => {
        const { files, deferred, pulled } = pickDue(given);
        const named = [...files.flat(), ...deferred.map((d) => d.claimId)];
        expect(new Set(named).size).toBe(named.length);
        expect(files.length).toBeLessThanOrEqual(given.maxFiles);
        for (const file of files) {
          expect(file.length).toBeGreaterThan(0);
          expect(file.length).toBeLessThanOrEqual(given.maxClaimsPerFile);
        }
        for (const { until } of deferred) expect(until).toBeGreaterThan(NOW);
        for (const claimId of pulled) expect(files.flat()).toContain(claimId);
        if (named.length < given.due.length) expect(files).toHaveLength(given.maxFiles);
      }),
    );
  });

  it('never puts look-alikes or siblings into one file', () => {
    check(
      fc.property(input, (given) => {
        const byId = new Map(given.due.map((claim) => [claim.claimId, claim]));
        for (const file of pickDue(given).files) {
          const keys = file.flatMap((id) => [byId.get(id)?.lookAlikeKey, byId.get(id)?.siblingKey]).filter((key) => key != null);
          expect(new Set(keys).size).toBe(keys.length);
        }
      }),
    );
  });

  it('breaks a gap only for a deadline that the wait would pass, and says which', () => {
    check(
      fc.property(input, (given) => {
        const { files, pulled } = pickDue(given);
        const byId = new Map(given.due.map((claim) => [claim.claimId, claim]));
        const went = new Map<string, DueClaim[]>();
        for (const claimId of files.flat()) {
          const claim = byId.get(claimId)!;
          if (pulled.includes(claimId)) expect(claim.deadlineAt).not.toBeNull();
          const keys = [claim.lookAlikeGapMs > 0 ? claim.lookAlikeKey : null, claim.siblingKey].filter((key) => key !== null);
          for (const key of keys) went.set(key, [...(went.get(key) ?? []), claim]);
        }
        for (const [key, claims] of went) {
          const unpulled = claims.filter((claim) => !pulled.includes(claim.claimId));
          expect(unpulled.length).toBeLessThanOrEqual((given.nextAt.get(key) ?? 0) > NOW ? 0 : 1);
        }
        for (const claims of went.values()) {
          const persons = claims
            .filter((claim) => claim.siblingKey !== null && claim.personKey != null)
            .map((claim) => `${claim.siblingKey} ${claim.personKey}`);
          expect(new Set(persons).size).toBe(persons.length);
        }
      }),
    );
  });

  it('does not depend on the order of what it is given', () => {
    check(
      fc.property(input, (given) => {
        expect(pickDue({ ...given, due: given.due.toReversed() })).toEqual(pickDue(given));
      }),
    );
  });
});
