import { isDigits } from '../../../format.ts';
import { element, type TreeSegment } from '../tree.ts';

/** First and last day of a DTP, `CCYYMMDD`; both '' where there is none or it cannot be read. */
export function daysOf(dtp: TreeSegment | null): readonly [string, string] {
  const text = element(dtp, 3);
  if (text.length === 8 && isDigits(text)) return [text, text];
  if (text.length !== 17 || text[8] !== '-') return ['', ''];
  const from = text.slice(0, 8);
  const to = text.slice(9);
  return isDigits(from) && isDigits(to) ? [from, to] : ['', ''];
}

/** `CCYYMMDD` → `YYYY-MM-DD`, the form of code lists. */
export const isoDay = (day: string): string => `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;

/**
 * An R amount of at most twelve digits and two decimals in integer cents, whatever its zeros (`60`, `60.00`, `085`, `.5`);
 * null for anything else, which nothing can be balanced with.
 */
export function toCents(text: string): number | null {
  const negative = text.charCodeAt(0) === 45;
  let amount = 0;
  let whole = 0;
  let decimals = -1;
  for (let i = negative ? 1 : 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46 && decimals === -1) {
      decimals = 0;
      continue;
    }
    if (code < 48 || code > 57) return null;
    if (decimals === -1) whole++;
    else decimals++;
    amount = amount * 10 + code - 48;
  }
  if (whole > 12 || decimals > 2 || whole + Math.max(decimals, 0) === 0) return null;
  const cents = decimals < 1 ? amount * 100 : decimals === 1 ? amount * 10 : amount;
  return negative ? -cents : cents;
}
