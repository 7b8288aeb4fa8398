import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, type QueryResult } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../../src/ledger/database.ts';
import type { Database } from '../../../src/ledger/types.ts';
import { createAuthenticator } from '../../../src/pipeline/authenticate.ts';

/** A ledger with one key; answers when `answer` is called, and counts what it was asked. */
function ledgerWith(row: object) {
  let asked = 0;
  let waiting: (() => void)[] = [];
  const driver = new DummyDriver();
  driver.acquireConnection = async () => ({
    executeQuery: <R>() => {
      asked += 1;
      return new Promise<QueryResult<R>>((resolve) => {
        waiting.push(() => resolve({ rows: [row as R] }));
      });
    },
    streamQuery: () => {
      throw new Error('no streams');
    },
  });
  const db = new Kysely<Database>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driver,
      createIntrospector: (of) => new PostgresIntrospector(of),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
  return {
    ledger: { db } as Ledger,
    asked: () => asked,
    async answer() {
      // Until the questions have come as far as the connection.
      await new Promise((resolve) => setImmediate(resolve));
      for (const go of waiting) go();
      waiting = [];
    },
  };
}

describe('a key', () => {
  it('is looked up once for all that come meanwhile, remembered for a second, and looked up again after it', async () => {
    let now = 0;
    const { ledger, asked, answer } = ledgerWith({ id: 'key_1', practice_id: null, scopes: ['ops'] });
    const authenticate = createAuthenticator(
      { ledger },
      (token) => Buffer.from(token),
      () => now,
    );
    const burst = Array.from({ length: 50 }, () => authenticate('rk_one'));
    await answer();
    expect((await Promise.all(burst)).every((who) => who?.keyId === 'key_1')).toBe(true);
    expect(asked()).toBe(1);
    now = 999;
    expect((await authenticate('rk_one'))?.keyId).toBe('key_1');
    expect(asked()).toBe(1);
    now = 1_000;
    const later = authenticate('rk_one');
    await answer();
    expect([(await later)?.keyId, asked()]).toEqual(['key_1', 2]);
  });

  it('whose look hangs is asked for anew after a second', async () => {
    let now = 0;
    const { ledger, asked, answer } = ledgerWith({ id: 'key_1', practice_id: null, scopes: ['ops'] });
    const authenticate = createAuthenticator(
      { ledger },
      (token) => Buffer.from(token),
      () => now,
    );
    const hanging = authenticate('rk_one');
    now = 1_000;
    const anew = authenticate('rk_one');
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked()).toBe(2);
    await answer();
    expect([(await hanging)?.keyId, (await anew)?.keyId]).toEqual(['key_1', 'key_1']);
  });
});
