import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, connect as tcpConnect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Below the ports that systems hand out by themselves, to other tests too between our look and the server's start. */
const PORTS = { from: 20_000, count: 12_000 };
let tried = process.pid * 64;

/** True when nobody listens there and this process may. */
async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

/** A port nobody listens on just now, on loopback; another one at each call. */
export async function freePort(): Promise<number> {
  for (let n = 0; n < PORTS.count; n++) {
    tried += 1;
    const port = PORTS.from + (tried % PORTS.count);
    if (await isFree(port)) return port;
  }
  throw new Error('no free port');
}

/** True when something accepts connections there. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = tcpConnect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Polls until `check` holds; throws with `what` after `timeoutMs`. */
export async function until(what: string, check: () => boolean | Promise<boolean>, timeoutMs = 90_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await check())) {
    if (performance.now() > end) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await sleep(15);
  }
}

export interface ServerCommand {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly port: number;
  /** Removed by `stop`. */
  readonly directory: string;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  readonly stopSignal: NodeJS.Signals;
  /** Beyond an open port; polled. */
  readonly isReady?: (() => Promise<boolean>) | undefined;
}

export interface ServerProcess {
  /** Ends the server in an orderly way and removes its directory. */
  stop(): Promise<void>;
  /** SIGKILL; directory and port stay for `restart`. */
  kill(): Promise<void>;
  /** Starts it again on the same port and directory, after an orderly end if it still runs. */
  restart(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await exited;
  clearTimeout(late);
}

/** Starts a server in the foreground and waits until it answers; its own words are in the error when it does not. */
export async function startServer(server: ServerCommand): Promise<ServerProcess> {
  async function launch(): Promise<ChildProcess> {
    const identity = server.uid === undefined ? {} : { uid: server.uid, gid: server.gid ?? server.uid };
    const child = spawn(server.command, [...server.args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: server.directory,
      ...identity,
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    let said = '';
    const listen = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2_000);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    try {
      await until(`${server.name} on port ${server.port}`, async () => {
        if (child.exitCode !== null) throw new Error(`${server.name} ended with code ${child.exitCode}`);
        return (await accepts(server.port)) && (server.isReady === undefined || (await server.isReady()));
      });
    } catch (error) {
      child.kill('SIGKILL');
      throw new Error(`${server.name} did not start: ${said}`, { cause: error });
    }
    return child;
  }

  /** A killed Postgres leaves children that hold its directory for a moment. */
  async function relaunch(): Promise<ChildProcess> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await launch();
      } catch (error) {
        if (attempt === 5) throw error;
        await sleep(200 * attempt);
      }
    }
  }

  let child = await launch();
  return {
    async stop() {
      await end(child, server.stopSignal);
      rmSync(server.directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
    kill: () => end(child, 'SIGKILL'),
    async restart() {
      await end(child, server.stopSignal);
      child = await relaunch();
    },
  };
}
