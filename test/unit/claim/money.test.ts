import { describe, expect, it } from 'vitest';
import { formatCents, parseCents, sumCents } from '../../../src/claim/money.ts';

describe('money', () => {
  it.each([
    ['60.00', 6000],
    ['60', 6000],
    ['60.5', 6050],
    ['0.07', 7],
    ['99999999.99', 9_999_999_999],
  ])('reads %s exactly', (text, cents) => expect(parseCents(text)).toBe(cents));

  it.each(['', '-1', '1.234', '.5', '1,000', '1e3', ' 1', '123456789'])('refuses %j', (text) => {
    expect(parseCents(text)).toBeNull();
  });

  it('writes two places and the sign', () => {
    expect([0, 7, 60, 6050, -125].map(formatCents)).toEqual(['0.00', '0.07', '0.60', '60.50', '-1.25']);
    expect(() => formatCents(0.5)).toThrow(RangeError);
  });

  it('adds cents', () => expect(sumCents([6000, 1500, -1])).toBe(7499));
});
