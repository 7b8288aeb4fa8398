import {
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DropTarget } from '../../../src/delivery/transport.ts';
import { canMount, dropFile, INSTALLATION, makePlace, mountSmall, type Place } from './place.ts';

const mountable = (await canMount()) || process.env['REQUIRE_SERVICES'] === '1';
const root = process.getuid?.() === 0 || process.env['REQUIRE_SERVICES'] === '1';

let place: Place;
let target: DropTarget;
const outbound = (name: string) => join(place.folders.outboundDir, name);
const staging = (name: string) => join(place.folders.stagingDir, name);
const stagedNames = async () => (await readdir(place.folders.stagingDir)).filter((name) => name !== '.rollcall');

beforeEach(async () => {
  place = await makePlace();
  target = await place.prepare();
});
afterEach(() => place.remove());

async function deliver(file = dropFile('drp_1')): Promise<string> {
  const [tempName] = await place.transport.stage(target, [file]);
  expect(await place.transport.rename(target, [{ tempName: tempName!, fileName: file.fileName }])).toEqual(['renamed']);
  return tempName!;
}

describe('prepare', () => {
  it('makes folders that a group may share, and one marker in both', async () => {
    expect(target).toMatchObject({ transport: 'directory', host: 'test', networkFileSystem: false });
    expect(target.markerId.startsWith(`${INSTALLATION}.`)).toBe(true);
    for (const folder of [place.folders.outboundDir, place.folders.inboundDir, place.folders.stagingDir]) {
      expect((await stat(folder)).mode & 0o777).toBe(0o770);
    }
    expect((await stat(outbound('.rollcall'))).mode & 0o777).toBe(0o700);
    expect(await readdir(outbound('.rollcall'))).toEqual(['marker']);
    await place.transport.verifyMarker(target);
  });

  it('finds the same again, at a restart and in a second worker at the same moment', async () => {
    expect(await place.prepare()).toEqual(target);
    expect(await place.transport.prepare(place.folders, target.markerId)).toEqual(target);
    const fresh = await makePlace();
    const both = await Promise.all([fresh.prepare(), fresh.open().prepare(fresh.folders), fresh.open().prepare(fresh.folders)]);
    expect(new Set(both.map((t) => t.markerId)).size).toBe(1);
    await fresh.remove();
  });

  it('keeps a parent folder’s setgid bit and leaves existing folders alone', async () => {
    const other = await makePlace();
    await mkdir(join(other.root, 'drop', 'acme'), { recursive: true });
    await chmod(join(other.root, 'drop', 'acme'), 0o2755);
    await mkdir(other.folders.stagingDir, { recursive: true });
    await chmod(other.folders.stagingDir, 0o700);
    await other.prepare();
    expect((await stat(other.folders.outboundDir)).mode & 0o7777).toBe(0o2770);
    expect((await stat(other.folders.stagingDir)).mode & 0o7777).toBe(0o700);
    await other.remove();
  });

  it('finishes a pair that a crash left half made', async () => {
    await rename(staging('.rollcall/marker'), staging('.rollcall/marker.pending'));
    await rm(outbound('.rollcall'), { recursive: true });
    expect((await place.prepare()).markerId).toBe(target.markerId);
    await place.transport.verifyMarker(target);
  });

  it.each([
    ['a fresh drop volume', () => rm(outbound('.rollcall'), { recursive: true }), 'marker_missing'],
    ['a fresh staging volume', () => rm(staging('.rollcall'), { recursive: true }), 'marker_missing'],
    ['a neighbour’s folder', () => writeFile(outbound('.rollcall/marker'), `${INSTALLATION}.0000000000000000\n`), 'wrong_volume'],
  ])('stops at %s', async (_, spoil, errorClass) => {
    await spoil();
    await expect(place.prepare()).rejects.toMatchObject({ class: errorClass, retry: 'operator' });
    await expect(place.transport.prepare(place.folders, target.markerId)).rejects.toMatchObject({ class: errorClass });
    await expect(place.transport.verifyMarker(target)).rejects.toMatchObject({ class: errorClass });
  });

  it('stops at another installation’s folders', async () => {
    await expect(place.open({ installationId: 'inst_other' }).prepare(place.folders)).rejects.toMatchObject({
      class: 'wrong_volume',
    });
  });

  it('never makes new markers for folders that the ledger knows', async () => {
    const fresh = await makePlace();
    await mkdir(fresh.folders.outboundDir, { recursive: true });
    await mkdir(fresh.folders.stagingDir, { recursive: true });
    await expect(fresh.transport.prepare(fresh.folders, target.markerId)).rejects.toMatchObject({ class: 'marker_missing' });
    expect(await readdir(fresh.folders.outboundDir)).toEqual([]);
    await fresh.remove();
  });

  it('refuses a staging folder that the peer can see, and relative places', async () => {
    const inside = { ...place.folders, stagingDir: join(place.folders.outboundDir, 'tmp') };
    await expect(place.transport.prepare(inside)).rejects.toMatchObject({ class: 'denied', code: 'staging_visible' });
    const answers = { ...place.folders, stagingDir: place.folders.inboundDir };
    await expect(place.transport.prepare(answers)).rejects.toMatchObject({ code: 'staging_visible' });
    await expect(place.transport.prepare({ ...place.folders, stagingDir: 'tmp' })).rejects.toMatchObject({
      code: 'relative_path',
    });
  });

  it.skipIf(!mountable)('refuses two file systems, and two mounts of one [needs mount]', async () => {
    const small = await mountSmall(256 * 1024);
    const two = { ...place.folders, stagingDir: join(small.path, 'staging') };
    await expect(place.transport.prepare(two)).rejects.toMatchObject({ class: 'wrong_volume', code: 'two_file_systems' });
    await small.unmount();
  });
});

