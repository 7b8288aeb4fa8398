import net from 'node:net';
import { createInterface } from 'node:readline';
import { StartRefused } from '../ops/refusal.ts';
import { probeSocket, releaseDataDir, resolveDataDir, socketPath, takeDataDir } from './lock.ts';

/**
 * Request and answer between the operator's CLI and the running service, over the lock socket of the data directory:
 * one JSON object per line, `{ id, command, args }` → `{ id, ok: true, result }` or `{ id, ok: false, error }`.
 * Only the service's user (and root) can connect. The command `hello` is answered by the channel itself: `{ pid }`.
 */
const HELLO_TIMEOUT_MS = 5_000;
const CALL_TIMEOUT_MS = 60_000;
const MAX_LINE = 4 * 1024 * 1024;

export interface ControlFailure {
  readonly code: string;
  readonly message: string;
}

export interface ControlOptions {
  readonly dataDir: string;
  /** Runs one operator command inside the service; what it returns must survive JSON. */
  readonly handle: (command: string, args: unknown) => Promise<unknown>;
  /** Which refusals may be shown. Without it only `StartRefused` is; anything else is answered as `internal`. */
  readonly describeError?: (error: unknown) => ControlFailure | null;
}

export interface Control {
  readonly path: string;
  /** Ends connections and gives the data directory free. Close the ledger before. Idempotent. */
  close(): Promise<void>;
}

/** The service answered with a refusal, or did not answer. */
export class ControlError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'ControlError';
    this.code = code;
  }
}

export type ControlCall = { readonly running: false } | { readonly running: true; readonly result: unknown };

interface Request {
  readonly id: number;
  readonly command: string;
  readonly args: unknown;
}

type Response = { id: number | null; ok: true; result: unknown } | { id: number | null; ok: false; error: ControlFailure };

function parseRequest(line: string): Request | null {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return null;
    if (!('id' in value) || typeof value.id !== 'number' || !('command' in value) || typeof value.command !== 'string')
      return null;
    return { id: value.id, command: value.command, args: 'args' in value ? value.args : undefined };
  } catch {
    return null;
  }
}

async function answer(options: ControlOptions, request: Request): Promise<Response> {
  const { id } = request;
  if (request.command === 'hello') return { id, ok: true, result: { pid: process.pid } };
  try {
    return { id, ok: true, result: (await options.handle(request.command, request.args)) ?? null };
  } catch (error) {
    const shown =
      options.describeError?.(error) ?? (error instanceof StartRefused ? { code: error.code, message: error.message } : null);
    return {
      id,
      ok: false,
      error: shown ?? { code: 'internal', message: `The command ${request.command} failed; the log says why.` },
    };
  }
}

/** Cuts a stream into lines; a line over the limit ends the connection. */
function onLines(socket: net.Socket, handle: (line: string) => void): void {
  let size = 0;
  socket.on('data', (chunk: Buffer) => {
    const newline = chunk.lastIndexOf(10);
    size = newline === -1 ? size + chunk.length : chunk.length - newline - 1;
    if (size > MAX_LINE) socket.destroy();
  });
  createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY }).on('line', handle);
}

/**
 * Takes the data directory and answers operator commands until `close`. Call it before the ledger is opened.
 * Throws `StartRefused` (`data_dir_in_use`) when another process, or this one, has it.
 */
export async function openControl(options: ControlOptions): Promise<Control> {
  const dataDir = await resolveDataDir(options.dataDir);
  const connections = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    socket.on('error', () => socket.destroy());
    const send = (response: Response): void => {
      if (socket.writable) socket.write(`${JSON.stringify(response)}\n`);
    };
    onLines(socket, (line) => {
      const request = parseRequest(line);
      if (request === null)
        send({ id: null, ok: false, error: { code: 'bad_request', message: 'expected { id, command, args }' } });
      else void answer(options, request).then(send);
    });
  });
  await takeDataDir(dataDir, server, async (socket) => {
    const hello = await exchange(socket, { id: 0, command: 'hello', args: null }, HELLO_TIMEOUT_MS).catch(() => null);
    const result = hello?.ok === true ? hello.result : null;
    return typeof result === 'object' && result !== null && 'pid' in result && typeof result.pid === 'number' ? result.pid : null;
  });
  let closing: Promise<void> | null = null;
  return {
    path: socketPath(dataDir),
    close() {
      for (const socket of connections) socket.destroy();
      closing ??= releaseDataDir(dataDir, server);
      return closing;
    },
  };
}

/** Sends one request over a connected socket, waits for its answer and closes the connection. */
function exchange(socket: net.Socket, request: Request, timeoutMs: number): Promise<Response> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(new ControlError('timeout', 'The running service did not answer in time.')), timeoutMs);
    const end = (outcome: Error | Response): void => {
      clearTimeout(timer);
      socket.destroy();
      if (outcome instanceof Error) reject(outcome);
      else resolve(outcome);
    };
    socket.on('error', () => end(new ControlError('cut', 'The connection to the running service broke.')));
    socket.on('close', () => end(new ControlError('cut', 'The running service ended before it answered.')));
    onLines(socket, (line) => end(JSON.parse(line) as Response));
    socket.write(`${JSON.stringify(request)}\n`);
  });
}

/**
 * Runs an operator command in the service that owns the data directory. `{ running: false }` means that nobody does and
 * the caller may open the ledger itself (under the same lock). Throws `ControlError` with the service's refusal.
 */
export async function callControl(
  dataDir: string,
  command: string,
  args: unknown,
  options: { readonly timeoutMs?: number } = {},
): Promise<ControlCall> {
  const probe = await probeSocket(socketPath(await resolveDataDir(dataDir)));
  if (!(probe instanceof net.Socket)) return { running: false };
  const response = await exchange(probe, { id: 1, command, args }, options.timeoutMs ?? CALL_TIMEOUT_MS);
  if (!response.ok) throw new ControlError(response.error.code, response.error.message);
  return { running: true, result: response.result };
}
