import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { createPglitePool, type PglitePool } from '../../../src/ledger/pglite-pool.ts';
import { type AlarmQueueTuning, type OpenAlarmQueue, openAlarmQueue } from '../../../src/queue/alarm-queue.ts';
import { migrateQueue, type QueueBackendKind, type QueueConnection } from '../../../src/queue/backend.ts';
import { newBareDataDir } from '../../support/data-dir.ts';
import { describeWith, type Service, startRedis } from '../../support/services.ts';
import { sharedPostgres } from '../../support/shared-postgres.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';

/** Of a server that is there: a machine that keeps everybody waiting is no fault of the queue. */
const PATIENT_MS = 60_000;

/** One of the three backends, empty for each test. */
export interface BackendUnderTest {
  readonly kind: QueueBackendKind;
  /** Straight to the server, or the one PGlite. */
  direct(): QueueConnection;
  /** Through the fault proxy; on PGlite the same as `direct`. */
  proxied(): QueueConnection;
  /** Throws on PGlite, which has no wire. */
  proxy(): TcpProxy;
  /** Throws elsewhere. */
  pglitePool(): PglitePool;
  /** Opened through `connection` (default `direct`) and closed after the test. */
  open(options?: { tuning?: Partial<AlarmQueueTuning>; connection?: QueueConnection }): Promise<OpenAlarmQueue>;
  /** Connection errors that nobody waited for. */
  readonly errors: unknown[];
}

interface Server {
  /** An empty place for one test. */
  fresh(): Promise<{ direct: Omit<QueueConnection, 'onError'>; proxied: Omit<QueueConnection, 'onError'> }>;
  readonly proxy: TcpProxy | null;
  stop(): Promise<void>;
}

async function redisServer(): Promise<Server> {
  const redis: Service = await startRedis();
  const proxy = await startTcpProxy(redis);
  return {
    proxy,
    async fresh() {
      const client = new Redis(redis.url);
      await client.flushall();
      client.disconnect();
      proxy.restore();
      return { direct: { redisUrl: redis.url }, proxied: { redisUrl: `redis://127.0.0.1:${proxy.port}` } };
    },
    async stop() {
      await proxy.close();
      await redis.stop();
    },
  };
}

async function postgresServer(): Promise<Server> {
  const postgres = sharedPostgres();
  const proxy = await startTcpProxy(postgres);
  return {
    proxy,
    async fresh() {
      const connectionString = await postgres.createDatabase();
      await migrateQueue({ pool: { connectionString } });
      proxy.restore();
      return {
        direct: { pool: { connectionString, connectionTimeoutMillis: PATIENT_MS, query_timeout: PATIENT_MS } },
        proxied: { pool: { connectionString: connectionString.replace(`:${postgres.port}`, `:${proxy.port}`) } },
      };
    },
    stop: () => proxy.close(),
  };
}

async function pgliteServer(): Promise<Server> {
  const dataDir = await newBareDataDir();
  const pglite = await PGlite.create({ dataDir: join(dataDir, 'ledger') });
  const pool = createPglitePool(pglite);
  return {
    proxy: null,
    async fresh() {
      await pool.query('drop schema if exists bullmq cascade; drop schema public cascade; create schema public');
      await migrateQueue({ pool });
      return { direct: { pool }, proxied: { pool } };
    },
    async stop() {
      await pglite.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const KINDS = {
  pglite: { services: [], start: pgliteServer },
  postgres: { services: ['postgres'], start: postgresServer },
  redis: { services: ['redis'], start: redisServer },
} as const;

/** Runs the tests of `body` on each of `kinds`; a server that the machine lacks is named as skipped. */
export function onBackends(kinds: readonly QueueBackendKind[], title: string, body: (backend: BackendUnderTest) => void): void {
  for (const kind of kinds) {
    describeWith(KINDS[kind].services, `${title} on ${kind}`, () => {
      let server: Server;
      let direct: QueueConnection;
      let proxied: QueueConnection;
      const opened: OpenAlarmQueue[] = [];
      const errors: unknown[] = [];
      const onError = (error: unknown) => errors.push(error);

      beforeAll(async () => {
        server = await KINDS[kind].start();
      });
      beforeEach(async () => {
        const places = await server.fresh();
        direct = { ...places.direct, onError };
        proxied = { ...places.proxied, onError };
        errors.length = 0;
      });
      afterEach(async () => {
        await Promise.all(opened.splice(0).map((queue) => queue.close()));
      });
      afterAll(() => server?.stop());

      body({
        kind,
        direct: () => direct,
        proxied: () => proxied,
        errors,
        proxy() {
          if (server.proxy === null) throw new Error('PGlite has no wire');
          return server.proxy;
        },
        pglitePool() {
          if (direct.pool === undefined || !('withSearchPath' in direct.pool)) throw new Error('not PGlite');
          return direct.pool;
        },
        async open(options = {}) {
          const patient = options.connection === undefined ? { callTimeoutMs: PATIENT_MS } : {};
          const queue = await openAlarmQueue({ ...(options.connection ?? direct), tuning: { ...patient, ...options.tuning } });
          opened.push(queue);
          return queue;
        },
      });
    });
  }
}

/** Collects what a worker was called with. */
export function recorder() {
  const calls: { claimId: string; at: number }[] = [];
  const failures: unknown[] = [];
  return {
    calls,
    failures,
    ids: () => calls.map(({ claimId }) => claimId),
    options: {
      concurrency: 4,
      onAlarm: async (claimId: string) => {
        calls.push({ claimId, at: performance.now() });
      },
      onError: (error: unknown) => {
        failures.push(error);
      },
    },
  };
}

export function alarm(claimId: string, alarmNo: number, delayMs = 0) {
  return { claimId, jobId: `${claimId}-${alarmNo}`, delayMs };
}
