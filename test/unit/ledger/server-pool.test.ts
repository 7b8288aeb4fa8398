import { describe, expect, it } from 'vitest';
import { createStatementNames } from '../../../src/ledger/server-pool.ts';

const often = (nameOf: (text: string) => string | undefined, text: string): string | undefined => {
  for (let i = 0; i < 10; i++) nameOf(text);
  return nameOf(text);
};

describe('names of statements', () => {
  it('come to a text that is seen again and again, one for each and always the same', () => {
    const nameOf = createStatementNames();
    expect(nameOf('select 1')).toBeUndefined();
    const one = often(nameOf, 'select 1');
    const two = often(nameOf, 'select 2');
    expect(one).toMatch(/^rollcall_\d+$/);
    expect(two).toMatch(/^rollcall_\d+$/);
    expect(two).not.toBe(one);
    expect(often(nameOf, 'select 1')).toBe(one);
  });

  it('never come to a text that asks for every column: a migration may add one', () => {
    const nameOf = createStatementNames();
    for (const text of [
      'select * from "claim" where "id" = $1',
      'SELECT\n * from lane',
      'select "c".* from "claim" as "c"',
      'update lane set st_counter = 1 returning *',
    ]) {
      expect(often(nameOf, text)).toBeUndefined();
    }
    expect(often(nameOf, 'select count(*)::int, 2 * $1 from claim')).toBeDefined();
  });

  it('are used up some time: lists of every length cannot fill the server', () => {
    const nameOf = createStatementNames();
    const names = Array.from({ length: 1_000 }, (_, i) => often(nameOf, `select ${i}`)).filter((name) => name !== undefined);
    expect(names.length).toBeGreaterThan(50);
    expect(names.length).toBeLessThan(500);
  });
});
