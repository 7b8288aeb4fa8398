import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { isUsBusinessDay, isUsFederalHoliday } from '../../../src/claim/stagger/holidays.ts';
import { capRoom, capUntil, createSendCalendar, nextWindow } from '../../../src/claim/stagger/windows.ts';
import { HOUR, lane, MINUTE, NOW } from './build.ts';

const at = (text: string): number => Temporal.Instant.from(text).epochMilliseconds;
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri'];
const office = lane({ windows: [{ days: WEEKDAYS, from: '08:00', to: '18:00' }], holidays: 'us_federal' });

describe('send windows', () => {
  it('are always open without windows and holidays', () => {
    expect(nextWindow(lane(), NOW)).toBe(NOW);
    expect(createSendCalendar(lane()).previous(NOW)).toBe(NOW);
  });

  it.each([
    ['inside a window', '2026-11-18T15:00:00-05:00', '2026-11-18T15:00:00-05:00'],
    ['at the opening', '2026-11-18T08:00:00-05:00', '2026-11-18T08:00:00-05:00'],
    ['before the opening', '2026-11-18T07:59:59.999-05:00', '2026-11-18T08:00:00-05:00'],
    ['at the closing, which is outside', '2026-11-18T18:00:00-05:00', '2026-11-19T08:00:00-05:00'],
    ['Friday evening to Monday', '2026-11-20T18:30:00-05:00', '2026-11-23T08:00:00-05:00'],
    ['the eve of Thanksgiving to Friday', '2026-11-25T18:00:00-05:00', '2026-11-27T08:00:00-05:00'],
    ['over the end of daylight saving', '2026-10-30T18:00:00-04:00', '2026-11-02T08:00:00-05:00'],
    ['over the start of daylight saving', '2027-03-12T18:00:00-05:00', '2027-03-15T08:00:00-04:00'],
  ])('roll forward: %s', (_, from, to) => {
    expect(nextWindow(office, at(from))).toBe(at(to));
  });

  it('roll back to the last instant of a window', () => {
    const calendar = createSendCalendar(office);
    expect(calendar.previous(at('2026-11-18T15:00:00-05:00'))).toBe(at('2026-11-18T15:00:00-05:00'));
    expect(calendar.previous(at('2026-11-23T07:00:00-05:00'))).toBe(at('2026-11-20T18:00:00-05:00') - 1);
    expect(calendar.previous(at('2026-11-26T12:00:00-05:00'))).toBe(at('2026-11-25T18:00:00-05:00') - 1);
  });

  it('run over midnight where the end is before the start, and end at 24:00', () => {
    const night = lane({ windows: [{ days: ['fri'], from: '22:00', to: '02:00' }] });
    expect(nextWindow(night, at('2026-11-21T01:59:00-05:00'))).toBe(at('2026-11-21T01:59:00-05:00'));
    expect(nextWindow(night, at('2026-11-21T02:00:00-05:00'))).toBe(at('2026-11-27T22:00:00-05:00'));
    const late = lane({ windows: [{ days: ['wed'], from: '20:00', to: '24:00' }] });
    expect(nextWindow(late, at('2026-11-18T23:59:00-05:00'))).toBe(at('2026-11-18T23:59:00-05:00'));
    expect(nextWindow(late, at('2026-11-19T00:00:00-05:00'))).toBe(at('2026-11-25T20:00:00-05:00'));
  });

  it('keep their wall clock in a zone where the hour of the window does not exist or comes twice', () => {
    const early = lane({ windows: [{ days: ['sun'], from: '02:30', to: '04:00' }] });
    // 2027-03-14: 02:00 becomes 03:00, so the window opens at 03:30.
    expect(nextWindow(early, at('2027-03-14T00:00:00-05:00'))).toBe(at('2027-03-14T03:30:00-04:00'));
    const twice = lane({ windows: [{ days: ['sun'], from: '01:30', to: '03:00' }] });
    // 2026-11-01: 01:30 comes twice; the first counts and the window is an hour longer.
    expect(nextWindow(twice, at('2026-11-01T00:00:00-04:00'))).toBe(at('2026-11-01T01:30:00-04:00'));
    expect(nextWindow(twice, at('2026-11-01T02:59:00-05:00'))).toBe(at('2026-11-01T02:59:00-05:00'));
  });

  it('close a holiday for a lane without windows, from midnight to midnight there', () => {
    const daily = lane({ holidays: 'us_federal' });
    expect(nextWindow(daily, at('2026-11-26T00:00:00-05:00'))).toBe(at('2026-11-27T00:00:00-05:00'));
    expect(nextWindow(daily, at('2026-11-25T23:59:59-05:00'))).toBe(at('2026-11-25T23:59:59-05:00'));
  });

  it('are refused when they never open', () => {
    expect(() => nextWindow(lane({ windows: [{ days: [], from: '08:00', to: '18:00' }] }), NOW)).toThrow(RangeError);
  });
});

describe('federal holidays', () => {
  it.each([
    '2026-01-01',
    '2026-01-19',
    '2026-02-16',
    '2026-05-25',
    '2026-06-19',
    '2026-07-03',
    '2026-07-04',
    '2026-09-07',
    '2026-10-12',
    '2026-11-11',
    '2026-11-26',
    '2026-12-25',
    '2027-07-05',
    '2021-12-31',
    '2023-01-02',
  ])('%s is one', (day) => {
    expect(isUsFederalHoliday(Temporal.PlainDate.from(day))).toBe(true);
    expect(isUsBusinessDay(Temporal.PlainDate.from(day))).toBe(false);
  });

  it.each(['2026-07-02', '2026-05-18', '2026-11-27', '2026-10-05', '2026-09-14', '2026-03-16'])('%s is none', (day) => {
    expect(isUsFederalHoliday(Temporal.PlainDate.from(day))).toBe(false);
    expect(isUsBusinessDay(Temporal.PlainDate.from(day))).toBe(true);
  });

  it('weekends are no business days', () => {
    expect(isUsBusinessDay(Temporal.PlainDate.from('2026-11-21'))).toBe(false);
    expect(isUsBusinessDay(Temporal.PlainDate.from('2026-11-22'))).toBe(false);
  });
});

describe('caps', () => {
  const capped = lane({ maxPerHour: 3, maxPerDay: 5 });

  it('let a drop go while there is room', () => {
    const two = [NOW - 50 * MINUTE, NOW - 10 * MINUTE];
    expect(capUntil(capped, two, NOW)).toBe(NOW);
    expect(capRoom(capped, two, NOW)).toBe(1);
    expect(capUntil(lane(), [NOW, NOW, NOW], NOW)).toBe(NOW);
    expect(capRoom(lane(), [NOW], NOW)).toBe(Number.POSITIVE_INFINITY);
  });

  it('wait for the oldest drop of a full hour or day', () => {
    expect(capUntil(capped, [NOW - 50 * MINUTE, NOW - 20 * MINUTE, NOW - 10 * MINUTE], NOW)).toBe(NOW + 10 * MINUTE);
    const day = [23, 20, 15, 10, 5].map((hours) => NOW - hours * HOUR);
    expect(capUntil(capped, day, NOW)).toBe(NOW + HOUR);
    expect(capRoom(capped, day, NOW)).toBe(0);
  });
});