describe('stage', () => {
  it('writes under drop id and token, private until renamed, with the mode the peer needs', async () => {
    const files = [dropFile('drp_1'), dropFile('drp_2', { token: 7 })];
    expect(await place.transport.stage(target, files)).toEqual(['drp_1.1.tmp', 'drp_2.7.tmp']);
    expect(await place.transport.list(target)).toEqual([]);
    expect((await stat(staging('drp_1.1.tmp'))).mode & 0o777).toBe(0o640);
    expect(await readFile(staging('drp_2.7.tmp'))).toEqual(files[1]!.bytes);
    const open = place.open({ fileMode: 0o660 });
    await open.stage(target, [dropFile('drp_3')]);
    expect((await stat(staging('drp_3.1.tmp'))).mode & 0o777).toBe(0o660);
  });

  it.skipIf(!root)('gives the file the drop folder’s group [needs root]', async () => {
    await chown(place.folders.outboundDir, -1, 54_321);
    await place.transport.stage(target, [dropFile('drp_1')]);
    expect((await stat(staging('drp_1.1.tmp'))).gid).toBe(54_321);
  });

  it('keeps two attempts apart by their tokens and never uses a name twice', async () => {
    await place.transport.stage(target, [dropFile('drp_1', { token: 1 })]);
    await place.transport.stage(target, [dropFile('drp_1', { token: 2 })]);
    expect((await stagedNames()).sort()).toEqual(['drp_1.1.tmp', 'drp_1.2.tmp']);
    const again = place.transport.stage(target, [dropFile('drp_2'), dropFile('drp_1', { token: 2 })]);
    await expect(again).rejects.toMatchObject({ class: 'exists', retry: 'backoff' });
    // The refused attempt took its own file back and left the earlier one.
    expect((await stagedNames()).sort()).toEqual(['drp_1.1.tmp', 'drp_1.2.tmp']);
  });

  it('takes everything back when the disk holds something else than was written', async () => {
    const lying = { ...dropFile('drp_2'), sha256: '0'.repeat(64) };
    await expect(place.transport.stage(target, [dropFile('drp_1'), lying])).rejects.toMatchObject({ class: 'damaged' });
    expect(await stagedNames()).toEqual([]);
  });

  it('notices bytes that changed between writing and verifying', async () => {
    const tampered = place.open({
      step: async (name) => {
        if (name === 'stage:files_synced') await writeFile(staging('drp_1.1.tmp'), Buffer.from('x'.padEnd(900, '#')));
      },
    });
    await expect(tampered.stage(target, [dropFile('drp_1')])).rejects.toMatchObject({ class: 'damaged' });
    expect(await stagedNames()).toEqual([]);
  });

  it('refuses names that could leave the folder', async () => {
    await expect(place.transport.stage(target, [dropFile('../x')])).rejects.toThrow('unsafe name');
    await expect(place.transport.rename(target, [{ tempName: 'drp_1.1.tmp', fileName: '../x.837' }])).rejects.toThrow(
      'unsafe name',
    );
  });

  it.skipIf(!mountable)('names a full disk and a read-only one, and leaves nothing half written [needs mount]', async () => {
    const small = await mountSmall(64 * 1024);
    const tiny = await makePlace(join(small.path, 'place'));
    const there = await tiny.prepare();
    const big = dropFile('drp_2', {}, 200 * 1024);
    await expect(tiny.transport.stage(there, [dropFile('drp_1'), big])).rejects.toMatchObject({
      class: 'disk_full',
      retry: 'backoff',
      code: 'ENOSPC',
    });
    expect(await readdir(there.stagingDir)).toEqual(['.rollcall']);
    const [tempName] = await tiny.transport.stage(there, [dropFile('drp_3')]);
    small.readOnly();
    await expect(tiny.transport.stage(there, [dropFile('drp_4')])).rejects.toMatchObject({ class: 'denied', code: 'EROFS' });
    const renamed = tiny.transport.rename(there, [{ tempName: tempName!, fileName: 'a.837' }]);
    await expect(renamed).rejects.toMatchObject({ class: 'denied', retry: 'operator' });
    expect(await tiny.transport.lookAtTemp(there, tempName!, dropFile('drp_3'))).toEqual({ kind: 'match' });
    await small.unmount();
  });
});

