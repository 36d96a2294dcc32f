/** Stored deep networks of both kinds from the outside: listed, shown, renamed, loaded, drawn and deleted like all others. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { listFiguresOf } from '../../src/cli/figure-options.js';
import { loadDataset } from '../../src/datasets/index.js';
import { sliceImageSet } from '../../src/datasets/image-set.js';
import { parseSbsConfig } from '../../src/kinds/sbs/sbs-config.js';
import { toSbsRecord } from '../../src/kinds/sbs/sbs-record.js';
import { SbsTraining } from '../../src/kinds/sbs/sbs-training.js';
import { loadLayeredNetwork } from '../../src/kinds/layered/index.js';
import { loadNetwork } from '../../src/kinds/snn/index.js';
import { openStore } from '../../src/store/index.js';
import { sbsConfigText } from '../support/sbs-config.js';
import { runHere, runJson } from './run-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'locus-layered-'));
const db = join(folder, 'networks.db');
afterAll(() => rmSync(folder, { recursive: true }));

const config = parseSbsConfig(sbsConfigText, 'net.json');
const nTest = 40;

async function run(...words: string[]) {
  return runHere([...words, '--db', db]);
}

async function runJsonHere<T>(...words: string[]): Promise<T> {
  return runJson<T>(...words, '--db', db);
}

beforeAll(async () => {
  const few = `--dataset mnist-10k --train 60 --test ${nTest} --iterations 3 --batch-size 20`.split(' ');
  await runJsonHere('nnmf', 'train', ...few, '--epochs', '2', '--name', 'digits');
  const dataset = await loadDataset('mnist-10k');
  const training = new SbsTraining(config, dataset.train, 5);
  for (let step = 0; step < 2; step++) await training.runStep({ now: () => 0 });
  const accuracy = await training.testStep(sliceImageSet(dataset.test, 'test', 0, nTest));
  const run = { dataset: dataset.name, datasetHash: dataset.hash, seed: 5, nTrain: dataset.train.count };
  const record = toSbsRecord(training, { ...run, test: { accuracy, nIter: nTest } }, 'spikes');
  const store = openStore(db);
  store.save(record);
  store.close();
}, 240_000);

describe.each([
  { name: 'digits', type: 'NNMF', layers: 6, contrast: 3 },
  // After two updates its weights are still nearly alike.
  { name: 'spikes', type: 'SBS', layers: 2, contrast: 1 },
])('a stored $type network', ({ name, type, layers, contrast }) => {
  it('is listed with its type and score, and shown with its arrays', async () => {
    const rows = await runJsonHere<Record<string, unknown>[]>('ls', '--filter', `network_type=${type}`);
    expect(rows).toMatchObject([{ name, network_type: type, n_output: 10, output_n_iter: nTest }]);
    const { stdout } = await run('show', name);
    expect(stdout).toContain(type);
    expect(stdout).toContain('float32 ');
    const { stdout: table } = await run('ls');
    expect(table).toMatch(new RegExp(`${name}.*${type}`));
  });

  it('is loaded, and classifies as it did when it was stored', async () => {
    const network = loadLayeredNetwork(name, { database: db });
    expect([network.name, network.type]).toEqual([name, type]);
    expect(await network.calculateAccuracy({ images: nTest })).toEqual(network.scores.output);
    expect(network.history.length).toBe(2);
    expect(network.weights.length).toBe(layers);
    const { test } = await network.loadData();
    const outputs = await network.infer(sliceImageSet(test, 'three', 0, 3));
    expect(outputs.length).toBe(3);
    for (const output of outputs) expect(output.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4);
    const points = await network.robustness({ levels: [0, 0.5], images: nTest });
    expect(points[0]).toEqual({ noise: 0, ...network.scores.output });
    const noisy = await network.calculateAccuracy({ images: nTest, noise: 0.5 });
    expect(points[1]).toEqual({ noise: 0.5, ...noisy });
  });

  it('classifies under the former name of that method too, with one note', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const network = loadLayeredNetwork(name, { database: db });
    const scores = [await network.evaluate({ images: 20 }), await network.evaluate({ images: 20 })];
    const score = await network.calculateAccuracy({ images: 20 });
    expect(scores).toEqual([score, score]);
    expect(warn.mock.calls.map(([note]) => note)).toEqual([
      `${type}: evaluate is now called calculateAccuracy; the former name goes with the next version.`,
    ]);
    warn.mockRestore();
  });

  it('explains its input: the reconstruction is bright where the image is', async () => {
    const network = loadLayeredNetwork(name, { database: db });
    const { data } = await network.reconstructionFigure({ label: 7 });
    const [input, reconstruction] = data.map((trace) =>
      (trace as unknown as { z: Float32Array[] }).z.flatMap((row) => Array.from(row)),
    );
    const meanWhere = (isWanted: (value: number) => boolean) => {
      const wanted = reconstruction.filter((_, i) => isWanted(input[i]));
      return wanted.reduce((sum, value) => sum + value, 0) / wanted.length;
    };
    expect(meanWhere((value) => value > 0.5)).toBeGreaterThan(contrast * meanWhere((value) => value < 0.1));
  });

  it.each(listFiguresOf('layered'))('is drawn by locus figure $name', async ({ name: kind, options }) => {
    const path = join(folder, `${name}-${kind}.html`);
    const words = [
      'figure',
      kind,
      name,
      '--output',
      path,
      ...('images' in options ? ['--images', '20'] : []),
    ];
    expect(await runJsonHere(...words)).toEqual({ kind, path });
    expect(existsSync(path)).toBe(true);
  });

  it('says what it does not have', async () => {
    const votes = await run('figure', 'votes', name);
    expect([votes.code, votes.stderr]).toEqual([
      2,
      expect.stringContaining(`votes is not of ${type} networks`),
    ]);
    const evaluated = await run('ann', 'score', name);
    expect(evaluated.code).not.toBe(0);
    expect(evaluated.stderr).toContain(`network "${name}": expected a network of type ReLU, got "${type}"`);
    expect(() => loadNetwork(name, { database: db })).toThrow(/loadLayeredNetwork loads it/);
    const network = loadLayeredNetwork(name, { database: db });
    expect(() => network.layerWeightsFigure({ layer: layers })).toThrow(`layer from 0 to ${layers - 1}`);
    await expect(network.calculateAccuracy({ images: 0 })).rejects.toThrow('images to be a whole number ≥ 1');
    await expect(network.reconstructionFigure({ label: 10 })).rejects.toThrow('a label from 0 to 9');
  });

  it('is in the figure of the database, renamed, and deleted', async () => {
    await runJsonHere('figure', 'database', '--output', join(folder, 'database.html'));
    await runJsonHere('rename', name, `my ${name}`);
    expect(loadLayeredNetwork(`my ${name}`, { database: db }).type).toBe(type);
    expect(await runJsonHere('rm', `my ${name}`, '--yes')).toEqual({ deleted: [`my ${name}`] });
    expect(() => loadLayeredNetwork(`my ${name}`, { database: db })).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    );
  });
});
