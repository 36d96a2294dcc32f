/** Networks before and after training: initial weights, which images are seen, what is said of bad options, reset. */
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import {
  C_SNN,
  FC_SNN,
  LC_SNN,
  type Snn,
  type SnnOptions,
  type SnnParameters,
} from '../../src/kinds/snn/index.js';

const small = { nFilters: 6, timeMax: 80, threads: 1, dataset: 'mnist-10k' as const };

const amplitudes = { cL: true, APos: -0.05, ANeg: -1.6 };
const classes = { LC_SNN, C_SNN, FC_SNN };

type Options = Partial<SnnParameters> & SnnOptions;
const lc = (options: Options = {}) => new LC_SNN({ ...small, ...options });
const hash = (network: Snn) => network.toRecord().stateHash;

describe.each(Object.entries(classes))('%s', (_, Network) => {
  it('begins with weights of its seed: uniform, and (not C_SNN) normalised', () => {
    const [first, same, other] = [4, 4, 5].map((seed) => new Network({ ...small, seed }));
    expect(hash(same)).toBe(hash(first));
    expect(hash(other)).not.toBe(hash(first));
    const { shape, data } = first.weightsXY;
    const targets = Network === LC_SNN ? 54 : 6;
    const size = data.length / targets;
    expect(shape).toEqual({ LC_SNN: [6, 3, 3, 12, 12], C_SNN: [6, 12, 12], FC_SNN: [6, 20, 20] }[first.type]);
    const means = Array.from({ length: targets }, (_, target) => {
      const weights = data.subarray(target * size, (target + 1) * size);
      const mean = weights.reduce((sum, w) => sum + w, 0) / size;
      const variance = weights.reduce((sum, w) => sum + (w - mean) ** 2, 0) / size;
      // The spread of [0, 2 · mean), within 5 standard errors: √(8 / 15 n), of a uniform variable’s spread over its mean.
      const spread = Math.sqrt(12 * variance) / (2 * mean);
      expect(Math.abs(spread - 1)).toBeLessThan(5 * Math.sqrt(8 / (15 * size)));
      expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
      return mean;
    });
    const isNormalized = means.every((mean) => Math.abs(mean - 0.4) < 1e-6);
    expect(isNormalized).toBe(Network !== C_SNN);
    const mean = means.reduce((sum, each) => sum + each, 0) / targets;
    expect(Math.abs(mean - (isNormalized ? 0.4 : 0.5))).toBeLessThan(5 / Math.sqrt(12 * data.length));
    expect([...first.theta]).toEqual(new Array(first.nOutput).fill(0));
    expect([first.nIter, first.accuracy, first.error, first.votes, first.confMatrix]).toEqual([
      0,
      null,
      null,
      null,
      null,
    ]);
    expect(first.weightsYY).toBeNull();
  });

  it('is normalised after every image, and its thresholds grow with its spikes', async () => {
    const network = new Network(small);
    await network.train({ nIter: 5 });
    const { data } = network.weightsXY;
    const size = Network === FC_SNN ? 400 : 144;
    for (let target = 0; target < data.length / size; target++) {
      const sum = data.subarray(target * size, (target + 1) * size).reduce((total, w) => total + w, 0);
      expect(Math.abs(sum / (0.4 * size) - 1)).toBeLessThan(1e-5);
    }
    const { theta } = network;
    expect(theta.every((value) => value >= 0)).toBe(true);
    // Each spike adds 0.05 mV; a decay of 10⁶ ms takes next to nothing.
    const spikes = [...theta].map((value) => value / 0.05);
    expect(Math.max(...spikes)).toBeGreaterThan(1);
    for (const value of spikes) expect(Math.abs(value - Math.round(value))).toBeLessThan(0.02);
    network.dispose();
  });

  it('learns at the rates that it is given: thresholds by thetaPlus alone, weights not at all at rates of 0', async () => {
    const rates = { nuPre: 0, nuPost: 0, thetaPlus: 0.25, tcThetaDecay: Infinity };
    const network = new Network({ ...small, ...rates });
    const size = Network === FC_SNN ? 400 : 144;
    const normalized = () => {
      const { data } = network.weightsXY;
      return Array.from(data, (w, i) => {
        const target = Math.floor(i / size) * size;
        return w / data.subarray(target, target + size).reduce((sum, each) => sum + each, 0);
      });
    };
    const before = normalized();
    await network.train({ nIter: 5 });
    for (const [i, w] of normalized().entries()) expect(Math.abs(w - before[i])).toBeLessThan(1e-7);
    const spikes = [...network.theta].map((value) => value / 0.25);
    expect(Math.max(...spikes)).toBeGreaterThan(1);
    expect(spikes.every(Number.isInteger)).toBe(true);
    network.dispose();
  });
});

