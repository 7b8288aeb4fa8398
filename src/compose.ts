import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Config } from './config.ts';
import { createDirectoryTransport } from './delivery/directory.ts';
import { openJournal, readJournal } from './delivery/journal.ts';
import type { DeliveryStepHook } from './delivery/steps.ts';
import type { Transport } from './delivery/transport.ts';
import type { HttpLimits } from './http/limits.ts';
import { buildServer } from './http/server.ts';
import { type Control, openControl } from './ledger/control-channel.ts';
import { type Ledger, type LedgerTuning, openLedger } from './ledger/database.ts';
import { clearLeases } from './ledger/drops.ts';
import { openVault } from './ledger/key-store.ts';
import { startMaintenance } from './ledger/maintenance.ts';
import { migrate, pendingMigrations } from './ledger/migrate.ts';
import { refuseUnreachable } from './ledger/outage.ts';
import { settleSetting } from './ledger/settings.ts';
import { systemClock } from './ops/clock.ts';
import { createApiKey, hashApiKey } from './ops/crypto.ts';
import { createIds } from './ops/ids.ts';
import { createLog, type Log } from './ops/log.ts';
import { createMetrics } from './ops/metrics.ts';
import { packageRoot, packageVersion } from './ops/package-info.ts';
import { randomBytes } from './ops/random.ts';
import { bootstrap } from './pipeline/bootstrap.ts';
import { type CodeSetReader, createCodeSetReader } from './pipeline/code-tables.ts';
import { createConfigReader } from './pipeline/config-reader.ts';
import { createService } from './pipeline/create-service.ts';
import type { ConfigReader, PipelineDeps, StepName, Vault } from './pipeline/deps.ts';
import { createLedgerClock } from './pipeline/ledger-clock.ts';
import { LEDGER_WATCH_LIMITS } from './pipeline/ledger-watch.ts';
import { createOperatorCommands, describeRefusal, type OperatorCommands, runCommand } from './pipeline/operator-commands.ts';
import { checkRecovery, recordCleanStop } from './pipeline/recovery.ts';
import { createLaneRunner, type LaneRunner } from './pipeline/run-lane.ts';
import type { RollcallService } from './pipeline/service.ts';
import { startSweeper } from './pipeline/sweep.ts';
import { type OpenAlarmQueue, openAlarmQueue } from './queue/alarm-queue.ts';
import { migrateQueue, settlesWithin } from './queue/backend.ts';

const LEASE_MS = 30_000;
/** Steps in hand have this long to end before the connections go; the rest is for closing (25 s in all). */
const DRAIN_MS = 20_000;

export interface Overrides {
  readonly transport?: Transport;
  readonly step?: (name: StepName) => Promise<void> | void;
  /** Inside the transport and the journal. */
  readonly deliveryStep?: DeliveryStepHook;
  readonly settings?: Partial<PipelineDeps['settings']>;
  readonly ledger?: Pick<LedgerTuning, 'refuseNested' | 'connectTimeoutMs'>;
  readonly limits?: Partial<HttpLimits>;
  readonly log?: Log;
  /** Configuration for an empty embedded ledger instead of `schemas/examples/seed.json`; null leaves it empty. */
  readonly seed?: unknown;
  /** Seed an empty PostgreSQL ledger too (tests, demo); a real one is set up by `rollcall config apply`. */
  readonly seedAnyLedger?: boolean;
}

export interface Core {
  readonly config: Config;
  readonly ledger: Ledger;
  readonly vault: Vault;
  readonly configs: ConfigReader;
  readonly codeSets: CodeSetReader;
  readonly log: Log;
  /** The admin key made for an empty ledger: shown once, by whoever started this. */
  readonly firstKey: string | null;
  readonly commands: OperatorCommands;
  close(): Promise<void>;
}

export interface App {
  readonly core: Core;
  readonly service: RollcallService;
  readonly server: FastifyInstance | null;
  /** Where it listens, once started. */
  url(): string | null;
  start(): Promise<void>;
  /** Drains: readiness 503, no new work, steps in hand finished (≤ 20 s), then workers, queues, pools. */
  stop(): Promise<void>;
}

