import { AsyncLocalStorage } from 'node:async_hooks';
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, PostgresDialect, type PostgresPool, sql, type Transaction } from 'kysely';
import { openPglite } from './embedded.ts';
import { createPglitePool, type PglitePool } from './pglite-pool.ts';
import { openServerPool, openUnlimited, type ServerPoolOptions } from './server-pool.ts';
import type { Database } from './types.ts';

export type LedgerKind = 'pglite' | 'postgres';

export interface Ledger {
  readonly db: Kysely<Database>;
  readonly kind: LedgerKind;
  /** Pool on the embedded database, BullMQ's is `pglitePool.withSearchPath('bullmq, public')`; null on a Postgres server. */
  readonly pglitePool: PglitePool | null;
  /**
   * Runs `fn` in one transaction (READ COMMITTED) and commits. A serialization failure or a deadlock runs it again, up to
   * five times in all, so `fn` must have no effect outside the transaction; anything else is thrown at once, a lost
   * connection during COMMIT too (the outcome is unknown and the caller's unique keys decide).
   * Inside `fn` only the transaction may be used: on PGlite `db` would wait for itself (see `refuseNested`).
   */
  transaction<T>(fn: (tx: Transaction<Database>) => Promise<T>): Promise<T>;
  /** Runs one statement that commits by itself, again after a serialization failure or a deadlock as `transaction` does. */
  statement<T>(fn: (db: Kysely<Database>) => Promise<T>): Promise<T>;
  /** The ledger's clock, millisecond precision, offset row included. */
  now(): Promise<Date>;
  /** Runs `fn` on a connection that no time limit ends: migrations. On PGlite, which has none, on `db` itself. */
  withoutTimeLimit<T>(fn: (db: Kysely<Database>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface LedgerTuning {
  /** Postgres connections; PGlite has one session. Default 10. */
  readonly maxConnections?: number;
  /** Limit of one statement in ms, Postgres only; on a connection that has gone silent it ends 2 s later. Default 30 000. */
  readonly statementTimeoutMs?: number;
  /** Limit for having a connection in ms, Postgres only: a request has given up by then. Default 10 000. */
  readonly connectTimeoutMs?: number;
  readonly applicationName?: string;
  /** Lost idle connections; the pool replaces them by itself. */
  readonly onError?: (error: unknown) => void;
  /** Uniform in [0, 1): spreads the retries of a transaction. */
  readonly random?: () => number;
  /**
   * Throws at once where the ledger is used beside an open transaction of the same caller, which else waits until a time
   * limit ends it. For tests: knowing the caller makes every promise of the process dearer.
   */
  readonly refuseNested?: boolean;
}

export type LedgerOptions = LedgerTuning & ({ readonly databaseUrl: string } | { readonly dataDir: string });

const RETRYABLE = new Set(['40001', '40P01']);
const MAX_ATTEMPTS = 5;

/** SQLSTATE of a database error, or null. */
export function sqlState(error: unknown): string | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}

/** Name of the violated unique or foreign key constraint, or null when the error is something else. */
export function violatedConstraint(error: unknown): string | null {
  const state = sqlState(error);
  if (state !== '23505' && state !== '23503') return null;
  const name = typeof error === 'object' && error !== null && 'constraint' in error ? error.constraint : null;
  return typeof name === 'string' ? name : '';
}

const open = new AsyncLocalStorage<{ active: boolean }>();

/** Refuses a second connection inside a transaction: on PGlite a deadlock, on Postgres a starving pool. */
function guarded(pool: PostgresPool): PostgresPool {
  return {
    connect: () => {
      if (open.getStore()?.active === true) {
        return Promise.reject(new Error('the ledger was used beside the open transaction: pass the transaction on'));
      }
      return pool.connect();
    },
    end: () => pool.end(),
  };
}

/** Runs `fn` so that `guarded` knows of its transaction. */
async function inGuard<T>(fn: () => Promise<T>): Promise<T> {
  const state = { active: true };
  try {
    return await open.run(state, fn);
  } finally {
    state.active = false;
  }
}

function endedOnce(pool: PostgresPool): PostgresPool {
  let ended: Promise<void> | null = null;
  return {
    connect: () => pool.connect(),
    end: () => {
      ended ??= pool.end();
      return ended;
    },
  };
}

interface Backing {
  readonly kind: LedgerKind;
  readonly pool: PostgresPool;
  readonly pglitePool: PglitePool | null;
  readonly release: () => Promise<void>;
  readonly unlimited: Ledger['withoutTimeLimit'] | null;
}

async function repeated<T>(random: () => number, run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS || !RETRYABLE.has(sqlState(error) ?? '')) throw error;
      await sleep(5 * 2 ** attempt * (0.5 + random()));
    }
  }
}

function ledgerOver(backing: Backing, random: () => number, refuseNested: boolean): Ledger {
  const { kind, pool, pglitePool } = backing;
  const shared = endedOnce(refuseNested ? guarded(pool) : pool);
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: shared }) });
  let closing: Promise<void> | null = null;
  return {
    db,
    kind,
    pglitePool,
    transaction: (fn) =>
      repeated(random, () => db.transaction().execute((tx) => (refuseNested ? inGuard(() => fn(tx)) : fn(tx)))),
    statement: (fn) => repeated(random, () => fn(db)),
    async now() {
      const result = await sql<{ now: Date }>`select ledger_now() as now`.execute(db);
      return result.rows[0]!.now;
    },
    withoutTimeLimit: (fn) => (backing.unlimited === null ? fn(db) : backing.unlimited(fn)),
    close() {
      // Kysely ends the pool only when it has used it before.
      closing ??= db
        .destroy()
        .then(() => shared.end())
        .then(backing.release);
      return closing;
    },
  };
}

/**
 * Opens the database of record: a Postgres server by URL, or PGlite in `DATA_DIR/ledger` under the lock of that
 * directory (`lock.ts`; taken here when the process does not hold it yet). Migrations are not run: see `migrate.ts`.
 * Throws `StartRefused` when the directory is in use or belongs to another Postgres major.
 */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const random = options.random ?? (() => randomInt(2 ** 30) / 2 ** 30);
  const refuseNested = options.refuseNested ?? false;
  if ('databaseUrl' in options) return ledgerOver(openServer(options), random, refuseNested);
  const embedded = await openPglite(options.dataDir);
  const pool = createPglitePool(embedded.pglite);
  return ledgerOver({ kind: 'pglite', pool, pglitePool: pool, release: embedded.close, unlimited: null }, random, refuseNested);
}

function openServer(options: LedgerTuning & { readonly databaseUrl: string }): Backing {
  const server: ServerPoolOptions = {
    databaseUrl: options.databaseUrl,
    maxConnections: options.maxConnections ?? 10,
    statementTimeoutMs: options.statementTimeoutMs ?? 30_000,
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    applicationName: options.applicationName ?? 'rollcall',
    onError: (error) => options.onError?.(error),
  };
  return {
    kind: 'postgres',
    pool: openServerPool(server),
    pglitePool: null,
    release: async () => {},
    async unlimited(fn) {
      const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: openUnlimited(server) }) });
      try {
        return await fn(db);
      } finally {
        await db.destroy();
      }
    },
  };
}
