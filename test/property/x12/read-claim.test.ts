import { expect, it } from 'vitest';
import { writeInterchange } from '../../../src/x12/837p/writer.ts';
import { CASES } from '../../golden/cases.ts';
import { readSets } from './loops.ts';
import { readClaim } from './read-claim.ts';

/** Qualifiers with one value, and what follows from the structure: everything else of a claim is read. */
const NOT_READ = new Set(
  'HL01 HL02 HL04 PRV01 PRV02 NM102 NM108 PER01 PAT05 PAT07 DMG01 DTP02 CLM05-2 PWK05 CRC01 REF04-1 LX01 SV101-1 SVD03-1'.split(
    ' ',
  ),
);

const read = (segments: readonly string[]): string => {
  try {
    return JSON.stringify(readSets(segments.join('~')).map(readClaim));
  } catch (error) {
    return String(error);
  }
};
const other = (value: string): string =>
  /^\d+$/.test(value) ? value.replace(/^./, (d) => String((Number(d) + 1) % 10)) : `Q${value}`;

it('a claim read back differs when any value of it does: the oracle of the round trips overlooks nothing', () => {
  const overlooked = new Set<string>();
  for (const name of ['every-loop', 'coordination-tertiary', 'dependent-child', 'replacement-accident']) {
    const segments = new TextDecoder().decode(writeInterchange(CASES[name] as (typeof CASES)[string])).split('~\n');
    const meant = read(segments);
    const from = segments.findIndex((s) => s.startsWith('HL*1*'));
    const to = segments.findIndex((s) => s.startsWith('SE*'));
    for (let i = from; i < to; i++) {
      const elements = (segments[i] ?? '').split('*');
      elements.forEach((element, k) => {
        const components = k === 0 ? [] : element.split(':');
        components.forEach((component, n) => {
          if (component === '') return;
          const changed = elements.with(k, components.with(n, other(component)).join(':')).join('*');
          const place = `${elements[0]}${String(k).padStart(2, '0')}${components.length > 1 ? `-${n + 1}` : ''}`;
          if (read(segments.with(i, changed)) === meant) overlooked.add(place);
        });
      });
    }
  }
  expect([...overlooked].filter((place) => !NOT_READ.has(place))).toEqual([]);
});
