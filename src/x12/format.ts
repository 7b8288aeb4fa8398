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

/** `YYYY-MM-DD` → `CCYYMMDD`. Anything else comes back as it is or nearly so, for the rules to refuse. */
export function compactDate(date: string): string {
  return date.charAt(4) === '-' && date.charAt(7) === '-' ? date.slice(0, 4) + date.slice(5, 7) + date.slice(8) : date;
}

/** True for `CCYYMMDD` that names an existing day. */
export function isDate8(text: string): boolean {
  if (text.length !== 8 || !isDigits(text)) return false;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 4);
  const day = twoDigits(text, 6);
  return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/** True for `HHMM`, `HHMMSS`, `HHMMSSD`, `HHMMSSDD`. */
export function isTime(text: string): boolean {
  const { length } = text;
  if ((length !== 4 && (length < 6 || length > 8)) || !isDigits(text)) return false;
  return twoDigits(text, 0) < 24 && twoDigits(text, 2) < 60 && (length === 4 || twoDigits(text, 4) < 60);
}

/** True when every character is `0`–`9` (and for the empty string). */
export function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