describe('rename', () => {
  it('moves the file whole, once', async () => {
    const tempName = await deliver();
    expect(await readFile(outbound('NORTHSIDE_drp_1.837'))).toEqual(dropFile('drp_1').bytes);
    expect((await lstat(outbound('NORTHSIDE_drp_1.837'))).nlink).toBe(1);
    expect(await stagedNames()).toEqual([]);
    expect(await place.transport.rename(target, [{ tempName, fileName: 'other.837' }])).toEqual(['look']);
    expect(await place.transport.list(target)).toEqual(['NORTHSIDE_drp_1.837']);
  });

  it('leaves a foreign file under the final name untouched', async () => {
    const file = dropFile('drp_1');
    for (const put of [
      () => writeFile(outbound(file.fileName), 'foreign'),
      () => mkdir(outbound(file.fileName)),
      () => symlink('/nowhere', outbound(file.fileName)),
    ]) {
      await rm(outbound(file.fileName), { recursive: true, force: true });
      await put();
      const [tempName] = await place.transport.stage(target, [dropFile('drp_1', { token: Math.ceil(Math.random() * 1e9) })]);
      const before = await lstat(outbound(file.fileName));
      expect(await place.transport.rename(target, [{ tempName: tempName!, fileName: file.fileName }])).toEqual(['look']);
      expect((await lstat(outbound(file.fileName))).ino).toBe(before.ino);
      expect(await place.transport.lookAtFinal(target, file)).toEqual({ kind: 'different' });
      expect(await place.transport.lookAtTemp(target, tempName!, file)).toEqual({ kind: 'match' });
    }
  });

  it('goes on with the others of a batch', async () => {
    const files = ['drp_1', 'drp_2', 'drp_3'].map((id) => dropFile(id));
    const names = await place.transport.stage(target, files);
    await rm(staging(names[1]!));
    const asked = files.map((file, n) => ({ tempName: names[n]!, fileName: file.fileName }));
    expect(await place.transport.rename(target, asked)).toEqual(['renamed', 'look', 'renamed']);
  });

  it('sends one file when two attempts rename the same recorded temp', async () => {
    const file = dropFile('drp_1');
    const [tempName] = await place.transport.stage(target, [file]);
    const ask = [{ tempName: tempName!, fileName: file.fileName }];
    const results = (await Promise.all([place.transport.rename(target, ask), place.open().rename(target, ask)])).flat();
    expect(results.filter((result) => result === 'renamed')).toHaveLength(1);
    expect(await place.transport.list(target)).toEqual([file.fileName]);
  });
});

