import { rm } from 'node:fs/promises';
import type { TestProject } from 'vitest/node';
import { newBareDataDir, newDataDir } from './data-dir.ts';
import { available, startPostgres } from './services.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the server that all test files share, or null where the machine has none or no file of this run needs it. */
    postgresPort: number | null;
  }
}

const NEED_SERVICES: ReadonlySet<string> = new Set(['contract', 'integration', 'crash', 'e2e', 'browser']);

/** Once per run, before its first file: what takes seconds to make and is the same for all files. */
export async function setup(root: TestProject): Promise<() => Promise<void>> {
  const needed = root.vitest.projects.some((project) => NEED_SERVICES.has(project.name));
  const server = needed && available('postgres') === null ? await startPostgres({ maxConnections: 300 }) : null;
  root.provide('postgresPort', server?.port ?? null);
  if (needed) for (const make of [newBareDataDir, newDataDir]) await rm(await make(), { recursive: true, force: true });
  return async () => server?.stop();
}
