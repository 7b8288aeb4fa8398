import { PGlite } from '@electric-sql/pglite';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPglitePool, type PglitePool, parseListen, withoutLeadingComments } from '../../../src/ledger/pglite-pool.ts';

let pglite: PGlite;
let pool: PglitePool;

beforeAll(async () => {
  pglite = await PGlite.create();
  pool = createPglitePool(pglite, { transactionWaitMs: 300 });
  await pool.query('create schema other; create table other.t (id int); create table public.t (id int primary key, v text)');
});

afterAll(async () => {
  await pool.end();
  await pglite.close();
});

describe('text of LISTEN', () => {
  test.each([
    ['LISTEN a;', 'a', 'LISTEN'],
    ['-- one\n/* two /* nested */ */ \n listen BullMQ_jobs ;\n', 'bullmq_jobs', 'LISTEN'],
    ['unlisten "A""b"', 'A"b', 'UNLISTEN'],
    ['UNLISTEN *', '*', 'UNLISTEN'],
  ])('%j', (text, channel, command) => {
    expect(parseListen(text)).toEqual({ channel, command });
  });

  test.each(['select 1', '-- LISTEN a', '/* LISTEN a', 'LISTEN a; select 1', 'LISTENa', ''])('%j is none', (text) => {
    expect(parseListen(text)).toBeNull();
  });

  test('comments only leave nothing', () => {
    expect(withoutLeadingComments('-- x')).toBe('');
    expect(withoutLeadingComments(' /* x */-- y\nselect 1')).toBe('select 1');
  });
});

describe('types', () => {
  test('the same as with pg', async () => {
    const { rows } = await pool.query<Record<string, unknown>>(
      `select $1::int8 as i8, 1.50::numeric as n, '2026-11-20'::date as d, '2026-11-20T01:02:03.456-05'::timestamptz as ts,
        $2::bytea as b, $3::jsonb as j, $4::text[] as a, true as t, null as z, 1.5::float8 as f, $5::timestamptz as ts2,
        array[array[1,2],array[3,null]] as nested, array[now()] is not null as ok`,
      [9007199254740991, Buffer.from([0, 255]), { a: [1] }, ['x', 'q"\\,{}', null, 'NULL', ''], new Date(1_700_000_000_123)],
    );
    expect(rows[0]).toEqual({
      i8: 9007199254740991,
      n: '1.50',
      d: '2026-11-20',
      ts: new Date('2026-11-20T06:02:03.456Z'),
      b: Buffer.from([0, 255]),
      j: { a: [1] },
      a: ['x', 'q"\\,{}', null, 'NULL', ''],
      t: true,
      z: null,
      f: 1.5,
      ts2: new Date(1_700_000_000_123),
      nested: [
        [1, 2],
        [3, null],
      ],
      ok: true,
    });
    expect(rows[0]!['b']).toBeInstanceOf(Buffer);
  });

  test('an int8 beyond the safe integers throws and leaves the session usable', async () => {
    const client = await pool.connect();
    await client.query('begin');
    await expect(client.query("select '9007199254740993'::int8 as x")).rejects.toThrow(/safe integers/);
    await client.query('commit');
    client.release();
    expect((await pool.query<{ x: number }>('select 1 as x')).rows).toEqual([{ x: 1 }]);
  });
});

describe('transactions', () => {
  test('others wait for the owner, in order', async () => {
    const seen: string[] = [];
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query('insert into t values ($1, $2)', [1, 'a']);
    const others = [1, 2, 3].map((n) =>
      pool.query<{ n: number }>('select count(*)::int as n from t').then(({ rows }) => seen.push(`${n}:${rows[0]!.n}`)),
    );
    await client.query('delete from t where id = $1', [1]);
    expect(seen).toEqual([]);
    await client.query('/* done */ COMMIT');
    client.release();
    await Promise.all(others);
    expect(seen).toEqual(['1:0', '2:0', '3:0']);
  });

  test('a client released inside a transaction is rolled back, even with a BEGIN still waiting', async () => {
    const first = await pool.connect();
    await first.query('begin');
    await first.query("insert into t values (7, 'lost')");
    first.release();
    const second = await pool.connect();
    const begun = second.query('begin');
    const inserted = second.query("insert into t values (8, 'lost')");
    second.release();
    await Promise.all([begun, inserted]);
    const { rows } = await pool.query('select id from t');
    expect(rows).toEqual([]);
    await expect(second.query('select 1')).rejects.toThrow(/released/);
    expect(() => second.release()).toThrow(/already/);
  });

  test('after an error the transaction is still owned, until its ROLLBACK', async () => {
    const client = await pool.connect();
    await client.query('begin');
    await expect(client.query('select 1/$1::int', [0])).rejects.toMatchObject({ code: '22012' });
    await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' });
    const other = pool.query<{ x: number }>('select 1 as x');
    await client.query('rollback');
    client.release();
    expect((await other).rows).toEqual([{ x: 1 }]);
  });

  test('waiting inside a transaction for somebody else fails instead of hanging', async () => {
    const client = await pool.connect();
    await client.query('begin');
    await expect(pool.query('select 1')).rejects.toThrow(/another client/);
    await client.query('commit');
    client.release();
    expect((await pool.query<{ x: number }>('select 1 as x')).rows).toEqual([{ x: 1 }]);
  });

  test('a BEGIN through the pool itself does not stay open', async () => {
    await pool.query('begin');
    const { rows } = await pool.query<{ x: number }>('select 1 as x');
    expect(rows).toEqual([{ x: 1 }]);
    expect(pglite.isInTransaction()).toBe(false);
  });
});

