import { sql } from 'kysely';
import type { Ledger } from './database.ts';

/**
 * What a Postgres server does by itself and PGlite, one process without background workers, does not: VACUUM and ANALYZE
 * of tables that change much, and CHECKPOINT, without which the write-ahead log only grows (single-user mode never
 * requests one) and a start after `kill -9` replays all of it.
 * Every statement blocks the event loop while it runs, hence one table per statement and only tables that need it.
 */
export interface Maintenance {
  /** Counts finished jobs towards the next run. */
  jobsDone(count: number): void;
  /** Runs now (or joins the run under way) and returns the tables that were vacuumed; none on a Postgres server. */
  run(): Promise<readonly string[]>;
  /** No more runs; resolves when the one under way has ended. */
  stop(): Promise<void>;
}

export interface MaintenanceOptions {
  readonly onError: (error: unknown) => void;
  readonly everyJobs?: number;
  readonly everyMs?: number;
  readonly firstAfterMs?: number;
}

/** Dead rows worth a pass, and changed rows after which the planner's statistics mislead. */
const DEAD_ROWS = 500;
const CHANGED_ROWS = 2_000;

/** Figures are lost with a killed process, so the first run after a start takes every table. */
async function vacuumEmbedded(ledger: Ledger, everyTable: boolean): Promise<readonly string[]> {
  const tables = await sql<{ schema: string; name: string }>`
    select schemaname as schema, relname as name from pg_stat_user_tables
    where ${everyTable} or n_dead_tup >= ${DEAD_ROWS} or n_mod_since_analyze >= ${CHANGED_ROWS}
    order by schemaname, relname`.execute(ledger.db);
  for (const { schema, name } of tables.rows) {
    await sql`vacuum (analyze) ${sql.id(schema, name)}`.execute(ledger.db);
  }
  await sql`checkpoint`.execute(ledger.db);
  return tables.rows.map(({ schema, name }) => `${schema}.${name}`);
}

/** Starts the timer: every 10 000 jobs or hour, first after five minutes. On a Postgres server it does nothing. */
export function startMaintenance(ledger: Ledger, options: MaintenanceOptions): Maintenance {
  if (ledger.kind === 'postgres') {
    return { jobsDone: () => {}, run: async () => [], stop: async () => {} };
  }
  const everyJobs = options.everyJobs ?? 10_000;
  const everyMs = options.everyMs ?? 3_600_000;
  let jobs = 0;
  let first = true;
  let stopped = false;
  let running: Promise<readonly string[]> | null = null;
  let timer: NodeJS.Timeout | null = null;

  const schedule = (delayMs: number): void => {
    if (timer !== null) clearTimeout(timer);
    timer = stopped ? null : setTimeout(runQuietly, delayMs).unref();
  };
  const run = (): Promise<readonly string[]> => {
    running ??= vacuumEmbedded(ledger, first)
      .then((tables) => {
        first = false;
        return tables;
      })
      .finally(() => {
        jobs = 0;
        running = null;
        schedule(everyMs);
      });
    return running;
  };
  const runQuietly = (): void => {
    if (!stopped) run().catch(options.onError);
  };
  schedule(options.firstAfterMs ?? Math.min(everyMs, 300_000));
  return {
    jobsDone(count) {
      jobs += count;
      if (jobs >= everyJobs && running === null) runQuietly();
    },
    run,
    async stop() {
      stopped = true;
      schedule(0);
      await running?.catch(() => {});
    },
  };
}
