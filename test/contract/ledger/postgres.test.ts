import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLedger } from '../../../src/ledger/database.ts';
import { migrate } from '../../../src/ledger/migrate.ts';
import { until } from '../../support/server-process.ts';
import { describeWith, type PostgresService, startPostgres } from '../../support/services.ts';
import { stopwatch } from '../../support/stopwatch.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';

describeWith('postgres', 'the ledger on a Postgres server', () => {
  let server: PostgresService;
  beforeAll(async () => {
    server = await startPostgres({ durable: true });
  });
  afterAll(() => server.stop());

  it('names its connections, keeps them to the limit, in UTC and with a limit of time per statement', async () => {
    const ledger = await openLedger({
      databaseUrl: server.url,
      maxConnections: 3,
      statementTimeoutMs: 1_000,
      applicationName: 'rollcall-worker',
    });
    try {
      await Promise.all(Array.from({ length: 12 }, () => sql`select pg_sleep(0.01)`.execute(ledger.db)));
      const connections = await sql<{ n: number; tz: string }>`select count(*) as n, current_setting('TimeZone') as tz
        from pg_stat_activity where application_name = 'rollcall-worker'`.execute(ledger.db);
      expect(connections.rows).toEqual([{ n: 3, tz: 'UTC' }]);
      await expect(sql`select pg_sleep(30)`.execute(ledger.db)).rejects.toMatchObject({ code: '57014' });
      expect((await sql<{ v: number }>`select 1 as v`.execute(ledger.db)).rows).toEqual([{ v: 1 }]);
    } finally {
      await ledger.close();
    }
  });

  it('breaks a real deadlock and runs the loser again', async () => {
    const ledger = await openLedger({ databaseUrl: await server.createDatabase(), random: () => 0.5 });
    try {
      await sql`create table pair (id int primary key, n int not null)`.execute(ledger.db);
      await sql`insert into pair values (1, 0), (2, 0)`.execute(ledger.db);
      let met = 0;
      let runs = 0;
      const cross = (first: number, second: number) =>
        ledger.transaction(async (tx) => {
          runs += 1;
          await sql`update pair set n = n + 1 where id = ${first}`.execute(tx);
          met += 1;
          // Only the first pair of runs waits for the other's lock; the run after the deadlock finds the way free.
          if (runs <= 2) await until('both to hold one row', () => met >= 2, 20_000);
          await sql`update pair set n = n + 1 where id = ${second}`.execute(tx);
        });
      await Promise.all([cross(1, 2), cross(2, 1)]);
      // Postgres breaks the tie by one victim, or by both when their checks coincide; each victim runs once more.
      expect([3, 4]).toContain(runs);
      expect((await sql`select id, n from pair order by id`.execute(ledger.db)).rows).toEqual([
        { id: 1, n: 2 },
        { id: 2, n: 2 },
      ]);
    } finally {
      await ledger.close();
    }
  });

  it('reports lost connections, fails what was under way, and works again when the server is back', async () => {
    const lost: unknown[] = [];
    const ledger = await openLedger({ databaseUrl: server.url, onError: (error) => lost.push(error) });
    try {
      await sql`create table kept (id int primary key)`.execute(ledger.db);
      await Promise.all(Array.from({ length: 4 }, () => sql`select pg_sleep(0.01)`.execute(ledger.db)));
      let runs = 0;
      const underWay = ledger.transaction(async (tx) => {
        runs += 1;
        await sql`insert into kept values (1)`.execute(tx);
        await sql`select pg_sleep(30)`.execute(tx);
      });
      const failed = expect(underWay).rejects.toThrow();
      await until('the insert', async () => {
        const busy = await sql<{
          n: number;
        }>`select count(*) as n from pg_stat_activity where query like 'select pg_sleep(30)%' and state = 'active'`.execute(
          ledger.db,
        );
        return busy.rows[0]!.n === 1;
      });
      await server.kill();
      await failed;
      await expect(sql`select 1`.execute(ledger.db)).rejects.toThrow();
      await server.restart();
      await until('the ledger to answer', () =>
        sql`select 1`.execute(ledger.db).then(
          () => true,
          () => false,
        ),
      );
      expect((await sql`select id from kept`.execute(ledger.db)).rows).toEqual([]);
      expect(runs).toBe(1);
      expect(lost.length).toBeGreaterThan(0);
    } finally {
      await ledger.close();
    }
  });

  it('gives up a connection that has gone silent and works again when the network does', async () => {
    const proxy = await startTcpProxy({ port: server.port });
    const ledger = await openLedger({
      databaseUrl: server.url.replace(`:${server.port}`, `:${proxy.port}`),
      maxConnections: 1,
      statementTimeoutMs: 1_000,
    });
    try {
      await sql`select 1`.execute(ledger.db);
      const started = stopwatch();
      const cut = ledger.transaction(async (tx) => {
        await sql`select 1`.execute(tx);
        proxy.blackhole();
        await sql`select 2`.execute(tx);
      });
      await expect(cut).rejects.toThrow();
      expect(started.stop()).toBeLessThan(25_000);
      proxy.restore();
      expect((await sql<{ v: number }>`select 3 as v`.execute(ledger.db)).rows).toEqual([{ v: 3 }]);
    } finally {
      await ledger.close();
      await proxy.close();
    }
  });

  it('lets a migration take longer than any statement of the service', async () => {
    const ledger = await openLedger({ databaseUrl: await server.createDatabase(), statementTimeoutMs: 500 });
    try {
      await expect(sql`select pg_sleep(1)`.execute(ledger.db)).rejects.toMatchObject({ code: '57014' });
      const slow = { name: '0001-slow', sql: 'select pg_sleep(1); create table slow (id int)', minCodeVersion: '0.1.0' };
      expect(await migrate(ledger, '0.1.0', { migrations: [slow] })).toEqual(['0001-slow']);
    } finally {
      await ledger.close();
    }
  });
});