/** Ledger, keys and configuration without queue, workers or HTTP: what operator commands need. Throws `StartRefused`. */
export async function openCore(config: Config, overrides: Overrides = {}): Promise<Core> {
  const log = overrides.log ?? createLog({ level: config.logLevel });
  const embedded = config.databaseUrl === null;
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  let commands: OperatorCommands | null = null;
  const control: Control | null = embedded
    ? await openControl({
        dataDir: config.dataDir,
        handle: (command, args) => runCommand(commands, command, args),
        describeError: describeRefusal,
      })
    : null;
  let ledger: Ledger | null = null;
  try {
    ledger = await openLedger(
      config.databaseUrl === null
        ? { dataDir: config.dataDir, ...overrides.ledger }
        : {
            databaseUrl: config.databaseUrl.reveal(),
            maxConnections: config.databasePoolMax,
            onError: (error) => log.warn({ error }, 'ledger connection lost'),
            ...overrides.ledger,
          },
    );
    const opened = ledger;
    const version = packageVersion();
    const queue = queueConnection(config, opened, log);
    await migrate(opened, version, { afterLocked: async () => void (await migrateQueue(queue)) }).catch(refuseUnreachable);
    const newId = createIds({ clock: systemClock, randomBytes });
    const vault = await openVault({
      db: opened.db,
      source: {
        value: config.masterKey?.reveal() ?? null,
        file: config.masterKeyFile,
        dataDir: embedded ? config.dataDir : null,
      },
      newKeyId: () => newId('key'),
      randomBytes,
    });
    const configs = createConfigReader(opened, systemClock.now);
    const codeSets = createCodeSetReader(opened, systemClock.now);
    const settings = settingsOf(config);
    const newApiKey = () => createApiKey(newId('key'), randomBytes);
    const pending = () => pendingMigrations(opened, version);
    commands = createOperatorCommands(
      { ledger: opened, configs, codeSets, settings, log },
      { newApiKey, pendingMigrations: pending },
    );
    const seedable = embedded || overrides.seedAnyLedger === true;
    const firstKey = await bootstrap({
      ledger: opened,
      configs,
      settings,
      givenKey: config.bootstrapApiKey?.reveal() ?? null,
      newApiKey,
      hashApiKey,
      seed: seedable && overrides.seed !== null ? (overrides.seed ?? (await exampleSeed())) : null,
    });
    return {
      config,
      ledger: opened,
      vault,
      configs,
      codeSets,
      log,
      firstKey,
      commands,
      async close() {
        await opened.close();
        await control?.close();
      },
    };
  } catch (error) {
    await ledger?.close();
    await control?.close();
    throw error;
  }
}

/** The composition root: the one place that knows every adapter. A missing dependency fails here, never falls back. */
export async function compose(config: Config, overrides: Overrides = {}): Promise<App> {
  const core = await openCore(config, overrides);
  try {
    return await assemble(core, overrides);
  } catch (error) {
    await core.close();
    throw error;
  }
}

async function assemble(core: Core, overrides: Overrides): Promise<App> {
  const { config, ledger, log } = core;
  const queue = await openAlarmQueue(queueConnection(config, ledger, log));
  const journalPath = join(config.dataDir, 'drops.journal');
  const installation = await settleSetting(ledger.db, 'installation', randomBytes(16).toString('hex'));
  const deps: PipelineDeps = {
    ledger,
    vault: core.vault,
    configs: core.configs,
    codeSets: core.codeSets,
    clock: createLedgerClock(ledger, () => performance.now()),
    queue: queue.queue,
    transport:
      overrides.transport ??
      createDirectoryTransport({
        installationId: installation,
        ...(overrides.deliveryStep === undefined ? {} : { step: overrides.deliveryStep }),
      }),
    journal: await openJournal(journalPath, overrides.deliveryStep === undefined ? {} : { step: overrides.deliveryStep }),
    log,
    settings: { ...settingsOf(config), ...overrides.settings },
    randomBytes,
    newId: createIds({ clock: systemClock, randomBytes }),
    wakeLane: (laneId) => lanes?.wake(laneId) ?? false,
    ...(overrides.step === undefined ? {} : { step: overrides.step }),
  };
  const lanes: LaneRunner | null = config.role === 'api' ? null : createLaneRunner(deps);
  const service = createService(deps, {
    lanes,
    hashApiKey,
    pendingMigrations: () => pendingMigrations(ledger, packageVersion()),
  });
  const server =
    config.role === 'worker'
      ? null
      : await buildServer({
          service,
          log,
          metrics: createMetrics(),
          version: packageVersion(),
          bullBoardQueue: queue.raw,
          trustProxy: config.trustProxy,
          ...(overrides.limits === undefined ? {} : { limits: overrides.limits }),
        });
  const running = createLifecycle({ core, deps, queue, lanes, server, journalPath });
  return { core, service, server, url: () => addressOf(server), start: running.start, stop: running.stop };
}

