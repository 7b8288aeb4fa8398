import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { parseCivil, parseInstant } from '../../../src/claim/civil.ts';
import { addDays, addMonths, dayOf, daysBetween, epochMs, localDate, offsetAgrees } from '../../../src/claim/dates.ts';

/** Days of the years 1000 to 2999, the turns of month, year and century as likely as any. */
const day = fc
  .record({
    year: fc.integer({ min: 1000, max: 2999 }),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 31 }),
  })
  .map((d) => Temporal.PlainDate.from(d, { overflow: 'constrain' }));

test('days and months are added as the calendar does it', () => {
  fc.assert(
    fc.property(day, fc.integer({ min: -40_000, max: 40_000 }), (date, n) => {
      expect(addDays(date.toString(), n)).toBe(date.add({ days: n }).toString());
      const months = Math.trunc(n / 40);
      expect(addMonths(date.toString(), months)).toBe(date.add({ months }, { overflow: 'constrain' }).toString());
    }),
  );
});

test('days between two days are those of the calendar', () => {
  fc.assert(
    fc.property(day, day, (a, b) => {
      expect(daysBetween(a.toString(), b.toString())).toBe(a.until(b, { largestUnit: 'days' }).days);
    }),
  );
});

test('an instant is the same moment however it is written', () => {
  const ms = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2199, 11, 31) });
  fc.assert(
    fc.property(ms, fc.integer({ min: -14 * 60, max: 14 * 60 }), (at, offset) => {
      const sign = offset < 0 ? '-' : '+';
      const zone = `${sign}${String(Math.floor(Math.abs(offset) / 60)).padStart(2, '0')}:${String(Math.abs(offset) % 60).padStart(2, '0')}`;
      const instant = Temporal.Instant.fromEpochMilliseconds(at);
      for (const text of [instant.toString({ timeZone: zone }), instant.toString()]) {
        expect(parseInstant(text)).toBe(at);
        expect(epochMs(text)).toBe(at);
      }
    }),
  );
});

test('what is no day and no instant is refused', () => {
  for (const date of ['2026-02-30', '2026-13-01', '2026-00-10', '2026-1-1', '20260101', ''])
    expect(() => addDays(date, 1)).toThrow(RangeError);
  for (const text of ['2026-02-30T10:00:00Z', '2026-11-20T24:00:00Z', '2026-11-20 10:00', '2026-11-20T10:00:00'])
    expect(() => epochMs(text)).toThrow(RangeError);
  expect(epochMs('2016-12-31T23:59:60Z')).toBe(Date.UTC(2016, 11, 31, 23, 59, 59));
});

test('local day and offset are those of the calendar library, before and after every change of a clock', () => {
  const zones = fc.constantFrom(
    ...['UTC', 'America/Chicago', 'America/St_Johns', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia', 'Africa/Monrovia'],
  );
  const ms = fc.integer({ min: Date.UTC(1965, 0, 1), max: Date.UTC(2199, 11, 31) });
  fc.assert(
    fc.property(ms, zones, (at, timeZone) => {
      const moment = Temporal.Instant.fromEpochMilliseconds(at);
      const local = moment.toZonedDateTimeISO(timeZone);
      const day = local.toPlainDate().toString();
      expect(dayOf(at, timeZone)).toBe(day);
      expect(localDate(moment.toString(), timeZone)).toBe(day);
      expect(localDate(`${moment.toString({ fractionalSecondDigits: 3 }).slice(0, -1)}999999Z`, timeZone)).toBe(day);
      const written = moment.toString({ timeZone });
      // An instant is written with whole minutes; Monrovia was 44 minutes and 30 seconds behind until 1972.
      expect(offsetAgrees(written, timeZone)).toBe(local.offsetNanoseconds % 60e9 === 0);
    }),
  );
});

test('the years at either end of the calendar are written as ISO 8601 has them', () => {
  for (const [instant, zone] of [
    ['0000-01-01T00:30:00Z', 'America/Chicago'],
    ['0000-01-01T00:30:00Z', 'UTC'],
    ['0999-06-01T00:00:00Z', 'UTC'],
    ['9999-12-31T23:30:00Z', 'Asia/Kathmandu'],
  ] as const) {
    const expected = Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDate().toString();
    expect(localDate(instant, zone)).toBe(expected);
  }
});

test('a day is digits and hyphens and exists', () => {
  expect(parseCivil('2024-02-29')).toEqual({ year: 2024, month: 2, day: 29 });
  for (const text of [
    '2026-02-29',
    '2026-11-31',
    '2026-00-01',
    '2026-1a-01',
    '20a6-02-01',
    '2026-01-1 ',
    '2026-01-011',
    '2026/01/01',
  ])
    expect(parseCivil(text), text).toBeNull();
  expect(parseCivil('\u0662026-01-01')).toBeNull();
});
