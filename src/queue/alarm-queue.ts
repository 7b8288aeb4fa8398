import type { Job, JobType, Queue } from 'bullmq';
import type { Alarm, AlarmQueue, AlarmWorkerOptions } from '../pipeline/ports.ts';
import { openQueueBackend, type QueueBackendKind, type QueueConnection, settlesWithin } from './backend.ts';
import { coalescing } from './coalesce.ts';

export const ALARM_QUEUE = 'rollcall-alarms';
export const ALARM_JOB = 'alarm';

export interface AlarmQueueTuning {
  /** A worker silent for so long has lost its job, ms. Default 30 000; renewed at half of it. */
  readonly lockMs: number;
  /** How often lost jobs are looked for, ms; one runs again after at most two rounds. Default 15 000. */
  readonly stalledCheckMs: number;
  /** Calls of `AlarmQueue` reject after this, ms. Default 5 000. */
  readonly callTimeoutMs: number;
  /** After the jobs in hand are done, a worker has this long to hang up before its connections are dropped, ms. Default 5 000. */
  readonly closeTimeoutMs: number;
  /** PGlite: VACUUM after so many jobs, or an hour with any. Default 10 000. */
  readonly vacuumEveryJobs: number;
}

export interface AlarmQueueDeps extends QueueConnection {
  readonly tuning?: Partial<AlarmQueueTuning> | undefined;
}

export interface OpenAlarmQueue {
  readonly kind: QueueBackendKind;
  readonly queue: AlarmQueue;
  /** For bull-board only. */
  readonly raw: Queue;
  startWorker(options: AlarmWorkerOptions): Promise<{ close(): Promise<void> }>;
  /** Closes the workers (waiting for the alarms in hand), then the connections. */
  close(): Promise<void>;
}

const DEFAULTS: AlarmQueueTuning = {
  lockMs: 30_000,
  stalledCheckMs: 15_000,
  callTimeoutMs: 5_000,
  closeTimeoutMs: 5_000,
  vacuumEveryJobs: 10_000,
};
const HOUR_MS = 3_600_000;

/** While a queue is paused every backend counts its waiting jobs under this, which BullMQ 6.7's type forgot. */
const PAUSED = 'paused' as string as JobType;

/** Alarms per bulk call; on PGlite a call blocks the event loop (64 take ≈ 10 ms). */
const BULK: Readonly<Record<QueueBackendKind, number>> = { redis: 500, postgres: 500, pglite: 64 };

/**
 * On PGlite so few are added one by one: a bulk add costs 5 ms and two temporary tables, whose catalogue rows nobody
 * but our VACUUM reclaims; an add costs 0.5 ms and lets the event loop turn.
 */
const FEW_ON_PGLITE = 8;

/** BullMQ refuses ':' and plain integers; we allow only what an id of ours is made of. */
const JOB_ID = /^[A-Za-z0-9_]+-[0-9]+$/;

/** Attempts and backoff live in the ledger; a failed job is kept for bull-board, without a stack. */
const JOB_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: { count: 5_000 }, stackTraceLimit: 0 };

/** A failed job stays readable in the queue, so it names the kind of the error and not its text. */
function withoutDetail(error: unknown): Error {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  return new Error(`alarm failed: ${error instanceof Error ? error.name : typeof error}${code}`);
}

async function inTime<T>(call: Promise<T>, ms: number): Promise<T> {
  if (!(await settlesWithin(call, ms))) throw new Error(`the queue did not answer within ${ms} ms`);
  return call;
}

function claimIdOf(job: Job): string {
  const claimId: unknown = job.data?.claimId;
  if (typeof claimId !== 'string') throw new Error('an alarm without a claim id');
  return claimId;
}

/**
 * Opens the alarm queue; `migrateQueue` must have run on a database backend. Alarms are delivered at least once: a
 * killed worker's alarm runs again after its lock has expired.
 */
