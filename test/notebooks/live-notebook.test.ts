/** A live training in a real Jupyter with the real tslab kernel: one output is updated in place, and its last state stays. */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const folder = resolve('notebooks');
const hasKernel =
  spawnSync('jupyter', ['nbconvert', '--version']).status === 0 &&
  existsSync(join(folder, 'node_modules', 'tslab')) &&
  existsSync('dist/index.js');

interface Output {
  readonly output_type: string;
  readonly data?: { readonly 'text/html'?: string[] | string };
  readonly text?: string[] | string;
}

const cells = [
  `import { LC_SNN } from 'locus-snn';
const net = new LC_SNN({ dataset: 'mnist-10k', nFilters: 4, timeMax: 60, threads: 1, thetaDecay: 'exact' });`,
  `const first = await net.train({ nIter: 200, plot: true, visInterval: 20 });`,
  `const second = await net.train({ nIter: 50, plot: true });`,
];

it.skipIf(!hasKernel)('updates one output in place', { timeout: 240_000 }, async () => {
  const work = mkdtempSync(join(tmpdir(), 'locus-live-notebook-'));
  try {
    symlinkSync(join(folder, 'node_modules'), join(work, 'node_modules'));
    const notebook = {
      cells: cells.map((source) => ({
        cell_type: 'code',
        execution_count: null,
        metadata: {},
        outputs: [],
        source,
      })),
      metadata: { kernelspec: { display_name: 'TypeScript', language: 'typescript', name: 'tslab' } },
      nbformat: 4,
      nbformat_minor: 4,
    };
    const path = join(work, 'live.ipynb');
    writeFileSync(path, JSON.stringify(notebook));
    const words = ['nbconvert', '--execute', '--to', 'notebook', '--inplace', path];
    words.push('--ExecutePreprocessor.startup_timeout=120');
    const environment = {
      JUPYTER_PATH: join(folder, 'jupyter'),
      PATH: `${folder}/node_modules/.bin:${process.env.PATH}`,
    };
    await promisify(execFile)('jupyter', words, { cwd: work, env: { ...process.env, ...environment } });
    const executed = JSON.parse(readFileSync(path, 'utf8')) as { cells: { outputs: Output[] }[] };
    const shown = executed.cells.map(({ outputs }) =>
      outputs.map(({ data, text }) => [data?.['text/html'] ?? text ?? ''].flat().join('')),
    );
    // The library in an output of its own, and one frame, the last, however many came before it.
    expect(shown.map((outputs) => outputs.length)).toEqual([0, 2, 1]);
    expect(shown[1][0]).toContain('DecompressionStream');
    const last = (html: string) => /"status":(\{[^}]*\})/.exec(html)?.[1];
    const done = (n: number) => ({ state: 'done', text: 'training is done', done: n, total: n });
    expect(JSON.parse(last(shown[1][1]) ?? '')).toEqual(done(200));
    expect(JSON.parse(last(shown[2][0]) ?? '')).toEqual(done(250));
    expect(shown[1][1]).not.toContain('DecompressionStream');
  } finally {
    rmSync(work, { recursive: true });
  }
});