describe('schemas', () => {
  test('each pool has its own search path, also after rollback, errors and a SET by a client', async () => {
    const other = pool.withSearchPath('other, public');
    const path = async (of: PglitePool) =>
      (await of.query<{ p: string }>("select current_setting('search_path') as p")).rows[0]!.p;
    expect(await path(other)).toBe('other, public');
    expect(await path(pool)).toBe('public');
    const client = await other.connect();
    await client.query('begin');
    await client.query('insert into t values ($1)', [5]);
    await client.query('set search_path to public');
    await client.query('rollback');
    expect(await path(other)).toBe('other, public');
    await client.query('insert into t values ($1)', [5]);
    await expect(client.query('select nothing from t')).rejects.toMatchObject({ code: '42703' });
    await client.query('set search_path to pg_catalog');
    client.release();
    expect(await path(pool)).toBe('public');
    expect((await other.query('select id from t where id = $1', [5])).rows).toEqual([{ id: 5 }]);
    expect((await pool.query('select id from t where id = $1', [5])).rows).toEqual([]);
    expect(() => pool.withSearchPath('a; drop table t')).toThrow(/plain schema names/);
  });

  test('prepared statements survive a change of the table', async () => {
    await pool.query('create table c (a int)');
    const read = () => pool.query('select * from c where a is not distinct from $1', [null]);
    expect((await read()).rows).toEqual([]);
    await pool.query('alter table c add column b text; insert into c (b) values (null)');
    expect((await read()).rows).toEqual([{ a: null, b: null }]);
  });

  test('more statements than are kept prepared', async () => {
    for (let i = 0; i < 300; i += 1) {
      expect((await pool.query(`select $1::int + ${i} as x`, [1])).rows).toEqual([{ x: i + 1 }]);
    }
    const { rows } = await pool.query<{ n: number }>('select count(*)::int as n from pg_prepared_statements');
    expect(rows[0]!.n).toBeLessThanOrEqual(257);
    expect((await pool.query('select $1::int + 0 as x', [1])).rows).toEqual([{ x: 1 }]);
  });
});

describe('notifications', () => {
  test('reach every client that listens, and no other', async () => {
    const [a, b, c] = await Promise.all([pool.connect(), pool.connect(), pool.connect()]);
    const seen: string[] = [];
    for (const [name, client] of Object.entries({ a, b, c })) {
      client.on('notification', ({ channel, payload }) => seen.push(`${name} ${channel} ${payload}`));
    }
    await a.query('-- wake-up\nLISTEN jobs;\n');
    await b.query('LISTEN jobs');
    await pool.query("select pg_notify('jobs', $1)", ['1']);
    await b.query('UNLISTEN jobs');
    await pool.query("select pg_notify('jobs', $1)", ['2']);
    a.release();
    await pool.query("select pg_notify('jobs', $1)", ['3']);
    expect(seen).toEqual(['a jobs 1', 'b jobs 1', 'a jobs 2']);
    const { rows } = await pool.query('select pg_listening_channels()');
    expect(rows).toEqual([]);
    b.release();
    c.release();
  });
});

describe('Kysely', () => {
  test('reads, counts, and rolls back', async () => {
    interface Db {
      t: { id: number; v: string | null };
    }
    const db = new Kysely<Db>({ dialect: new PostgresDialect({ pool: createPglitePool(pglite) }) });
    await db.insertInto('t').values({ id: 20, v: 'x' }).execute();
    const updated = await db.updateTable('t').set({ v: 'y' }).where('id', '=', 20).executeTakeFirst();
    expect(updated.numUpdatedRows).toBe(1n);
    const failing = db.transaction().execute(async (tx) => {
      await tx.deleteFrom('t').execute();
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await db.selectFrom('t').selectAll().executeTakeFirst()).toEqual({ id: 20, v: 'y' });
    await expect(db.insertInto('t').values({ id: 20, v: 'z' }).execute()).rejects.toMatchObject({
      code: '23505',
      constraint: 't_pkey',
    });
    expect((await sql`select 1 as x`.execute(db)).rows).toEqual([{ x: 1 }]);
    expect((await db.deleteFrom('t').executeTakeFirst()).numDeletedRows).toBe(1n);
    await db.destroy();
    expect((await pool.query('select 1 as x')).rows).toEqual([{ x: 1 }]);
  });
});

test('the event loop gets its turns: timers fire while statements run without a pause', async () => {
  const fired: number[] = [];
  const timer = setInterval(() => fired.push(performance.now()), 5);
  const until = performance.now() + 20_000;
  while (fired.length < 10 && performance.now() < until)
    await pool.query('select count(*) from generate_series(1, $1::int)', [100]);
  clearInterval(timer);
  // 50 ms on an idle machine, longer on a busy one; without turns none fires before the loop ends.
  expect(fired.length).toBeGreaterThanOrEqual(10);
});

test('an ended pool refuses clients and waits for those that are out', async () => {
  const view = pool.withSearchPath('public');
  const client = await view.connect();
  let ended = false;
  const end = view.end().then(() => {
    ended = true;
  });
  await expect(view.connect()).rejects.toThrow('after calling end on the pool');
  await client.query('select 1');
  expect(ended).toBe(false);
  client.release();
  await end;
  expect((await pool.query('select 1 as x')).rows).toEqual([{ x: 1 }]);
});
