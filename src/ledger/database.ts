import { AsyncLocalStorage } from 'node:async_hooks';
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { openPglite } from './embedded.ts';
import { pgTypes } from './parsers.ts';
import { createPglitePool, type PglitePool } from './pglite-pool.ts';
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
   * Inside `fn` only the transaction may be used: `db` throws there, because on PGlite it would wait for itself.
   */
  transaction<T>(fn: (tx: Transaction<Database>) => Promise<T>): Promise<T>;
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
  readonly applicationName?: string;
  /** Lost idle connections; the pool replaces them by itself. */
  readonly onError?: (error: unknown) => void;
  /** Uniform in [0, 1): spreads the retries of a transaction. */
  readonly random?: () => number;
}

export type LedgerOptions = LedgerTuning & ({ readonly databaseUrl: string } | { readonly dataDir: string });

const RETRYABLE = new Set(['40001', '40P01']);
const MAX_ATTEMPTS = 5;
/** What a statement gets beyond the server's own limit before the connection counts as silent. */
const SILENCE_MS = 2_000;

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
  let ended: Promise<void> | null = null;
  return {
    connect: () => {
      if (open.getStore()?.active === true) {
        return Promise.reject(new Error('the ledger was used beside the open transaction: pass the transaction on'));
      }
      return pool.connect();
    },
    end: () => {
      ended ??= pool.end();
      return ended;
    },
  };
}

/**
 * Kysely gives every connection back as if it were sound. One on which a statement went unanswered (`query_timeout`: the
 * network went silent) must be closed instead, or each later user of it waits for the same nothing.
 */
function discarding(pool: pg.Pool): PostgresPool {
  return {
    async connect() {
      const client = await pool.connect();
      let silent = false;
      const query = async (text: string, values: readonly unknown[]): Promise<unknown> => {
        // What would follow, such as Kysely's ROLLBACK, would wait for its own time limit.
        if (silent) throw new Error('the connection to the ledger is lost');
        try {
          return await client.query(text, [...values]);
        } catch (error) {
          silent = error instanceof Error && error.message === 'Query read timeout';
          throw error;
        }
      };
      return { query: query as PostgresPoolClient['query'], release: () => client.release(silent) };
    },
    end: () => pool.end(),
  };
}

interface Backing {
  readonly kind: LedgerKind;
  readonly pool: PostgresPool;
  readonly pglitePool: PglitePool | null;
  readonly release: () => Promise<void>;
  readonly unlimited: Ledger['withoutTimeLimit'] | null;
}

function ledgerOver(backing: Backing, random: () => number): Ledger {
  const { kind, pool, pglitePool } = backing;
  const shared = guarded(pool);
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: shared }) });
  let closing: Promise<void> | null = null;
  return {
    db,
    kind,
    pglitePool,
    async transaction(fn) {
      for (let attempt = 1; ; attempt++) {
        const state = { active: true };
        try {
          return await db.transaction().execute((tx) =>
            open
              .run(state, () => fn(tx))
              .finally(() => {
                state.active = false;
              }),
          );
        } catch (error) {
          if (attempt >= MAX_ATTEMPTS || !RETRYABLE.has(sqlState(error) ?? '')) throw error;
          await sleep(5 * 2 ** attempt * (0.5 + random()));
        }
      }
    },
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
  if ('databaseUrl' in options) return ledgerOver(openServer(options), random);
  const embedded = await openPglite(options.dataDir);
  const pool = createPglitePool(embedded.pglite);
  return ledgerOver({ kind: 'pglite', pool, pglitePool: pool, release: embedded.close, unlimited: null }, random);
}

function openServer(options: LedgerTuning & { readonly databaseUrl: string }): Backing {
  const report = (error: unknown): void => options.onError?.(error);
  const poolOf = (limits: pg.PoolConfig): pg.Pool => {
    const pool = new pg.Pool({
      connectionString: options.databaseUrl,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      connectionTimeoutMillis: 5_000,
      idleTimeoutMillis: 60_000,
      application_name: options.applicationName ?? 'rollcall',
      options: '-c timezone=UTC',
      types: pgTypes,
      ...limits,
    });
    pool.on('error', report);
    // The pool listens to idle connections only; one lost between two statements of a transaction would end the process.
    pool.on('connect', (client) => client.on('error', report));
    return pool;
  };
  const statementMs = options.statementTimeoutMs ?? 30_000;
  const limited = poolOf({
    max: options.maxConnections ?? 10,
    statement_timeout: statementMs,
    query_timeout: statementMs + SILENCE_MS,
    // A process that hangs inside a transaction must not keep its rows from the others.
    idle_in_transaction_session_timeout: 2 * statementMs,
  });
  return {
    kind: 'postgres',
    pool: discarding(limited),
    pglitePool: null,
    release: async () => {},
    async unlimited(fn) {
      const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: poolOf({ max: 1 }) }) });
      try {
        return await fn(db);
      } finally {
        await db.destroy();
      }
    },
  };
}
