import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '../../src/ledger/database.ts';

const CACHE = 'node_modules/.cache/rollcall';

/**
 * A new data directory whose embedded ledger exists and is empty (no migration has run). `initdb` in WebAssembly takes
 * 4 s and more, so it is done once per PGlite version and copied; what it makes depends on nothing else.
 */
export async function newDataDir(): Promise<string> {
  const { version } = JSON.parse(readFileSync('node_modules/@electric-sql/pglite/package.json', 'utf8')) as { version: string };
  const template = join(CACHE, `pglite-${version}`);
  if (!existsSync(template)) {
    const made = mkdtempSync(join(tmpdir(), 'rollcall-template-'));
    const ledger = await openLedger({ dataDir: made });
    await ledger.close();
    mkdirSync(CACHE, { recursive: true });
    const near = mkdtempSync(join(CACHE, 'new-'));
    cpSync(join(made, 'ledger'), join(near, 'ledger'), { recursive: true });
    rmSync(made, { recursive: true, force: true });
    try {
      renameSync(near, template);
    } catch (error) {
      // Another test file was faster; its copy is as good.
      rmSync(near, { recursive: true, force: true });
      if (!existsSync(template)) throw error;
    }
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-data-'));
  cpSync(template, dataDir, { recursive: true });
  return dataDir;
}
