import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { StartRefused } from '../ops/refusal.ts';
import { openControl } from './control-channel.ts';
import { claimLedgerFiles, holdsDataDir, resolveDataDir } from './lock.ts';
import { QUICK_WASM } from './quick-start.ts';

/** Postgres inside PGlite 0.5; its files cannot be read by another major (checked by the contract suite). */
export const EMBEDDED_POSTGRES_MAJOR = '18';

/**
 * PGlite's own defaults stay (they hold `--single`). 16 MB of shared buffers instead of 128 save about 140 MB of resident
 * memory; UTC makes text forms of timestamps the same on every machine. Nothing gathers statistics while we run (PGlite has
 * no autovacuum), and a statement that is prepared while its table is empty keeps a plan that reads all of it for ever: with
 * sequential scans off, every look-up takes its index from the first row on.
 */
const START_PARAMS = [
  ...PGlite.defaultStartParams,
  ...['shared_buffers=16MB', 'TimeZone=UTC', 'enable_seqscan=off'].flatMap((setting) => ['-c', setting]),
];

async function checkMajor(dir: string): Promise<void> {
  const found = (await readFile(join(dir, 'PG_VERSION'), 'utf8')).trim();
  if (found === EMBEDDED_POSTGRES_MAJOR) return;
  throw new StartRefused(
    'ledger_major',
    `The ledger in ${dir} was written by Postgres ${found}, this program embeds Postgres ${EMBEDDED_POSTGRES_MAJOR}: ` +
      'export it with the program version that wrote it and import it into an empty directory.',
  );
}

/**
 * `initdb` runs in a process of its own: it is seconds of work that would block the event loop, and the 110 MB that it needs
 * would stay with this process. It ends with this process too, when the channel between them closes.
 */
const INIT_PROGRAM = `
${QUICK_WASM === null ? '' : `require('node:v8').setFlagsFromString('${QUICK_WASM}');`}
process.once('disconnect', () => process.exit(1));
const [module, dir, ...startParams] = process.argv.slice(1);
const { PGlite } = require(module);
PGlite.create({ dataDir: dir, startParams }).then((pglite) => pglite.close()).then(() => process.exit(0));
`;

/** Creates the database files beside their place and renames them, so that a start that is killed leaves nothing half-made. */
async function initialise(dir: string): Promise<void> {
  // A name of its own: what a killed start left may still be written to for a moment.
  const fresh = `${dir}.new-${randomBytes(6).toString('hex')}`;
  for (const name of await readdir(dirname(dir))) {
    if (name.startsWith('ledger.new-')) await rm(join(dirname(dir), name), { recursive: true, force: true });
  }
  const module = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const child = spawn(process.execPath, ['-e', INIT_PROGRAM, '--', module, fresh, ...START_PARAMS], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`initdb of the embedded ledger ended with code ${code}`);
  await rename(fresh, dir);
}

/**
 * Opens PGlite in `DATA_DIR/ledger`. Takes the lock of the data directory unless this process already holds it by
 * `openControl`; `close` gives back what was taken here. Throws `StartRefused`.
 */
export async function openPglite(dataDir: string): Promise<{ readonly pglite: PGlite; readonly close: () => Promise<void> }> {
  const root = await resolveDataDir(dataDir);
  const lock = holdsDataDir(root)
    ? null
    : await openControl({
        dataDir: root,
        handle: async () => {
          throw new StartRefused('no_service', 'An operator command is using the data directory; try again when it has ended.');
        },
      });
  try {
    const unclaim = claimLedgerFiles(root);
    try {
      const dir = join(root, 'ledger');
      if (existsSync(join(dir, 'PG_VERSION'))) await checkMajor(dir);
      else if (existsSync(dir) && (await readdir(dir)).length > 0) {
        throw new StartRefused('ledger_unreadable', `${dir} is not empty and not a ledger; move it away or restore it.`);
      } else await initialise(dir);
      const pglite = await PGlite.create({ dataDir: dir, startParams: START_PARAMS });
      return {
        pglite,
        async close() {
          await pglite.close();
          unclaim();
          await lock?.close();
        },
      };
    } catch (error) {
      unclaim();
      throw error;
    }
  } catch (error) {
    await lock?.close();
    throw error;
  }
}
