import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { masterKey } from '../../../src/ops/crypto.ts';
import { decodeMasterKey, loadMasterKey } from '../../../src/ops/master-key.ts';

const bytes = randomBytes(32);
const none = { value: null, file: null, dataDir: null };
let dir = '';

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rollcall-master-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('decodeMasterKey', () => {
  it('takes standard and URL base64 with white space around', () => {
    expect(decodeMasterKey(` ${bytes.toString('base64')}\n`)).toEqual(bytes);
    expect(decodeMasterKey(bytes.toString('base64url'))).toEqual(bytes);
  });

  it('refuses other lengths and other text', () => {
    for (const bad of [
      '',
      'secret',
      randomBytes(31).toString('base64'),
      randomBytes(33).toString('base64'),
      bytes.toString('hex'),
    ]) {
      expect(decodeMasterKey(bad)).toBeNull();
    }
  });
});

describe('loadMasterKey', () => {
  it('takes the value, or the file', async () => {
    const file = join(dir, 'k');
    await writeFile(file, `${bytes.toString('base64')}\n`);
    expect((await loadMasterKey({ ...none, value: bytes.toString('base64') }, false)).id).toBe(masterKey(bytes).id);
    expect((await loadMasterKey({ ...none, file }, false)).id).toBe(masterKey(bytes).id);
  });

  it('generates one file of mode 0600 and then keeps to it', async () => {
    const source = { ...none, dataDir: dir };
    const made = await loadMasterKey(source, true);
    const path = join(dir, 'master.key');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(masterKey(decodeMasterKey(await readFile(path, 'utf8'))!).id).toBe(made.id);
    await chmod(path, 0o644);
    expect((await loadMasterKey(source, false)).id).toBe(made.id);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(dir)).toEqual(['master.key']);
  });

  it('agrees with a concurrent starter', async () => {
    const source = { ...none, dataDir: dir };
    const made = await Promise.all(Array.from({ length: 8 }, () => loadMasterKey(source, true)));
    expect(new Set(made.map((key) => key.id)).size).toBe(1);
    expect(await readdir(dir)).toEqual(['master.key']);
  });

  it('does not generate a second key for a ledger that has one', async () => {
    await expect(loadMasterKey({ ...none, dataDir: dir }, false)).rejects.toMatchObject({
      name: 'StartRefused',
      code: 'master_key',
    });
    expect(await readdir(dir)).toEqual([]);
  });

  it('names what is wrong without the value', async () => {
    const file = join(dir, 'k');
    await writeFile(file, 'not-a-key-but-secret');
    await expect(loadMasterKey({ ...none, file }, true)).rejects.toThrow(/does not hold 32 bytes as base64/);
    await expect(loadMasterKey({ ...none, file }, true)).rejects.not.toThrow(/not-a-key-but-secret/);
    await expect(loadMasterKey({ ...none, file: join(dir, 'absent') }, true)).rejects.toThrow(
      /MASTER_KEY_FILE .*absent cannot be read \(ENOENT\)/,
    );
    await expect(loadMasterKey(none, true)).rejects.toThrow(/required with DATABASE_URL/);
  });
});
