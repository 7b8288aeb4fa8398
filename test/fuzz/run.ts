import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { FuzzFailure, fuzz } from './cases.ts';

/**
 * `npm run fuzz -- [--cases N] [--seed S]`: N files (100,000 by default), each checked and damaged (`cases.ts`). The same
 * seed gives the same cases. Ends with 1 at the first that fails; its bytes are kept. The cases run in a thread of their
 * own, so that one that never ends is noticed too.
 */

/** A file may take this long; a thousand times what it should. */
const MAX_MS = 5_000;
const LOOK_MS = 250;
/** No case is longer. */
const MAX_BYTES = 1 << 20;

interface Shared {
  readonly cases: number;
  readonly seed: number;
  /** 0: readings begun and ended, 1: length of the file that is being read, 0 while there is none. */
  readonly clock: Int32Array;
  readonly bytes: Uint8Array;
}

function inThread({ cases, seed, clock, bytes }: Shared): void {
  const watch = (file: Uint8Array | null): void => {
    if (file !== null) bytes.set(file.subarray(0, MAX_BYTES));
    Atomics.store(clock, 1, Math.min(file?.length ?? 0, MAX_BYTES));
    Atomics.add(clock, 0, 1);
  };
  try {
    const counts = fuzz(cases, seed, watch, (files) => parentPort?.postMessage({ files }));
    parentPort?.postMessage({ counts });
  } catch (error) {
    if (!(error instanceof FuzzFailure)) throw error;
    parentPort?.postMessage({ failed: error.message, bytes: error.bytes });
  }
}

function main(): void {
  const { values } = parseArgs({ options: { cases: { type: 'string' }, seed: { type: 'string' } } });
  const cases = Number(values.cases ?? 100_000);
  const seed = Number(values.seed ?? Math.trunc(Math.random() * 2 ** 31));
  if (!Number.isSafeInteger(cases) || cases < 1 || !Number.isSafeInteger(seed))
    throw new Error('--cases and --seed take whole numbers');
  const shared: Shared = {
    cases,
    seed,
    clock: new Int32Array(new SharedArrayBuffer(8)),
    bytes: new Uint8Array(new SharedArrayBuffer(MAX_BYTES)),
  };
  const fail = (what: string, bytes: Uint8Array): never => {
    const file = join(tmpdir(), `rollcall-fuzz-${seed}.837`);
    writeFileSync(file, bytes);
    process.stderr.write(`\nseed ${seed}: ${what}\nthe file is ${file}\n`);
    process.exit(1);
  };
  process.stdout.write(`seed ${seed}\n`);
  const started = performance.now();
  const worker = new Worker(new URL(import.meta.url), { workerData: shared });
  // Looks are counted instead of time, so that a machine that stood still is not taken for a reading that did.
  let last = { tick: -1, looks: 0 };
  setInterval(() => {
    const [tick, length] = [Atomics.load(shared.clock, 0), Atomics.load(shared.clock, 1)];
    last = tick === last.tick ? { tick, looks: last.looks + 1 } : { tick, looks: 0 };
    if (length > 0 && last.looks > MAX_MS / LOOK_MS) fail(`took more than ${MAX_MS} ms`, shared.bytes.slice(0, length));
  }, LOOK_MS).unref();
  worker.on('error', (error) => {
    throw error;
  });
  worker.on('message', (message) => {
    if (message.failed !== undefined) fail(message.failed, message.bytes);
    if (message.files !== undefined) process.stdout.write(`${message.files} of ${cases}\r`);
    if (message.counts === undefined) return;
    const { files, refused, damaged, found, slowestMs, unseen } = message.counts;
    const places = [...unseen].sort(([a], [b]) => (a < b ? -1 : 1)).map(([place, n]) => `${place} ${n}`);
    process.stdout.write(
      `seed ${seed}: ${files} files passed and read back to their claims, ${damaged} damaged ones read rightly (${found} with findings), ` +
        `${refused} claims refused by the writer; slowest reading ${Math.round(slowestMs)} ms, ${Math.round((performance.now() - started) / 1000)} s\n` +
        `elements whose value changed unseen: ${places.join(', ')}\n`,
    );
  });
}

if (isMainThread) main();
else inThread(workerData as Shared);
