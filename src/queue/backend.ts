import type { EventEmitter } from 'node:events';
import {
  type BackendFactory,
  createPostgresBackend,
  createRedisBackend,
  type PgPool,
  type PostgresConnectionOptions,
  type PostgresQueueBackend,
  type Processor,
  Queue,
  type QueueOptions,
  runMigrations,
  Worker,
  type WorkerOptions,
} from 'bullmq';
import { Redis, type RedisOptions } from 'ioredis';
import pg from 'pg';
import type { PglitePool } from '../ledger/pglite-pool.ts';

export type QueueBackendKind = 'redis' | 'postgres' | 'pglite';

/** Where the queue lives: `redisUrl` wins; else the PGlite of this process or a Postgres server. */
export interface QueueConnection {
  /** `redis://` or `rediss://`. The server must run with `maxmemory-policy noeviction`. */
  readonly redisUrl?: string | undefined;
  readonly pool?: PglitePool | pg.PoolConfig | undefined;
  /** Workers that this process will start; sizes the Postgres pool. Default 1. */
  readonly listeners?: number | undefined;
  /** Errors of idle connections, which no call waits for. */
  readonly onError: (error: unknown) => void;
}

/** BullMQ's tables live in their own schema; `public` follows for types and extensions. */
export const QUEUE_SCHEMA = 'bullmq';
const SEARCH_PATH = `${QUEUE_SCHEMA}, public`;

/** Reconnects after 50 ms, 100 ms … at most 1 s: an alarm must not wait for BullMQ's default of up to 20 s. */
const retryStrategy = (attempt: number) => Math.min(attempt * 50, 1_000);

/**
 * A worker's commands wait for the connection to come back. `socketTimeout` ends a half-open connection; it exceeds the
 * longest BZPOPMIN (10 s), which lies silent by design.
 */
const WORKER_REDIS: RedisOptions = {
  maxRetriesPerRequest: null,
  keepAlive: 10_000,
  connectTimeout: 5_000,
  socketTimeout: 15_000,
  retryStrategy,
};

/** A producer fails at once when the connection is lost: its caller has a ledger to fall back on. */
const PRODUCER_REDIS: RedisOptions = {
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  keepAlive: 10_000,
  connectTimeout: 5_000,
  socketTimeout: 5_000,
  retryStrategy,
};

export interface OpenedWorker {
  readonly worker: Worker;
  /** Drops the worker's connections at once; calls under way fail. For a close that would otherwise hang. */
  abandon(): void;
}

/** One of the three BullMQ backends; the only place that knows which. */
export interface QueueBackend {
  readonly kind: QueueBackendKind;
  openQueue(name: string, options: Omit<QueueOptions, 'connection'>): Queue;
  openWorker(name: string, processor: Processor, options: Omit<WorkerOptions, 'connection'>): OpenedWorker;
  /** Resolves when the server answers. */
  ping(): Promise<void>;
  /** Reclaims dead rows where the database does not do so by itself (PGlite has no autovacuum). */
  vacuum(): Promise<void>;
  /** After queues and workers are closed: ends what this backend opened. A PGlite stays open, it is the ledger's. */
  close(): Promise<void>;
}

function isEmbedded(pool: PglitePool | pg.PoolConfig): pool is PglitePool {
  return 'withSearchPath' in pool;
}

/** BullMQ's own pool on a Postgres server: a LISTEN connection and a statement at a time per listener, and four to add. */
function openServerPool(config: pg.PoolConfig, listeners: number): pg.Pool {
  return new pg.Pool({
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 5_000,
    // Soon, so that after a network fault no statement meets one dead idle connection after the other.
    idleTimeoutMillis: 10_000,
    // Client side: also ends a statement on a half-open connection, which no server timeout can.
    query_timeout: 10_000,
    application_name: 'rollcall-queue',
    ...config,
    max: Math.max(config.max ?? 10, 2 * listeners + 4),
    options: `${config.options === undefined ? '' : `${config.options} `}-c search_path=${SEARCH_PATH.replace(' ', '')}`,
  });
}

/**
 * BullMQ's backend on a pool, which must not trust a connection that lies silent behind a proxy. A LISTEN that died
 * unnoticed may cost 10 s, not the hour that BullMQ allows itself with keepalive. And a connection on which LISTEN itself
 * failed is given up: BullMQ (6.7) would ask the same one for ever, and never look for a job meanwhile.
 */
const createBackend: BackendFactory<PostgresQueueBackend, PostgresConnectionOptions> = (name, options, more) => {
  const backend = createPostgresBackend(name, options, more);
  const waitForJob = backend.waitForJob.bind(backend);
  return Object.defineProperties(backend, {
    maximumBlockTimeout: { value: 10 },
    waitForJob: {
      value: async (seconds: number) => {
        const client = await backend.connection.getListenClient().catch(() => null);
        try {
          return await waitForJob(seconds);
        } catch (error) {
          // What BullMQ listens to: it throws this connection away and takes another one.
          if (client !== null) (client as unknown as EventEmitter).emit('error', error);
          throw error;
        }
      },
    },
  });
};

// The classes carry their backend as a type argument; what we and bull-board call on them is the same for all three.
function queueOn(pool: PgPool, name: string, options: Omit<QueueOptions, 'connection'>): Queue {
  const withPool: QueueOptions<PostgresConnectionOptions> = { ...options, connection: pool };
  return new Queue(name, withPool, createBackend) as unknown as Queue;
}

