import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDirectoryTransport, type DirectoryOptions } from '../../../src/delivery/directory.ts';
import type { DropFile, DropFolders, DropTarget, Transport } from '../../../src/delivery/transport.ts';

export const INSTALLATION = 'inst_test';

/** A file's bytes are its drop id and filler: made up, and different for every drop. */
export function dropFile(dropId: string, over: Partial<DropFile> = {}, size = 900): DropFile {
  const bytes = over.bytes ?? Buffer.from(dropId.padEnd(size, '*'));
  return {
    dropId,
    token: 1,
    fileName: `NORTHSIDE_${dropId}.837`,
    bytes,
    size: bytes.byteLength,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    ...over,
  };
}

export interface Place {
  readonly root: string;
  readonly folders: DropFolders & { readonly inboundDir: string };
  readonly transport: Transport;
  readonly open: (options?: Partial<DirectoryOptions>) => Transport;
  readonly prepare: () => Promise<DropTarget>;
  readonly remove: () => Promise<void>;
}

/** Folders of one receiver below a new temporary folder (or below `root`). */
export async function makePlace(root?: string): Promise<Place> {
  const base = root ?? (await mkdtemp(join(tmpdir(), 'rollcall-drop-')));
  await mkdir(base, { recursive: true });
  const folders = {
    transport: 'directory' as const,
    host: 'test',
    outboundDir: join(base, 'drop', 'acme', 'outbound'),
    inboundDir: join(base, 'drop', 'acme', 'inbound'),
    stagingDir: join(base, 'staging', 'acme'),
  };
  const open = (options: Partial<DirectoryOptions> = {}) =>
    createDirectoryTransport({ installationId: INSTALLATION, ...options });
  const transport = open();
  return {
    root: base,
    folders,
    transport,
    open,
    prepare: () => transport.prepare(folders),
    remove: () => rm(base, { recursive: true, force: true }),
  };
}

const mount = (args: readonly string[]): boolean => spawnSync('mount', args, { stdio: 'ignore' }).status === 0;

/** Whether this machine lets us mount a small file system (root, Linux, not an unprivileged container). */
export async function canMount(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-mount-'));
  const mounted = mount(['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
  if (mounted) spawnSync('umount', [folder]);
  await rm(folder, { recursive: true, force: true });
  return mounted;
}

/** Mounts a tmpfs of `size` bytes at a new folder; `readOnly` remounts it. */
export async function mountSmall(size: number): Promise<{ path: string; readOnly: () => void; unmount: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'rollcall-mount-'));
  if (!mount(['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path])) throw new Error('mount failed');
  return {
    path,
    readOnly: () => {
      if (!mount(['-o', 'remount,ro', path])) throw new Error('remount failed');
    },
    unmount: async () => {
      spawnSync('umount', ['-l', path]);
      await rm(path, { recursive: true, force: true });
    },
  };
}
