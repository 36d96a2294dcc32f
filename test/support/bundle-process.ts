/** Processes that a test file starts often: bundled once, because a loader of TypeScript takes longer than they do. */
import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Bundles a script before the tests of this file, and deletes the bundle after them.
 *
 * @param script path below the root of the repository
 * @returns the path that it will have: in `node_modules`, where it finds its packages
 */
export function bundleProcess(script: string): string {
  const outfile = join(root, 'node_modules/.cache', `${basename(script, '.ts')}-${process.pid}.mjs`);
  beforeAll(async () => {
    await build({
      entryPoints: [join(root, script)],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
    });
  });
  afterAll(() => rmSync(outfile));
  return outfile;
}
