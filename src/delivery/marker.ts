import { randomBytes } from 'node:crypto';
import { chmod, type FileHandle, link, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DeliveryError, systemCode } from './errors.ts';

/**
 * A folder of our own inside the drop and the staging folder. It is 0700 and never empty, so a peer who may delete files
 * from the drop folder can neither read nor remove it, and no listing shows the marker as a file to pick up.
 */
export const MARKER_FOLDER = '.rollcall';
const MARKER_FILE = 'marker';
/** The staging folder's marker while the pair is being made: without it a crash half way would need an operator. */
const PENDING_FILE = 'marker.pending';

const markerPath = (folder: string, name = MARKER_FILE): string => join(folder, MARKER_FOLDER, name);

export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** More than any marker has; another file's beginning is as good a refusal as its whole. */
const MARKER_BYTES = 256;

/** The id in a folder, or null when it has none. Read before and after every batch, hence in one read. */
export async function readMarker(folder: string, name?: string): Promise<string | null> {
  let handle: FileHandle;
  try {
    handle = await open(markerPath(folder, name), 'r');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MARKER_BYTES), 0, MARKER_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead).trim();
  } finally {
    await handle.close();
  }
}

/** Writes a marker that appears whole or not at all; returns the id that is there afterwards, ours or an earlier one. */
async function writeMarker(folder: string, id: string, name = MARKER_FILE): Promise<string> {
  const own = join(folder, MARKER_FOLDER);
  await mkdir(own, { recursive: true });
  await chmod(own, 0o700);
  const draft = join(own, `draft.${randomBytes(6).toString('hex')}`);
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${id}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(draft, markerPath(folder, name));
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  await syncFolder(own);
  await syncFolder(folder);
  return (await readMarker(folder, name)) ?? id;
}

/** Throws unless both folders carry `id`. */
export async function verifyMarkers(folders: { outboundDir: string; stagingDir: string }, id: string): Promise<void> {
  const found = await Promise.all([readMarker(folders.outboundDir), readMarker(folders.stagingDir)]);
  if (found.includes(null)) throw new DeliveryError('marker_missing', 'operator', 'no_marker');
  if (found.some((marker) => marker !== id)) throw new DeliveryError('wrong_volume', 'operator', 'other_marker');
}

async function finishPair(folders: { outboundDir: string; stagingDir: string }, id: string): Promise<void> {
  const outbound = await writeMarker(folders.outboundDir, id);
  if (outbound !== id) throw new DeliveryError('wrong_volume', 'operator', 'other_marker');
  try {
    await rename(markerPath(folders.stagingDir, PENDING_FILE), markerPath(folders.stagingDir));
  } catch (error) {
    // Another process of this installation has finished the same pair.
    if (systemCode(error) !== 'ENOENT') throw error;
  }
  await syncFolder(join(folders.stagingDir, MARKER_FOLDER));
}

/**
 * The id that both folders carry; makes a new pair where neither has one. The id begins with the installation's, and its
 * rest is new for each pair, so that a neighbour's folder mounted in the wrong place is noticed too. A complete staging
 * marker without its counterpart means that one of the two is another volume now.
 */
export async function ensureMarkers(
  folders: { outboundDir: string; stagingDir: string },
  installationId: string,
): Promise<string> {
  const outbound = await readMarker(folders.outboundDir);
  let staging = await readMarker(folders.stagingDir);
  if (staging === null) {
    let pending = await readMarker(folders.stagingDir, PENDING_FILE);
    if (pending === null && outbound !== null) {
      const own = outbound.startsWith(`${installationId}.`);
      throw new DeliveryError(own ? 'marker_missing' : 'wrong_volume', 'operator', own ? 'no_marker' : 'other_marker');
    }
    pending ??= await writeMarker(folders.stagingDir, `${installationId}.${randomBytes(8).toString('hex')}`, PENDING_FILE);
    await finishPair(folders, pending);
    staging = pending;
  }
  if (!staging.startsWith(`${installationId}.`)) throw new DeliveryError('wrong_volume', 'operator', 'other_marker');
  await verifyMarkers(folders, staging);
  return staging;
}
