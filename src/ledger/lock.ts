import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, realpath, unlink } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartRefused } from '../ops/refusal.ts';
import { withTakeoverMutex } from './takeover-mutex.ts';

/**
 * `DATA_DIR/control.sock` is the lock of the directory: who listens on it owns the embedded ledger, and the operating
 * system ends the listening with the process, however that dies. PGlite itself does not protect its directory.
 */
const MAX_SOCKET_PATH = 100;

export type Probe = 'absent' | 'stale' | net.Socket;

/** Directories whose socket this process listens on; `ledgerOpen` guards against a second PGlite in the same process. */
const held = new Map<string, { ledgerOpen: boolean }>();

/** Creates the data directory (0700) when it is missing and resolves links, so that one directory has one name. */
export async function resolveDataDir(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  return realpath(dataDir);
}

/**
 * Path of the control socket of a resolved data directory. A path over 100 characters does not fit a socket address:
 * then it is a hashed name in /tmp, not in TMPDIR, because two processes with different TMPDIR must meet.
 */
export function socketPath(resolvedDataDir: string): string {
  const direct = join(resolvedDataDir, 'control.sock');
  if (direct.length <= MAX_SOCKET_PATH) return direct;
  const name = `rollcall-${createHash('sha256').update(resolvedDataDir).digest('hex').slice(0, 32)}.sock`;
  return join(process.platform === 'linux' ? '/tmp' : tmpdir(), name);
}

/** Connects to the owner of a socket path, or says that there is none. Throws `StartRefused` for a foreign user's file. */
export async function probeSocket(path: string): Promise<Probe> {
  const entry = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (entry === null) return 'absent';
  if (!entry.isSocket()) throw new StartRefused('data_dir_unusable', `${path} is not a socket; move it away.`);
  const own = process.getuid?.();
  if (own !== undefined && own !== 0 && entry.uid !== own && entry.uid !== 0) {
    throw new StartRefused(
      'data_dir_in_use',
      `${path} belongs to another user; start with the user that owns the data directory.`,
    );
  }
  return new Promise((resolve, reject) => {
    const socket = net.connect(path);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') resolve('stale');
      else if (error.code === 'ENOENT') resolve('absent');
      else if (error.code === 'EACCES') reject(new StartRefused('data_dir_in_use', `${path} may not be opened by this user.`));
      else if (error.code === 'EAGAIN')
        reject(new StartRefused('data_dir_in_use', `${path} is in use by a process that does not answer.`));
      else reject(error);
    });
  });
}

function listen(server: net.Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

/**
 * Makes `server` listen on the socket of a resolved data directory, or throws `StartRefused`. Looking, unlinking a stale
 * socket and listening are one exclusive section, so of two starters exactly one wins.
 * `ownerOf` asks a live owner for its process id (null when it does not answer) and closes the connection.
 */
export async function takeDataDir(
  resolvedDataDir: string,
  server: net.Server,
  ownerOf: (socket: net.Socket) => Promise<number | null>,
): Promise<void> {
  const path = socketPath(resolvedDataDir);
  await withTakeoverMutex(resolvedDataDir, async () => {
    const probe = await probeSocket(path);
    if (probe instanceof net.Socket) {
      const pid = await ownerOf(probe);
      const owner = pid === null ? 'by another process, which does not answer' : `by pid ${pid}`;
      throw new StartRefused('data_dir_in_use', `The data directory ${resolvedDataDir} is in use ${owner}.`);
    }
    if (probe === 'stale') await unlink(path);
    await listen(server, path);
    await chmod(path, 0o600);
  });
  held.set(resolvedDataDir, { ledgerOpen: false });
}

/** Stops listening; the socket file goes with it. The ledger must be closed before. */
export async function releaseDataDir(resolvedDataDir: string, server: net.Server): Promise<void> {
  await new Promise<void>((resolve) => server.close(() => resolve()));
  held.delete(resolvedDataDir);
}

export function holdsDataDir(resolvedDataDir: string): boolean {
  return held.has(resolvedDataDir);
}

/** Marks the embedded ledger of a held directory as open; returns the undo. Throws when it is open already. */
export function claimLedgerFiles(resolvedDataDir: string): () => void {
  const state = held.get(resolvedDataDir);
  if (state === undefined) throw new Error('the data directory must be locked before its ledger is opened');
  if (state.ledgerOpen) {
    throw new StartRefused('data_dir_in_use', `The ledger in ${resolvedDataDir} is already open in this process.`);
  }
  state.ledgerOpen = true;
  return () => {
    state.ledgerOpen = false;
  };
}
