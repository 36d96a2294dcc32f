/** Topologies on every engine: a step's input is the sum over published weights, as the definition of each says. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Network } from '../../src/core/network/network.js';
import { Input, LIF } from '../../src/core/network/nodes/index.js';
import {
  AvgPool2dConnection,
  Connection,
  Conv2dConnection,
  LateralCompetition,
  LateralConnection,
  LocalConnection,
  type SynapticConnection,
} from '../../src/core/network/topology/index.js';
import { randomSpikes } from '../support/random-network.js';
import { engines, spikesByNeuron } from '../support/small-networks.js';

type Shape = readonly [channels: number, height: number, width: number];
type Window = { kernelSize: number; stride: number; padding: number };

const volume = ([channels, height, width]: Shape) => channels * height * width;

/** Published index of a neuron. */
const at = ([, height, width]: Shape, channel: number, row: number, column: number) =>
  (channel * height + row) * width + column;

/** Published index of the weight from a source onto a target, or null where they are not connected. */
type WeightIndex = (
  source: Shape,
  target: Shape,
  from: readonly [number, number, number],
  onto: readonly [number, number, number],
) => number | null;

function tapOf(
  { kernelSize, stride, padding }: Window,
  [channel, y, x]: readonly number[],
  onto: readonly number[],
) {
  const ky = y - (onto[1] * stride - padding);
  const kx = x - (onto[2] * stride - padding);
  const inside = ky >= 0 && kx >= 0 && ky < kernelSize && kx < kernelSize;
  return inside ? (channel * kernelSize + ky) * kernelSize + kx : null;
}

const definitions = {
  local:
    (window: Window): WeightIndex =>
    (source, target, from, onto) => {
      const tap = tapOf(window, from, onto);
      const nTaps = source[0] * window.kernelSize ** 2;
      return tap === null ? null : at(target, onto[0], onto[1], onto[2]) * nTaps + tap;
    },
  convolutional:
    (window: Window): WeightIndex =>
    (source, _, from, onto) => {
      const tap = tapOf(window, from, onto);
      return tap === null ? null : onto[0] * source[0] * window.kernelSize ** 2 + tap;
    },
  pool:
    (window: Window): WeightIndex =>
    (source, _, from, onto) =>
      tapOf(window, [0, from[1], from[2]], onto) === null ? null : onto[0] * source[0] + from[0],
  dense: (): WeightIndex => (source, target, from, onto) =>
    at(target, onto[0], onto[1], onto[2]) * volume(source) + at(source, from[0], from[1], from[2]),
  lateral: (): WeightIndex => (_, target, from, onto) => {
    if (from[1] !== onto[1] || from[2] !== onto[2] || from[0] === onto[0]) return null;
    const position = from[1] * target[2] + from[2];
    return (position * target[0] + from[0]) * target[0] + onto[0];
  },
};

function* neuronsOf([channels, height, width]: Shape): Generator<readonly [number, number, number]> {
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) yield [c, y, x];
  }
}

/** Input of every target by the definition, in float64. */
function sumInputs(index: WeightIndex, source: Shape, target: Shape, spikes: Float32Array, w: Float32Array) {
  return Float64Array.from(neuronsOf(target), (onto) => {
    let sum = 0;
    for (const from of neuronsOf(source)) {
      const weight = index(source, target, from, onto);
      if (weight !== null && spikes[at(source, from[0], from[1], from[2])] > 0) sum += w[weight];
    }
    return sum;
  });
}

const layouts = fc
  .record({
    channels: fc.integer({ min: 1, max: 3 }),
    height: fc.integer({ min: 1, max: 6 }),
    width: fc.integer({ min: 1, max: 6 }),
    filters: fc.integer({ min: 1, max: 6 }),
    kernel: fc.integer({ min: 1, max: 6 }),
    stride: fc.integer({ min: 1, max: 3 }),
    padding: fc.integer({ min: 0, max: 2 }),
    seed: fc.integer(),
  })
  .map(({ channels, height, width, filters, kernel, stride, padding, seed }) => {
    const kernelSize = Math.min(kernel, height + 2 * padding, width + 2 * padding);
    const count = (size: number) => Math.floor((size + 2 * padding - kernelSize) / stride) + 1;
    const source: Shape = [channels, height, width];
    const target: Shape = [filters, count(height), count(width)];
    return { source, target, window: { kernelSize, stride, padding }, seed };
  });

/** Largest difference between the engine's input after one step and the definition's. */
async function measure(
  engine: string,
  { source, target, seed }: { source: Shape; target: Shape; seed: number },
  connection: SynapticConnection,
  index: WeightIndex,
): Promise<{ difference: number; weights: number; shape: readonly number[] }> {
  const network = new Network({ engine, seed: seed >>> 0 })
    .addLayer('X', new Input({ shape: source }))
    .addLayer('Y', new LIF({ shape: target }))
    .addConnection('X', 'Y', connection);
  const spikes = randomSpikes(seed, 0.4, 1, volume(source));
  await network.run({ X: spikes }, { learn: false });
  const { shape, data } = network.getWeights('X->Y');
  const expected = sumInputs(index, source, target, network.getVariable('X', 'spikes'), data);
  const input = network.getVariable('Y', 'input');
  network.dispose();
  return {
    difference: Math.max(...expected.map((value, j) => Math.abs(value - input[j]))),
    weights: data.length,
    shape,
  };
}

