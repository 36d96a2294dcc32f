/** Calibration and scores against a computation of the test's own: spikes step by step, votes, methods, errors, confusion. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import '../../src/node/engines.js';
import { cropCentre, type ImageSet } from '../../src/datasets/index.js';
import { poisson } from '../../src/core/encoding/index.js';
import { C_SNN, LC_SNN, type Snn } from '../../src/kinds/snn/index.js';
import { selectImages } from '../../src/kinds/snn/image-order.js';
import { buildSnnNetwork } from '../../src/kinds/snn/snn-network.js';
import { Monitor } from '../../src/core/network/monitors.js';

const small = { nFilters: 8, timeMax: 80, seed: 21, dataset: 'mnist-10k' as const, threads: 2 };
const nCalibrate = 60;
const nTest = 50;

/** Spike counts [image][neuron] of the frozen network, by the reference engine, one step after another. */
async function countSpikes(network: Snn, set: ImageSet, split: 'calibration' | 'test', nIter: number) {
  const { parameters, type } = network;
  const { images, items } = selectImages(`${split}Order`, parameters.seed, nIter, set.count);
  const pixels = cropCentre(set, 20);
  const copy = buildSnnNetwork(type, parameters, { engine: 'reference', threads: 1 });
  copy.setWeights('X->Y', network.weightsXY.data);
  copy.setVariable('Y', 'theta', network.theta);
  const monitor = new Monitor({ variables: ['spikes'] });
  copy.addMonitor('Y', monitor);
  const counts: number[][] = [];
  for (const [i, image] of images.entries()) {
    copy.resetState();
    monitor.reset();
    const train = poisson(pixels.subarray(image * 400, (image + 1) * 400), {
      time: 80,
      seed: parameters.seed,
      purpose: `${split}Spikes`,
      item: items[i],
    });
    await copy.run({ X: train }, { learn: false });
    const { data, size } = monitor.get('spikes');
    const row = new Array<number>(size).fill(0);
    data.forEach((spike, at) => {
      row[at % size] += spike;
    });
    counts.push(row);
  }
  copy.dispose();
  return { counts, labels: [...images].map((image) => set.labels[image]) };
}

const labels = Array.from({ length: 10 }, (_, label) => label);

/** Label with the largest score, the lowest of equal ones; −1 without spikes. */
function decide(counts: readonly number[], scoreOf: (label: number) => number): number {
  if (counts.every((count) => count === 0)) return -1;
  const scores = labels.map(scoreOf);
  return scores.indexOf(Math.max(...scores));
}

type Vote = (label: number, y: number) => number;

function predict(method: string, counts: readonly number[], vote: Vote, nPositions: number): number {
  const neurons = [...counts.keys()];
  const at = (position: number) => neurons.filter((y) => y % nPositions === position);
  const positions = Array.from({ length: nPositions }, (_, position) => position);
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  return decide(counts, (label) => {
    if (method === 'all_voting') return sum(neurons.map((y) => counts[y] * vote(label, y)));
    if (method === 'patch_voting') {
      return sum(positions.map((p) => Math.max(...at(p).map((y) => counts[y] * vote(label, y)))));
    }
    return sum(
      positions.map((p) => {
        const first = at(p).reduce((best, y) => (counts[y] > counts[best] ? y : best));
        return counts[first] * vote(label, first);
      }),
    );
  });
}

