import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type Transaction } from 'kysely';
import { beforeEach, expect, it } from 'vitest';
import { type Ledger, sqlState, violatedConstraint } from '../../../src/ledger/database.ts';
import type { Database } from '../../../src/ledger/types.ts';
import { stopwatch } from '../../support/stopwatch.ts';
import { describeLedger } from './harness.ts';

const write = (db: Transaction<Database> | Ledger['db'], key: string, value: string) =>
  db.insertInto('setting').values({ key, value }).execute();

describeLedger('transactions', (backend) => {
  let ledger: Ledger;
  beforeEach(async () => {
    ledger = await backend.fresh();
  });
  const read = async (key: string) =>
    (await ledger.db.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst())?.value;

  it('commit what they did and return what they computed', async () => {
    const result = await ledger.transaction(async (tx) => {
      await write(tx, 'a', '1');
      await write(tx, 'b', '2');
      return 42;
    });
    expect([result, await read('a'), await read('b')]).toEqual([42, '1', '2']);
  });

  it('leave nothing when they throw, and the ledger usable', async () => {
    await expect(
      ledger.transaction(async (tx) => {
        await write(tx, 'a', '1');
        throw new Error('stop');
      }),
    ).rejects.toThrow('stop');
    expect(await read('a')).toBeUndefined();
    await ledger.transaction((tx) => write(tx, 'a', '2'));
    expect(await read('a')).toBe('2');
  });

  it('are not seen by others before they commit', async () => {
    let entered = () => {};
    const inside = new Promise<void>((resolve) => {
      entered = resolve;
    });
    let goOn = () => {};
    const mayGoOn = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const seen: (string | undefined)[] = [];
    const writing = ledger.transaction(async (tx) => {
      await write(tx, 'a', '1');
      entered();
      await mayGoOn;
      await write(tx, 'b', '2');
    });
    await inside;
    // On Postgres this reads at once and sees nothing; on PGlite it waits for the one session and sees all.
    const reading = Promise.all([read('a'), read('b')]).then((both) => seen.push(...both));
    await (backend.kind === 'postgres' ? reading : sleep(50));
    goOn();
    await Promise.all([writing, reading]);
    expect(seen).toEqual(backend.kind === 'postgres' ? [undefined, undefined] : ['1', '2']);
  });

  it('do not mix with statements that others run meanwhile', async () => {
    const rolledBack = ledger.transaction(async (tx) => {
      await write(tx, 'mine', '1');
      await sleep(40);
      throw new Error('stop');
    });
    await sleep(10);
    const other = write(ledger.db, 'theirs', '1');
    await expect(rolledBack).rejects.toThrow('stop');
    await other;
    expect([await read('mine'), await read('theirs')]).toEqual([undefined, '1']);
  });

  it('refuse the ledger itself inside, at once, instead of waiting for each other', async () => {
    const started = stopwatch();
    await expect(ledger.transaction(async () => ledger.now())).rejects.toThrow('beside the open transaction');
    await expect(ledger.transaction(async () => ledger.transaction(async () => 1))).rejects.toThrow(
      'beside the open transaction',
    );
    expect(started.stop()).toBeLessThan(20_000);
    let later: Promise<Date> | null = null;
    await ledger.transaction(async () => {
      later = sleep(30).then(() => ledger.now());
    });
    expect(await later).toBeInstanceOf(Date);
  });

  it('let exactly one of two claimers have a conditional update', async () => {
    const due = new Date(Date.now() - 60_000);
    await ledger.db.insertInto('spacing').values({ key: 'lane/1', next_at: due }).execute();
    const claim = () =>
      ledger.transaction(async (tx) => {
        const now = await sql<{ now: Date }>`select ledger_now() as now`.execute(tx);
        await sleep(5);
        const taken = await sql`update spacing set next_at = ${new Date(Date.now() + 61_000)}
          where key = 'lane/1' and next_at <= ${now.rows[0]!.now} returning key`.execute(tx);
        return taken.rows.length;
      });
    const won = await Promise.all(Array.from({ length: 8 }, claim));
    expect(won.reduce((sum, n) => sum + n, 0)).toBe(1);
  });

  it('name the violated constraint, and the transaction is over', async () => {
    await write(ledger.db, 'a', '1');
    const error = await ledger.transaction((tx) => write(tx, 'a', '2')).catch((reason: unknown) => reason);
    expect([sqlState(error), violatedConstraint(error)]).toEqual(['23505', 'setting_pkey']);
    const foreign = await ledger.db
      .insertInto('drop_claim')
      .values({ drop_id: 'drp_x', claim_id: 'clm_x', st02: '000000001', bht03: 'b', patient_control_number: 'P', revision: 1 })
      .execute()
      .catch((reason: unknown) => reason);
    expect([sqlState(foreign), violatedConstraint(foreign)]).toEqual(['23503', 'drop_claim_drop_id_fkey']);
    expect(violatedConstraint(await sql`select 1/0`.execute(ledger.db).catch((reason: unknown) => reason))).toBeNull();
    expect(await read('a')).toBe('1');
  });

  it('give one of many concurrent inserters of a unique key the row', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) => ledger.transaction((tx) => write(tx, 'once', String(i)))),
    );
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    for (const lost of outcomes.filter((outcome) => outcome.status === 'rejected'))
      expect(violatedConstraint(lost.reason)).toBe('setting_pkey');
    const counted = await sql<{ n: number }>`select count(*) as n from setting where key = 'once'`.execute(ledger.db);
    expect(counted.rows).toEqual([{ n: 1 }]);
  });

  it('are run again after a serialization failure or deadlock, a bounded number of times', async () => {
    for (const state of ['40001', '40P01']) {
      let runs = 0;
      const attempt = (until: number) =>
        ledger.transaction(async (tx) => {
          runs += 1;
          await write(tx, `run-${state}`, String(runs));
          if (runs < until)
            await sql`do ${sql.raw(`$$ begin raise exception 'again' using errcode = '${state}'; end $$`)}`.execute(tx);
          return runs;
        });
      expect(await attempt(3)).toBe(3);
      expect(await read(`run-${state}`)).toBe('3');
      await ledger.db.deleteFrom('setting').where('key', '=', `run-${state}`).execute();
      runs = 0;
      await expect(attempt(99)).rejects.toMatchObject({ code: state });
      expect(runs).toBe(5);
    }
  });

  it('are not run again after any other error', async () => {
    let runs = 0;
    await expect(
      ledger.transaction(async (tx) => {
        runs += 1;
        await sql`select 1/0`.execute(tx);
      }),
    ).rejects.toMatchObject({ code: '22012' });
    expect(runs).toBe(1);
  });

  it('refuse work after close, and close twice is once', async () => {
    await Promise.all([ledger.close(), ledger.close()]);
    await expect(ledger.now()).rejects.toThrow();
  });
});
