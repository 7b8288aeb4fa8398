import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { openLedger } from '../../src/ledger/database.ts';
import { migrate, migrationHash } from '../../src/ledger/migrate.ts';
import { MIGRATIONS } from '../../src/ledger/migrations/index.ts';
import { packageRoot, packageVersion } from '../../src/ops/package-info.ts';
import { migrateQueue } from '../../src/queue/backend.ts';
import { scratchDir } from './scratch.ts';

const MODULES = join(packageRoot(), 'node_modules');
const CACHE = join(MODULES, '.cache', 'rollcall');

const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(join(MODULES, name, 'package.json'), 'utf8')) as { version: string }).version;

/** Makes `name` under the cache by `fill`, which is given a data directory, unless it is there. Returns its path. */
async function template(name: string, fill: (dataDir: string) => Promise<void>): Promise<string> {
  const path = join(CACHE, name);
  if (existsSync(path)) return path;
  const made = scratchDir('rollcall-template-');
  await fill(made);
  mkdirSync(CACHE, { recursive: true });
  const near = mkdtempSync(join(CACHE, 'new-'));
  cpSync(join(made, 'ledger'), join(near, 'ledger'), { recursive: true });
  rmSync(made, { recursive: true, force: true });
  try {
    renameSync(near, path);
  } catch (error) {
    // Another process was faster; its copy is as good.
    rmSync(near, { recursive: true, force: true });
    if (!existsSync(path)) throw error;
  }
  return path;
}

/**
 * `initdb` in WebAssembly takes 4 s and more; what it makes depends on nothing but the version of PGlite. Without the two
 * databases that `create database` copies, which PGlite cannot be asked to, it is 600 files instead of 970.
 */
function emptyTemplate(): Promise<string> {
  return template(`pglite-${versionOf('@electric-sql/pglite')}-slim`, async (dataDir) => {
    const { db, close } = await openLedger({ dataDir });
    await sql`update pg_database set datistemplate = false`.execute(db);
    await sql`drop database template0`.execute(db);
    await sql`drop database template1`.execute(db);
    await close();
  });
}

/** With the schema of the ledger and of the queue, and not a row in it: another second in a process that has just begun. */
async function migratedTemplate(): Promise<string> {
  const empty = await emptyTemplate();
  const schema = createHash('sha256').update(MIGRATIONS.map((m) => `${m.name} ${migrationHash(m)}`).join('\n'));
  schema.update(`${versionOf('bullmq')} ${packageVersion()}`);
  const name = `pglite-${versionOf('@electric-sql/pglite')}-${schema.digest('hex').slice(0, 12)}`;
  return template(name, async (dataDir) => {
    cpSync(empty, dataDir, { recursive: true });
    const ledger = await openLedger({ dataDir });
    const pool = ledger.pglitePool;
    if (pool === null) throw new Error('the embedded ledger has no pool');
    await migrate(ledger, packageVersion(), { afterLocked: async () => void (await migrateQueue({ pool })) });
    await ledger.close();
  });
}

function copyOf(path: string): string {
  const dataDir = scratchDir('rollcall-data-');
  // A third cheaper than Node's own copy of that many files.
  execFileSync('cp', ['-R', `${path}/.`, dataDir]);
  return dataDir;
}

/** A new data directory whose embedded ledger has its schema and no row: no key, no configuration. */
export async function newDataDir(): Promise<string> {
  return copyOf(await migratedTemplate());
}

/** A new data directory whose embedded ledger is an empty database: no migration has run. */
export async function newBareDataDir(): Promise<string> {
  return copyOf(await emptyTemplate());
}
