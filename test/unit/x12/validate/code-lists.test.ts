import { expect, test } from 'vitest';
import { after, fileOf, findingsIn, SECONDARY_CLAIM, SECONDARY_WHOLE, SELF_CLAIM, swap } from './good-files.ts';

const told = (body: readonly string[]) =>
  findingsIn(fileOf(body)).map(({ severity, rule, place, message }) => `${severity} ${rule} ${place.element}: ${message}`);

const UNLISTED = 'is not in the list at hand, which may lack codes of that day (rollcall tables load brings a newer one).';

test.each<[string, readonly string[], readonly string[]]>([
  [
    'a reason code that no list has',
    swap(SECONDARY_CLAIM, 'CAS*CO', '*45*', '*399*'),
    [`warning E39 CAS02: The adjustment reason ${UNLISTED}`],
  ],
  [
    'a reason code that was withdrawn',
    swap(SECONDARY_CLAIM, 'CAS*CO', '*45*', '*42*'),
    ['error E39 CAS02: The adjustment reason is not in effect on that day.'],
  ],
  [
    'a remark code that no list has',
    after(SECONDARY_CLAIM, 'OI', 'MOA***N4000'),
    [`warning remark MOA03: The remark code ${UNLISTED}`],
  ],
  [
    'a remark code that was withdrawn',
    after(SECONDARY_CLAIM, 'OI', 'MOA***N29'),
    ['error remark MOA03: The remark code is not in effect on that day.'],
  ],
  [
    'a taxonomy code that no list has',
    swap(SELF_CLAIM, 'PRV*PE', '101YM0800X', '101YM0801X'),
    [`warning E7 PRV03: The taxonomy code ${UNLISTED}`],
  ],
])('%s', (_, body, expected) => {
  expect(told(body)).toEqual(expected);
});

test('a payer’s codes are those of the day on which it decided', () => {
  const served = (body: readonly string[], decided: string) =>
    swap(swap(body, 'DTP*472', '20261120', '20070520'), 'DTP*573', '20261122', decided);
  const ofThen = (body: readonly string[], decided: string) =>
    told(swap(served(body, decided), 'CAS*CO', '*45*', '*42*')).filter((t) => t.includes('E39'));
  const gone = ['error E39 CAS02: The adjustment reason is not in effect on that day.'];
  for (const body of [SECONDARY_CLAIM, SECONDARY_WHOLE]) {
    expect(ofThen(body, '20070531')).toEqual([]);
    expect(ofThen(body, '20070601')).toEqual(gone);
  }
});
