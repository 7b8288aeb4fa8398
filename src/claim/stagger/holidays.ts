import type { Temporal } from 'temporal-polyfill';

const MONDAY = 1;
const THURSDAY = 4;
const SATURDAY = 6;
const SUNDAY = 7;

const FIXED: readonly (readonly [month: number, day: number])[] = [
  [1, 1],
  [6, 19],
  [7, 4],
  [11, 11],
  [12, 25],
];

/** The n-th given weekday of the month: true for the day on which it falls. */
const isNth = (date: Temporal.PlainDate, weekday: number, n: number): boolean =>
  date.dayOfWeek === weekday && Math.ceil(date.day / 7) === n;

const isFixed = (date: Temporal.PlainDate): boolean => FIXED.some(([month, day]) => date.month === month && date.day === day);

/**
 * Legal public holidays of the United States (5 U.S.C. 6103): the day itself and, where it falls on a weekend, the
 * weekday on which it is observed (Saturday → Friday before, Sunday → Monday after).
 */
export function isUsFederalHoliday(date: Temporal.PlainDate): boolean {
  if (isFixed(date)) return true;
  if (date.dayOfWeek === SATURDAY - 1 && isFixed(date.add({ days: 1 }))) return true;
  if (date.dayOfWeek === MONDAY && isFixed(date.subtract({ days: 1 }))) return true;
  switch (date.month) {
    case 1:
    case 2:
      return isNth(date, MONDAY, 3);
    case 5:
      return date.dayOfWeek === MONDAY && date.day > 24;
    case 9:
      return isNth(date, MONDAY, 1);
    case 10:
      return isNth(date, MONDAY, 2);
    case 11:
      return isNth(date, THURSDAY, 4);
    default:
      return false;
  }
}

/** Monday to Friday and no federal holiday. */
export const isUsBusinessDay = (date: Temporal.PlainDate): boolean =>
  date.dayOfWeek !== SATURDAY && date.dayOfWeek !== SUNDAY && !isUsFederalHoliday(date);
