import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../src/ops/package-info.ts';

/** Steps of amendments and of what they leave waiting (`test/crash/amendments.test.ts`). */
export const AMENDMENT_STEPS = [
  'amend:before_commit',
  'amend:committed',
  'amend:armed',
  'pending:before_commit',
  'pending:committed',
] as const;

/** Steps of what one person decides (`test/crash/decisions.test.ts`). */
export const DECISION_STEPS = ['act:before_commit', 'act:committed'] as const;

export interface CrashService {
  readonly child: ChildProcess;
  readonly url: string;
  readonly exited: Promise<void>;
}

const children = new Set<ChildProcess>();

export function killServices(): void {
  for (const child of children) child.kill('SIGKILL');
}

function start(env: Record<string, string>): { child: ChildProcess; exited: Promise<void> } {
  const child = fork(join(packageRoot(), 'dist', 'test', 'support', 'crash-child.js'), {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  children.add(child);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  exited.then(() => children.delete(child));
  return { child, exited };
}

/** The service in a process of its own (`crash-child.ts`), up and answering. */
export async function boot(env: Record<string, string>): Promise<CrashService> {
  const { child, exited } = start(env);
  const url = await new Promise<string>((resolve, reject) => {
    child.on('message', (m: { url?: string }) => m.url !== undefined && resolve(m.url));
    child.once('exit', (code, signal) => reject(new Error(`the service did not start: ${code ?? signal}`)));
  });
  return { child, url, exited };
}

/** The next time it passes this step, the service kills itself. */
export async function armKill({ child }: CrashService, step: string): Promise<void> {
  await new Promise<void>((resolve) => {
    child.once('message', () => resolve());
    child.send({ kill: step });
  });
}

/** Starts a service that kills itself at this step, whether or not it has got as far as answering. */
export async function bootToKill(env: Record<string, string>, step: string): Promise<void> {
  const { exited } = start({ ...env, ROLLCALL_TEST_KILL: step });
  const late = new Promise<never>((_, reject) =>
    setTimeout(() => reject(new Error(`${step} was never reached`)), 90_000).unref(),
  );
  await Promise.race([exited, late]);
}
