/** From images to the database: train, calibrate, score, feed, start, bench. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../../src/datasets/index.js';
import { viewDatabase } from '../../src/store/index.js';
import { runHere, runJson, runProgram } from './run-cli.js';
import { makeFolder } from '../support/make-folder.js';

const small = 'train lc --n-filters 10 --n-iter 60 --calibrate 100 --test 100'.split(' ');
const embedded = ['--dataset', 'mnist-10k'];

const scored = { accuracy: expect.any(Number), error: expect.any(Number), nIter: 100 };
const allScored = { patch_voting: scored, all_voting: scored, spikes_first: scored, lc: scored };

const newDatabase = () => join(makeFolder(), 'networks.db');

describe('locus train', () => {
  it('as a program with --json prints one document and nothing else; threads do not change the network', async () => {
    const path = newDatabase();
    const [{ code, stdout, stderr }, other] = [
      await runProgram([...small, ...embedded, '--json', '--threads', '1'], { LOCUS_DB: path }),
      await runProgram([...small, ...embedded, '--json', '--threads', '2', '--db', newDatabase()]),
    ];
    expect(code).toBe(0);
    // A warning is no progress.
    expect(stderr).toMatch(/^locus: layer Y: tcThetaDecay .* ms acts as .*\n$/);
    const report = JSON.parse(stdout) as { name: string; stateHash: string };
    expect(report).toEqual({
      name: expect.stringMatching(/^[0-9a-f]{56}$/),
      stateHash: expect.stringMatching(/^[0-9a-f]{56}$/),
      nParameters: 13_770,
      nOutput: 90,
      score: allScored,
      seconds: { train: expect.any(Number), calibrate: expect.any(Number), score: expect.any(Number) },
    });
    const [row] = viewDatabase({ database: path });
    expect(row).toMatchObject({ name: report.name, state_hash: report.stateHash, n_filters: 10, n_iter: 60 });
    expect(row).toMatchObject({ dataset: 'mnist-10k', lc_n_iter: 100, nu_post: 0.01, theta_plus: 0.05 });
    expect(JSON.parse(other.stdout)).toMatchObject({ name: report.name, stateHash: report.stateHash });
  });

  it('refuses a name that is taken before any engine is measured', async () => {
    const where = ['--db', newDatabase(), '--name', 'taken'];
    await runJson(...small, ...embedded, ...where);
    const again = [...small, ...embedded, ...where, '--seed', '1', '--engine', 'auto'];
    const { code, stderr } = await runHere(again);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^locus: train: .*"taken"/);
  });

  it('shows progress as lines where there is no terminal, and nothing of it with --quiet', async () => {
    const path = newDatabase();
    const loud = await runHere([...small, ...embedded, '--db', path]);
    expect(loud.stderr).toMatch(/^training: \d+ of 60 images, [\d.]+\/s(, \d+:\d\d left)?\n/);
    expect(loud.stderr).toMatch(/training: 60 of 60 images/);
    expect(loud.stdout).toMatch(/^Stored as [0-9a-f]{56}: 90 neurons, 13770 synapses\npatch_voting {2}/);
    const quiet = await runHere([...small, ...embedded, '--db', path, '--quiet']);
    expect(quiet.stderr).toBe('');
    expect(quiet.stdout.split('\n')[0]).toBe(loud.stdout.split('\n')[0]);
  });

  it('shows a bar with speed and time left on a terminal', async () => {
    const stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 120 });
    const shown: string[] = [];
    stderr.on('data', (chunk: Buffer) => shown.push(chunk.toString()));
    expect((await runHere([...small, ...embedded, '--db', newDatabase()], { stderr })).code).toBe(0);
    expect(shown.join('')).toMatch(/training +\[.+\] 60\/60 images · \d+\/s · 0:00 left/);
  });

  it('says which data it chose, and why', async () => {
    const path = newDatabase();
    const { code, stderr } = await runHere([...small, '--db', path, '--data-dir', makeFolder()]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Data: mnist-10k \(full MNIST is not at hand: .*\)\n/);
    expect(viewDatabase({ database: path })[0].dataset).toBe('mnist-10k');
  });

  it('does not take the name of another network', async () => {
    const path = newDatabase();
    const quick = 'train fc --n-filters 4 --n-iter 5 --calibrate 0 --name mine --db'.split(' ');
    expect((await runHere([...quick, path, ...embedded])).code).toBe(0);
    expect((await runHere([...quick, path, ...embedded])).code).toBe(0);
    const { code, stderr } = await runHere([...quick, path, ...embedded, '--seed', '1']);
    expect(code).toBe(1);
    expect(stderr).toContain('locus: train: the name "mine" belongs to another network');
    expect(viewDatabase({ database: path })).toHaveLength(1);
  });

  it.each([
    [[...embedded, '--stride', '0'], 'LC_SNN: expected stride ≥ 1 [pixels], a whole number, got 0'],
    [[...embedded, '--engine', 'wsm'], 'unknown engine "wsm". Did you mean "wasm"?'],
    [['--dataset', 'mnits'], 'unknown data set "mnits". Did you mean "mnist"?'],
    [[...embedded, '--interval', '0,99999'], 'expected interval [from, to) within 0 … 7000, got [0,99999]'],
  ])('with %j is an error that names the place', async (words, message) => {
    const { code, stdout, stderr } = await runHere([...small, ...words, '--db', newDatabase()]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
  });
});

describe('a stored network', () => {
  it('is calibrated, scored and fed by its name', async () => {
    const path = newDatabase();
    const train = 'train c --n-filters 9 --n-iter 30 --calibrate 0 --name nine --db'.split(' ');
    expect(await runJson(...train, path, ...embedded)).toMatchObject({ name: 'nine', score: {} });
    expect((await runHere(['score', 'nine', '--db', path])).stderr).toContain('needs calibrate() first');
    expect((await runHere(['feed', 'nine', '--label', '3', '--db', path])).stdout).toContain('no prediction');

    expect(await runJson('calibrate', 'nine', '--images', '100', '--no-linear', '--db', path)).toMatchObject({
      name: 'nine',
    });
    const scores = ['score', 'nine', '--images', '100', '--db', path];
    const { lc: _, ...votesScored } = allScored;
    expect(await runJson(...scores)).toMatchObject({ name: 'nine', score: votesScored });
    expect((await runHere([...scores, '--method', 'lc'])).stderr).toContain('lc needs calibrateLc() first');
    expect(await runJson('calibrate', 'nine', '--images', '100', '--db', path)).toMatchObject({
      seconds: { calibrate: expect.any(Number) },
    });
    expect(await runJson(...scores, '--method', 'lc')).toMatchObject({ score: { lc: scored } });
    expect(viewDatabase({ database: path })[0]).toMatchObject({ lc_n_iter: 100, patch_voting_n_iter: null });
  });

  it('is fed a digit of the test set, or a picture', async () => {
    const folder = makeFolder();
    const path = join(folder, 'networks.db');
    const train = 'train lc --n-filters 10 --n-iter 60 --calibrate 100 --test 0 --name ten --db'.split(' ');
    await runJson(...train, path, ...embedded);
    const { test } = await loadDataset('mnist-10k');
    const index = test.labels.indexOf(3);

    const { stdout } = await runHere(['feed', 'ten', '--label', '3', '--db', path]);
    expect(stdout.split('\n').slice(0, 20).join('\n')).toMatch(/██/);
    expect(stdout).toMatch(/test image 0 of label 3: \d+ input spikes in 250 steps/);
    expect(stdout).toMatch(/90 neurons answer with \d+ spikes \(\d+ are silent\)/);
    expect(stdout).toMatch(/patch_voting {2}(\d [✓✗]|no prediction)/);

    const picture = join(folder, 'three.png');
    const pixels = test.images.subarray(index * 784, (index + 1) * 784);
    await sharp(pixels, { raw: { width: 28, height: 28, channels: 1 } })
      .png()
      .toFile(picture);
    const fed = await runJson('feed', 'ten', '--image', picture, '--db', path);
    expect(fed).toMatchObject({ name: 'ten', label: null, image: picture, steps: 250 });
    const counts = fed.counts as number[];
    expect(counts).toHaveLength(90);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(fed.spikes);
    expect(Object.keys(fed.predictions as object)).toEqual([
      'patch_voting',
      'all_voting',
      'spikes_first',
      'lc',
    ]);
  });

  it('is fed one thing at a time', async () => {
    const expectation = { code: 2, stderr: expect.stringContaining('expected either --label or --image') };
    expect(await runHere(['feed', 'x'])).toMatchObject(expectation);
    expect(await runHere(['feed', 'x', '--label', '3', '--image', 'y.png'])).toMatchObject(expectation);
  });
});

describe('locus start', () => {
  it('trains, scores and stores a good network once, and shows the database', async () => {
    const path = newDatabase();
    const first = await runJson('start', ...embedded, '--db', path);
    expect(first).toMatchObject({ isNew: true, nOutput: 900, nParameters: 218_700 });
    const { lc, patch_voting } = first.score as Record<string, { accuracy: number }>;
    expect(lc.accuracy).toBeGreaterThan(0.88);
    expect(patch_voting.accuracy).toBeGreaterThan(0.8);
    expect(await runJson('start', ...embedded, '--db', path)).toMatchObject({
      isNew: false,
      name: first.name,
      stateHash: first.stateHash,
      score: first.score,
      database: [{ name: first.name, n_filters: 100, mean_weight: 0.32, c_w: -50, n_iter: 5000 }],
    });
    const { stdout } = await runHere(['start', ...embedded, '--db', path]);
    expect(stdout).toMatch(
      /^This network is stored already \(--again trains it again, --seed 1 another one\): /,
    );
    expect(stdout).toMatch(/│ LC_SNN +│ +100 │ +12 │ +0\.32 │ +-50 │ +5000 │/);
  });
});

describe('locus data ls', () => {
  it('tells what is at hand', async () => {
    const folder = makeFolder();
    const datasets = await runJson<{ name: string; available: boolean }[]>(
      'data',
      'ls',
      '--data-dir',
      folder,
    );
    expect(datasets.filter(({ available }) => available).map(({ name }) => name)).toEqual(['mnist-10k']);
    const { stdout } = await runHere(['data', 'ls', '--data-dir', folder]);
    expect(stdout).toMatch(/mnist-10k +│ yes +│ +7000 │ +1500 │ +1500/);
    expect(stdout).toMatch(/mnist +│ no /);
  });

  it('locus data download refuses what it does not know', async () => {
    const { code, stderr } = await runHere(['data', 'download', 'mnits', '--data-dir', makeFolder()]);
    expect(code).toBe(1);
    expect(stderr).toContain('unknown data set "mnits". Did you mean "mnist"?');
  });
});

describe('locus bench', () => {
  it('gives a figure for every network, phase and number of threads, and writes them where it is told to', async () => {
    const out = join(makeFolder(), 'results', 'bench.json');
    const words =
      'bench --models lc,fc --filters 4 --engines wasm,reference --images 3 --repetitions 1'.split(' ');
    const figures = await runJson<Record<string, unknown>[]>(...words, ...embedded, '--out', out);
    expect(figures[0]).toEqual({
      engine: 'wasm',
      device: null,
      threads: 1,
      batch: 1,
      model: 'LC_SNN',
      nFilters: 4,
      kernelSize: 12,
      phase: 'train',
      msPerImage: expect.any(Number),
      cpuMsPerImage: expect.any(Number),
    });
    const cases = figures.map(({ model, engine, threads, phase }) =>
      [model, engine, threads, phase].join(' '),
    );
    expect(cases).toEqual(
      ['LC_SNN', 'FC_SNN'].flatMap((model) =>
        ['wasm 1', 'wasm 2', 'reference 1'].flatMap((engine) =>
          ['train', 'evaluate'].map((phase) => `${model} ${engine} ${phase}`),
        ),
      ),
    );
    expect(JSON.parse(await readFile(out, 'utf8'))).toMatchObject({ dataset: 'mnist-10k', figures });
  });
});
