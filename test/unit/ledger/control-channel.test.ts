import { chmod, chown, link, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Control, callControl, openControl } from '../../../src/ledger/control-channel.ts';
import { probeSocket, resolveDataDir, socketPath } from '../../../src/ledger/lock.ts';
import { StartRefused } from '../../../src/ops/refusal.ts';

let dir = '';
let open: Control[] = [];

async function control(
  dataDir: string,
  handle: (command: string, args: unknown) => Promise<unknown> = async () => null,
): Promise<Control> {
  const made = await openControl({ dataDir, handle });
  open.push(made);
  return made;
}

/** A socket file that nobody listens on, as a killed process leaves it. */
async function staleSocket(path: string): Promise<void> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(`${path}.live`, resolve));
  await link(`${path}.live`, path);
  await new Promise((resolve) => server.close(resolve));
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rollcall-control-'));
});
afterEach(async () => {
  await Promise.all(open.map((each) => each.close()));
  open = [];
  await rm(dir, { recursive: true, force: true });
});

describe('control channel', () => {
  it('makes the data directory 0700 and the socket 0600, and takes the socket away at close', async () => {
    const data = join(dir, 'new', 'data');
    const made = await control(data);
    expect((await stat(data)).mode & 0o777).toBe(0o700);
    expect((await stat(made.path)).mode & 0o777).toBe(0o600);
    expect(made.path).toBe(join(data, 'control.sock'));
    await made.close();
    await made.close();
    await expect(stat(made.path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('runs commands in the owner and returns their results', async () => {
    await control(dir, async (command, args) => ({ command, args }));
    expect(await callControl(dir, 'keys.list', { practiceId: 'prac_a' })).toEqual({
      running: true,
      result: { command: 'keys.list', args: { practiceId: 'prac_a' } },
    });
    const big = 'x'.repeat(300_000);
    expect(await callControl(dir, 'echo', big)).toEqual({ running: true, result: { command: 'echo', args: big } });
  });

  it('says that nobody runs, by an absent and by a stale socket', async () => {
    expect(await callControl(dir, 'keys.list', null)).toEqual({ running: false });
    await staleSocket(join(dir, 'control.sock'));
    expect(await callControl(dir, 'keys.list', null)).toEqual({ running: false });
  });

  it('passes on refusals that were written for operators, nothing of other errors', async () => {
    await control(dir, async (command) => {
      throw command === 'known' ? new StartRefused('no_such_key', 'There is no such key.') : new Error('Sarah Moreno');
    });
    await expect(callControl(dir, 'known', null)).rejects.toMatchObject({
      name: 'ControlError',
      code: 'no_such_key',
      message: 'There is no such key.',
    });
    await expect(callControl(dir, 'unknown', null)).rejects.toMatchObject({
      code: 'internal',
      message: 'The command unknown failed; the log says why.',
    });
  });

  it('reports a service that does not answer, or dies before it does', async () => {
    let asked = (): void => {};
    const made = await control(dir, () => {
      asked();
      return new Promise(() => {});
    });
    await expect(callControl(dir, 'slow', null, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'timeout' });
    const inHand = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const cut = expect(callControl(dir, 'slow', null)).rejects.toMatchObject({ code: 'cut' });
    await inHand;
    await made.close();
    await cut;
  });

  it('answers nonsense with an error and survives clients that vanish', async () => {
    const made = await control(dir, async () => 'alive');
    for (const text of ['nonsense\n', '{"id":"x"}\n', '[]\n', 'half a li']) {
      const socket = net.connect(made.path);
      await new Promise((resolve) => socket.write(text, resolve));
      if (text.endsWith('\n')) {
        const line = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
        expect(JSON.parse(line)).toMatchObject({ ok: false, error: { code: 'bad_request' } });
      }
      socket.destroy();
    }
    expect(await callControl(dir, 'x', null)).toEqual({ running: true, result: 'alive' });
  });
});

describe('the lock of the data directory', () => {
  it('refuses a second owner and names the first', async () => {
    await control(dir);
    await expect(openControl({ dataDir: dir, handle: async () => null })).rejects.toMatchObject({
      code: 'data_dir_in_use',
      message: `The data directory ${dir} is in use by pid ${process.pid}.`,
    });
  });

  it('sees through another name of the same directory', async () => {
    await control(dir);
    const alias = `${dir}-alias`;
    await symlink(dir, alias);
    try {
      await expect(openControl({ dataDir: alias, handle: async () => null })).rejects.toMatchObject({ code: 'data_dir_in_use' });
    } finally {
      await rm(alias);
    }
  });

  it('refuses a directory whose owner does not answer', async () => {
    const server = net.createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => server.listen(join(dir, 'control.sock'), resolve));
    await expect(openControl({ dataDir: dir, handle: async () => null })).rejects.toMatchObject({
      message: expect.stringContaining('does not answer'),
    });
    await new Promise((resolve) => server.close(resolve));
  });

  it('takes over a stale socket', async () => {
    await staleSocket(join(dir, 'control.sock'));
    expect(await probeSocket(join(dir, 'control.sock'))).toBe('stale');
    await control(dir, async () => 'mine');
    expect(await callControl(dir, 'x', null)).toEqual({ running: true, result: 'mine' });
  });

  it('never deletes a file that is not a socket', async () => {
    await writeFile(join(dir, 'control.sock'), 'precious');
    await expect(openControl({ dataDir: dir, handle: async () => null })).rejects.toMatchObject({ code: 'data_dir_unusable' });
    expect((await stat(join(dir, 'control.sock'))).size).toBe(8);
  });

  it('lets exactly one of many starters win, from a stale socket', async () => {
    for (let round = 0; round < 5; round++) {
      await staleSocket(join(dir, 'control.sock'));
      const outcomes = await Promise.allSettled(
        Array.from({ length: 12 }, () => openControl({ dataDir: dir, handle: async () => null })),
      );
      const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
      expect(won).toHaveLength(1);
      for (const lost of outcomes.filter((outcome) => outcome.status === 'rejected'))
        expect(lost.reason).toMatchObject({ code: 'data_dir_in_use' });
      await won[0]!.value.close();
    }
  });

  it('can be taken again after it was given free', async () => {
    for (let i = 0; i < 3; i++) await (await openControl({ dataDir: dir, handle: async () => null })).close();
    await control(dir);
    expect((await callControl(dir, 'hello', null)).running).toBe(true);
  });

  it('puts the socket of a long path under a hashed name, one per directory', async () => {
    const long = join(dir, 'd'.repeat(60), 'e'.repeat(60));
    const made = await control(long, async () => 'long');
    expect(made.path.length).toBeLessThanOrEqual(100);
    expect(made.path).toMatch(/^\/tmp\/rollcall-[0-9a-f]{32}\.sock$/);
    expect((await stat(made.path)).mode & 0o777).toBe(0o600);
    expect(await callControl(long, 'x', null)).toEqual({ running: true, result: 'long' });
    expect(socketPath(await resolveDataDir(join(dir, 'd'.repeat(60), 'f'.repeat(60))))).not.toBe(made.path);
    await expect(openControl({ dataDir: long, handle: async () => null })).rejects.toMatchObject({ code: 'data_dir_in_use' });
  });

  it.runIf(process.getuid?.() === 0)('refuses a socket of another user', async () => {
    const other = join(dir, 'other');
    await mkdir(other);
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(join(other, 'control.sock'), resolve));
    await chmod(join(other, 'control.sock'), 0o600);
    await chown(join(other, 'control.sock'), 12_345, 12_345);
    const getuid = process.getuid;
    process.getuid = () => 54_321;
    try {
      await expect(probeSocket(join(other, 'control.sock'))).rejects.toMatchObject({ code: 'data_dir_in_use' });
    } finally {
      if (getuid) process.getuid = getuid;
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