describe.each([
  ['LC_SNN', LC_SNN],
  ['C_SNN', C_SNN],
])('%s', (_, Network) => {
  let network: Snn;
  beforeAll(async () => {
    network = new Network(small);
    await network.train({ nIter: 40 });
    await network.calibrate({ images: nCalibrate });
    await network.calculateAccuracy({ images: nTest });
  });

  it('votes are the mean counts of each label’s calibration images', async () => {
    const { calibration } = await network.loadData();
    const { counts, labels: truth } = await countSpikes(network, calibration, 'calibration', nCalibrate);
    const expected = labels.flatMap((label) => {
      const own = counts.filter((_, i) => truth[i] === label);
      return counts[0].map((_, y) =>
        Math.fround(own.reduce((sum, row) => sum + row[y], 0) / Math.max(1, own.length)),
      );
    });
    expect([...(network.votes as Float32Array)]).toEqual(expected);
    expect(counts.flat().reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100);
  });

  it('accuracy, error and confusion of the voting methods are those of the published algorithms', async () => {
    const { test } = await network.loadData();
    const { counts, labels: truth } = await countSpikes(network, test, 'test', nTest);
    const votes = network.votes as Float32Array;
    const vote: Vote = (label, y) => votes[label * network.nOutput + y];
    for (const method of ['all_voting', 'patch_voting', 'spikes_first'] as const) {
      const predictions = counts.map((row) => predict(method, row, vote, network.nPositions));
      const correct = predictions.filter((prediction, i) => prediction === truth[i]).length;
      const accuracy = correct / nTest;
      expect(accuracy).toBeGreaterThan(0.15);
      expect(network.score[method]).toEqual({
        accuracy,
        error: Math.sqrt((accuracy * (1 - accuracy)) / nTest),
        nIter: nTest,
      });
      const stored = network.toRecord().arrays[`confusion_${method}`];
      const confusion = new Int32Array(110);
      predictions.forEach((prediction, i) => {
        confusion[truth[i] * 11 + (prediction < 0 ? 10 : prediction)]++;
      });
      expect(stored).toEqual({ shape: [10, 11], data: confusion });
    }
  });

  it('the best method is the network’s accuracy, error and confusion matrix', () => {
    const scores = Object.values(network.score);
    expect(Object.keys(network.score).sort()).toEqual(['all_voting', 'lc', 'patch_voting', 'spikes_first']);
    const best = Math.max(...scores.map(({ accuracy }) => accuracy));
    expect(network.accuracy).toBe(best);
    expect(network.error).toBe(Math.sqrt((best * (1 - best)) / nTest));
    const matrix = [...(network.confMatrix as Int32Array)];
    expect(matrix.reduce((sum, n) => sum + n, 0)).toBe(nTest);
    expect(labels.reduce((sum, label) => sum + matrix[label * 11 + label], 0) / nTest).toBe(best);
  });
});

