import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { packageRoot } from '../../src/ops/package-info.ts';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  /** First group (or the whole) of the first match in stdout; rejects when the process ends or `ms` pass without one. */
  said(pattern: RegExp, ms?: number): Promise<string>;
  readonly ended: Promise<Ended>;
  /** SIGKILL to it and to everything it started; for the end of a test. */
  destroy(): void;
}

export const MAIN = join(packageRoot(), 'dist', 'src', 'main.js');

/** The environment of the test without settings of the machine it runs on. */
export function cleanEnv(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => /^(PATH|HOME|LANG|TMPDIR|npm_config_cache)$/.test(name));
  return { ...Object.fromEntries(kept), ...env };
}

/** Starts a real process and collects what it says. */
export function start(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd = packageRoot(),
): Running {
  const child = spawn(command, [...args], { cwd, env: cleanEnv(env), stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let out = '';
  let err = '';
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    for (const look of listeners) look();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = once(child, 'close').then(([code, signal]): Ended => ({ code, signal, out, err }));
  return {
    child,
    pid: child.pid as number,
    ended,
    destroy() {
      try {
        process.kill(-(child.pid as number), 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    },
    said: (pattern, ms = 150_000) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => fail(`did not say ${pattern} within ${ms} ms`), ms);
        const done = (): void => {
          clearTimeout(timer);
          listeners.delete(look);
        };
        const fail = (what: string): void => {
          done();
          reject(new Error(`${command} ${args.join(' ')} ${what}\n--- stdout\n${out}\n--- stderr\n${err}`));
        };
        const look = (): void => {
          const found = pattern.exec(out);
          if (found === null) return;
          done();
          resolve(found[1] ?? found[0]);
        };
        listeners.add(look);
        look();
        void ended.then(({ code, signal }) => listeners.has(look) && fail(`ended with ${code ?? signal}`));
      }),
  };
}

/** The compiled program, as the package's bin runs it. */
export function rollcall(args: readonly string[], env: Readonly<Record<string, string>>, cwd?: string): Running {
  return start(process.execPath, [MAIN, ...args], env, cwd);
}

/** Runs a command to its end. */
export function run(args: readonly string[], env: Readonly<Record<string, string>>, cwd?: string): Promise<Ended> {
  return rollcall(args, env, cwd).ended;
}
