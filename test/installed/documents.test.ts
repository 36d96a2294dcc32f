/** What README.md and the pages of docs/ show in TypeScript runs from the installed package, and its types are whole. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/stream.js';
import { writeNpy } from '../../src/formats/npy.js';
import { makeWorkFolder, runLocus, start } from './run-installed.js';

const pages = [
  'README.md',
  ...['docs', 'docs/models'].flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`)),
];

/** Blocks of TypeScript, by their page and number. */
const blocks = pages
  .filter((page) => page.endsWith('.md'))
  .flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/^```ts\n([^]*?)^```$/gm)].map(
      ([, code], index) =>
        [`${page}, ${index + 1}`, code, `block-${page.replaceAll(/\W/g, '-')}-${index}`] as const,
    ),
  );

const folder = makeWorkFolder();

/** What the pages speak of: a folder `weights`, and a network called `digits`. */
beforeAll(async () => {
  const weights = join(folder, 'weights');
  mkdirSync(weights);
  writeFileSync(join(weights, 'meta.json'), '{ "network": "784-12-10, trained elsewhere" }');
  const random = new RandomStream(1, 'user');
  for (const [name, shape] of [
    ['fc1', [12, 784]],
    ['fc2', [10, 12]],
  ] as const) {
    const data = Float32Array.from({ length: shape[0] * shape[1] }, () => random.nextFloat() - 0.4);
    writeFileSync(join(weights, `${name}.npy`), writeNpy({ shape, data }));
  }
  const words = 'nnmf train --train 20 --test 10 --epochs 1 --iterations 2 --name digits';
  await runLocus(folder, words.split(' '));
});

describe('TypeScript of the documents', () => {
  it('is found', () => expect(blocks.length).toBeGreaterThanOrEqual(4));

  it.each(blocks)('%s runs', async (_, code, name) => {
    const file = `${name}.mjs`;
    // No block has types, so that it is JavaScript too.
    writeFileSync(join(folder, file), code);
    const { child, finished } = start(folder, process.execPath, [file]);
    child.stdin?.end();
    expect(await finished).toMatchObject({ code: 0 });
  });

  it('has types, and so has all that they need, without development dependencies', async () => {
    for (const [, code, name] of blocks) writeFileSync(join(folder, `${name}.mts`), code);
    const compiler = join(
      dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
      'bin/tsc',
    );
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022'];
    const files = blocks.map(([, , name]) => `${name}.mts`);
    const { finished } = start(folder, process.execPath, [compiler, ...options, ...files]);
    expect(await finished).toMatchObject({ code: 0, stdout: '' });
  });
});

describe('the API', () => {
  it('tells wrong values from programs by code and message', async () => {
    const script = `
      import { LC_SNN, loadNetwork, trainNetwork, viewDatabase } from 'locus-snn';
      const tell = (work) => Promise.resolve().then(work).catch(({ code, message }) => console.log(code, message));
      await tell(() => new LC_SNN({ nFliters: 4 }));
      await tell(() => new LC_SNN({ nFilters: -4 }));
      await tell(() => loadNetwork('nobody'));
      await tell(() => viewDatabase({ sort: 'foo' }));
      await tell(() => trainNetwork('LC_SNM'));`;
    writeFileSync(join(folder, 'wrong.mjs'), script);
    const { code, stdout } = await start(folder, process.execPath, ['wrong.mjs']).finished;
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toEqual([
      expect.stringMatching(/^UNKNOWN_NAME .*Did you mean "nFilters"\?/),
      expect.stringMatching(/^INVALID_ARGUMENT LC_SNN: expected nFilters/),
      expect.stringMatching(/^NOT_FOUND network "nobody"/),
      expect.stringMatching(/^(UNKNOWN_NAME|INVALID_ARGUMENT) .*"foo"/),
      expect.stringMatching(/^UNKNOWN_NAME .*Did you mean "LC_SNN"\?/),
    ]);
  });

  it('locus-snn/browser loads', async () => {
    const script =
      "import * as browser from 'locus-snn/browser'; console.log(Object.keys(browser).length > 5)";
    const words = ['--input-type=module', '--eval', script];
    expect(await start(folder, process.execPath, words).finished).toMatchObject({
      code: 0,
      stdout: 'true\n',
    });
  });
});
