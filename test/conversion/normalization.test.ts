/** What normalisation promises, on random networks of 2 to 5 layers: activations of 1, no input above the threshold. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { propagateData } from '../../src/kinds/converted/activation-scale.js';
import { convert, type ConvertedNetwork } from '../../src/kinds/converted/index.js';
import { makeReluNetwork, parseArchitecture } from '../../src/kinds/relu/index.js';
import { readReluLayers } from '../../src/kinds/relu/relu-layers.js';
import { countNeurons } from '../../src/core/network/shape.js';
import { type Layer, Linear, ReLU, Sequential, Softmax } from '../../src/layers/index.js';
import { spikeTrainFromRaster } from '../../src/core/encoding/spike-train.js';
import { RandomStream } from '../../src/core/random/stream.js';
import { randomBrightness, randomRelu, type RandomRelu } from '../support/random-relu.js';

/** Puts the weights of the spiking network into the ReLU network. */
function withWeightsOf(ann: Sequential, snn: ConvertedNetwork): Sequential {
  const weights = snn.layers.flatMap((layer) => (layer.kind === 'pool' ? [] : [layer.weights]));
  ann.parameters().forEach(({ value }, i) => value.data.set(weights[i].data));
  return ann;
}

/** Largest activation of every layer with weights. */
function largestActivations({ network, inputShape }: RandomRelu, data: ReturnType<typeof randomBrightness>) {
  const layers = readReluLayers(network, inputShape);
  const largest = new Map<string, number>();
  propagateData(network, layers, data, inputShape, (activations) => {
    activations.forEach((tensor, i) => {
      if (layers[i].kind === 'pool') return;
      const { name } = layers[i];
      largest.set(
        name,
        Float32Array.from(tensor.data).reduce(
          (most: number, value: number) => Math.max(most, value),
          largest.get(name) ?? 0,
        ),
      );
    });
  });
  return largest;
}

/** Whether every layer is alive. */
const isAlive = (largest: ReadonlyMap<string, number>) =>
  [...largest.values()].every((value) => value > 1e-3);

describe('normalisation by data', () => {
  it('makes the largest activation of every layer 1, where it exceeds the largest weight', () => {
    let networks = 0;
    let layersAtOne = 0;
    fc.assert(
      fc.property(randomRelu, fc.nat(1e6), (of, seed) => {
        const data = randomBrightness(12, of.inputShape, seed);
        const before = largestActivations(of, data);
        fc.pre(isAlive(before));
        const snn = convert(of.network, { trainData: data });
        const after = largestActivations({ ...of, network: withWeightsOf(of.network, snn) }, data);
        for (const { layer, largestWeight, activation } of snn.scales) {
          expect(activation).toBe(before.get(layer));
          const expected = Math.min(1, (activation as number) / largestWeight);
          expect(after.get(layer)).toBeCloseTo(expected, 4);
          layersAtOne += Number(expected === 1);
        }
        expect(snn.scales.length).toBeGreaterThanOrEqual(2);
        networks++;
      }),
      { seed: 1, numRuns: 80 },
    );
    expect(networks).toBe(80);
    expect(layersAtOne).toBeGreaterThan(80);
  });

  it('leaves what the network answers, and the output’s weights if asked to', () => {
    fc.assert(
      fc.property(randomRelu, fc.nat(1e6), ({ network, inputShape }, seed) => {
        const data = randomBrightness(6, inputShape, seed);
        fc.pre(isAlive(largestActivations({ network, inputShape }, data)));
        network.setTraining(false);
        const before = network.forward(data);
        const trained = Float32Array.from(network.parameters().at(-1)?.value.data ?? []);
        const snn = convert(network, { trainData: data, normalizeOutput: false });
        const output = snn.layers.at(-1);
        expect(output?.kind === 'dense' && output.weights.data).toEqual(trained);
        const after = withWeightsOf(network, snn).forward(data);
        const { scale } = snn.scales[snn.scales.length - 1];
        after.data.forEach((value, i) => {
          expect(value * scale).toBeCloseTo(before.data[i], 3);
        });
      }),
      { seed: 2, numRuns: 30 },
    );
  });

  it('with a percentile: that share of the positive activations is at most 1', () => {
    fc.assert(
      fc.property(randomRelu, fc.constantFrom(50, 90, 99.9), fc.nat(1e6), (of, percentile, seed) => {
        const data = randomBrightness(12, of.inputShape, seed);
        fc.pre(isAlive(largestActivations(of, data)));
        const layers = readReluLayers(of.network, of.inputShape);
        const values: number[][] = layers.map(() => []);
        propagateData(of.network, layers, data, of.inputShape, (activations) => {
          activations.forEach((tensor, i) => tensor.data.forEach((v: number) => v > 0 && values[i].push(v)));
        });
        const { scales } = convert(of.network, { trainData: data, percentile });
        for (const { layer, activation } of scales) {
          const sorted = values[layers.findIndex(({ name }) => name === layer)].toSorted((a, b) => a - b);
          const exact = sorted[Math.max(0, Math.ceil((percentile / 100) * sorted.length) - 1)];
          expect(activation).toBeGreaterThanOrEqual(exact);
          expect(activation).toBeLessThanOrEqual(exact * (1 + 1 / 8192));
        }
      }),
      { seed: 3, numRuns: 12 },
    );
  });
});

