import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findingsOf, short } from './file.ts';

const folder = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const GOLDEN = folder('../../../golden/');
/** Files of other projects, which stay out of this repository (their SOURCES.md); a clean clone has none of them. */
const SHARED = folder('../../../../../shared/fixtures/837p/');

const filesIn = (path: string): readonly string[] =>
  existsSync(path) ? readdirSync(path).filter((f) => f.endsWith('.837')) : [];
const found = (path: string): readonly string[] => findingsOf(readFileSync(path)).map(short);

it.each(filesIn(GOLDEN))('our golden file %s has no fault of types 1 and 2', (name) => {
  expect(found(`${GOLDEN}${name}`)).toEqual([]);
});

describe.skipIf(!existsSync(SHARED))('files that nobody here wrote', () => {
  it.each(filesIn(`${SHARED}valid/`))('%s passes types 1 and 2', (name) => {
    expect(found(`${SHARED}valid/${name}`)).toEqual([]);
  });

  /** Each is refused for what its name says, beside the faults that all of them have (ISA11 `U`, a wrong SE01, HI without components). */
  const DEFECTS: Readonly<Record<string, readonly string[]>> = {
    'bad_first_line.837': ['1 element.too_short #1 ISA_LOOP ISA02 8/4'],
    'bad_segment_identifier.837': [
      '1 segment.unknown 4 1000A - 1/-',
      '1 segment.unknown 9 2010AA - 1/-',
      '1 segment.unknown 18 2000B - 1/-',
    ],
    'bad_valid_code.837': ['2 element.code 7 2010AA NM101 8/7'],
    'loop_errors1_exceeds_max_1_parent.837': ['2 loop.max_use 13 2010AA NM1 4/-'],
    'loop_errors2_exceeds_max_repeats_multiple_parents.837': ['2 loop.max_use 32 2010AA NM1 4/-'],
    'loop_errors3_missing_loops.837': ['2 loop.required 7 2010AA NM1 I7/-'],
    'missing_elements.837': ['2 element.required 5 1000B NM102 8/1', '2 element.required 29 2300 CLM05 8/1'],
    'missing_required_loop_in_one_repeat.837': ['2 loop.required 18 2010BA NM1 I7/-'],
    'missing_required_loops_mult_repeats.837': ['2 segment.required 31 2400 LX 3/-', '2 segment.required 57 2400 LX 3/-'],
    'no_isa_line.837': ['1 file.no_interchange #0 - ISA -/-'],
    'segments_out_of_order.837': ['2 segment.order 10 2010AA N4 7/-', '2 segment.order 15 2010AB N3 7/-'],
  };

  it('no defect file is left out', () => {
    expect([...filesIn(`${SHARED}defect/`)].sort()).toEqual(Object.keys(DEFECTS).sort());
  });

  it.each(Object.entries(DEFECTS))('%s is refused for its defect', (name, expected) => {
    expect(found(`${SHARED}defect/${name}`)).toEqual(expect.arrayContaining([...expected]));
  });
});