describe('trained competition', () => {
  it('begins uniform in (cW, 0] between different filters of a position, 0 from a filter onto itself', () => {
    const network = lc({ ...amplitudes, nFilters: 20, cW: -80 });
    const { shape, data } = network.weightsYY as { shape: readonly number[]; data: Float32Array };
    expect(shape).toEqual([9, 20, 20]);
    const others = [...data].filter((w, i) => Math.floor(i / 20) % 20 !== i % 20 || w !== 0);
    expect(others).toHaveLength(9 * 20 * 19);
    expect(Math.min(...others)).toBeGreaterThan(-80);
    expect(Math.max(...others)).toBeLessThanOrEqual(0);
    const mean = others.reduce((sum, w) => sum + w, 0) / others.length;
    expect(Math.abs(mean + 40)).toBeLessThan((5 * 80) / Math.sqrt(12 * others.length));
  });

  it('learns within its bounds', async () => {
    const network = lc({ ...amplitudes, cWMin: -70, cWMax: -2, weightDecay: 1e-3 });
    const before = network.weightsYY?.data;
    await network.train({ nIter: 4 });
    const after = network.weightsYY?.data as Float32Array;
    expect(after).not.toEqual(before);
    after.forEach((w, i) => {
      const isSelf = Math.floor(i / 6) % 6 === i % 6;
      expect(isSelf ? w === 0 : w >= -70 && w <= -2).toBe(true);
    });
    network.dispose();
  });

  it('is needed for training in two steps', async () => {
    await expect(lc().trainTwoSteps({ nIter: 2 })).rejects.toThrow(
      'LC_SNN.trainTwoSteps: expected trained competition (cL: true), got false',
    );
  });

  it('in two steps: XY with competition held at cW, then competition from 0 on with XY held', async () => {
    const fixed = lc({ cW: -30 });
    await fixed.train({ nIter: 4 });
    const both = lc({ ...amplitudes, cW: -30 });
    await both.trainTwoSteps({ nIter: 4, nIterCompetition: 6 });
    expect(both.nIter).toBe(10);
    expect(both.weightsXY.data).toEqual(fixed.weightsXY.data);
    const yy = both.weightsYY?.data as Float32Array;
    expect(yy.some((w) => w < 0)).toBe(true);
    expect(yy.every((w) => w <= 0)).toBe(true);
    expect(both.publishedParameters).toMatchObject({
      train_method: 'two_steps',
      n_iter: 10,
      n_iter_competition: 6,
    });
    fixed.dispose();
    both.dispose();
  });
});

describe('train', () => {
  it('takes an interval in order, all of it once, or as often as it is told', async () => {
    const [whole, parts, shuffled] = [lc(), lc(), lc()];
    expect(await whole.train({ interval: [100, 106] })).toMatchObject({ nIter: 6, interrupted: false });
    await parts.train({ interval: [100, 104] });
    await parts.train({ interval: [104, 106] });
    await shuffled.train({ interval: [100, 106], shuffle: true });
    expect(hash(parts)).toBe(hash(whole));
    expect(hash(shuffled)).not.toBe(hash(whole));
    expect(whole.publishedParameters).toMatchObject({ n_iter: 6, train_order: 'sequential 100-106 x 6' });
    expect(shuffled.publishedParameters).toMatchObject({ train_order: 'random 100-106 x 6' });
    // What was seen is part of what the network is.
    expect(new Set([whole, parts, shuffled].map(({ name }) => name)).size).toBe(3);

    const [twice, asTwice] = [lc(), lc()];
    await twice.train({ interval: [7, 9], nIter: 4 });
    await asTwice.train({ interval: [7, 9] });
    await asTwice.train({ interval: [7, 9] });
    expect(hash(twice)).toBe(hash(asTwice));
    for (const network of [whole, parts, shuffled, twice, asTwice]) network.dispose();
  });

  it('shows an image of the interval as such: one image, whatever its place', async () => {
    const [random, ordered] = [lc(), lc()];
    await random.train({ interval: [42, 43], shuffle: true, nIter: 3 });
    await ordered.train({ interval: [42, 43], nIter: 3 });
    expect(hash(random)).toBe(hash(ordered));
    random.dispose();
    ordered.dispose();
  });

  it('tells its progress, up to the end', async () => {
    const network = lc();
    const told: number[] = [];
    const trained = await network.train({
      nIter: 30,
      onProgress: ({ done, total }) => {
        expect(total).toBe(30);
        told.push(done);
      },
    });
    expect(told.at(-1)).toBe(30);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(trained.seconds).toBeGreaterThan(0);
    network.dispose();
  });

  it('forgets what was calibrated before', async () => {
    const network = lc();
    await network.train({ nIter: 20 });
    await network.calibrate({ images: 20, linear: false });
    await network.calculateAccuracy({ images: 10 });
    expect(network.accuracy).not.toBeNull();
    await network.train({ nIter: 1 });
    expect([network.votes, network.classifier, network.accuracy, network.score]).toEqual([
      null,
      null,
      null,
      {},
    ]);
    network.dispose();
  });

  it.each([
    [{}, 'LC_SNN.train: expected nIter (a number of images) or interval ([from, to]), got undefined'],
    [{ nIter: 0 }, 'LC_SNN.train: expected nIter ≥ 1, a whole number, got 0'],
    [{ nIter: 1.5 }, 'got 1.5'],
    [{ interval: [5, 5] }, 'LC_SNN.train: expected interval [from, to) within 0 … 7000, got [5,5]'],
    [{ interval: [-1, 5] }, 'within 0 … 7000, got [-1,5]'],
    [{ interval: [0, 7001] }, 'within 0 … 7000, got [0,7001]'],
    [{ nIter: 5, checkpoint: 0 }, 'LC_SNN.train: expected checkpoint ≥ 1, a whole number, got 0'],
    [{ nIter: 5, checkpoint: 2.5 }, 'expected checkpoint ≥ 1, a whole number, got 2.5'],
  ] as [object, string][])('refuses %o and stays as it was', async (options, message) => {
    const network = lc();
    await expect(network.train(options)).rejects.toThrow(message);
    expect(network.nIter).toBe(0);
    await expect(network.continueTraining()).rejects.toThrow('expected an interrupted training, got "none"');
  });

  it('says what the machine cannot do', async () => {
    expect(() => lc({ engine: 'gpus' })).toThrow('engine: unknown engine "gpus"');
    expect(() => lc({ threads: 0 })).toThrow(
      'LC_SNN: expected threads to be a whole number from 1 to 256, got 0',
    );
    expect(() => lc({ dataset: 'mnits' as 'mnist' })).toThrow(
      'LC_SNN: unknown data set "mnits". Did you mean "mnist"?',
    );
    expect(() => lc({ thread: 2 } as Options)).toThrow(
      'LC_SNN: unknown parameter "thread". Did you mean "threads"?',
    );
    expect(() => new FC_SNN({ kernelSize: 12 })).toThrow('FC_SNN: expected kernelSize = crop = 20');
    expect(() => new C_SNN({ kernelSize: 21 })).toThrow('C_SNN: expected kernelSize ≤ crop = 20, got 21');
  });
});