describe('normalisation by the model', () => {
  const hasPositiveWeights = (ann: Sequential) =>
    ann.parameters().every(({ value }) => value.data.some((weight: number) => weight > 0));

  it('no neuron can receive more than its threshold in one step, whatever spikes', async () => {
    let most = 0;
    await fc.assert(
      fc.asyncProperty(randomRelu, fc.nat(1e6), async ({ network: ann, inputShape }, seed) => {
        fc.pre(hasPositiveWeights(ann));
        const snn = convert(ann, { normalization: 'model', inputShape });
        const network = snn.build({ engine: 'reference' });
        const { simulation } = network;
        const { layers, connections } = simulation.program;
        const stream = new RandomStream(seed, 'user');
        connections.forEach((connection, index) => {
          if (connection.kind === 'uniform') throw new Error('expected synapses');
          const { start, row, target, rowLength } = connection.wiring.fanOut;
          const weights = simulation.getWeights(index);
          const worst = new Float64Array(layers[connection.target].size);
          for (let i = 0; i + 1 < start.length; i++) {
            for (let e = start[i]; e < start[i + 1]; e++) {
              for (let k = 0; k < rowLength; k++)
                worst[target[e] + k] += Math.max(0, weights[row[e] * rowLength + k]);
            }
          }
          expect(Math.max(...worst)).toBeLessThanOrEqual(1 + 1e-5);
          most = Math.max(most, ...worst);
        });
        // And in a run: a neuron that starts at rest never jumps over twice its threshold.
        const size = countNeurons(layers[0].shape);
        const raster = Uint8Array.from({ length: 20 * size }, () => stream.nextBelow(2));
        await network.run({ input: spikeTrainFromRaster(raster, 20, size) }, { learn: false });
        for (const { name } of layers.slice(1))
          expect(Math.max(...network.getVariable(name, 'v'))).toBeLessThan(1);
        network.dispose();
      }),
      { seed: 4, numRuns: 60 },
    );
    // The bound is reached.
    expect(most).toBeGreaterThan(0.999);
  });
});

