/** What a page needs bundles for a browser: nothing of it is Node's alone. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

it('bundles without anything of Node', async () => {
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL('browser.ts', import.meta.url))],
    bundle: true,
    platform: 'browser',
    // It has a build of its own for browsers, with remnants of Node that are never reached there.
    external: ['gpu.js'],
    format: 'esm',
    write: false,
    logLevel: 'silent',
    metafile: true,
  });
  expect(bundle.outputFiles[0].text).not.toMatch(/\b(?:process\.|Buffer\b|require\()/);
  const rooms = Object.keys(bundle.metafile.inputs).filter((path) =>
    /\/(?:store|figures|datasets|cli)\//.test(path),
  );
  expect(rooms).toEqual([]);
});
