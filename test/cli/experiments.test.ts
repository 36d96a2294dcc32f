/** `locus reproduce` and `locus grid` as programs: several networks, stored as they come, gone on with. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import '../../src/node/engines.js';
import type { GridPoint, Reproduction } from '../../src/experiments/index.js';
import { LC_SNN } from '../../src/kinds/snn/index.js';
import { openStore, viewDatabase } from '../../src/store/index.js';
import { runHere, runProgram, startProgram } from './run-cli.js';
import { makeFolder } from '../support/make-folder.js';

const embedded = ['--dataset', 'mnist-10k', '--threads', '2'];
const reproduceSmall = 'reproduce --rows 5,12 --runs 2 --n-iter 20 --calibrate 60 --test 60'.split(' ');
/** Threads warn once, all together. */
const slowDecay: unknown = expect.stringMatching(/^locus: layer Y: tcThetaDecay [^\n]*\n$/);

it('reproduce: networks of each row are stored with their row, summed up, written, and not made twice', async () => {
  const folder = makeFolder();
  const path = join(folder, 'networks.db');
  const page = join(folder, 'table.md');
  const words = [...reproduceSmall, ...embedded, '--db', path, '--markdown', page];
  const first = await runProgram([...words, '--json']);
  expect([first.code, first.stderr]).toEqual([0, slowDecay]);
  const table = JSON.parse(first.stdout) as Reproduction & { minutes: number };
  expect(table.rows.map(({ row, networks }) => [row.row, networks.length])).toEqual([
    [5, 2],
    [12, 2],
  ]);
  expect(table.minutes).toBeGreaterThan(0);
  const rows = viewDatabase({ database: path });
  const identities = rows.map((row) => [row.network_type, row.seed, row.n_iter, row.lc_n_iter].join(' '));
  expect(identities.sort()).toEqual(['FC_SNN 0 20 60', 'FC_SNN 1 20 60', 'LC_SNN 0 20 60', 'LC_SNN 1 20 60']);
  const [row5] = table.rows;
  const stored = rows.filter(({ network_type }) => network_type === 'LC_SNN');
  const mean = stored.reduce((sum, row) => sum + Number(row.lc_accuracy), 0) / 2;
  expect(row5.linear.mean).toBeCloseTo(100 * mean, 8);
  expect(readFileSync(page, 'utf8')).toContain(
    `| 5 | LC | 25 | 12 | 37800 | 225 | 20 | ${row5.voting.mean.toFixed(1)} ±`,
  );
  expect(JSON.parse(readFileSync(join(folder, 'table.json'), 'utf8'))).toEqual(table);

  const again = await runProgram(words);
  expect(again.code).toBe(0);
  expect(again.stdout).toContain('4 networks (4 stored before)');
  expect(viewDatabase({ database: path })).toEqual(rows);
});

it('reproduce: what was done before Ctrl-C is kept, and the same command goes on', async () => {
  const path = join(makeFolder(), 'networks.db');
  const words = 'reproduce --rows 5 --runs 4 --n-iter 60 --calibrate 60 --test 60'.split(' ');
  const child = startProgram([...words, ...embedded, '--db', path]);
  await new Promise<void>((resolve) => {
    child.stderr?.on('data', (text: Buffer) => {
      if (String(text).includes(' of 4 networks')) resolve();
    });
  });
  child.kill('SIGINT');
  const { code, stderr } = await child.finished;
  expect(code).toBe(130);
  const done = Number(/(\d) of 4 results are stored/.exec(stderr)?.[1]);
  expect(done).toBeGreaterThanOrEqual(1);
  const rest = await runProgram([...words, ...embedded, '--db', path]);
  expect(rest.stdout).toContain(`4 networks (${done} stored before)`);
  expect(viewDatabase({ database: path })).toHaveLength(4);
});

it('grid: every point is scored on calibration images as the network itself does; no network is stored', async () => {
  const path = join(makeFolder(), 'networks.db');
  const words = ['grid', 'lc', '--n-filters', '6', '--n-iter', '30', '--calibrate', '80', '--validate', '40'];
  const over = ['--over', 'mean_weight=0.3..0.4:0.1', 'c_w=-120,-60', '--no-linear'];
  const figure = join(makeFolder(), 'grid.html');
  const ran = await runProgram([...words, ...over, ...embedded, '--db', path, '--json', '--figure', figure]);
  expect(readFileSync(figure, 'utf8')).toContain('"text":"c_w [mV]"');
  expect([ran.code, ran.stderr]).toEqual([0, slowDecay]);
  const points = JSON.parse(ran.stdout) as GridPoint[];
  expect(points.map(({ setting }) => `${setting.meanWeight} ${setting.cW}`).sort()).toEqual([
    '0.3 -120',
    '0.3 -60',
    '0.4 -120',
    '0.4 -60',
  ]);
  expect(points.map(({ voting }) => voting)).toEqual(
    points.map(({ voting }) => voting).sort((a, b) => b - a),
  );
  const [best] = points;
  const network = new LC_SNN({
    nFilters: 6,
    meanWeight: Number(best.setting.meanWeight),
    cW: Number(best.setting.cW),
    dataset: 'mnist-10k',
    threads: 1,
  });
  await network.train({ nIter: 30 });
  const scores = await network.validate({ nCalibrate: 80, nTest: 40, linear: false });
  expect(best.accuracy.all_voting).toBe(scores.all_voting?.accuracy);
  expect(viewDatabase({ database: path })).toEqual([]);
  const store = openStore(path);
  expect(store.listResults('grid')).toHaveLength(4);
  store.close();
});

it('say what is wrong with rows, axes and values', async () => {
  const cases = [
    [['reproduce', '--rows', '13'], /expected rows from 1 to 12, got 13/],
    [
      ['grid', 'lc', '--over', 'c_w=-50', '--calibrate', '1500'],
      /expected --calibrate below the 1500 calibration images of mnist-10k, got 1500/,
    ],
    [['grid', 'lc'], /expected at least one axis/],
    [['grid', 'lc', '--over', 'mean_wait=1,2'], /unknown parameter "mean_wait".*Did you mean "mean_weight"/],
    [['grid', 'lc', '--over', 'c_w=-10..-50:5'], /from ≤ to and step > 0, got "-10..-50:5"/],
    [['grid', 'lc', '--over', 'c_w=-10,-20', '--figure', 'x.html'], /--figure shows two axes, got one/],
    [['grid', 'lc', '--over', 'c_w'], /expected name=values, got "c_w"/],
  ] as const;
  for (const [words, message] of cases) {
    const { code, stderr } = await runHere([...words, '--dataset', 'mnist-10k']);
    expect(code).toBeGreaterThan(0);
    expect(stderr).toMatch(message);
  }
});
