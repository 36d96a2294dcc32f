/** The parts of this room that a page in a browser uses need nothing of Node. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const parts = ['image-set', 'crop-centre', 'idx', 'cifar-binary', 'interleave-classes', 'digit-text'];

it.each(parts)('%s bundles for a browser', async (part) => {
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL(`${part}.ts`, import.meta.url))],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
    logLevel: 'silent',
  });
  expect(bundle.outputFiles[0].text).not.toMatch(/\b(?:process|Buffer|require)\b/);
});
