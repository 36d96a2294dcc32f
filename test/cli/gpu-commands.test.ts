/** The GPU engine from the command line: what there is, training and scoring on it, and the choice by measuring. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasWebGpu } from '../support/gpu.js';
import { runHere, runJson, runProgram } from './run-cli.js';
import { makeFolder } from '../support/make-folder.js';

interface Backends {
  readonly backends: readonly {
    readonly engine: string;
    readonly device: { readonly name: string; readonly isSoftware: boolean } | null;
    readonly selfTest: { readonly passed: boolean; readonly spikes: number } | null;
    readonly problem: string | null;
  }[];
}

const small = '--n-filters 4 --time-max 60 --n-iter 3 --calibrate 12 --test 12 --no-linear'.split(' ');

describe('locus gpu', () => {
  it('tests the kernels on what there is', async () => {
    const { backends } = await runJson<Backends>('gpu');
    const [webgpu, webasm] = backends;
    expect(webasm).toMatchObject({ engine: 'gpu-webasm', selfTest: { passed: true }, problem: null });
    expect(webgpu.engine).toBe('gpu');
    const missing = { device: null, problem: expect.stringContaining('no WebGPU adapter') as string };
    expect(webgpu).toMatchObject(hasWebGpu ? { selfTest: { passed: true }, problem: null } : missing);
  }, 180_000);

  it('as the built program, where there is no Vulkan driver, says what would bring one, and falls back to nothing', async () => {
    const environment = { VK_DRIVER_FILES: '/nowhere.json', VK_ICD_FILENAMES: '/nowhere.json' };
    const { code, stdout } = await runProgram(['gpu'], environment);
    expect(code).toBe(0);
    expect(stdout).toMatch(/engine gpu .*\n {2}cannot run: engine gpu: no WebGPU adapter/);
    expect(stdout).toContain('apt-get install chromium');
    expect(stdout).toMatch(/engine gpu-webasm[^]*self-test: passed/);
    const trained = await runProgram(
      [
        'train',
        'lc',
        ...small,
        '--engine',
        'gpu',
        '--db',
        join(makeFolder(), 'x.db'),
        '--dataset',
        'mnist-10k',
      ],
      environment,
    );
    expect(trained.code).toBe(1);
    expect(trained.stderr).toContain('no WebGPU adapter');
  }, 180_000);
});

describe('--engine', () => {
  it('gpu-webasm trains with a rule from equations what wasm does', async () => {
    const rule = ['--rule', 'WeightDependentPostPre,nuPost=0.05'];
    const train = ['train', 'lc', ...small, '--dataset', 'mnist-10k', ...rule];
    const [expected, trained] = await Promise.all(
      ['wasm', 'gpu-webasm'].map((engine) =>
        runJson<{ name: string; score: unknown }>(
          ...train,
          '--engine',
          engine,
          '--db',
          join(makeFolder(), 'x.db'),
        ),
      ),
    );
    expect({ name: trained.name, score: trained.score }).toEqual({
      name: expected.name,
      score: expected.score,
    });
  }, 180_000);

  it.each(['gpu-webasm', ...(hasWebGpu ? ['gpu'] : [])])(
    '%s trains, scores and feeds the network that wasm does',
    async (engine) => {
      const where = ['--db', join(makeFolder(), 'x.db')];
      const train = ['train', 'lc', ...small, '--dataset', 'mnist-10k', ...where];
      type Trained = { name: string; score: unknown };
      const expected = await runJson<Trained>(...train);
      const trained = await runJson<Trained>(...train, '--engine', engine);
      expect({ name: trained.name, score: trained.score }).toEqual({
        name: expected.name,
        score: expected.score,
      });
      const { name } = trained;
      type Fed = { spikes: number; counts: number[] };
      const fed = await runJson<Fed>('feed', name, '--label', '3', ...where);
      expect(fed.spikes).toBeGreaterThan(0);
      expect(await runJson<Fed>('feed', name, '--label', '3', '--engine', engine, ...where)).toEqual(fed);
      const score = ['score', name, '--images', '10', ...where];
      type Scored = { score: unknown };
      const scored = await runJson<Scored>(...score);
      const batched = await runJson<Scored>(...score, '--engine', engine, '--gpu-batch', '4');
      expect(batched.score).toEqual(scored.score);
    },
    300_000,
  );

  it('auto measures, says what it takes and why, and what the others would take', async () => {
    const where = ['--db', join(makeFolder(), 'x.db')];
    const { name } = await runJson<{ name: string }>(
      'train',
      'lc',
      ...small,
      '--dataset',
      'mnist-10k',
      ...where,
    );
    const { code, stderr } = await runHere(['score', name, '--images', '4', '--engine', 'auto', ...where]);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /Engine: (wasm|gpu\S*).* because it will take about .* ms per image in evaluation/,
    );
    for (const engine of ['wasm', 'gpu-webasm', 'gpu ']) expect(stderr).toContain(engine);
    expect(stderr.includes('gpu cannot')).toBe(!hasWebGpu);
  }, 300_000);

  it('auto trains minibatches on the engine that is fastest at them', async () => {
    const words = ['train', 'lc', ...small, '--batch-size', '2', '--dataset', 'mnist-10k'];
    const { code, stderr } = await runHere([
      ...words,
      '--engine',
      'auto',
      '--db',
      join(makeFolder(), 'x.db'),
    ]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/Engine: (wasm|gpu)/);
    expect(stderr).not.toContain('wasm cannot');
  }, 300_000);
});