describe('calibrate and calculateAccuracy', () => {
  const make = async () => {
    const network = new LC_SNN({ ...small, nFilters: 5 });
    await network.train({ nIter: 10 });
    return network;
  };
  const notCalibrated = (message: string) =>
    expect.objectContaining({ code: 'NOT_CALIBRATED', message: expect.stringContaining(message) });

  it('score one method or all that are calibrated, and say what is missing', async () => {
    const network = await make();
    const score = (method?: 'lc' | 'all_voting' | 'all') => network.calculateAccuracy({ images: 20, method });
    await expect(score()).rejects.toThrow(notCalibrated('LC_SNN: all needs calibrate() first'));
    await expect(score('all_voting')).rejects.toThrow(
      notCalibrated('LC_SNN: all_voting needs calibrate() first'),
    );
    await network.calibrate({ images: 30, linear: false });
    await expect(score('lc')).rejects.toThrow(notCalibrated('LC_SNN: lc needs calibrateLc() first'));
    const none = {
      nImages: 0,
      nFilters: 5,
      nPositions: 9,
      offsets: new Uint32Array(1),
      neurons: new Uint32Array(0),
      counts: new Uint16Array(0),
    };
    expect(() => network.predict('lc', none)).toThrow(
      notCalibrated('LC_SNN: lc needs calibrate() or calibrateLc() first'),
    );
    expect(Object.keys(await score('all_voting'))).toEqual(['all_voting']);
    expect(Object.keys(network.score)).toEqual(['all_voting']);
    expect(Object.keys(await score()).sort()).toEqual(['all_voting', 'patch_voting', 'spikes_first']);
    await network.calibrateLc();
    expect(Object.keys(await score('lc'))).toEqual(['lc']);
    expect(Object.keys(network.score).sort()).toEqual(['all_voting', 'lc', 'patch_voting', 'spikes_first']);
    await expect(score('al' as 'all')).rejects.toThrow(
      'calculateAccuracy: unknown method "al". Did you mean "all"?',
    );
    await expect(network.calibrate({ images: 0 })).rejects.toThrow(
      'calibrate: expected images to be a whole number ≥ 1, got 0',
    );
    await expect(network.calculateAccuracy({ images: 0.5 })).rejects.toThrow(
      'calculateAccuracy: expected images to be a whole number ≥ 1',
    );
    network.dispose();
  });

  it('takes former names of options as the present ones, with notes', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const [network, other] = [await make(), await make()];
    await network.calibrate({ images: 25, linear: false });
    await other.calibrate({ nIter: 25, lc: false });
    expect(await other.calculateAccuracy({ nIter: 10 })).toEqual(
      await network.calculateAccuracy({ images: 10 }),
    );
    expect(warn.mock.calls.map(([note]) => note)).toEqual([
      'calibrate: nIter is now called images; the former name goes with the next version.',
      'calibrate: lc is now called linear; the former name goes with the next version.',
      'calculateAccuracy: nIter is now called images; the former name goes with the next version.',
    ]);
    warn.mockRestore();
    network.dispose();
    other.dispose();
  });

  it('calibrateLc counts the images that it was calibrated with, or as many as it is told', async () => {
    const [network, other] = [await make(), await make()];
    await network.calibrate({ images: 25 });
    await other.calibrateLc({ images: 25 });
    expect(other.toRecord().stateHash).toBe(network.toRecord().stateHash);
    await other.calibrateLc({ images: 31 });
    await network.calibrate({ images: 31 });
    expect(other.toRecord().stateHash).toBe(network.toRecord().stateHash);
    network.dispose();
    other.dispose();
  });

  it('change nothing when they are interrupted', async () => {
    const network = await make();
    await network.calibrate({ images: 25, linear: false });
    await network.calculateAccuracy({ images: 20 });
    const before = network.toRecord();
    const aborting = () => {
      const controller = new AbortController();
      return { nIter: 200, signal: controller.signal, onProgress: () => controller.abort() };
    };
    const interrupted = expect.objectContaining({
      code: 'INTERRUPTED',
      message: expect.stringMatching(/interrupted after \d+ of 200 images/),
    });
    await expect(network.calibrate(aborting())).rejects.toThrow(interrupted);
    await expect(network.calculateAccuracy(aborting())).rejects.toThrow(interrupted);
    // All images are counted when the signal comes, and only the linear classifier is to be trained.
    const late = new AbortController();
    const onProgress = ({ done, total }: { done: number; total: number }) => {
      if (done === total) late.abort();
    };
    await expect(network.calibrate({ images: 30, signal: late.signal, onProgress })).rejects.toThrow(
      expect.objectContaining({ code: 'INTERRUPTED', message: 'linear classifier: interrupted' }),
    );
    expect(network.toRecord()).toEqual(before);
    network.dispose();
  });

  it('a larger test repeats the spikes of a smaller one', async () => {
    const network = await make();
    await network.calibrate({ images: 25, linear: false });
    const { test } = await network.loadData();
    const [few, more] = await Promise.all([20, 30].map((nIter) => countSpikes(network, test, 'test', nIter)));
    expect(more.counts.slice(0, 20)).toEqual(few.counts);
    network.dispose();
  });

  it('validate scores on calibration images alone and leaves the network’s readout as it is', async () => {
    const network = await make();
    await network.calibrate({ images: 25, linear: false });
    const before = network.toRecord();
    const scores = await network.validate({ nCalibrate: 40, nTest: 30 });
    expect(network.toRecord()).toEqual(before);
    const { calibration } = await network.loadData();
    const { counts, labels: truth } = await countSpikes(network, calibration, 'calibration', 70);
    const sums = labels.map((label) => {
      const own = counts.slice(0, 40).filter((_, i) => truth[i] === label);
      return counts[0].map((_, y) =>
        Math.fround(own.reduce((sum, row) => sum + row[y], 0) / Math.max(1, own.length)),
      );
    });
    const predictions = counts
      .slice(40)
      .map((row) => predict('all_voting', row, (label, y) => sums[label][y], 9));
    const correct = predictions.filter((prediction, i) => prediction === truth[40 + i]).length;
    expect(scores.all_voting).toMatchObject({ accuracy: correct / 30, nIter: 30 });
    expect(Object.keys(scores).sort()).toEqual(['all_voting', 'lc', 'patch_voting', 'spikes_first']);
    expect(Object.keys(await network.validate({ nCalibrate: 10, nTest: 5, linear: false }))).not.toContain(
      'lc',
    );
    await expect(network.validate({ nCalibrate: 1000, nTest: 501 })).rejects.toThrow(
      'LC_SNN.validate: expected nCalibrate + nTest ≤ 1500 calibration images, got 1501',
    );
    await expect(network.validate({ nCalibrate: 0, nTest: 5 })).rejects.toThrow(
      'LC_SNN.validate: expected nCalibrate ≥ 1, a whole number, got 0',
    );
    network.dispose();
  });
});
