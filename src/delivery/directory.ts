import { createHash, randomBytes } from 'node:crypto';
import {
  chmod,
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  statfs,
  unlink,
} from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { DeliveryError, systemCode, withDeliveryErrors } from './errors.ts';
import { ensureMarkers, MARKER_FOLDER, syncFolder, verifyMarkers } from './marker.ts';
import type { DeliveryStepHook } from './steps.ts';
import type { DropFile, DropFolders, DropTarget, Look, Transport } from './transport.ts';

export interface DirectoryOptions {
  /** Begins every marker of this installation; from the ledger, so that a restored ledger knows its folders again. */
  readonly installationId: string;
  /** The peer must be able to read a drop … */
  readonly fileMode?: number;
  /** … and to delete it, which the folder's mode decides. A parent's setgid bit is kept. Existing folders stay as they are. */
  readonly folderMode?: number;
  readonly step?: DeliveryStepHook;
}

/** Magic numbers of `statfs(2)`: NFS, SMB, SMB2, CIFS, Ceph, 9p, FUSE (sshfs and the like). */
const NETWORK_FILE_SYSTEMS = new Set([0x6969, 0x517b, 0xfe534d42, 0xff534d42, 0x00c36400, 0x01021997, 0x65735546]);
const SETGID = 0o2000;
const TEMP_NAME = /^[A-Za-z0-9_-]+\.\d+\.tmp$/;
/** File names of ours: no separator, no leading dot. The template keeps to far less. */
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

const tempNameOf = (file: Pick<DropFile, 'dropId' | 'token'>): string => `${file.dropId}.${file.token}.tmp`;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function checked(name: string, pattern: RegExp): string {
  if (!pattern.test(name)) throw new Error('a drop with an unsafe name');
  return name;
}

/** Waits for all, then throws the first failure: none goes on behind the back of the clearing up. */
async function all(work: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) if (result.status === 'rejected') throw result.reason;
}

async function makeFolder(path: string, mode: number): Promise<void> {
  const created = await mkdir(path, { recursive: true });
  if (created === undefined) return;
  const { mode: inherited } = await stat(path);
  await chmod(path, mode | (inherited & SETGID));
}

