import { defineConfig } from 'vitest/config';

const project = (name: string, extra: Record<string, unknown> = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.{ts,tsx}`], testTimeout: 30_000, hookTimeout: 60_000, ...extra },
});

/** Files share a process, which loads the program once for all of them: what they fake is put back after each test. */
const SHARED = { isolate: false, restoreMocks: true, unstubEnvs: true, unstubGlobals: true };

/** Projects by what they need: the first four run on Node alone, the others start real services on free loopback ports. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: ['default', './test/support/count-reporter.ts'],
    projects: [
      project('unit', { ...SHARED }),
      project('property', { ...SHARED, testTimeout: 120_000, setupFiles: ['./test/support/property-seed.ts'] }),
      project('golden', { ...SHARED }),
      project('contract', { ...SHARED, testTimeout: 60_000, hookTimeout: 120_000 }),
      project('integration', { ...SHARED, testTimeout: 60_000, hookTimeout: 120_000 }),
      project('crash', { testTimeout: 120_000, hookTimeout: 120_000 }),
      project('e2e', { testTimeout: 120_000, hookTimeout: 120_000 }),
      project('browser', { testTimeout: 120_000, hookTimeout: 120_000 }),
    ],
  },
});
