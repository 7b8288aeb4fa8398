import { Temporal } from 'temporal-polyfill';
import { type CivilDay, civilDay, dayNumber, daysInMonth, formatCivil, parseCivil, parseInstant } from './civil.ts';

/** Calendar days are `YYYY-MM-DD` strings throughout: a date of service must not shift with a zone. */
export type IsoDate = string;

/** Zones that were found to exist: looking one up costs more than an edit. There are some hundreds. */
const knownZones = new Set<string>();

/** Names of the IANA database begin with a letter: an offset, or an instant with a zone in it, is none of them. */
const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/;

/** True for a name of the IANA database. An offset is no zone: it agrees with itself in winter and summer. */
export function isValidZone(timezone: string): boolean {
  if (knownZones.has(timezone)) return true;
  if (!ZONE_NAME.test(timezone)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timezone);
    // Bounded: every spelling of a name is a zone of its own.
    if (knownZones.size < 1000) knownZones.add(timezone);
    return true;
  } catch {
    return false;
  }
}

const DAY_MS = 86_400_000;

const inZone = (epochMilliseconds: number, timezone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(epochMilliseconds).toZonedDateTimeISO(timezone);

/** RFC 3339 instant → epoch milliseconds. Throws RangeError when it is not one. */
export function epochMs(instant: string): number {
  return parseInstant(instant) ?? Temporal.Instant.from(instant).epochMilliseconds;
}

/** Local calendar day of an instant in a zone: the date of service is that of `startedAt` where the service took place. */
export function localDate(instant: string, timezone: string): IsoDate {
  return dayOf(epochMs(instant), timezone);
}

/** Calendar day of a moment (epoch ms) in a zone. */
export function dayOf(epochMilliseconds: number, timezone: string): IsoDate {
  const local = epochMilliseconds + inZone(epochMilliseconds, timezone).offsetNanoseconds / 1e6;
  return formatCivil(civilDay(Math.floor(local / DAY_MS)));
}

/** True when the offset written in the instant is the one the zone has at that moment (`Z` counts as +00:00). */
export function offsetAgrees(instant: string, timezone: string): boolean {
  const written = /(Z|[+-]\d{2}:?\d{2})$/i.exec(instant)?.[1];
  if (written === undefined) return false;
  const offset = /z/i.test(written) ? '+00:00' : written.includes(':') ? written : `${written.slice(0, 3)}:${written.slice(3)}`;
  const actual = inZone(epochMs(instant), timezone).offset;
  return actual === (offset === '-00:00' ? '+00:00' : offset);
}

const civilOf = (date: IsoDate): CivilDay => {
  const civil = parseCivil(date);
  if (civil === null) throw new RangeError('not a calendar day of the form YYYY-MM-DD');
  return civil;
};

export function addDays(date: IsoDate, days: number): IsoDate {
  return formatCivil(civilDay(dayNumber(civilOf(date)) + days));
}

/** Month arithmetic keeps to the calendar: 31 August + 6 months = 28 (29) February. */
export function addMonths(date: IsoDate, months: number): IsoDate {
  const { year, month, day } = civilOf(date);
  const count = year * 12 + (month - 1) + months;
  const to = { year: Math.floor(count / 12), month: (((count % 12) + 12) % 12) + 1 };
  return formatCivil({ ...to, day: Math.min(day, daysInMonth(to.year, to.month)) });
}

/** Days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: IsoDate, to: IsoDate): number {
  return dayNumber(civilOf(to)) - dayNumber(civilOf(from));
}

const nthWeekday = (year: number, month: number, weekday: number, nth: number): Temporal.PlainDate => {
  const first = Temporal.PlainDate.from({ year, month, day: 1 });
  return first.add({ days: ((weekday - first.dayOfWeek + 7) % 7) + 7 * (nth - 1) });
};

const lastWeekday = (year: number, month: number, weekday: number): Temporal.PlainDate => {
  const last = Temporal.PlainDate.from({ year, month, day: 1 }).add({ months: 1 }).subtract({ days: 1 });
  return last.subtract({ days: (last.dayOfWeek - weekday + 7) % 7 });
};

/** Saturday is observed on Friday, Sunday on Monday (5 U.S.C. 6103(b), E.O. 11582). */
const observed = (date: Temporal.PlainDate): Temporal.PlainDate =>
  date.dayOfWeek === 6 ? date.subtract({ days: 1 }) : date.dayOfWeek === 7 ? date.add({ days: 1 }) : date;

const holidaysByYear = new Map<number, ReadonlySet<IsoDate>>();

/** The eleven federal holidays (5 U.S.C. 6103(a)) as observed, for the calendar year they belong to. */
export function usFederalHolidays(year: number): ReadonlySet<IsoDate> {
  const known = holidaysByYear.get(year);
  if (known) return known;
  const fixed = (month: number, day: number) => observed(Temporal.PlainDate.from({ year, month, day }));
  const holidays = new Set(
    [
      fixed(1, 1),
      nthWeekday(year, 1, 1, 3),
      nthWeekday(year, 2, 1, 3),
      lastWeekday(year, 5, 1),
      fixed(6, 19),
      fixed(7, 4),
      nthWeekday(year, 9, 1, 1),
      nthWeekday(year, 10, 1, 2),
      fixed(11, 11),
      nthWeekday(year, 11, 4, 4),
      fixed(12, 25),
    ].map((d) => d.toString()),
  );
  holidaysByYear.set(year, holidays);
  return holidays;
}

/** A holiday of next year may be observed on this year's 31 December. */
export function isUsFederalHoliday(date: IsoDate): boolean {
  const year = Number(date.slice(0, 4));
  return usFederalHolidays(year).has(date) || usFederalHolidays(year + 1).has(date);
}

export function isBusinessDay(date: IsoDate): boolean {
  return Temporal.PlainDate.from(date).dayOfWeek < 6 && !isUsFederalHoliday(date);
}

/** The date itself, or the next day that is neither weekend nor federal holiday. */
export function rollToBusinessDay(date: IsoDate): IsoDate {
  let day = date;
  while (!isBusinessDay(day)) day = addDays(day, 1);
  return day;
}

export interface FilingLimit {
  readonly limit: { readonly days: number } | { readonly months: number } | null;
  readonly roll: 'none' | 'next_business_day';
}

/** Last day of timely filing counted from `from`, or null where the payer has no limit (`02` §2.1). */
export function lastFilingDay(from: IsoDate, rule: FilingLimit): IsoDate | null {
  if (rule.limit === null) return null;
  const last = 'days' in rule.limit ? addDays(from, rule.limit.days) : addMonths(from, rule.limit.months);
  return rule.roll === 'next_business_day' ? rollToBusinessDay(last) : last;
}
