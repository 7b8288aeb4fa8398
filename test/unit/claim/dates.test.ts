import { describe, expect, it } from 'vitest';
import {
  addDays,
  addMonths,
  daysBetween,
  isBusinessDay,
  isValidZone,
  lastFilingDay,
  localDate,
  offsetAgrees,
  rollToBusinessDay,
  usFederalHolidays,
} from '../../../src/claim/dates.ts';

describe('date of service', () => {
  it('is the local day where the service took place', () => {
    expect(localDate('2026-11-20T23:30:00-06:00', 'America/Chicago')).toBe('2026-11-20');
    expect(localDate('2026-11-21T05:30:00Z', 'America/Chicago')).toBe('2026-11-20');
  });

  it('survives both clock changes', () => {
    expect(localDate('2026-03-08T01:30:00-06:00', 'America/Chicago')).toBe('2026-03-08');
    expect(localDate('2026-03-08T03:30:00-05:00', 'America/Chicago')).toBe('2026-03-08');
    expect(localDate('2026-11-01T01:30:00-05:00', 'America/Chicago')).toBe('2026-11-01');
    expect(localDate('2026-11-01T01:30:00-06:00', 'America/Chicago')).toBe('2026-11-01');
  });
});

describe('offset and zone', () => {
  it.each([
    ['2026-11-20T17:00:00-06:00', 'America/Chicago', true],
    ['2026-07-20T17:00:00-06:00', 'America/Chicago', false],
    ['2026-07-20T17:00:00-05:00', 'America/Chicago', true],
    ['2026-11-20T17:00:00Z', 'America/Chicago', false],
    ['2026-11-20T17:00:00Z', 'UTC', true],
    ['2026-11-20T17:00:00+05:30', 'Asia/Kolkata', true],
    ['2026-11-01T01:30:00-05:00', 'America/Chicago', true],
    ['2026-11-01T01:30:00-06:00', 'America/Chicago', true],
  ])('%s in %s: %s', (instant, zone, agrees) => expect(offsetAgrees(instant, zone)).toBe(agrees));

  it('knows zones', () => {
    expect(isValidZone('America/Chicago')).toBe(true);
    expect(isValidZone('America/Nowhere')).toBe(false);
  });
});

describe('calendar', () => {
  it('adds days and months', () => {
    expect(addDays('2026-02-27', 2)).toBe('2026-03-01');
    expect(addMonths('2026-08-31', 6)).toBe('2027-02-28');
    expect(addMonths('2024-02-29', 12)).toBe('2025-02-28');
    expect(daysBetween('2026-01-01', '2026-12-31')).toBe(364);
    expect(daysBetween('2026-01-02', '2026-01-01')).toBe(-1);
  });

  it('has the federal holidays of 2026 as OPM observes them', () => {
    expect([...usFederalHolidays(2026)].sort()).toEqual([
      '2026-01-01',
      '2026-01-19',
      '2026-02-16',
      '2026-05-25',
      '2026-06-19',
      '2026-07-03',
      '2026-09-07',
      '2026-10-12',
      '2026-11-11',
      '2026-11-26',
      '2026-12-25',
    ]);
  });

  it('sees a New Year that is observed in the old year', () => {
    expect(isBusinessDay('2021-12-31')).toBe(false);
    expect(isBusinessDay('2020-12-31')).toBe(true);
  });

  it('rolls over weekend and holiday together', () => {
    expect(rollToBusinessDay('2026-07-03')).toBe('2026-07-06');
    expect(rollToBusinessDay('2026-11-20')).toBe('2026-11-20');
  });
});

describe('timely filing', () => {
  it('Texas Medicaid: day 95 on a Sunday becomes Monday', () => {
    const rule = { limit: { days: 95 }, roll: 'next_business_day' } as const;
    expect(lastFilingDay('2026-08-19', rule)).toBe('2026-11-23');
    expect(addDays('2026-08-19', 95)).toBe('2026-11-22');
  });

  it('Medicare: twelve calendar months, no roll', () => {
    expect(lastFilingDay('2026-02-28', { limit: { months: 12 }, roll: 'none' })).toBe('2027-02-28');
  });

  it('none where the payer has no limit', () => expect(lastFilingDay('2026-02-28', { limit: null, roll: 'none' })).toBeNull());
});
