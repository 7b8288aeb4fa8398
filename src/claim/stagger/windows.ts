import { Temporal } from 'temporal-polyfill';
import { isUsFederalHoliday } from './holidays.ts';
import { DAY_MS, HOUR_MS } from './slots.ts';
import type { LanePolicy } from './types.ts';

/** The parts of a lane policy that say when sending is allowed. */
export type WindowPolicy = Pick<LanePolicy, 'windows' | 'timezone' | 'holidays'>;

/** When a lane may send. All instants are epoch milliseconds; windows are half open, `[from, to)`. */
export interface SendCalendar {
  /** Earliest instant ≥ `at` inside a window. */
  next(at: number): number;
  /** Latest instant ≤ `at` inside a window. */
  previous(at: number): number;
}

interface Interval {
  readonly start: number;
  readonly end: number;
}

const DAY_NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const MINUTES_PER_DAY = 1440;
/** Longest look ahead. One weekly window that meets a holiday on ten Mondays running does not exist. */
const HORIZON_DAYS = 70;
/** Days kept per calendar: a year of planning ahead is about 20 kB. */
const CACHED_DAYS = 400;

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

/**
 * Wall-clock minutes of a day as an instant. In the spring gap the clock is moved forward by the gap, in the autumn
 * repeat the first pass counts ("compatible"): a window then opens at most an hour off, and is never lost.
 */
const instantOf = (date: Temporal.PlainDate, minutes: number, timezone: string): number =>
  date.toPlainDateTime().add({ minutes }).toZonedDateTime(timezone, { disambiguation: 'compatible' }).epochMilliseconds;

/** Pieces of the windows that lie on this calendar day, in minutes; a window with `to` ≤ `from` runs into the next day. */
function piecesOf(policy: WindowPolicy, date: Temporal.PlainDate): (readonly [from: number, to: number])[] {
  if (policy.windows.length === 0) return [[0, MINUTES_PER_DAY]];
  const today = DAY_NAMES[date.dayOfWeek - 1] ?? '';
  const yesterday = DAY_NAMES[(date.dayOfWeek + 5) % 7] ?? '';
  const pieces: (readonly [number, number])[] = [];
  for (const window of policy.windows) {
    const from = minutesOf(window.from);
    const to = minutesOf(window.to);
    const overnight = to <= from;
    if (window.days.includes(today)) pieces.push([from, overnight ? MINUTES_PER_DAY : to]);
    if (overnight && to > 0 && window.days.includes(yesterday)) pieces.push([0, to]);
  }
  return pieces;
}

function intervalsOf(policy: WindowPolicy, date: Temporal.PlainDate): readonly Interval[] {
  if (policy.holidays === 'us_federal' && isUsFederalHoliday(date)) return [];
  return piecesOf(policy, date)
    .map(([from, to]) => ({ start: instantOf(date, from, policy.timezone), end: instantOf(date, to, policy.timezone) }))
    .filter((interval) => interval.end > interval.start)
    .sort((a, b) => a.start - b.start);
}

const ALWAYS: SendCalendar = { next: (at) => at, previous: (at) => at };

/**
 * Calendar of a lane. No window means the whole day; holidays close a day from midnight to midnight in the receiver's
 * zone. Throws RangeError when the windows never open (an empty `days` list) or the zone is unknown.
 */
export function createSendCalendar(policy: WindowPolicy): SendCalendar {
  if (policy.windows.length === 0 && policy.holidays === null) return ALWAYS;
  const days = new Map<string, readonly Interval[]>();
  let recent: Interval = { start: 0, end: 0 };

  const intervals = (date: Temporal.PlainDate): readonly Interval[] => {
    const key = date.toString();
    const known = days.get(key);
    if (known !== undefined) return known;
    if (days.size >= CACHED_DAYS) days.clear();
    const computed = intervalsOf(policy, date);
    days.set(key, computed);
    return computed;
  };
  const dateAt = (at: number): Temporal.PlainDate =>
    Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(policy.timezone).toPlainDate();
  const search = (at: number, direction: 1 | -1, pick: (interval: Interval) => number | null): number => {
    if (at >= recent.start && at < recent.end) return at;
    let date = dateAt(at);
    for (let step = 0; step <= HORIZON_DAYS; step += 1) {
      const list = intervals(date);
      for (const interval of direction === 1 ? list : list.toReversed()) {
        const found = pick(interval);
        if (found !== null) {
          recent = interval;
          return found;
        }
      }
      date = date.add({ days: direction });
    }
    throw new RangeError(`send windows do not open within ${HORIZON_DAYS} days`);
  };
  return {
    next: (at) => search(at, 1, ({ start, end }) => (at < end ? Math.max(at, start) : null)),
    previous: (at) => search(at, -1, ({ start, end }) => (at >= start ? Math.min(at, end - 1) : null)),
  };
}

const calendars = new WeakMap<WindowPolicy, SendCalendar>();

/** Earliest instant ≥ `at` inside one of the lane's send windows. The calendar is kept with the policy object. */
export function nextWindow(policy: WindowPolicy, at: number): number {
  let calendar = calendars.get(policy);
  if (calendar === undefined) {
    calendar = createSendCalendar(policy);
    calendars.set(policy, calendar);
  }
  return calendar.next(at);
}

type CapPolicy = Pick<LanePolicy, 'maxPerHour' | 'maxPerDay'>;

/**
 * Earliest instant ≥ `at` at which one more drop keeps the lane's caps. `drops`: the lane's drops of the last 24 h,
 * ascending. The periods roll, so a full hour is never followed by a full hour at once.
 */
export function capUntil(policy: CapPolicy, drops: readonly number[], at: number): number {
  const opens = (cap: number | null, periodMs: number): number => {
    const nthLatest = cap === null ? undefined : drops[drops.length - cap];
    return nthLatest === undefined ? at : nthLatest + periodMs;
  };
  return Math.max(at, opens(policy.maxPerHour, HOUR_MS), opens(policy.maxPerDay, DAY_MS));
}

/** How many drops the caps allow at `at`: the bound of a batch in a lane whose gap is 0. Infinity without caps. */
export function capRoom(policy: CapPolicy, drops: readonly number[], at: number): number {
  const room = (cap: number | null, periodMs: number): number =>
    cap === null ? Number.POSITIVE_INFINITY : cap - drops.filter((drop) => drop > at - periodMs).length;
  return Math.max(0, Math.min(room(policy.maxPerHour, HOUR_MS), room(policy.maxPerDay, DAY_MS)));
}