describe.each(engines)('engine %s', (engine) => {
  it('LocalConnection: Σ over the receptive field of w[filter, row, column, channel, ky, kx] · s', async () => {
    await fc.assert(
      fc.asyncProperty(layouts, async (layout) => {
        const { source, target, window } = layout;
        const { kernelSize } = window;
        const connection = new LocalConnection(window);
        const { difference, shape, weights } = await measure(
          engine,
          layout,
          connection,
          definitions.local(window),
        );
        expect(difference).toBeLessThan(1e-5);
        expect(shape).toEqual([...target, ...(source[0] > 1 ? [source[0]] : []), kernelSize, kernelSize]);
        expect(weights).toBe(shape.reduce((product, side) => product * side, 1));
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  it('Conv2dConnection: Σ over the receptive field of w[filter, channel, ky, kx] · s', async () => {
    await fc.assert(
      fc.asyncProperty(layouts, async (layout) => {
        const { source, target, window } = layout;
        const { kernelSize } = window;
        const connection = new Conv2dConnection(window);
        const index = definitions.convolutional(window);
        const { difference, shape } = await measure(engine, layout, connection, index);
        expect(difference).toBeLessThan(1e-5);
        expect(shape).toEqual([target[0], ...(source[0] > 1 ? [source[0]] : []), kernelSize, kernelSize]);
      }),
      { seed: 5, numRuns: 60 },
    );
  });

  it('AvgPool2dConnection: the share of the receptive field that spikes, by channel', async () => {
    await fc.assert(
      fc.asyncProperty(layouts, async ({ source, target, window, seed }) => {
        const layout = { source, target: [source[0], target[1], target[2]] as const, seed };
        const connection = new AvgPool2dConnection({ channels: source[0], ...window });
        const { difference, shape } = await measure(engine, layout, connection, definitions.pool(window));
        expect(difference).toBeLessThan(1e-5);
        expect(shape).toEqual([source[0], source[0]]);
      }),
      { seed: 8, numRuns: 60 },
    );
    const average = new AvgPool2dConnection({ channels: 2, kernelSize: 2 });
    expect(average.window.stride).toEqual([1, 2, 2]);
    expect(average.w).toBe(0.25);
  });

  it('AvgPool2dConnection: refuses layers with other channels', () => {
    expect(() => new AvgPool2dConnection({ channels: 0, kernelSize: 2 })).toThrow(
      'AvgPool2dConnection: expected channels to be a whole number ≥ 1, got 0',
    );
    const network = new Network({ engine })
      .addLayer('X', new Input({ shape: [2, 4, 4] }))
      .addLayer('Y', new LIF({ shape: [3, 2, 2] }))
      .addConnection('X', 'Y', new AvgPool2dConnection({ channels: 2, kernelSize: 2 }));
    expect(() => network.compile()).toThrow('expected source and target of 2 channels, got [2,3]');
  });

  it('Connection: Σ over all sources of w[target, source] · s', async () => {
    await fc.assert(
      fc.asyncProperty(layouts, async (layout) => {
        const { difference, weights } = await measure(engine, layout, new Connection(), definitions.dense());
        expect(difference).toBeLessThan(1e-5);
        expect(weights).toBe(volume(layout.source) * volume(layout.target));
      }),
      { seed: 6, numRuns: 60 },
    );
  });

  it('competition: Σ over the other filters of the position that spiked, of one weight or of w[position, from, onto]', async () => {
    await fc.assert(
      fc.asyncProperty(layouts, fc.boolean(), async ({ target, seed }, fixed) => {
        const network = new Network({ engine, seed: seed >>> 0 })
          .addLayer('X', new Input({ shape: target }))
          .addLayer('Y', new LIF({ shape: target }))
          .addConnection('X', 'Y', new LocalConnection({ kernelSize: 1, w: 20 }))
          .addConnection(
            'Y',
            'Y',
            fixed
              ? new LateralCompetition({ weight: -1.7 })
              : new LateralConnection({ w: { uniform: [-3, 0] } }),
          );
        await network.run({ X: randomSpikes(seed, 0.5, 2, volume(target)) }, { time: 1, learn: false });
        await network.run({
          X: spikesByNeuron(
            Array.from({ length: volume(target) }, () => []),
            1,
          ),
        });
        const spikes = network.getVariable('Y', 'spikes');
        const size = target[0] ** 2 * target[1] * target[2];
        const w = fixed ? new Float32Array(size).fill(-1.7) : network.getWeights('Y->Y').data;
        const expected = sumInputs(definitions.lateral(), target, target, spikes, w);
        const input = network.getVariable('Y', 'input');
        network.dispose();
        expect(Math.max(...expected.map((value, j) => Math.abs(value - input[j])))).toBeLessThan(1e-5);
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  it('several connections onto one layer add up', async () => {
    const network = new Network({ engine })
      .addLayer('X', new Input({ shape: 2 }))
      .addLayer('U', new Input({ shape: 1 }))
      .addLayer('Y', new LIF({ shape: 2 }))
      .addConnection('X', 'Y', new Connection({ w: Float32Array.of(1, 2, 3, 4) }))
      .addConnection('U', 'Y', new Connection({ w: Float32Array.of(10, 20) }))
      .addConnection('X', 'Y', new Connection({ w: 100 }), 'second');
    await network.run({ X: spikesByNeuron([[0], [0]], 1), U: spikesByNeuron([[0]], 1) });
    expect([...network.getVariable('Y', 'input')]).toEqual([213, 227]);
    network.dispose();
  });
});
