/**
 * X12 number and date forms (005010 appendix B). R: no plus, no commas, no leading zero before the point, no trailing
 * zero after it, no point for integers: `60`, `60.5`, `.99`, `0`.
 */

/** Integer cents → R. Throws RangeError for anything that is not a safe integer: amounts never come from floats. */
export function formatAmount(cents: number): string {
  if (!Number.isSafeInteger(cents)) throw new RangeError('an amount is an integer number of cents');
  if (cents % 100 === 0) return String(cents / 100);
  const absolute = Math.abs(cents);
  const whole = Math.trunc(absolute / 100);
  const part = String(absolute % 100).padStart(2, '0');
  return `${cents < 0 ? '-' : ''}${whole === 0 ? '' : whole}.${part.endsWith('0') ? part[0] : part}`;
}

/** Units and other quantities, rounded to three decimals → R. Throws RangeError for what is not finite. */
export function formatQuantity(quantity: number): string {
  if (!Number.isFinite(quantity)) throw new RangeError('a quantity is a finite number');
  if (Number.isSafeInteger(quantity)) return String(quantity);
  const text = quantity.toFixed(3).replace(/\.?0+$/, '');
  return text === '-0' ? '0' : text.replace(/^(-?)0\./, '$1.');
}

/** `YYYY-MM-DD` → `CCYYMMDD`. Anything else comes back without its hyphens, for the rules to refuse. */
export function compactDate(date: string): string {
  return date.replaceAll('-', '');
}

/** True for `CCYYMMDD` that names an existing day. */
export function isDate8(text: string): boolean {
  if (text.length !== 8 || !isDigits(text)) return false;
  const year = Number(text.slice(0, 4));
  const month = Number(text.slice(4, 6));
  const day = Number(text.slice(6, 8));
  return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/** True for `HHMM`, `HHMMSS`, `HHMMSSD`, `HHMMSSDD`. */
export function isTime(text: string): boolean {
  return /^([01]\d|2[0-3])[0-5]\d([0-5]\d\d{0,2})?$/.test(text);
}

/** True when every character is `0`–`9` (and for the empty string). */
export function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
