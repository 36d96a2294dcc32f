/** The kernels reach gpu.js as their own text: bundled, or with names and white space minified, it must still be translated. */
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type BuildOptions } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../support/make-folder.js';

/** Bundles the engines with a self-test, and runs it on gpu.js's WebAssembly backend. */
async function testBundle(options: BuildOptions): Promise<unknown> {
  const outfile = join(makeFolder(), 'bundle.mjs');
  const library = pathToFileURL(resolve('node_modules/gpu.js/src/index.js')).href;
  await build({
    stdin: {
      contents: `import './src/node/engines.js'; export { testGpuEngine } from './src/core/engine/gpu/self-test.js';`,
      resolveDir: resolve('.'),
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile,
    external: ['webgpu'],
    plugins: [
      {
        name: 'gpu.js from where it is',
        setup: (bundling) =>
          bundling.onResolve({ filter: /^gpu\.js$/ }, () => ({ path: library, external: true })),
      },
    ],
    ...options,
  });
  const bundle = (await import(pathToFileURL(outfile).href)) as {
    testGpuEngine: (engine: string) => Promise<{ passed: boolean }>;
  };
  return bundle.testGpuEngine('gpu-webasm');
}

describe('the kernels', () => {
  it.each([
    ['bundled', {}],
    ['bundled with the names of functions kept', { keepNames: true }],
    ['bundled with white space and names minified', { minifyWhitespace: true, minifyIdentifiers: true }],
  ] as const)(
    '%s pass the self-test',
    async (_, options) => {
      expect(await testBundle(options)).toMatchObject({ passed: true });
    },
    180_000,
  );
});
