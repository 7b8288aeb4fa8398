import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withTakeoverMutex } from '../../../src/ledger/takeover-mutex.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rollcall-mutex-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** Pid of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

/** What this process writes about itself, read from a section of its own. */
async function ownHolder(): Promise<Record<string, unknown>> {
  return withTakeoverMutex(
    dir,
    async () => JSON.parse(readFileSync(join(dir, 'control.takeover'), 'utf8')) as Record<string, unknown>,
  );
}

describe('withTakeoverMutex', () => {
  it('runs sections one after the other and leaves nothing behind', async () => {
    let inside = 0;
    let most = 0;
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        withTakeoverMutex(dir, async () => {
          inside += 1;
          most = Math.max(most, inside);
          await sleep(1);
          inside -= 1;
          return i;
        }),
      ),
    );
    expect(most).toBe(1);
    expect(results).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(await readdir(dir)).toEqual([]);
  });

  it('is free again after a section that throws', async () => {
    await expect(withTakeoverMutex(dir, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await withTakeoverMutex(dir, async () => 'next')).toBe('next');
    expect(await readdir(dir)).toEqual([]);
  });

  it('recovers from a holder that was killed, also twice over, with one owner at a time', async () => {
    const self = await ownHolder();
    const dead = { ...self, pid: deadPid() };
    await writeFile(join(dir, 'control.takeover'), JSON.stringify({ ...dead, nonce: 'a'.repeat(16) }));
    await writeFile(join(dir, `control.takeover-${'a'.repeat(16)}`), JSON.stringify({ ...dead, nonce: 'b'.repeat(16) }));
    await writeFile(join(dir, `control.takeover.tmp-${'c'.repeat(16)}`), JSON.stringify({ ...dead, nonce: 'c'.repeat(16) }));
    let inside = 0;
    await Promise.all(
      Array.from({ length: 10 }, () =>
        withTakeoverMutex(dir, async () => {
          expect(++inside).toBe(1);
          await sleep(2);
          inside -= 1;
        }),
      ),
    );
    expect(await readdir(dir)).toEqual([]);
  });

  it('tells a reused pid and another boot from the holder', async () => {
    const self = await ownHolder();
    for (const other of [
      { ...self, started: '1' },
      { ...self, boot: 'another-boot' },
    ]) {
      await writeFile(join(dir, 'control.takeover'), JSON.stringify({ ...other, nonce: 'd'.repeat(16) }));
      expect(await withTakeoverMutex(dir, async () => 'mine')).toBe('mine');
    }
  });

  it('waits for a living holder', async () => {
    const self = await ownHolder();
    const path = join(dir, 'control.takeover');
    await writeFile(path, JSON.stringify({ ...self, nonce: 'e'.repeat(16) }));
    let entered = false;
    const waiting = withTakeoverMutex(dir, async () => {
      entered = true;
    });
    await sleep(150);
    expect(entered).toBe(false);
    await rm(path);
    await waiting;
    expect(entered).toBe(true);
  });

  it('gives a holder in another container half a minute, since it cannot be probed', async () => {
    const self = await ownHolder();
    const path = join(dir, 'control.takeover');
    await writeFile(path, JSON.stringify({ ...self, pid: deadPid(), namespace: 'pid:[1]', nonce: 'f'.repeat(16) }));
    let entered = false;
    const waiting = withTakeoverMutex(dir, async () => {
      entered = true;
    });
    await sleep(100);
    expect(entered).toBe(false);
    const old = new Date(Date.now() - 31_000);
    await utimes(path, old, old);
    await waiting;
    expect(entered).toBe(true);
  });
});
