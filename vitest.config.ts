/**
 * Tests: unit tests lie beside the code they test, everything seen from the outside under `test/`.  What takes minutes lies in
 * `test/long/`: `npm run test:long` runs it.
 */
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * Each in a process of its own: they register entries, look at what modules have registered by themselves, expect notes that are given
 * once in a process, or lose GPU devices.
 */
const alone = [
  'src/index.test.ts',
  'src/options.test.ts',
  'src/store/database.test.ts',
  'test/api/option-checks.test.ts',
  'test/cli/gpu-*.test.ts',
  'test/cli/layered-networks.test.ts',
  'test/cli/registered-dataset.test.ts',
  'test/figures/registry.test.ts',
  'test/kinds/scoring.test.ts',
  'test/kinds/toy-kind.test.ts',
  'test/network/gpu-engine.test.ts',
  'test/parity/gpu-*.test.ts',
  'test/web/*.test.ts',
];

export default defineConfig({
  test: {
    // Left to itself, Vitest would leave one of two cores idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: ['test/support/seed-properties.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'web/**/*.test.ts'],
          exclude: [...alone, 'test/long/**', 'test/installed/**'],
          // A process for each file, and its imports, would take a third of the time of all tests.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
  },
});