describe('calls that nobody waits for', () => {
  it.each(['wasm', 'reference'])('are done one after another (%s)', async (engine) => {
    const [waiting, hasty] = [lc({ engine, threads: 2 }), lc({ engine, threads: 2 })];
    await waiting.train({ nIter: 12 });
    await waiting.train({ nIter: 9, checkpoint: 3 });
    await waiting.calibrate({ images: 20 });
    const scores = await waiting.calculateAccuracy({ images: 15 });
    const [, trained, , hastyScores] = await Promise.all([
      hasty.train({ nIter: 12 }),
      hasty.train({ nIter: 9, checkpoint: 3 }),
      hasty.calibrate({ images: 20 }),
      hasty.calculateAccuracy({ images: 15 }),
    ]);
    expect(trained.nIter).toBe(9);
    expect(hastyScores).toEqual(scores);
    expect(hasty.toRecord()).toEqual(waiting.toRecord());
    waiting.dispose();
    hasty.dispose();
  });

  it('do not suffer from one that failed', async () => {
    const network = lc();
    const failing = network.train({ nIter: 0 });
    const trained = network.train({ nIter: 2 });
    await expect(failing).rejects.toThrow('expected nIter ≥ 1');
    expect(await trained).toMatchObject({ nIter: 2 });
    network.dispose();
  });
});

describe('reset', () => {
  it('gives the untrained network of the same parameters, which trains as a new one', async () => {
    for (const Network of [LC_SNN, C_SNN]) {
      const [fresh, used] = [new Network(small), new Network(small)];
      const untrained = hash(fresh);
      await used.train({ nIter: 5 });
      await used.calibrate({ images: 10, linear: false });
      used.rename('mine');
      used.reset();
      expect(hash(used)).toBe(untrained);
      expect(used).toMatchObject({ nIter: 0, votes: null, score: {} });
      await fresh.train({ nIter: 4 });
      await used.train({ nIter: 4 });
      expect(hash(used)).toBe(hash(fresh));
      expect(used.name).toBe(fresh.name);
      fresh.dispose();
      used.dispose();
    }
  });
});

describe('dispose', () => {
  it('is refused while the network is at work, and right afterwards', async () => {
    const network = new LC_SNN(small);
    const training = network.train({ nIter: 4 });
    expect(() => network.dispose()).toThrow(
      expect.objectContaining({ code: 'BUSY', message: 'LC_SNN.dispose: is at work; await its end first' }),
    );
    expect((await training).nIter).toBe(4);
    network.dispose();
    network.dispose();
  });

  it('frees what the network is simulated with, which goes on as it was when it is used again', async () => {
    for (const Network of [LC_SNN, C_SNN]) {
      const [kept, freed] = [new Network(small), new Network(small)];
      for (const network of [kept, freed]) await network.train({ nIter: 4 });
      const before = hash(freed);
      freed.dispose();
      expect(hash(freed)).toBe(before);
      for (const network of [kept, freed]) await network.train({ nIter: 4 });
      expect(hash(freed)).toBe(hash(kept));
      kept.dispose();
      freed.dispose();
    }
  });
});