describe('threshold balancing', () => {
  it('is the same as dividing the weights: the same spikes', async () => {
    let spikes = 0;
    await fc.assert(
      fc.asyncProperty(
        randomRelu,
        fc.constantFrom('zero' as const, 'subtract' as const),
        fc.nat(1e6),
        async ({ network: ann, inputShape }, reset, seed) => {
          const data = randomBrightness(12, inputShape, seed);
          fc.pre(isAlive(largestActivations({ network: ann, inputShape }, data)));
          const size = inputShape[0] * inputShape[1] * inputShape[2];
          const images = Uint8Array.from(data.data, (value) => Math.round(255 * value));
          const set = {
            name: 'random',
            count: 12,
            channels: inputShape[0],
            height: inputShape[1],
            width: inputShape[2],
          };
          const labels = new Uint8Array(12);
          const counts = await Promise.all(
            (['weights', 'thresholds'] as const).map(async (balance) => {
              const snn = convert(ann, { trainData: data, balance, reset });
              const run = { duration: 30, engine: 'reference', seed };
              const first = snn.layers[0].name;
              return snn.countSpikes({ ...set, images: images.subarray(0, 12 * size), labels }, first, run);
            }),
          );
          // Rounding differs by factors that are no powers of 2, so that a spike may be a step late.
          let apart = 0;
          counts[0].forEach((count, i) => (apart += Math.abs(count - counts[1][i])));
          const total = counts[0].reduce((sum, count) => sum + count, 0);
          expect(apart).toBeLessThanOrEqual(Math.max(1, 1e-3 * total));
          spikes += total;
        },
      ),
      { seed: 5, numRuns: 15 },
    );
    expect(spikes).toBeGreaterThan(1000);
  });

  it('is the same to the bit where the factor is a power of 2, in all layers', async () => {
    const ann = makeReluNetwork(parseArchitecture('6x6-3c3-2s-5o'), { seed: 3 });
    const [conv, output] = ann.parameters().map(({ value }) => value);
    // Positive sums of exactly 2 and 4.
    conv.data.fill(0);
    for (const at of [0, 4, 9, 13, 18, 22]) conv.data[at] = 1;
    output.data.fill(0);
    for (let k = 0; k < 5; k++) for (let i = 0; i < 4; i++) output.data[k * 12 + 2 * k + i] = 1;
    const images = Uint8Array.from({ length: 8 * 36 }, (_, i) => (i * 37) % 256);
    const set = {
      name: 'eight',
      count: 8,
      channels: 1,
      height: 6,
      width: 6,
      images,
      labels: new Uint8Array(8),
    };
    const [weights, thresholds] = await Promise.all(
      (['weights', 'thresholds'] as const).map(async (balance) => {
        const snn = convert(ann, { normalization: 'model', balance, inputShape: [1, 6, 6] });
        expect(snn.scales.map(({ factor }) => factor)).toEqual([2, 4]);
        return Promise.all(snn.layers.map(({ name }) => snn.countSpikes(set, name, { duration: 50 })));
      }),
    );
    expect(thresholds).toEqual(weights);
    expect(weights[2].some((count) => count > 0)).toBe(true);
  });
});

const linear = (inputs: number, outputs: number, bias = false) => new Linear(inputs, outputs, { bias });

describe('what cannot be converted', () => {
  it.each<[string, () => Layer[], string]>([
    ['a bias', () => [linear(4, 2, true)], 'expected a layer without biases'],
    ['no ReLU between layers', () => [linear(4, 3), linear(3, 2)], 'expected a ReLU behind it'],
    [
      'a ReLU behind nothing',
      () => [new ReLU(), linear(4, 2)],
      'expected a ReLU right behind a layer with weights',
    ],
    ['no weights', () => [], 'expected a network with at least one layer with weights'],
    [
      'a softmax',
      () => [linear(4, 2), new Softmax()],
      'expected Conv2d, Linear, ReLU, AvgPool2d, Dropout or Flatten',
    ],
    ['another number of inputs', () => [linear(5, 2)], 'expected 4 inputs, got 5'],
  ])('is refused by name: %s', (_, layers, message) => {
    expect(() => convert(new Sequential(layers()), { normalization: 'none', inputShape: [4, 1, 1] })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) }),
    );
  });
});