function workerOn(pool: PgPool, name: string, processor: Processor, options: Omit<WorkerOptions, 'connection'>): Worker {
  const withPool: WorkerOptions<PostgresConnectionOptions> = { ...options, connection: pool };
  return new Worker(name, processor, withPool, createBackend) as unknown as Worker;
}

function postgresBackend(config: pg.PoolConfig, listeners: number, onError: (error: unknown) => void): QueueBackend {
  const pool = openServerPool(config, listeners);
  // BullMQ says that any pg.Pool is a PgPool; the generic `on` of @types/pg 8.23 hides that from the compiler.
  const connection = pool as unknown as PgPool;
  pool.setMaxListeners(0);
  const clients = new Set<pg.PoolClient>();
  pool.on('error', onError);
  pool.on('connect', (client) => {
    clients.add(client);
    // A pool reports only idle clients; one that is lost while in use would end the process.
    client.on('error', onError);
  });
  pool.on('remove', (client) => clients.delete(client));
  // `end` of a client with a statement under way destroys its socket, of an idle one says goodbye.
  const dropAll = () => {
    for (const client of clients) (client as pg.PoolClient & Pick<pg.Client, 'end'>).end().catch(() => undefined);
  };
  return {
    kind: 'postgres',
    openQueue: (name, options) => queueOn(connection, name, options),
    openWorker: (name, processor, options) => ({
      worker: workerOn(connection, name, processor, options),
      abandon: dropAll,
    }),
    async ping() {
      await pool.query('select 1');
    },
    vacuum: async () => {},
    async close() {
      // `end` resolves before the sockets have closed.
      const gone = new Promise<void>((resolve) => {
        const check = () => clients.size === 0 && resolve();
        pool.on('remove', check);
        check();
      });
      if (!(await settlesWithin(Promise.all([pool.end(), gone]), 2_000))) dropAll();
    },
  };
}

/** The hot tables, and the catalogue: BullMQ's bulk add makes and drops two temporary tables per call. */
const VACUUMED = [
  ...['job', 'event', 'meta'].map((table) => `${QUEUE_SCHEMA}.${table}`),
  ...['pg_class', 'pg_attribute', 'pg_type', 'pg_depend'].map((table) => `pg_catalog.${table}`),
];

function pgliteBackend(ledgerPool: PglitePool): QueueBackend {
  const pool = ledgerPool.withSearchPath(SEARCH_PATH);
  return {
    kind: 'pglite',
    openQueue: (name, options) => queueOn(pool, name, options),
    openWorker: (name, processor, options) => ({ worker: workerOn(pool, name, processor, options), abandon: () => {} }),
    async ping() {
      await pool.query('select 1');
    },
    async vacuum() {
      // One table at a time: other statements run between them.
      for (const table of VACUUMED) await pool.query(`vacuum ${table}`);
    },
    close: () => pool.end(),
  };
}

function redisBackend(url: string, onError: (error: unknown) => void): QueueBackend {
  const clients: Redis[] = [];
  const connect = (options: RedisOptions) => {
    const client = new Redis(url, options);
    client.on('error', onError);
    clients.push(client);
    return client;
  };
  const producer = connect(PRODUCER_REDIS);
  return {
    kind: 'redis',
    openQueue: (name, options) => new Queue(name, { ...options, connection: producer }, createRedisBackend),
    openWorker(name, processor, options) {
      const connection = connect(WORKER_REDIS);
      const worker = new Worker(name, processor, { ...options, connection }, createRedisBackend);
      return {
        worker,
        abandon() {
          connection.disconnect();
          worker
            .getBackend()
            .blockingClient?.then((blocking) => blocking.disconnect())
            .catch(() => undefined);
        },
      };
    },
    async ping() {
      await producer.ping();
    },
    vacuum: async () => {},
    async close() {
      for (const client of clients) client.disconnect();
    },
  };
}

/** True when `promise` settles within `ms`; never rejects. */
export async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([
      promise.then(
        () => true,
        () => true,
      ),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/** Chooses the backend. Connects lazily: an unreachable server shows at the first call. */
export function openQueueBackend({ redisUrl, pool, listeners = 1, onError }: QueueConnection): QueueBackend {
  if (redisUrl !== undefined) return redisBackend(redisUrl, onError);
  if (pool === undefined) throw new Error('the queue needs a Redis URL or a database');
  return isEmbedded(pool) ? pgliteBackend(pool) : postgresBackend(pool, listeners, onError);
}

/**
 * Runs BullMQ's own migrations (schema `bullmq`) and returns the schema version, or null on Redis, which needs none.
 * To be called under the lock of the ledger's `migrate`; BullMQ refuses a schema of a newer major by itself.
 */
export async function migrateQueue({ redisUrl, pool }: Pick<QueueConnection, 'redisUrl' | 'pool'>): Promise<number | null> {
  if (redisUrl !== undefined) return null;
  if (pool === undefined) throw new Error('the queue needs a Redis URL or a database');
  if (isEmbedded(pool)) {
    const client = await pool.connect();
    try {
      return await runMigrations(client, QUEUE_SCHEMA);
    } finally {
      client.release();
    }
  }
  const client = new pg.Client(pool);
  await client.connect();
  try {
    return await runMigrations(client, QUEUE_SCHEMA);
  } finally {
    await client.end();
  }
}