describe('looking', () => {
  it('tells match, other bytes, absence and what cannot be read', async () => {
    const file = dropFile('drp_1');
    expect(await place.transport.lookAtFinal(target, file)).toEqual({ kind: 'absent' });
    const tempName = await deliver(file);
    expect(await place.transport.lookAtFinal(target, file)).toEqual({ kind: 'match' });
    expect(await place.transport.lookAtTemp(target, tempName, file)).toEqual({ kind: 'absent' });
    await writeFile(outbound(file.fileName), 'short');
    expect(await place.transport.lookAtFinal(target, file)).toEqual({ kind: 'different' });
    await writeFile(outbound(file.fileName), 'x'.repeat(file.size));
    expect(await place.transport.lookAtFinal(target, file)).toEqual({ kind: 'different' });
    await writeFile(staging('elsewhere'), 'no folder');
    const broken = { ...target, outboundDir: staging('elsewhere') };
    expect(await place.transport.lookAtFinal(broken, file)).toEqual({ kind: 'unreadable', code: 'ENOTDIR' });
  });

  it('finds other bytes in a staged temp and a staged temp that has vanished', async () => {
    const file = dropFile('drp_1');
    const [tempName] = await place.transport.stage(target, [file]);
    await chmod(staging(tempName!), 0o600);
    await writeFile(staging(tempName!), 'y'.repeat(file.size));
    expect(await place.transport.lookAtTemp(target, tempName!, file)).toEqual({ kind: 'different' });
    await rm(staging(tempName!));
    expect(await place.transport.lookAtTemp(target, tempName!, file)).toEqual({ kind: 'absent' });
  });

  it('lists the drop folder without our own marker', async () => {
    await deliver();
    await writeFile(outbound('foreign.txt'), '');
    expect([...(await place.transport.list(target))].sort()).toEqual(['NORTHSIDE_drp_1.837', 'foreign.txt']);
    await rm(place.folders.outboundDir, { recursive: true });
    await expect(place.transport.list(target)).rejects.toMatchObject({ class: 'marker_missing' });
  });
});

describe('cleaning', () => {
  const age = async (name: string, hours: number) => {
    const then = new Date(Date.now() - hours * 3_600_000);
    await utimes(staging(name), then, then);
  };

  it('removes old temps that nobody keeps, and nothing else', async () => {
    await place.transport.stage(
      target,
      ['drp_1', 'drp_2', 'drp_3'].map((id) => dropFile(id)),
    );
    await writeFile(staging('notes.txt'), 'an operator’s');
    for (const name of ['drp_1.1.tmp', 'drp_2.1.tmp', 'notes.txt']) await age(name, 3);
    expect(await place.transport.clean(target, new Set(['drp_2.1.tmp']), 3_600_000)).toBe(1);
    expect((await stagedNames()).sort()).toEqual(['drp_2.1.tmp', 'drp_3.1.tmp', 'notes.txt']);
    await place.transport.verifyMarker(target);
  });

  it('discards temps of a refused attempt, present or not', async () => {
    await place.transport.stage(target, [dropFile('drp_1')]);
    await place.transport.discard(target, ['drp_1.1.tmp', 'drp_9.1.tmp']);
    expect(await stagedNames()).toEqual([]);
  });

  it('does not follow a second name into the drop folder', async () => {
    await deliver();
    await link(outbound('NORTHSIDE_drp_1.837'), staging('drp_1.9.tmp'));
    await age('drp_1.9.tmp', 3);
    expect(await place.transport.clean(target, new Set(), 3_600_000)).toBe(1);
    expect(await place.transport.lookAtFinal(target, dropFile('drp_1'))).toEqual({ kind: 'match' });
  });
});
