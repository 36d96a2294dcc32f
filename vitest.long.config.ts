/** The tests of `test/long/`, which take minutes: sweeps, and more repetitions of tests that `npm test` runs in short. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/long/**/*.test.ts'], maxWorkers: 2, testTimeout: 600_000, hookTimeout: 60_000 },
});
