import { expect, test } from 'vitest';
import { createPglitePool } from '../../../src/ledger/pglite-pool.ts';
import { until } from '../../support/server-process.ts';
import { alarm, onBackends, recorder } from './backends.ts';

onBackends(['pglite'], 'ledger and queue in one session', (backend) => {
  test('an open ledger transaction keeps the queue out, and its rollback takes nothing of the queue along', async () => {
    const ledger = backend.pglitePool();
    await ledger.query('create table ledger_row (id int primary key)');
    const { queue, startWorker } = await backend.open();
    const seen = recorder();
    await startWorker(seen.options);
    await queue.arm([alarm('clm_a', 1)]);
    await until('the first alarm', () => seen.calls.length === 1);

    const client = await ledger.connect();
    await client.query('begin');
    await client.query('insert into ledger_row values ($1)', [1]);
    let armed = false;
    const arming = queue.arm([alarm('clm_b', 1), alarm('clm_c', 1, 100)]).then(() => {
      armed = true;
    });
    for (let i = 0; i < 20; i += 1) await client.query('select count(*) from ledger_row where id > $1', [i]);
    expect(armed).toBe(false);
    await client.query('rollback');
    client.release();
    await arming;
    await until('the other alarms', () => seen.calls.length === 3);
    expect((await ledger.query('select id from ledger_row')).rows).toEqual([]);
  });

  test('an error in a ledger transaction stays there', async () => {
    const ledger = backend.pglitePool();
    await ledger.query('create table ledger_row (id int primary key)');
    const { queue, startWorker } = await backend.open();
    const seen = recorder();
    await startWorker(seen.options);
    const arming = Array.from({ length: 10 }, (_, i) => queue.arm([alarm(`clm_${i}`, 1)]));
    const client = await ledger.connect();
    await client.query('begin');
    await client.query('insert into ledger_row values ($1)', [1]);
    await expect(client.query('insert into ledger_row values ($1)', [1])).rejects.toMatchObject({ code: '23505' });
    await client.query('rollback');
    client.release();
    await Promise.all(arming);
    await until('all alarms', () => seen.calls.length === 10);
  });

  test("each side sees its own schema: a ledger table may bear the name of one of BullMQ's", async () => {
    const ledger = backend.pglitePool();
    await ledger.query('create table job (note text)');
    const { queue } = await backend.open();
    await queue.arm([alarm('clm_a', 1, 60_000)]);
    await ledger.query('insert into job values ($1)', ['ours']);
    expect((await ledger.query('select * from job')).rows).toEqual([{ note: 'ours' }]);
    expect(await queue.counts()).toMatchObject({ delayed: 1 });
  });

  test('the event loop keeps turning under load', async () => {
    const { queue, startWorker } = await backend.open();
    const seen = recorder();
    await startWorker(seen.options);
    // Warm: the first call of each statement is planned, which takes up to 80 ms once in a process.
    await queue.arm(Array.from({ length: 12 }, (_, i) => alarm(`clm_warm${i}`, 1)));
    await queue.arm([alarm('clm_warm', 1)]);
    await until('warm', () => seen.calls.length === 13);
    // Processor time, ms: a turn that waits for the processor is not one that keeps the loop.
    const spent = (): number => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1_000;
    };
    const underLoad = async (round: number): Promise<{ ticks: number; worst: number }> => {
      const gaps: number[] = [];
      let last = spent();
      const timer = setInterval(() => {
        const now = spent();
        gaps.push(now - last);
        last = now;
      }, 5);
      const before = seen.calls.length;
      for (let i = 0; i < 200; i += 8) await queue.arm(Array.from({ length: 8 }, (_, k) => alarm(`clm_${round}_${i + k}`, 1)));
      await until('200 alarms', () => seen.calls.length >= before + 200);
      clearInterval(timer);
      gaps.sort((a, b) => a - b);
      return { ticks: gaps.length, worst: gaps[Math.floor(gaps.length * 0.99)] ?? Number.POSITIVE_INFINITY };
    };
    // Without turns the timer does not fire once before the load ends. 50 ms are the target for 99 % of the gaps; what else
    // the process does (collecting garbage, compiling) only ever adds to them, so one round in ten has to meet it.
    let best = { ticks: 0, worst: Number.POSITIVE_INFINITY };
    for (let round = 0; round < 10 && best.worst >= 50; round++) {
      const found = await underLoad(round);
      if (found.worst < best.worst) best = found;
    }
    expect(best.worst).toBeLessThan(50);
    expect(best.ticks).toBeGreaterThan(10);
  });

  test('dead rows are reclaimed, those of the system catalogue too', async () => {
    const ledger = backend.pglitePool();
    const { queue, startWorker } = await backend.open({ tuning: { vacuumEveryJobs: 100 } });
    const seen = recorder();
    await startWorker(seen.options);
    const vacuums = async () => {
      const { rows } = await ledger.query<{ relname: string }>(
        `select relname from pg_stat_all_tables where vacuum_count > 0 and
           (schemaname = 'bullmq' or relname in ('pg_class', 'pg_attribute', 'pg_type', 'pg_depend'))`,
      );
      return rows.map(({ relname }) => relname).sort();
    };
    expect(await vacuums()).toEqual([]);
    await queue.arm(Array.from({ length: 120 }, (_, i) => alarm(`clm_${i}`, 1)));
    await until('120 alarms', () => seen.calls.length === 120, 30_000);
    await until('the vacuum', async () => (await vacuums()).length === 7);
    expect(await vacuums()).toEqual(['event', 'job', 'meta', 'pg_attribute', 'pg_class', 'pg_depend', 'pg_type']);
  });
});

test('two pools over one PGlite, created apart, share the session', async () => {
  const { PGlite } = await import('@electric-sql/pglite');
  const pglite = await PGlite.create();
  const [a, b] = [createPglitePool(pglite), createPglitePool(pglite)];
  const client = await a.connect();
  await client.query('begin');
  await client.query('create table x (id int)');
  const other = b.query('select * from x');
  await client.query('commit');
  client.release();
  expect((await other).rows).toEqual([]);
  await pglite.close();
});
