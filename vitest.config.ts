import { defineConfig } from 'vitest/config';

/** Files share a process, which loads the program once for all of them: what they fake is put back after each test. */
const SHARED = { isolate: false, restoreMocks: true, unstubEnvs: true, unstubGlobals: true };

/** No limit that a sound test comes near to: a loaded machine is slow, and that is no failure. */
const LIMITS = { testTimeout: 240_000, hookTimeout: 240_000 };

const DEMO = 'test/e2e/demo.test.ts';

const project = (name: string, extra: Record<string, unknown> = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.{ts,tsx}`], ...SHARED, ...LIMITS, ...extra },
});

/** Projects by what they need: the first four run on Node alone, the others start real services on free loopback ports. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    globalSetup: ['./test/support/global-setup.ts'],
    reporters: ['default', './test/support/count-reporter.ts'],
    projects: [
      project('unit'),
      project('property', { setupFiles: ['./test/support/property-seed.ts'] }),
      project('golden'),
      project('contract'),
      project('integration'),
      project('crash'),
      project('e2e', { exclude: [DEMO] }),
      project('browser'),
      // By itself when all others are done: its 45 seconds are what a user waits, with the machine to themselves.
      project('demo', { include: [DEMO], sequence: { groupOrder: 1 } }),
    ],
  },
});
