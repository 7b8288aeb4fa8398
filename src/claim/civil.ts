/**
 * Proleptic Gregorian day arithmetic in integers: what the gate does dozens of times per session and a general calendar
 * library does a hundred times slower. Days are counted from 1970-01-01. The algorithm is Howard Hinnant's
 * (`days_from_civil`, `civil_from_days`); a property test compares it with Temporal.
 */
export interface CivilDay {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

const DAYS_PER_ERA = 146_097;
const YEARS_PER_ERA = 400;
/** Days from 0000-03-01 to 1970-01-01. */
const EPOCH_OFFSET = 719_468;

export function dayNumber({ year, month, day }: CivilDay): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / YEARS_PER_ERA);
  const yearOfEra = y - era * YEARS_PER_ERA;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - EPOCH_OFFSET;
}

export function civilDay(number: number): CivilDay {
  const shifted = number + EPOCH_OFFSET;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const dayOfEra = shifted - era * DAYS_PER_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + era * YEARS_PER_ERA + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
}

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function daysInMonth(year: number, month: number): number {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return leap ? 29 : (LENGTHS[month - 1] ?? 0);
}

/** Number that the digits from `from` to `to` write; NaN when something else is among them. */
function numberIn(text: string, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    number = digit >= 0 && digit <= 9 ? number * 10 + digit : Number.NaN;
  }
  return number;
}

/** `YYYY-MM-DD` → day; null when it is not an existing one of that form. */
export function parseCivil(date: string): CivilDay | null {
  if (date.length !== 10 || date[4] !== '-' || date[7] !== '-') return null;
  const civil = { year: numberIn(date, 0, 4), month: numberIn(date, 5, 7), day: numberIn(date, 8, 10) };
  if (Number.isNaN(civil.year)) return null;
  return civil.day >= 1 && civil.day <= daysInMonth(civil.year, civil.month) ? civil : null;
}

const twoDigits = (n: number): string => (n < 10 ? `0${n}` : String(n));

/** `YYYY-MM-DD`; years before 0 and after 9999 with a sign and six digits (ISO 8601, expanded). */
export function formatCivil({ year, month, day }: CivilDay): string {
  const expanded = year < 0 || year > 9999;
  const digits = String(Math.abs(year)).padStart(expanded ? 6 : 4, '0');
  return `${expanded ? (year < 0 ? '-' : '+') : ''}${digits}-${twoDigits(month)}-${twoDigits(day)}`;
}

const INSTANT = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:[Zz]|([+-])(\d{2}):?(\d{2}))$/;

/** RFC 3339 instant → epoch milliseconds, fractions cut; null for any other form (a leap second among them). */
export function parseInstant(text: string): number | null {
  const match = INSTANT.exec(text);
  if (match === null) return null;
  const [, date = '', hour, minute, second = '0', fraction = '', sign, offsetHour = '0', offsetMinute = '0'] = match;
  const civil = parseCivil(date);
  const [h, m, s, oh, om] = [hour, minute, second, offsetHour, offsetMinute].map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  if (civil === null || h > 23 || m > 59 || s > 59 || oh > 23 || om > 59) return null;
  const offset = (oh * 60 + om) * (sign === '-' ? -1 : 1);
  return ((dayNumber(civil) * 24 + h) * 60 + m - offset) * 60_000 + s * 1000 + Number(fraction.padEnd(3, '0').slice(0, 3));
}
