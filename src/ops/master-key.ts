import { randomBytes } from 'node:crypto';
import { chmod, link, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { masterKey, type NamedKey } from './crypto.ts';
import { StartRefused } from './refusal.ts';

export interface MasterKeySource {
  /** MASTER_KEY: base64 of 32 bytes, or null. */
  readonly value: string | null;
  /** MASTER_KEY_FILE: a file that holds the same, or null. */
  readonly file: string | null;
  /** Where the embedded ledger keeps its own key; null when the ledger is a Postgres server. */
  readonly dataDir: string | null;
}

/** 32 bytes from base64 (standard or URL alphabet, white space around it allowed), or null. */
export function decodeMasterKey(text: string): Buffer | null {
  const trimmed = text.trim();
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return null;
  const bytes = Buffer.from(trimmed, 'base64');
  return bytes.length === 32 ? bytes : null;
}

async function readKeyFile(path: string, name: string): Promise<NamedKey> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new StartRefused('master_key', `${name} ${path} cannot be read (${error.code ?? 'error'}).`);
  });
  const bytes = decodeMasterKey(text);
  if (bytes === null) throw new StartRefused('master_key', `${name} ${path} does not hold 32 bytes as base64.`);
  return masterKey(bytes);
}

async function exists(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
}

/** Whole and on disk, or not there: without this key the ledger cannot be read again. */
async function writeKeyFile(dataDir: string, path: string): Promise<void> {
  const temp = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(temp, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(32).toString('base64')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(temp, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(temp);
  }
  const folder = await open(dataDir, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * The master key from the environment, or for the embedded ledger from `DATA_DIR/master.key` (0600), which is made when
 * `mayGenerate` says that the ledger has never had one. Throws `StartRefused`.
 */
export async function loadMasterKey(source: MasterKeySource, mayGenerate: boolean): Promise<NamedKey> {
  if (source.value !== null) {
    const bytes = decodeMasterKey(source.value);
    if (bytes === null) throw new StartRefused('master_key', 'MASTER_KEY is not 32 bytes as base64.');
    return masterKey(bytes);
  }
  if (source.file !== null) return readKeyFile(source.file, 'MASTER_KEY_FILE');
  if (source.dataDir === null)
    throw new StartRefused('master_key', 'MASTER_KEY or MASTER_KEY_FILE is required with DATABASE_URL.');
  const path = join(source.dataDir, 'master.key');
  if (!(await exists(path))) {
    if (!mayGenerate) {
      throw new StartRefused(
        'master_key',
        `${path} is missing, but the ledger was set up with a master key: put it back or give MASTER_KEY.`,
      );
    }
    await writeKeyFile(source.dataDir, path);
  }
  await chmod(path, 0o600);
  return readKeyFile(path, 'The master key file');
}
