import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callControl, openControl } from '../../../src/ledger/control-channel.ts';
import { openLedger } from '../../../src/ledger/database.ts';
import { EMBEDDED_POSTGRES_MAJOR } from '../../../src/ledger/embedded.ts';
import { startMaintenance } from '../../../src/ledger/maintenance.ts';
import { migrate } from '../../../src/ledger/migrate.ts';
import { newBareDataDir, newDataDir } from '../../support/data-dir.ts';
import { until } from '../../support/server-process.ts';
import { CODE_VERSION } from './harness.ts';

interface Child {
  readonly process: ChildProcess;
  /** The next line that begins so. */
  line(prefix: string): Promise<string>;
  kill(): Promise<void>;
}

const children: Child[] = [];

function child(what: string, dataDir: string): Child {
  const run = spawn(process.execPath, [join(import.meta.dirname, 'child.mjs'), what, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  let ended = false;
  const wake = () => {
    for (const each of waiting) each();
  };
  createInterface({ input: run.stdout! }).on('line', (line) => {
    lines.push(line);
    wake();
  });
  run.once('close', () => {
    ended = true;
    wake();
  });
  let at = 0;
  const made: Child = {
    process: run,
    line: (prefix) =>
      new Promise((resolve, reject) => {
        const look = () => {
          while (at < lines.length) {
            const line = lines[at++]!;
            if (!line.startsWith(prefix)) continue;
            waiting.delete(look);
            resolve(line);
            return;
          }
          if (ended) reject(new Error(`the child ended before it said ${prefix}`));
        };
        waiting.add(look);
        look();
      }),
    async kill() {
      if (ended) return;
      const gone = once(run, 'close');
      run.kill('SIGKILL');
      await gone;
    },
  };
  children.push(made);
  return made;
}

describe('the data directory of the embedded ledger', () => {
  let dataDir = '';
  beforeEach(async () => {
    dataDir = await newDataDir();
  });
  afterEach(async () => {
    for (const each of children.splice(0)) await each.kill();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('is refused to a second process, which is told the first one’s pid, and serves its commands', async () => {
    const owner = child('write', dataDir);
    await owner.line('ready');
    await expect(openLedger({ dataDir })).rejects.toMatchObject({
      name: 'StartRefused',
      code: 'data_dir_in_use',
      message: `The data directory ${dataDir} is in use by pid ${owner.process.pid}.`,
    });
    const answer = await callControl(dataDir, 'keys.list', ['x']);
    expect(answer).toEqual({ running: true, result: { command: 'keys.list', args: ['x'], pid: owner.process.pid } });
  });

  it('is refused to a second ledger in the same process', async () => {
    const ledger = await openLedger({ dataDir });
    await expect(openLedger({ dataDir })).rejects.toMatchObject({ code: 'data_dir_in_use' });
    await ledger.close();
    const again = await openLedger({ dataDir });
    await again.close();
  });

  it('is taken over after kill -9, and every acknowledged commit is there, whole', async () => {
    for (let round = 0; round < 2; round++) {
      const owner = child('write', dataDir);
      await owner.line('ready');
      let acknowledged = -1;
      for (let i = 0; i < 40; i++) acknowledged = Number((await owner.line('row')).slice(4));
      await owner.kill();
      expect(statSync(join(dataDir, 'control.sock')).isSocket()).toBe(true);
      const ledger = await openLedger({ dataDir });
      const rows = await sql<{ i: number; n: number }>`select split_part(key, '-', 2)::int as i, count(*)::int as n
        from setting where key like 'row-%' group by 1 order by 1`.execute(ledger.db);
      expect(rows.rows.length).toBeGreaterThan(acknowledged);
      expect(rows.rows.every((row) => row.n === 2)).toBe(true);
      await ledger.db.deleteFrom('setting').where('key', 'like', 'row-%').execute();
      await ledger.close();
    }
  });

  it('goes to exactly one of several processes that find a stale socket', async () => {
    const first = child('take', dataDir);
    await first.line('won');
    await first.kill();
    const starters = Array.from({ length: 4 }, () => child('take', dataDir));
    const said = await Promise.all(starters.map((each) => each.line('')));
    expect(said.filter((line) => line === 'won')).toHaveLength(1);
    const winner = starters[said.indexOf('won')]!;
    for (const line of said.filter((each) => each !== 'won')) {
      expect(line).toBe(`refused data_dir_in_use The data directory ${dataDir} is in use by pid ${winner.process.pid}.`);
    }
  });

  it('recovers from a starter that was killed in the middle of a takeover', async () => {
    const stuck = child('stuck', dataDir);
    await stuck.line('inside');
    const waiting = child('take', dataDir);
    const said = waiting.line('');
    await until(
      'the second starter to wait',
      () => readdirSync(dataDir).filter((name) => name.startsWith('control.takeover.tmp-')).length === 2,
    );
    expect(await Promise.race([said, sleep(300, 'waits')])).toBe('waits');
    await stuck.kill();
    expect(await said).toBe('won');
    await expect(openControl({ dataDir, handle: async () => null })).rejects.toMatchObject({ code: 'data_dir_in_use' });
    expect(readdirSync(dataDir).filter((name) => name.startsWith('control.takeover'))).toEqual([]);
  });

  it('is refused when another Postgres major wrote it', async () => {
    writeFileSync(join(dataDir, 'ledger', 'PG_VERSION'), '16\n');
    await expect(openLedger({ dataDir })).rejects.toMatchObject({
      code: 'ledger_major',
      message: expect.stringMatching(/written by Postgres 16, this program embeds Postgres 18: export it/),
    });
    expect(existsSync(join(dataDir, 'control.sock'))).toBe(false);
  });

  it('is refused when something else lies where the ledger should', async () => {
    rmSync(join(dataDir, 'ledger'), { recursive: true });
    await mkdir(join(dataDir, 'ledger'));
    writeFileSync(join(dataDir, 'ledger', 'notes.txt'), 'mine');
    await expect(openLedger({ dataDir })).rejects.toMatchObject({ code: 'ledger_unreadable' });
    expect(readdirSync(join(dataDir, 'ledger'))).toEqual(['notes.txt']);
  });

  it('starts over when the first start was killed half-way', async () => {
    rmSync(join(dataDir, 'ledger'), { recursive: true });
    await mkdir(join(dataDir, 'ledger.new-1', 'base'), { recursive: true });
    writeFileSync(join(dataDir, 'ledger.new-1', 'PG_VERSION'), '18\n');
    const ledger = await openLedger({ dataDir });
    expect(await migrate(ledger, CODE_VERSION)).not.toEqual([]);
    await ledger.close();
    expect(readdirSync(dataDir).filter((name) => name.startsWith('ledger'))).toEqual(['ledger']);
  });

  it('runs the Postgres major that the check expects, with little shared memory and in UTC', async () => {
    const ledger = await openLedger({ dataDir });
    const shown = async (name: string) =>
      (await sql<{ v: string }>`select current_setting(${name}) as v`.execute(ledger.db)).rows[0]!.v;
    expect((await shown('server_version')).split('.')[0]).toBe(EMBEDDED_POSTGRES_MAJOR);
    expect(await shown('shared_buffers')).toBe('16MB');
    expect(await shown('TimeZone')).toBe('UTC');
    await ledger.close();
  });
});

describe('maintenance of the embedded ledger', () => {
  it('reclaims dead rows and ends the growth of the write-ahead log, by count of jobs and by time', async () => {
    const dataDir = await newBareDataDir();
    const ledger = await openLedger({ dataDir });
    const failures: unknown[] = [];
    const maintenance = startMaintenance(ledger, { onError: (error) => failures.push(error), everyJobs: 10, everyMs: 3_600_000 });
    try {
      await migrate(ledger, CODE_VERSION);
      await sql`insert into setting select 'k' || g, '0' from generate_series(1, 3000) g`.execute(ledger.db);
      for (let i = 0; i < 5; i++) await sql`update setting set value = ${String(i)}`.execute(ledger.db);
      await sql`create schema bullmq`.execute(ledger.db);
      await sql`create table bullmq.job (id int)`.execute(ledger.db);
      const redo = async () =>
        (await sql<{ lsn: string }>`select redo_lsn::text as lsn from pg_control_checkpoint()`.execute(ledger.db)).rows[0]!.lsn;
      const before = await redo();
      const size = async () => (await sql<{ n: number }>`select pg_relation_size('setting') as n`.execute(ledger.db)).rows[0]!.n;
      const grown = await size();
      maintenance.jobsDone(9);
      maintenance.jobsDone(1);
      const tables = await maintenance.run();
      expect(tables).toEqual(expect.arrayContaining(['public.setting', 'public.claim', 'bullmq.job']));
      expect(await redo()).not.toBe(before);
      for (let i = 0; i < 5; i++) {
        await sql`update setting set value = ${String(i)}`.execute(ledger.db);
        if (i < 4) await maintenance.run();
      }
      expect(await size()).toBeLessThanOrEqual(grown);
      expect(failures).toEqual([]);
    } finally {
      await maintenance.stop();
      await ledger.close();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
