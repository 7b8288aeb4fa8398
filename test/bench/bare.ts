import { rm } from 'node:fs/promises';
import { openControl } from '../../src/ledger/control-channel.ts';
import { openLedger } from '../../src/ledger/database.ts';
import { migrateQueue, type QueueConnection } from '../../src/queue/backend.ts';
import { tempDir } from '../support/app.ts';
import { benchBareBullmq } from './bare-bullmq.ts';

export type BareBackend = { readonly kind: 'pglite' } | { readonly kind: 'postgres' | 'redis'; readonly url: string };

const JOBS = 4_000;
const REPEATS = 2;

/** Jobs per second of BullMQ alone on this backend: adds in eights, processes no-op; the best of two runs. */
export async function measureBare(backend: BareBackend): Promise<number> {
  let best = 0;
  for (let i = 0; i < REPEATS; i++) best = Math.max(best, await once(backend));
  return best;
}

async function once(backend: BareBackend): Promise<number> {
  const options = { jobs: JOBS, addInChunksOf: 8, concurrency: 8 };
  const onError = (error: unknown) => {
    throw error;
  };
  if (backend.kind !== 'pglite') {
    const connection: QueueConnection =
      backend.kind === 'redis' ? { redisUrl: backend.url, onError } : { pool: { connectionString: backend.url }, onError };
    await migrateQueue(connection);
    return benchBareBullmq(connection, options);
  }
  const dataDir = await tempDir('rollcall-bare-');
  const control = await openControl({ dataDir, handle: async () => null });
  const ledger = await openLedger({ dataDir });
  try {
    if (ledger.pglitePool === null) throw new Error('the embedded ledger has no pool');
    const connection: QueueConnection = { pool: ledger.pglitePool, onError };
    await migrateQueue(connection);
    return await benchBareBullmq(connection, options);
  } finally {
    await ledger.close();
    await control.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}