interface Parts {
  readonly core: Core;
  readonly deps: PipelineDeps;
  readonly queue: OpenAlarmQueue;
  readonly lanes: LaneRunner | null;
  readonly server: FastifyInstance | null;
  readonly journalPath: string;
}

function createLifecycle({ core, deps, queue, lanes, server, journalPath }: Parts): Pick<App, 'start' | 'stop'> {
  const { config, ledger, log } = core;
  let sweeper: { stop(): Promise<void> } | null = null;
  let worker: { close(): Promise<void> } | null = null;
  let maintenance: ReturnType<typeof startMaintenance> | null = null;
  let stopping: Promise<void> | null = null;
  let started = false;

  async function start(): Promise<void> {
    maintenance = startMaintenance(ledger, { onError: (error) => log.warn({ error }, 'ledger maintenance failed') });
    if (lanes !== null) {
      // On the embedded ledger this process is alone: whoever held a lease is dead.
      if (ledger.kind === 'pglite') await clearLeases(ledger.db);
      const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
        (t) => t.trim(),
        () => null,
      );
      await checkRecovery(deps, {
        journal: (await readJournal(journalPath)).entries,
        bootId,
        embedded: ledger.kind === 'pglite',
      });
      worker = await queue.startWorker({
        concurrency: config.workerConcurrency,
        async onAlarm(claimId) {
          await lanes.onAlarm(claimId);
          maintenance?.jobsDone(1);
        },
        onError: (error) => log.error({ error }, 'alarm failed'),
      });
      sweeper = startSweeper(deps, lanes, () => randomBytes(1)[0]! / 255);
      started = true;
    }
    await server?.listen({ port: config.port, host: config.host });
  }

  async function drain(): Promise<void> {
    server?.startDraining();
    lanes?.stop();
    const drained = await settlesWithin(Promise.all([sweeper?.stop(), worker?.close(), lanes?.idle()]), DRAIN_MS);
    await server?.close();
    await maintenance?.stop();
    await queue.close();
    await deps.journal.close();
    // Whatever is still in hand is a crash to the next start; so is a start that never came through.
    if (started && drained) await recordCleanStop(deps);
    await core.close();
  }

  return {
    start,
    stop() {
      stopping ??= drain();
      return stopping;
    },
  };
}

function settingsOf(config: Config): PipelineDeps['settings'] {
  const { dataDir, alarmHorizonMs, sweepIntervalMs: sweepMs } = config;
  return { dataDir, alarmHorizonMs, sweepMs, leaseMs: LEASE_MS, ledgerWatch: LEDGER_WATCH_LIMITS };
}

function queueConnection(config: Config, ledger: Ledger, log: Log) {
  const onError = (error: unknown) => log.warn({ error, component: 'queue' }, 'queue connection lost');
  if (config.redisUrl !== null) return { redisUrl: config.redisUrl.reveal(), onError };
  if (ledger.pglitePool !== null) return { pool: ledger.pglitePool, onError };
  if (config.databaseUrl === null) throw new Error('the queue has no database');
  return { pool: { connectionString: config.databaseUrl.reveal() }, onError };
}

/** What an empty embedded ledger is set up with, so that the first POST works at once. */
async function exampleSeed(): Promise<unknown> {
  return JSON.parse(await readFile(join(packageRoot(), 'schemas', 'examples', 'seed.json'), 'utf8'));
}

function addressOf(server: FastifyInstance | null): string | null {
  const address = server?.server.address();
  if (address === null || address === undefined || typeof address === 'string') return null;
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}