export async function openAlarmQueue(deps: AlarmQueueDeps): Promise<OpenAlarmQueue> {
  const tuning: AlarmQueueTuning = { ...DEFAULTS, ...deps.tuning };
  const backend = openQueueBackend(deps);
  const raw = backend.openQueue(ALARM_QUEUE, {
    defaultJobOptions: JOB_OPTIONS,
    // Nobody reads the event stream; every entry is a row on a database backend.
    streams: { events: { maxLen: 100 } },
  });
  raw.on('error', deps.onError);
  const workers = new Set<{ close(): Promise<void> }>();
  let finishedSinceVacuum = 0;
  let vacuumedAt = performance.now();

  const vacuumIfDue = () => {
    if (backend.kind !== 'pglite') return;
    finishedSinceVacuum += 1;
    if (finishedSinceVacuum < tuning.vacuumEveryJobs && performance.now() - vacuumedAt < HOUR_MS) return;
    finishedSinceVacuum = 0;
    vacuumedAt = performance.now();
    backend.vacuum().catch(deps.onError);
  };

  async function addAll(alarms: readonly Alarm[]): Promise<void> {
    for (const { jobId } of alarms) if (!JOB_ID.test(jobId)) throw new Error('an alarm id must be <claimId>-<alarmNo>');
    const size = BULK[backend.kind];
    for (let from = 0; from < alarms.length; from += size) {
      const jobs = alarms.slice(from, from + size).map(({ claimId, jobId, delayMs }) => ({
        name: ALARM_JOB,
        data: { claimId },
        opts: { jobId, delay: Math.max(0, Math.ceil(delayMs)) },
      }));
      const singly = jobs.length === 1 || (backend.kind === 'pglite' && jobs.length <= FEW_ON_PGLITE);
      const added = singly ? Promise.all(jobs.map(({ name, data, opts }) => raw.add(name, data, opts))) : raw.addBulk(jobs);
      await inTime<unknown>(added, tuning.callTimeoutMs);
    }
  }

  const queue: AlarmQueue = {
    arm: coalescing(addAll),
    async counts() {
      const counts = await inTime(
        raw.getJobCounts('waiting', 'prioritized', PAUSED, 'delayed', 'active', 'failed', 'completed'),
        tuning.callTimeoutMs,
      );
      const of = (state: string) => counts[state] ?? 0;
      return {
        waiting: of('waiting') + of('prioritized') + of(PAUSED),
        delayed: of('delayed'),
        active: of('active'),
        failed: of('failed'),
        completed: of('completed'),
      };
    },
    isPaused: () => inTime(raw.isPaused(), tuning.callTimeoutMs),
    ping: () =>
      inTime(
        raw.waitUntilReady().then(() => backend.ping()),
        tuning.callTimeoutMs,
      ),
  };

  async function startWorker({ concurrency, onAlarm, onError }: AlarmWorkerOptions): Promise<{ close(): Promise<void> }> {
    const inHand = new Set<Promise<void>>();
    const process = async (job: Job): Promise<void> => {
      const run = onAlarm(claimIdOf(job));
      inHand.add(run);
      try {
        await run;
      } catch (error) {
        onError(error);
        throw withoutDetail(error);
      } finally {
        inHand.delete(run);
        vacuumIfDue();
      }
    };
    const { worker, abandon } = backend.openWorker(ALARM_QUEUE, process, {
      concurrency,
      lockDuration: tuning.lockMs,
      stalledInterval: tuning.stalledCheckMs,
      maxStalledCount: 100,
      removeOnComplete: { count: 0 },
      removeOnFail: JOB_OPTIONS.removeOnFail,
      // Wait before a command is tried again on a lost connection; BullMQ's default is 15 s.
      runRetryDelay: 1_000,
    });
    worker.on('error', onError);

    const hangUp = async () => {
      workers.delete(handle);
      const closed = worker.close();
      for (;;) {
        await Promise.allSettled(inHand);
        if (await settlesWithin(closed, tuning.closeTimeoutMs)) return;
        if (inHand.size > 0) continue;
        abandon();
        await settlesWithin(closed, 1_000);
        return;
      }
    };
    let closing: Promise<void> | null = null;
    const handle = {
      close: () => {
        closing ??= hangUp();
        return closing;
      },
    };
    workers.add(handle);
    return handle;
  }

  let closing: Promise<void> | null = null;
  const closeAll = async () => {
    await Promise.all([...workers].map((worker) => worker.close()));
    await settlesWithin(raw.close(), tuning.closeTimeoutMs);
    await backend.close();
  };
  return {
    kind: backend.kind,
    queue,
    raw,
    startWorker,
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}
