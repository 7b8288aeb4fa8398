import { defineConfig } from 'vitest/config';

const project = (name: string, extra: Record<string, unknown> = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.{ts,tsx}`], testTimeout: 30_000, hookTimeout: 60_000, ...extra },
});

/** Projects by what they need: the first four run on Node alone, the others start real services on free loopback ports. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: ['default', './test/support/count-reporter.ts'],
    projects: [
      project('unit'),
      project('property', { testTimeout: 120_000, setupFiles: ['./test/support/property-seed.ts'] }),
      project('golden'),
      project('contract', { testTimeout: 60_000, hookTimeout: 120_000 }),
      project('integration', { testTimeout: 60_000, hookTimeout: 120_000 }),
      project('crash', { testTimeout: 120_000, hookTimeout: 120_000 }),
      project('e2e', { testTimeout: 120_000, hookTimeout: 120_000 }),
      project('browser', { testTimeout: 120_000, hookTimeout: 120_000 }),
    ],
  },
});
