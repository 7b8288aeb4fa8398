import { describe, expect, it } from 'vitest';
import { compactDate, formatAmount, formatQuantity, isDate8, isTime } from '../../../src/x12/format.ts';
import { formatTest, isNpi } from '../../../src/x12/rules/formats.ts';

describe('numbers', () => {
  it.each([
    [0, '0'],
    [1, '.01'],
    [10, '.1'],
    [99, '.99'],
    [100, '1'],
    [6000, '60'],
    [6050, '60.5'],
    [6005, '60.05'],
    [7550, '75.5'],
    [99_999_999, '999999.99'],
    [-99, '-.99'],
    [-6050, '-60.5'],
  ])('%i cents → %s', (cents, text) => expect(formatAmount(cents)).toBe(text));

  it.each([0.1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60])('%d is no amount', (cents) => {
    expect(() => formatAmount(cents)).toThrow(RangeError);
  });

  it.each([
    [1, '1'],
    [1.5, '1.5'],
    [0.25, '.25'],
    [2.0004, '2'],
    [0, '0'],
    [-0.0001, '0'],
    [1200, '1200'],
  ])('quantity %d → %s', (quantity, text) => expect(formatQuantity(quantity)).toBe(text));

  it('refuses a quantity that is not finite', () => {
    expect(() => formatQuantity(Number.NaN)).toThrow(RangeError);
  });
});

describe('dates and times', () => {
  it('compacts a calendar day and leaves the rest for the rules', () => {
    expect(compactDate('2026-11-20')).toBe('20261120');
    expect(compactDate('20261120')).toBe('20261120');
    expect(compactDate('soon')).toBe('soon');
  });
  it.each(['20240229', '20000229', '20261231', '00010101'])('%s is a day', (d) => expect(isDate8(d)).toBe(true));
  it.each(['20260229', '19000229', '20261301', '20261100', '20260431', '2026112', '2026112A', '00000101'])('%s is none', (d) =>
    expect(isDate8(d)).toBe(false),
  );
  it.each(['0000', '2359', '235959', '2359591', '23595912'])('%s is a time', (t) => expect(isTime(t)).toBe(true));
  it.each(['2400', '1260', '12', '12345', '235960', '12:30', '123456789'])('%s is none', (t) => expect(isTime(t)).toBe(false));
});

describe('shapes', () => {
  it('checks the NPI check digit', () => {
    expect(isNpi('1457382913')).toBe(true);
    expect(isNpi('1457382914')).toBe(false);
    expect(isNpi('1547382913')).toBe(false);
    expect(isNpi('3457382913')).toBe(false);
    expect(isNpi('145738291')).toBe(false);
    expect(isNpi('14573829l3')).toBe(false);
  });

  it.each([
    ['taxonomy', ['101YM0800X', '261QM0801X'], ['101YM0800', '101YM0800Y', '101ym0800X', '101YM08000X']],
    ['icd10', ['F411', 'F10', 'Z590', 'C4A10', 'S72001A'], ['F41.1', 'F4', '411F', 'F411XXXXX', 'FF11', 'f411']],
    ['procedure', ['90853', 'H0005'], ['9085', '908533', 'h0005', '90-53']],
    ['modifier', ['95', 'HQ'], ['9', 'HQ1', 'hq', '9 ']],
    ['place_of_service', ['11', '02'], ['1', '1A', '111']],
    ['zip', ['53703', '537031234'], ['5370', '53703-1234', '5370312345']],
    ['zip9', ['537031234'], ['53703']],
    ['phone', ['6085550142'], ['608555014', '608-555-0142']],
    ['nine_digits', ['391234567'], ['39-1234567', '39123456']],
    ['state', ['WI', 'DC', 'PR', 'ON'], ['XX', 'wi', 'W']],
    ['date_range', ['20261101-20261102', '20261101-20261101'], ['20261102-20261101', '20261101', '20261101-20261131']],
    ['charge', ['60', '.99', '99999999', '12345678.99'], ['-1', '60.555', '123456789']],
    ['counter', ['1', '20'], ['0', '01', 'A']],
    [
      'control_number',
      ['PREVIEW01', 'GK4TW7MQX2P01', 'ABCDE01'],
      ['1BCDEF01', 'ABCD01', 'ABCDEFG', 'ABCDEF-01', 'ABCDEFGHIJKLMNOP01'],
    ],
  ] as const)('%s', (format, good, bad) => {
    for (const value of good) expect(formatTest(format)(value), value).toBe(true);
    for (const value of bad) expect(formatTest(format)(value), value).toBe(false);
  });
});
