import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALL_SNIP_TYPES } from '../../../src/x12/837p/validate/options.ts';
import { writeInterchange } from '../../../src/x12/837p/writer.ts';
import { X12WriteError } from '../../../src/x12/write-error.ts';
import { judgeDamaged, soundFile } from '../../fuzz/damaged.ts';
import { damage, randomFrom } from '../../fuzz/mutations.ts';
import { faultOfOwn, read } from '../../fuzz/reading.ts';
import { interchange, numbered } from '../../golden/base.ts';
import { surfaceClaim } from './surface.ts';

const GOLDEN = fileURLToPath(new URL('../../golden/', import.meta.url));
const files = readdirSync(GOLDEN)
  .filter((name) => name.endsWith('.837'))
  .map((name) => soundFile(new Uint8Array(readFileSync(`${GOLDEN}${name}`)), ALL_SNIP_TYPES));

/** Far more cases: `npm run fuzz`. */
describe('the validator', () => {
  it('passes every claim that the writer writes (types 1 to 3) and reads it back as written', () => {
    let passed = 0;
    fc.assert(
      fc.property(surfaceClaim(), fc.integer({ min: 1, max: 3 }), fc.boolean(), (claim, many, segmentNewline) => {
        let bytes: Uint8Array;
        try {
          const claims = Array.from({ length: many }, (_, n) => (many === 1 ? claim : numbered(claim, n + 1)));
          bytes = writeInterchange(interchange(claims, { segmentNewline }));
        } catch (error) {
          expect(error).toBeInstanceOf(X12WriteError);
          return;
        }
        passed++;
        expect(faultOfOwn(bytes, many, [1, 2, 3])).toBeNull();
      }),
      { numRuns: 100 },
    );
    expect(passed).toBeGreaterThan(10);
  });

  it('finds any damage or reads the file as before, in pieces of any size, and never throws', () => {
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.nat(), fc.integer({ min: 1, max: 300 }), (file, seed, piece) => {
        const { bytes, steps } = damage(file.bytes, randomFrom(seed));
        expect([steps, judgeDamaged(file, bytes, piece, steps.length).wrong]).toEqual([steps, null]);
      }),
      { numRuns: 400 },
    );
  });

  it('is judged by somebody who can say no', () => {
    const text = readFileSync(`${GOLDEN}self-organization.837`, 'latin1');
    /** A validator that is asked for no type finds nothing. */
    const blind = soundFile(new TextEncoder().encode(text), []);
    const verdict = (from: RegExp, to: string) => {
      const damaged = text.replace(from, to);
      expect(damaged).not.toBe(text);
      return judgeDamaged(blind, new TextEncoder().encode(damaged), 7, 1).wrong;
    };
    expect(verdict(/N3\*[^~]*~\n/, '')).toBe('lost N3, got , and found nothing');
    expect(verdict(/HL\*2\*1/, 'HL*2*9')).toBe('HL02 changed and nothing found');
    expect(verdict(/CLM\*(\w+)\*(\d)/, 'CLM*$1*1$2')).toBe('CLM02 changed and nothing found');
    expect(verdict(/LX\*/g, 'LY*')).toMatch(/^lost LX/);
    expect(verdict(/N301|MAIN ST/, 'OAK LN')).toBeNull();
  });

  it('reads any bytes at all', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 600 }),
      fc.stringMatching(/^ISA[A-Z*~: \n|^]{0,300}$/).map((s) => new TextEncoder().encode(s)),
    );
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 50 }), (input, piece) => {
        const { wrong, found } = judgeDamaged(files[0] as (typeof files)[number], input, piece, 1);
        expect([wrong, found]).toEqual([null, true]);
      }),
      { numRuns: 300 },
    );
  });

  it('takes time in proportion to the file, whatever is wrong with it', () => {
    const text = new TextDecoder('latin1').decode(files[0]?.bytes);
    const set = text.slice(text.indexOf('ST*837'), text.indexOf('GE*'));
    const evil = [set, set.replaceAll('~', '').slice(0, 500), 'ISA*', 'NM1*ZZ~', '~', ':', 'REF*G1*1~', 'HL*1**99*1~', 'CLM*1~'];
    for (const unit of evil) {
      const cost = (bytes: number): number => {
        const input = new TextEncoder().encode(
          text.slice(0, text.lastIndexOf('SE*')) + unit.repeat(Math.ceil(bytes / unit.length)),
        );
        let best = Number.POSITIVE_INFINITY;
        for (let i = 0; i < 4; i++) {
          const start = process.cpuUsage().user;
          read(input, { snip: [1, 2] });
          best = Math.min(best, process.cpuUsage().user - start);
        }
        return best;
      };
      cost(10_000);
      const [small, large] = [cost(10_000), cost(80_000)];
      expect(large / Math.max(small, 2_000), `8 times as much of ${unit.slice(0, 12)}`).toBeLessThan(40);
    }
  });
});
