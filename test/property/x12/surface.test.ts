import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProfessionalClaim } from '../../../src/x12/837p/model.ts';
import { ALL_SNIP_TYPES } from '../../../src/x12/837p/validate/options.ts';
import { createValidator } from '../../../src/x12/837p/validate/validator.ts';
import { writeInterchange } from '../../../src/x12/837p/writer.ts';
import { X12WriteError } from '../../../src/x12/write-error.ts';
import { interchange, numbered } from '../../golden/base.ts';
import { CASES } from '../../golden/cases.ts';
import { canonicalClaim, difference } from './canonical-claim.ts';
import { countSegments, type Loop, readSets } from './loops.ts';
import { readClaim } from './read-claim.ts';
import { surfaceClaim } from './surface.ts';

/** Every value of the claim, in its place, and no other. */
const expectClaim = (set: Loop, meant: ProfessionalClaim) =>
  expect(difference(readClaim(set), canonicalClaim(meant, interchange([]).submitter.contact))).toBeNull();

/** What our own validator refuses, all types and house style: nothing that the writer lets out. */
function errorsOf(bytes: Uint8Array): readonly string[] {
  const errors: string[] = [];
  const validator = createValidator(
    { snip: ALL_SNIP_TYPES, today: '2026-12-29', codeSets: null, receiver: null, own: true },
    {
      finding: ({ severity, rule, place }) =>
        void (severity === 'error' && errors.push(`${place.loop} ${place.element} ${rule}`)),
    },
  );
  validator.push(bytes);
  validator.end();
  return errors;
}

/** The sets of the file, or the rule by which it was refused. */
function written(claims: readonly ProfessionalClaim[]): { readonly sets: readonly Loop[] } | { readonly refused: string } {
  let bytes: Uint8Array;
  try {
    bytes = writeInterchange(interchange(claims, { date: '2026-12-29' }));
  } catch (error) {
    if (error instanceof X12WriteError) return { refused: error.message };
    throw error;
  }
  expect(errorsOf(bytes)).toEqual([]);
  const sets = readSets(new TextDecoder().decode(bytes));
  for (const set of sets) expect(set.segments.at(-1)).toEqual(['SE', String(countSegments(set)), expect.any(String)]);
  return { sets };
}

/** Every refusal that the generator may provoke; anything else is a defect of the writer. */
const EXPECTED_REFUSALS =
  /: (date\.order|E13|E17|E20|E24|E26|E34|E37|guide|required|missing|repeat|too_many|not_used|code|format:\w+)$/;

describe('any claim of the whole surface', () => {
  it('the golden cases re-read to the claims they were written from', () => {
    for (const [file, input] of Object.entries(CASES)) {
      const sets = readSets(new TextDecoder().decode(writeInterchange(input)));
      const { contact } = input.submitter;
      expect(sets).toHaveLength(input.transactionSets.length);
      input.transactionSets.forEach(({ claim }, i) => {
        expect([file, difference(readClaim(sets[i] as Loop), canonicalClaim(claim, contact))]).toEqual([file, null]);
      });
    }
  });

  it('is refused by a rule, or re-reads to the same values with right counts', () => {
    let done = 0;
    let refused = 0;
    fc.assert(
      fc.property(surfaceClaim(), (claim) => {
        const result = written([claim]);
        if ('refused' in result) {
          refused += 1;
          expect(result.refused).toMatch(EXPECTED_REFUSALS);
          return;
        }
        done += 1;
        expect(result.sets).toHaveLength(1);
        expectClaim(result.sets[0] as Loop, claim);
      }),
      { numRuns: 400 },
    );

    expect(done).toBeGreaterThan(40);
    expect(refused).toBeGreaterThan(40);
  });

  it('with other payers only: nearly always written', () => {
    let done = 0;
    fc.assert(
      fc.property(surfaceClaim('coordinated'), (claim) => {
        const result = written([claim]);
        if ('refused' in result) {
          expect(result.refused).toMatch(/: (E34|E37|too_many|required|missing)$/);
          return;
        }
        done += 1;
        expectClaim(result.sets[0] as Loop, claim);
      }),
      { numRuns: 300 },
    );
    expect(done).toBeGreaterThan(100);
  });

  it('in batches: one set each, in order, every count its own', () => {
    fc.assert(
      fc.property(fc.array(surfaceClaim('coordinated'), { minLength: 2, maxLength: 6 }), (claims) => {
        const batch = claims.map(numbered);
        const result = written(batch);
        fc.pre('sets' in result);
        expect(result.sets).toHaveLength(batch.length);
        result.sets.forEach((set, i) => {
          expectClaim(set, batch[i] as ProfessionalClaim);
        });
      }),
      { numRuns: 25 },
    );
  });
});
