import { describe, expect, it } from 'vitest';
import { GUIDE, segmentRule } from '../../../../src/x12/837p/rules.ts';
import { daysOf, toCents } from '../../../../src/x12/837p/validate/rules/values.ts';
import type { TreeSegment } from '../../../../src/x12/837p/validate/tree.ts';

describe('an amount in cents', () => {
  it.each([
    ['60', 6000],
    ['60.5', 6050],
    ['60.00', 6000],
    ['60.', 6000],
    ['.5', 50],
    ['.05', 5],
    ['085', 8500],
    ['-12.34', -1234],
    ['999999999999.99', 99_999_999_999_999],
  ])('%s', (text, cents) => expect(toCents(text)).toBe(cents));

  it.each(['', '-', '.', '-.', '1.234', '1.2.3', '..1', '1,5', '+5', '5-', '1e3', ' 5', '5 ', '1234567890123', '٣'])(
    'none: %j',
    (text) => expect(toCents(text)).toBeNull(),
  );
});

describe('the days of a DTP', () => {
  const dtp = (text: string): TreeSegment => ({
    tag: 'DTP',
    elements: ['472', 'D8', text],
    flags: 0,
    rule: segmentRule(GUIDE, '2400', 'DTP'),
    inFile: 1,
    inSet: 1,
    delimiters: { element: '*', component: ':', repetition: '^', segment: '~' },
  });

  it.each([
    ['20261120', '20261120', '20261120'],
    ['20261120-20261121', '20261120', '20261121'],
    ['20261121-20261120', '20261121', '20261120'],
  ])('%s', (text, from, to) => expect(daysOf(dtp(text))).toEqual([from, to]));

  it.each(['', '2026112', '2026112A', '20261120 20261121', '20261120-2026112A', '2026112A-20261120', '202611200000'])(
    'none: %j',
    (text) => expect(daysOf(dtp(text))).toEqual(['', '']),
  );

  it('none where there is no DTP', () => expect(daysOf(null)).toEqual(['', '']));
});
