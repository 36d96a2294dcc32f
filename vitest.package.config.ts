/** The tests of `test/installed/`: the package as npm installs it in an empty folder. `npm run test:package` runs them. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/installed/**/*.test.ts'],
    globalSetup: 'test/installed/install.ts',
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
});
