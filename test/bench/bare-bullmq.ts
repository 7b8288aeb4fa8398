import { openQueueBackend, type QueueConnection } from '../../src/queue/backend.ts';

export interface BareBullmqOptions {
  readonly jobs: number;
  /** Jobs per `addBulk`; the bench of the main job posts sessions of eight. */
  readonly addInChunksOf: number;
  readonly concurrency: number;
}

let runs = 0;

/**
 * Jobs per second of BullMQ alone: adds `jobs` alarms in chunks while one worker processes them as no-ops, and takes the
 * time until the last is done. Same job options as the alarm queue, its own queue name for every run. The backend must
 * have been migrated (`migrateQueue`).
 */
export async function benchBareBullmq(connection: QueueConnection, options: BareBullmqOptions): Promise<number> {
  const backend = openQueueBackend(connection);
  const name = `bare-${process.pid}-${++runs}`;
  const queue = backend.openQueue(name, {
    defaultJobOptions: { attempts: 1, removeOnComplete: true },
    streams: { events: { maxLen: 100 } },
  });
  queue.on('error', connection.onError);
  await queue.waitUntilReady();
  let done = 0;
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const noOp = async () => {
    done += 1;
    if (done === options.jobs) finish();
  };
  const { worker } = backend.openWorker(name, noOp, { concurrency: options.concurrency, removeOnComplete: { count: 0 } });
  worker.on('error', connection.onError);
  await worker.waitUntilReady();

  const start = performance.now();
  for (let from = 0; from < options.jobs; from += options.addInChunksOf) {
    const count = Math.min(options.addInChunksOf, options.jobs - from);
    const jobs = Array.from({ length: count }, (_, i) => ({
      name: 'alarm',
      data: { claimId: `clm_${from + i}` },
      opts: { jobId: `clm_${from + i}-1` },
    }));
    await queue.addBulk(jobs);
  }
  await finished;
  const seconds = (performance.now() - start) / 1_000;
  await worker.close();
  await queue.obliterate({ force: true });
  await queue.close();
  await backend.close();
  return options.jobs / seconds;
}
