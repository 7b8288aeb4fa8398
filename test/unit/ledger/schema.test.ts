import { describe, expect, it } from 'vitest';
import { compareVersions, judgeSchema, migrationHash } from '../../../src/ledger/migrate.ts';
import { MIGRATIONS } from '../../../src/ledger/migrations/index.ts';

const one = { name: '0001-a', sql: 'create table a ()', minCodeVersion: '0.1.0' };
const two = { name: '0002-b', sql: 'create table b ()', minCodeVersion: '0.1.0' };
const three = { name: '0003-c', sql: 'create table c ()', minCodeVersion: '0.1.0' };
const ran = (migration: typeof one, min = migration.minCodeVersion) => ({
  name: migration.name,
  sha256: migrationHash(migration),
  min_code_version: min,
});

describe('judgeSchema', () => {
  it('lists what has not run, in order', () => {
    expect(judgeSchema([], [one, two], '0.1.0')).toEqual({ pending: ['0001-a', '0002-b'], unknown: [], refusal: null });
    expect(judgeSchema([ran(one)], [one, two], '0.1.0')).toEqual({ pending: ['0002-b'], unknown: [], refusal: null });
  });

  it('refuses a migration whose text has changed and names it', () => {
    const edited = { ...two, sql: `${two.sql} ` };
    expect(judgeSchema([ran(one), ran(two)], [one, edited], '0.1.0').refusal).toMatch(
      /^Migration 0002-b is not the text that ran/,
    );
  });

  it('lives with a newer migration that only expands', () => {
    expect(judgeSchema([ran(one), ran(two)], [one], '0.1.0')).toEqual({ pending: [], unknown: ['0002-b'], refusal: null });
  });

  it('refuses a ledger that needs a newer program, before anything else is said', () => {
    const status = judgeSchema([ran(one), ran(two, '0.2.0')], [{ ...one, sql: 'changed' }], '0.1.9');
    expect(status.refusal).toBe(
      'The ledger was migrated by a newer Rollcall (0002-b needs at least 0.2.0); this is 0.1.9. Start the newer version.',
    );
    expect(judgeSchema([ran(one), ran(two, '0.2.0')], [one], '0.2.0').refusal).toBeNull();
  });

  it('refuses a gap in what has run', () => {
    expect(judgeSchema([ran(one), ran(three)], [one, two, three], '0.1.0').refusal).toMatch(/^Migration 0002-b has not run/);
  });
});

describe('compareVersions', () => {
  it('compares numbers, not text', () => {
    expect(compareVersions('0.10.0', '0.9.9')).toBeGreaterThan(0);
    expect(compareVersions('1.0.0', '1.0.0-rc.1')).toBe(0);
    expect(compareVersions('0.1.2', '0.1.10')).toBeLessThan(0);
    expect(() => compareVersions('latest', '0.1.0')).toThrow(/not a version/);
  });
});

describe('the shipped migrations', () => {
  it('have unique names in ascending order', () => {
    const names = MIGRATIONS.map((migration) => migration.name);
    expect(names).toEqual([...new Set(names)].sort());
    expect(names[0]).toBe('0001-core');
  });
});
