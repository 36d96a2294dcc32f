/** Networks of the zoo: what they are made of, closed forms of their fixed weights, what they learn; the same bits on reference and wasm. */
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import type { Network } from '../../src/core/network/network.js';
import { loadDataset } from '../../src/datasets/index.js';
import { Readout } from '../../src/readout/index.js';
import {
  CueAndReward,
  DiehlAndCook2015,
  DiehlAndCook2015v2,
  IncreasingInhibitionNetwork,
  LocallyConnectedNetwork,
  PooledLocalNetwork,
  Reservoir,
  TwoLayerNetwork,
} from '../../src/zoo/index.js';
import { engines } from '../support/small-networks.js';

type Make = (options: { readonly engine: string; readonly [small: string]: unknown }) => Network;

/** Each with its defaults: layers, and connections with the shapes of their weights (null: no weights of their own). */
const made: Readonly<
  Record<string, readonly [Make, Record<string, number[]>, Record<string, number[] | null>, small?: object]>
> = {
  DiehlAndCook2015: [
    (options) => new DiehlAndCook2015(options),
    { X: [784, 1, 1], Ae: [100, 1, 1], Ai: [100, 1, 1] },
    { 'X->Ae': [100, 784], 'Ae->Ai': [100], 'Ai->Ae': null },
  ],
  DiehlAndCook2015v2: [
    (options) => new DiehlAndCook2015v2(options),
    { X: [784, 1, 1], Y: [100, 1, 1] },
    { 'X->Y': [100, 784], 'Y->Y': null },
  ],
  TwoLayerNetwork: [
    (options) => new TwoLayerNetwork(options),
    { X: [784, 1, 1], Y: [100, 1, 1] },
    { 'X->Y': [100, 784] },
  ],
  IncreasingInhibitionNetwork: [
    (options) => new IncreasingInhibitionNetwork(options),
    { X: [784, 1, 1], Y: [100, 1, 1] },
    { 'X->Y': [100, 784], 'Y->Y': [100, 100] },
  ],
  LocallyConnectedNetwork: [
    (options) => new LocallyConnectedNetwork(options),
    { X: [1, 28, 28], Y: [25, 5, 5] },
    { 'X->Y': [25, 5, 5, 12, 12], 'Y->Y': null },
  ],
  PooledLocalNetwork: [
    (options) => new PooledLocalNetwork(options),
    { X: [1, 28, 28], A: [25, 9, 9], P: [25, 4, 4], B: [100, 1, 1] },
    {
      'X->A': [25, 9, 9, 12, 12],
      'A->A': null,
      'A->P': [25, 25],
      'P->B': [100, 1, 1, 25, 4, 4],
      'B->B': null,
    },
    { kernelSize: [14, 2], stride: [7, 1], poolSize: 1, nFilters: [5, 8] },
  ],
  Reservoir: [
    (options) => new Reservoir(options),
    { X: [1, 28, 28], Y: [625, 1, 1] },
    { 'X->Y': [625, 28, 28], 'Y->Y': [625, 625] },
    { nNeurons: 60 },
  ],
};

const { train } = await loadDataset('mnist-10k');

describe.each(Object.entries(made))('%s', (name, [make, layers, connections, small]) => {
  it('has the layers and connections of its description', () => {
    const network = make({ engine: 'wasm' });
    const program = network.compile();
    expect(
      Object.fromEntries(
        program.layers.map(({ name: layer, shape: { channels, height, width } }) => [
          layer,
          [channels, height, width],
        ]),
      ),
    ).toEqual(layers);
    const shapeOf = (connection: string, kind: string) =>
      kind === 'uniform' ? null : [...network.getWeights(connection).shape];
    expect(
      Object.fromEntries(program.connections.map((each) => [each.name, shapeOf(each.name, each.kind)])),
    ).toEqual(connections);
    network.dispose();
  });

  it('learns the same bits on reference and wasm, and spikes', async () => {
    const [first, second] = await Promise.all(
      engines.map(async (engine) => {
        const network = make({ engine, ...small });
        const { counts, spikes } = await network.present(train, { time: 50, to: 1 });
        const weights = Object.keys(connections).flatMap((each) =>
          connections[each] ? [network.getWeights(each).data] : [],
        );
        network.dispose();
        return { counts, spikes, weights };
      }),
    );
    expect(second).toEqual(first);
    const [, layer] = Object.keys(layers);
    expect(first.spikes[layer].every((n) => n > 0)).toBe(true);
  });

  it('names itself in errors', () => {
    expect(() => make({ engine: '' })).toThrow(name);
  });
});

