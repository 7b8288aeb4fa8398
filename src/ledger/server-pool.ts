import type { PostgresPool, PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { pgTypes } from './parsers.ts';

export interface ServerPoolOptions {
  readonly databaseUrl: string;
  readonly maxConnections: number;
  /** Limit of one statement in ms; on a connection that has gone silent it ends 2 s later. */
  readonly statementTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly applicationName: string;
  readonly onError: (error: unknown) => void;
}

/** What a statement gets beyond the server's own limit before the connection counts as silent. */
const SILENCE_MS = 2_000;
/** A text seen so often stands on a hot path and is worth a plan of its own on each connection. */
const OFTEN = 5;
const MAX_PREPARED = 200;
const MAX_COUNTED = 1_000;
const EVERY_COLUMN = /\b(select|returning)\s+\*|\.\*/i;

/**
 * Names for statements that come again and again: the server parses and plans a named one once per connection. Never for a
 * text that asks for every column: a later migration may add one, and the server refuses a plan whose result has changed.
 * When the names are used up, the rest stays unnamed.
 */
export function createStatementNames(): (text: string) => string | undefined {
  const seen = new Map<string, number>();
  const names = new Map<string, string>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined) return known;
    if (names.size >= MAX_PREPARED || EVERY_COLUMN.test(text)) return undefined;
    const times = (seen.get(text) ?? 0) + 1;
    if (times < OFTEN) {
      if (seen.size >= MAX_COUNTED) seen.clear();
      seen.set(text, times);
      return undefined;
    }
    seen.delete(text);
    const name = `rollcall_${names.size}`;
    names.set(text, name);
    return name;
  };
}

/**
 * Kysely gives every connection back as if it were sound. One on which a statement went unanswered (`query_timeout`: the
 * network went silent) must be closed instead, or each later user of it waits for the same nothing.
 */
function discarding(pool: pg.Pool, nameOf: (text: string) => string | undefined): PostgresPool {
  return {
    async connect() {
      const client = await pool.connect();
      let silent = false;
      const query = async (text: string, values: readonly unknown[]): Promise<unknown> => {
        // What would follow, such as Kysely's ROLLBACK, would wait for its own time limit.
        if (silent) throw new Error('the connection to the ledger is lost');
        const name = values.length === 0 ? undefined : nameOf(text);
        try {
          return await client.query({ text, values: [...values], ...(name === undefined ? {} : { name }) });
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

const SETTINGS = ['TimeZone=UTC'];
/**
 * The ledger takes few rows at a time, by their keys. A statement that is prepared while its table is small would keep a plan
 * that reads all of the table until the server gathers statistics next, up to minutes later, in which a busy installation
 * writes tens of thousands of rows; so all that is left to it is to go from row to row by an index. What is barred counts as
 * enormous, which would bring in the server's compiler: it pays for reports alone.
 */
const LEDGER_SETTINGS = [...SETTINGS, 'enable_seqscan=off', 'enable_hashjoin=off', 'enable_mergejoin=off', 'jit=off'];

function openPool(options: ServerPoolOptions, settings: readonly string[], limits: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: options.connectTimeoutMs,
    idleTimeoutMillis: 60_000,
    application_name: options.applicationName,
    options: settings.map((setting) => `-c ${setting}`).join(' '),
    types: pgTypes,
    ...limits,
  });
  pool.on('error', options.onError);
  // The pool listens to idle connections only; one lost between two statements of a transaction would end the process.
  pool.on('connect', (client) => client.on('error', options.onError));
  return pool;
}

/** The ledger's connections to a Postgres server. */
export function openServerPool(options: ServerPoolOptions): PostgresPool {
  const pool = openPool(options, LEDGER_SETTINGS, {
    max: options.maxConnections,
    statement_timeout: options.statementTimeoutMs,
    query_timeout: options.statementTimeoutMs + SILENCE_MS,
    // A process that hangs inside a transaction must not keep its rows from the others.
    idle_in_transaction_session_timeout: 2 * options.statementTimeoutMs,
  });
  return discarding(pool, createStatementNames());
}

/** A start has time: nobody waits for its answer, and a busy machine may be slow to let it in. */
const START_CONNECT_MS = 30_000;

/** One connection that no time limit ends: migrations, which are also the first look of a start. */
export function openUnlimited(options: ServerPoolOptions): PostgresPool {
  return openPool(options, SETTINGS, { max: 1, connectionTimeoutMillis: Math.max(START_CONNECT_MS, options.connectTimeoutMs) });
}