async function lookAt(path: string, expected: Pick<DropFile, 'size' | 'sha256'>): Promise<Look> {
  try {
    const found = await lstat(path);
    if (!found.isFile() || found.size !== expected.size) return { kind: 'different' };
    return { kind: sha256(await readFile(path)) === expected.sha256 ? 'match' : 'different' };
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return { kind: 'absent' };
    if (code === null) throw error;
    return { kind: 'unreadable', code };
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** A rename between two mounts of one file system fails although their device numbers agree: only trying tells. */
async function proveRename(folders: DropFolders): Promise<void> {
  const name = `probe.${randomBytes(6).toString('hex')}`;
  const from = join(folders.stagingDir, MARKER_FOLDER, name);
  const to = join(folders.outboundDir, MARKER_FOLDER, name);
  try {
    await (await open(from, 'wx', 0o600)).close();
    await rename(from, to);
  } finally {
    await Promise.all([rm(from, { force: true }), rm(to, { force: true })]);
  }
}

async function checkPlaces(folders: DropFolders): Promise<void> {
  const [outbound, staging] = await Promise.all([realpath(folders.outboundDir), realpath(folders.stagingDir)]);
  const visible = folders.inboundDir === undefined ? [outbound] : [outbound, await realpath(folders.inboundDir)];
  if (visible.some((place) => staging === place || staging.startsWith(place + sep))) {
    throw new DeliveryError('denied', 'operator', 'staging_visible');
  }
  const [a, b] = await Promise.all([stat(outbound), stat(staging)]);
  if (a.dev !== b.dev) throw new DeliveryError('wrong_volume', 'operator', 'two_file_systems');
}

/**
 * A folder that an SFTP server (or a mount) shows to the receiver. Files appear in it by one `rename(2)` from a private
 * staging folder: whole, once, and never under two names.
 *
 * Why not link + unlink, which would refuse an existing name by itself: a crash between the two leaves the temp beside a
 * file that the peer may already have taken, and the temp would then say "not renamed yet" and be sent a second time.
 * `rename(2)` moves the name in one step, so the temp's absence *is* the proof. It would replace an existing file; that
 * none is there is checked right before, and nobody can put one there in between: (target, file name) is unique for ever
 * in the ledger, two attempts at one drop rename one and the same recorded temp (the second gets ENOENT), and the peer
 * cannot create files in this folder (docker/sftp). A foreign file found by the check stays untouched → `look`.
 */
export function createDirectoryTransport(options: DirectoryOptions): Transport {
  const fileMode = options.fileMode ?? 0o640;
  const folderMode = options.folderMode ?? 0o770;
  const step = async (name: Parameters<DeliveryStepHook>[0]): Promise<void> => options.step?.(name);

  /**
   * The umask and the staging folder's group are not the peer's business: the drop folder's group may read. Both are the
   * same for every file of a batch, so the first one tells what the others need.
   */
  const openToPeer = async (handles: readonly FileHandle[], folderGid: number): Promise<void> => {
    const made = await handles[0]?.stat();
    if (made === undefined) return;
    if ((made.mode & 0o777) !== fileMode) await all(handles.map((handle) => handle.chmod(fileMode)));
    if (made.gid !== folderGid) await all(handles.map((handle) => handle.chown(-1, folderGid)));
  };
  const verify = async (handle: FileHandle, file: DropFile): Promise<void> => {
    // One byte more than there should be: a longer file is different too.
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(file.size + 1), 0, file.size + 1, 0);
    const same = bytesRead === file.size && sha256(buffer.subarray(0, bytesRead)) === file.sha256;
    if (!same) throw new DeliveryError('damaged', 'backoff', 'different');
  };

  const stage = async (target: DropTarget, files: readonly DropFile[]): Promise<readonly string[]> => {
    const names = files.map((file) => checked(tempNameOf(file), TEMP_NAME));
    const opened: { readonly handle: FileHandle; readonly path: string; readonly file: DropFile }[] = [];
    let done = false;
    try {
      await step('stage:before_write');
      const { gid } = await stat(target.outboundDir);
      await all(
        files.map(async (file, n) => {
          const path = join(target.stagingDir, names[n] ?? '');
          // Exclusive: no name ever serves two attempts.
          const handle = await open(path, 'wx+', fileMode);
          opened.push({ handle, path, file });
          await handle.writeFile(file.bytes);
        }),
      );
      await openToPeer(
        opened.map(({ handle }) => handle),
        gid,
      );
      await step('stage:written');
      // All are written before the first is synced: the file system commits them together.
      await all(opened.map(({ handle }) => handle.sync()));
      await step('stage:files_synced');
      await all(opened.map(({ handle, file }) => verify(handle, file)));
      await step('stage:verified');
      await syncFolder(target.stagingDir);
      await step('stage:folder_synced');
      done = true;
      return names;
    } finally {
      await Promise.allSettled(opened.map(({ handle }) => handle.close()));
      // Nothing of a failed attempt is recorded: its temps are nobody else's.
      if (!done) await Promise.allSettled(opened.map(({ path }) => rm(path, { force: true })));
    }
  };

  const renameOne = async (target: DropTarget, file: { tempName: string; fileName: string }): Promise<'renamed' | 'look'> => {
    const final = join(target.outboundDir, checked(file.fileName, FILE_NAME));
    const temp = join(target.stagingDir, checked(file.tempName, TEMP_NAME));
    await step('rename:before');
    if (await exists(final)) return 'look';
    try {
      await rename(temp, final);
    } catch (error) {
      const code = systemCode(error);
      if (code === 'ENOENT' || code === 'EEXIST' || code === 'EISDIR') return 'look';
      throw error;
    }
    await step('rename:renamed');
    return 'renamed';
  };

  return {
    kind: 'directory',
    prepare: (folders, knownMarkerId = null) =>
      withDeliveryErrors(async () => {
        if (![folders.outboundDir, folders.stagingDir].every(isAbsolute))
          throw new DeliveryError('denied', 'operator', 'relative_path');
        if (knownMarkerId === null) {
          const places = [
            folders.outboundDir,
            folders.stagingDir,
            ...(folders.inboundDir === undefined ? [] : [folders.inboundDir]),
          ];
          for (const place of places) await makeFolder(place, folderMode);
        } else {
          await verifyMarkers(folders, knownMarkerId);
        }
        await checkPlaces(folders);
        const markerId = knownMarkerId ?? (await ensureMarkers(folders, options.installationId));
        await proveRename(folders);
        const { type } = await statfs(folders.outboundDir);
        return {
          transport: 'directory',
          host: folders.host,
          outboundDir: folders.outboundDir,
          stagingDir: folders.stagingDir,
          markerId,
          networkFileSystem: NETWORK_FILE_SYSTEMS.has(type),
        };
      }),
    verifyMarker: (target) => withDeliveryErrors(() => verifyMarkers(target, target.markerId)),
    stage: (target, files) => withDeliveryErrors(() => stage(target, files)),
    lookAtTemp: (target, tempName, file) => lookAt(join(target.stagingDir, checked(tempName, TEMP_NAME)), file),
    lookAtFinal: (target, file) => lookAt(join(target.outboundDir, checked(file.fileName, FILE_NAME)), file),
    rename: (target, files) =>
      withDeliveryErrors(async () => {
        const results = await Promise.allSettled(files.map((file) => renameOne(target, file)));
        const renamed = results.some((r) => r.status === 'fulfilled' && r.value === 'renamed');
        if (renamed) {
          // What has been renamed beside a failure must last as well.
          await syncFolder(target.outboundDir);
          await step('rename:outbound_synced');
          // The old name must not come back either: a temp that reappears would be sent again.
          await syncFolder(target.stagingDir);
          await step('rename:staging_synced');
        }
        return results.map((r) => {
          if (r.status === 'rejected') throw r.reason;
          return r.value;
        });
      }),
    discard: (target, tempNames) =>
      withDeliveryErrors(async () => {
        for (const name of tempNames) await rm(join(target.stagingDir, checked(name, TEMP_NAME)), { force: true });
      }),
    clean: (target, keep, olderThanMs) =>
      withDeliveryErrors(async () => {
        let removed = 0;
        for (const name of await readdir(target.stagingDir)) {
          if (!TEMP_NAME.test(name) || keep.has(name)) continue;
          const path = join(target.stagingDir, name);
          try {
            if (Date.now() - (await lstat(path)).mtimeMs < olderThanMs) continue;
            await unlink(path);
            removed += 1;
          } catch (error) {
            // Another worker cleans too.
            if (systemCode(error) !== 'ENOENT') throw error;
          }
        }
        return removed;
      }),
    list: (target) =>
      withDeliveryErrors(async () => (await readdir(target.outboundDir)).filter((name) => name !== MARKER_FOLDER)),
  };
}