describe('fixed weights', () => {
  it('of IncreasingInhibitionNetwork inhibit by start + max √(distance / largest distance)', () => {
    const network = new IncreasingInhibitionNetwork({
      inputShape: 4,
      nNeurons: 9,
      startInhib: 10,
      maxInhib: 40,
    });
    const w = network.getWeights('Y->Y').data;
    network.dispose();
    const near = -(10 + 40 * Math.sqrt(1 / Math.sqrt(8)));
    const diagonal = -(10 + 40 * Math.sqrt(Math.SQRT2 / Math.sqrt(8)));
    const own = 0;
    // Neuron 4 is the middle of the square; neurons 0 and 8 are its opposite corners.
    expect([...w.subarray(4 * 9, 5 * 9)]).toEqual(
      [diagonal, near, diagonal, near, own, near, diagonal, near, diagonal].map(Math.fround),
    );
    expect(w[8]).toBe(-50);
  });

  it('and thresholds of Reservoir have their means and deviations: within four standard errors', () => {
    const network = new Reservoir({
      inputShape: 400,
      nNeurons: 400,
      inputDeviation: 2,
      recurrentDeviation: 0.25,
    });
    for (const [name, deviation] of [
      ['X->Y', 2],
      ['Y->Y', 0.25],
    ] as const) {
      const w = network.getWeights(name).data;
      const mean = w.reduce((sum, each) => sum + each, 0) / w.length;
      const variance = w.reduce((sum, each) => sum + (each - mean) ** 2, 0) / w.length;
      expect(Math.abs(mean)).toBeLessThan((4 * deviation) / Math.sqrt(w.length));
      expect(Math.abs(variance / deviation ** 2 - 1)).toBeLessThan(4 * Math.sqrt(2 / w.length));
    }
    network.dispose();
  });
});

describe('what they learn', () => {
  /** Share of 500 other images that neurons assigned by 1000 of the training images get right. */
  const accuracyOf = async (network: Network, layer: string) => {
    const shown = { time: 250, intensity: 64, learn: false, count: layer };
    const known = await network.present(train, { ...shown, to: 1000 });
    const asked = await network.present(train, { ...shown, from: 7000, to: 7500 });
    const readout = Readout.fit(known.counts[layer], known.labels, { method: 'allActivity' });
    return readout.score(asked.counts[layer], asked.labels).accuracy;
  };

  it.each([
    ['DiehlAndCook2015', 'Ae', () => new DiehlAndCook2015({ inh: 120 })],
    ['DiehlAndCook2015v2', 'Y', () => new DiehlAndCook2015v2({ inh: 120 })],
  ] as const)(
    '%s tells digits apart: at least 7 of 10 after 6000 images, less than 4.5 before',
    async (_, layer, make) => {
      const network = make();
      expect(await accuracyOf(network, layer)).toBeLessThan(0.45);
      await network.present(train, { time: 250, intensity: 64, to: 6000 });
      expect(await accuracyOf(network, layer)).toBeGreaterThanOrEqual(0.7);
      network.dispose();
    },
  );

  it.each([0, 1, 2])(
    'CueAndReward, seed %i, answers at least 8 of 10 cues rightly after 240 trials, less than 6 before',
    async (seed) => {
      const task = new CueAndReward({ seed });
      const shareOf = async (trials: number, learn: boolean) => {
        let right = 0;
        for (let i = 0; i < trials; i++) if ((await task.trial(i % 3, { learn })) === i % 3) right++;
        return right / trials;
      };
      expect(await shareOf(60, false)).toBeLessThan(0.6);
      await shareOf(240, true);
      expect(await shareOf(60, false)).toBeGreaterThanOrEqual(0.8);
      task.dispose();
    },
  );

  it('CueAndReward acts and learns with the same bits on reference and wasm', async () => {
    const [first, second] = await Promise.all(
      engines.map(async (engine) => {
        const task = new CueAndReward({ engine, nCues: 2 });
        const actions = [];
        for (let i = 0; i < 8; i++) actions.push(await task.trial(i % 2));
        const weights = task.getWeights('X->Y').data;
        task.dispose();
        return { actions, weights };
      }),
    );
    expect(second).toEqual(first);
  });
});

describe('misuse', () => {
  it.each([
    [
      () => new IncreasingInhibitionNetwork({ nNeurons: 10 }),
      'expected nNeurons to be a square number, got 10',
    ],
    [
      () => new LocallyConnectedNetwork({ inputShape: [8, 20], kernelSize: [9, 4] }),
      'LocallyConnectedNetwork: expected kernelSize within 8 × 20, got "9 × 4"',
    ],
    [
      () => new PooledLocalNetwork({ kernelSize: [20, 4] }),
      'PooledLocalNetwork: expected kernelSize within 2 × 2, got "4 × 4"',
    ],
    [
      () => new DiehlAndCook2015({ exz: 3 } as never),
      'DiehlAndCook2015: unknown option "exz". Did you mean "exc"?',
    ],
    [() => new Reservoir({ precision: 'double' } as never), 'Reservoir: unknown option "precision"'],
  ])('is named: %#', (call, message) => expect(call).toThrow(message));

  it('a cue that there is not', async () => {
    const task = new CueAndReward({ nCues: 2 });
    await expect(task.trial(2)).rejects.toThrow('CueAndReward.trial: expected cue');
    await expect(task.trial(0, { lern: true } as never)).rejects.toThrow('Did you mean "learn"?');
  });
});
