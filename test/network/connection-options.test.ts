/** Options that every connection takes: biases, masks, bounds and signs of every weight; competition in a layer; norms. */
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { spikeTrainFromRaster } from '../../src/core/encoding/spike-train.js';
import { McCullochPitts } from '../../src/core/models/index.js';
import { PostPre } from '../../src/core/network/learning/index.js';
import { Network } from '../../src/core/network/network.js';
import { Input, LIF } from '../../src/core/network/nodes/index.js';
import {
  Connection,
  Conv1dConnection,
  Conv2dConnection,
  Conv3dConnection,
  LateralCompetition,
  Local1dConnection,
  Local3dConnection,
  LocalConnection,
  MaxPool2dConnection,
  MeanFieldConnection,
  OneToOneConnection,
  PadConnection,
  PermuteConnection,
  type SynapticConnection,
} from '../../src/core/network/topology/index.js';
import { Hebbian, MSTDP } from '../../src/core/rules/index.js';
import { engines } from '../support/small-networks.js';
import type { ShapeLike } from '../../src/core/network/shape.js';
import { normalOfWord } from '../../src/core/random/normal.js';
import { RandomStream } from '../../src/core/random/stream.js';

/** What Y receives of one step of spikes. */
async function deliver(
  engine: string,
  source: ShapeLike,
  target: ShapeLike,
  connection: SynapticConnection,
  spikes: readonly number[],
): Promise<number[]> {
  const network = new Network({ engine })
    .addLayer('X', new Input({ shape: source }))
    .addLayer('Y', new McCullochPitts({ shape: target, thresh: 1e9 }))
    .addConnection('X', 'Y', connection);
  await network.run({ X: oneStep(spikes) }, { learn: false });
  const input = [...network.getVariable('Y', 'input')];
  network.dispose();
  return input;
}

const oneStep = (spikes: readonly number[]) =>
  spikeTrainFromRaster(Uint8Array.from(spikes), 1, spikes.length);

const range = (n: number) => Float32Array.from({ length: n }, (_, i) => i + 1);

describe.each(engines)('engine %s', (engine) => {
  it('normal weights and biases are mean + deviation · the normal number of a word of their own', () => {
    const normal = [-3, 0.5] as const;
    const network = new Network({ engine, seed: 7 })
      .addLayer('X', new Input({ shape: 3 }))
      .addLayer('Y', new LIF({ shape: 2 }))
      .addConnection('X', 'Y', new Connection({ w: { normal }, bias: { normal } }));
    const drawn = (item: number, size: number) => {
      const stream = new RandomStream(7, 'xyWeights', item, 0);
      return Float32Array.from({ length: size }, () => -3 + 0.5 * normalOfWord(stream.nextUint32()));
    };
    expect(network.getWeights('X->Y').data).toEqual(drawn(0, 6));
    expect(network.getVariable('X->Y', 'bias')).toEqual(drawn(1, 2));
    network.dispose();
  });

  it('a bias is what targets receive in every step, whatever has spiked, and outlives a reset', async () => {
    const network = new Network({ engine })
      .addLayer('X', new Input({ shape: 2 }))
      .addLayer('Y', new McCullochPitts({ shape: [2, 1, 2], thresh: 1e9 }))
      .addConnection('X', 'Y', new Connection({ w: 1, bias: Float32Array.of(1, 2, 3, 4) }))
      .addConnection('Y', 'Y', new Connection({ w: 0, bias: 0.5 }), 'own');
    await network.run({}, { time: 2, learn: false });
    expect([...network.getVariable('Y', 'v')]).toEqual([1.5, 2.5, 3.5, 4.5]);
    expect([...network.getVariable('X->Y', 'bias')]).toEqual([1, 2, 3, 4]);
    network.setVariable('X->Y', 'bias', Float32Array.of(4, 3, 2, 1));
    network.resetState();
    await network.run({}, { time: 1, learn: false });
    expect([...network.getVariable('Y', 'v')]).toEqual([4.5, 3.5, 2.5, 1.5]);
    network.dispose();
  });

  it('drawn biases are those of the seed, within their range', () => {
    const draw = (seed: number) => {
      const network = new Network({ engine, seed })
        .addLayer('X', new Input({ shape: 2 }))
        .addLayer('Y', new LIF({ shape: 5 }))
        .addConnection('X', 'Y', new Connection({ bias: { uniform: [-1, 1] } }));
      return [...network.getVariable('X->Y', 'bias')];
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(1).every((bias) => bias >= -1 && bias < 1)).toBe(true);
  });

  it('mean field: the weight times the share of sources that spike', async () => {
    const connection = new MeanFieldConnection({ w: Float32Array.of(1, 2, 3, 4) });
    expect(await deliver(engine, 4, [2, 1, 2], connection, [1, 0, 1, 1])).toEqual([0.75, 1.5, 2.25, 3]);
  });

  it('a window of one dimension: kernel 3, dilation 2, padding 1 over 7 neurons, by hand', async () => {
    const w = Float32Array.of(1, 10, 100);
    const window = { kernelSize: 3, dilation: 2, padding: 1 };
    const spikes = [1, 1, 0, 0, 1, 0, 1];
    // Position p sees p − 1, p + 1, p + 3.
    const expected = [10, 1 + 100, 1, 10 + 100, 0].map((_, p) =>
      [p - 1, p + 1, p + 3].reduce((sum, at, tap) => sum + (spikes[at] ?? 0) * 10 ** tap, 0),
    );
    expect(await deliver(engine, [1, 7], [1, 5], new Conv1dConnection({ ...window, w }), spikes)).toEqual(
      expected,
    );
    const own = Float32Array.from({ length: 15 }, (_, i) => w[i % 3]);
    const local = new Local1dConnection({ ...window, w: own });
    expect(await deliver(engine, [1, 7], [1, 5], local, spikes)).toEqual(expected);
  });

  it('a rectangular window: rows and columns have a kernel, stride and padding each', async () => {
    const connection = new Conv2dConnection({
      kernelSize: [1, 2],
      stride: [2, 1],
      padding: [0, 1],
      w: range(2),
    });
    // Rows 0 and 2 of 3; columns −1 … 2 of 2.
    expect(await deliver(engine, [3, 2], [2, 3], connection, [1, 0, 1, 1, 0, 1])).toEqual([2, 1, 0, 0, 2, 1]);
  });

  it('a window of three dimensions: each weight delivers to its target alone', async () => {
    const [source, target] = [
      [2, 3, 3, 2],
      [3, 2, 2, 1],
    ];
    const size = 3 * 2 * 2 * 2 * 2;
    const connection = new Conv3dConnection({ kernelSize: 2, w: range(size) });
    const spikes = Array.from({ length: 36 }, (_, i) => Number(i % 3 !== 1));
    const expected: number[] = [];
    for (let filter = 0; filter < 3; filter++) {
      for (let z = 0; z < 2; z++) {
        for (let y = 0; y < 2; y++) {
          let sum = 0;
          for (let at = 0; at < 16; at++) {
            const [channel, kz, ky, kx] = [at >> 3, (at >> 2) & 1, (at >> 1) & 1, at & 1];
            sum += (filter * 16 + at + 1) * spikes[((channel * 3 + z + kz) * 3 + y + ky) * 2 + kx];
          }
          expected.push(sum);
        }
      }
    }
    expect(await deliver(engine, source, target, connection, spikes)).toEqual(expected);
    const own = Float32Array.from({ length: size * 4 }, (_, i) => {
      const [filter, at] = [Math.floor(i / 64), i % 16];
      return filter * 16 + at + 1;
    });
    expect(
      await deliver(engine, source, target, new Local3dConnection({ kernelSize: 2, w: own }), spikes),
    ).toEqual(expected);
  });

  it('padding and permutation hand every spike to its counterpart', async () => {
    const spikes = [1, 0, 0, 1, 0, 1, 1, 1];
    const padded = await deliver(
      engine,
      [2, 2, 2],
      [2, 2, 4],
      new PadConnection({ padding: [0, 1] }),
      spikes,
    );
    expect(padded).toEqual([0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 1, 0]);
    const permuted = await deliver(
      engine,
      [2, 1, 3],
      [3, 2, 1],
      new PermuteConnection({ order: [2, 0, 1], w: 2 }),
      [1, 0, 0, 0, 1, 1],
    );
    expect(permuted).toEqual([2, 0, 0, 2, 0, 2]);
  });

  it('max pooling: the neuron with the highest rate hands its spike on, the first of several', async () => {
    const network = new Network({ engine })
      .addLayer('X', new Input({ shape: [1, 2] }))
      .addLayer('Y', new McCullochPitts({ shape: [1, 1], thresh: 0.5 }))
      .addConnection('X', 'Y', new MaxPool2dConnection({ kernelSize: [1, 2], decay: 0.125, w: 2 }));
    const passed: number[] = [];
    for (const spikes of [
      [1, 1],
      [1, 0],
      [1, 0],
      [0, 1],
    ]) {
      await network.run({ X: oneStep(spikes) }, { learn: false });
      passed.push(...network.getVariable('Y', 'input'));
    }
    // In the last step the second neuron spikes, but the rate of the first is higher.
    expect(passed).toEqual([2, 2, 2, 0]);
    expect([...network.getVariable('X->Y', 'rate')]).toEqual([2.310546875, 1.669921875]);
    network.resetState();
    expect([...network.getVariable('X->Y', 'rate')]).toEqual([0, 0]);
    network.dispose();
  });

  it('a mask joins that of the topology, with pooling and one-to-one alike', async () => {
    const connection = new OneToOneConnection({ w: 2, mask: [1, 0, 1] });
    expect(await deliver(engine, 3, 3, connection, [1, 1, 0])).toEqual([2, 0, 0]);
    const kernel = new Conv2dConnection({ kernelSize: 2, w: range(4), mask: [1, 1, 0, 1] });
    expect(await deliver(engine, [2, 2], [1, 1], kernel, [1, 1, 1, 1])).toEqual([7]);
  });

  it('competition in the layer and in the field: the sum of both, by counts', async () => {
    const network = new Network({ engine })
      .addLayer('Y', new McCullochPitts({ shape: [3, 1, 2], thresh: 1 }))
      .addConnection('Y', 'Y', new LateralCompetition({ weight: -1, among: 'layer' }), 'layer')
      .addConnection('Y', 'Y', new LateralCompetition({ weight: -10 }), 'field');
    network.setVariable('Y', 'input', Float32Array.of(1, 0, 1, 1, 0, 0));
    await network.run({}, { time: 1, learn: false });
    // Three spikes: (0, 0), (1, 0), (1, 1); two of them at position 0.
    expect([...network.getVariable('Y', 'input')]).toEqual([-12, -13, -12, -2, -23, -13]);
    network.dispose();
  });

  it('signs: drawn weights take them, lists are checked, and learning never changes them', async () => {
    const make = (options: object) =>
      new Network({ engine, seed: 3 })
        .addLayer('X', new Input({ shape: 3 }))
        .addLayer('Y', new McCullochPitts({ shape: 4, thresh: 1e6 }))
        .addConnection('X', 'Y', new Connection({ rule: new PostPre({ nu: [0.9, 0.9] }), ...options }));
    const network = make({ sign: [1, -1, 1] });
    const ofSource = (i: number) => [...network.getWeights('X->Y').data].filter((_, at) => at % 3 === i);
    expect(ofSource(0).every((w) => w > 0)).toBe(true);
    expect(ofSource(1).every((w) => w < 0)).toBe(true);
    const spikes = (t: number) => Uint8Array.of(t % 2, Number(t % 3 !== 0), 1);
    for (let t = 0; t < 12; t++) {
      network.setVariable(
        'Y',
        'input',
        Float32Array.from([1, t % 2, t % 5, t % 3], (each) => each * 1e9),
      );
      await network.run({ X: spikeTrainFromRaster(spikes(t), 1, 3) });
    }
    expect(ofSource(0).every((w) => w >= 0) && ofSource(2).every((w) => w >= 0)).toBe(true);
    expect(ofSource(1).every((w) => w <= 0)).toBe(true);
    expect(ofSource(0)).not.toEqual([0, 0, 0, 0]);
    expect(() => network.setWeights('X->Y', new Float32Array(12).fill(1))).toThrow(
      'Network connection X->Y: expected weights ≤ 0 (sign −1), at weight 1, got 1',
    );
    const wrong = make({ sign: -1, w: new Float32Array(12).fill(0.5) });
    expect(() => wrong.simulation).toThrow('expected weights ≤ 0 (sign −1), at weight 0, got 0.5');
    expect([...make({ sign: -1, w: 0.5 }).getWeights('X->Y').data]).toEqual(new Array(12).fill(-0.5));
    expect(() => make({ sign: [1, -1] }).compile()).toThrow(
      'Network connection X->Y: expected a sign for all sources, or 3 of them, got 2',
    );
    network.dispose();
  });

  it('bounds of every weight hold each within its own, rates of every weight move each by its own', async () => {
    const network = new Network({ engine })
      .addLayer('X', new Input({ shape: 2 }))
      .addLayer('Y', new McCullochPitts({ shape: 2, thresh: 1e6 }))
      .addConnection(
        'X',
        'Y',
        new Connection({
          w: 0.5,
          rule: new PostPre({ nu: [0, Float32Array.of(0.25, 0.125, 0.0625, 2)] }),
          wMax: [0.625, 1, 1, 2],
        }),
      );
    network.setVariable('Y', 'input', Float32Array.of(1e9, 1e9));
    await network.run({ X: spikeTrainFromRaster(Uint8Array.of(1, 1), 1, 2) });
    expect([...network.getWeights('X->Y').data]).toEqual([0.625, 0.625, 0.5625, 2]);
    network.dispose();
  });

  it.each([
    ['target', 2, 2],
    ['channel', 4, 1],
    ['filter', 1, 4],
  ] as const)('norms over a %s: of 2 positions and 2 channels', async (normalizeOver, sums, parts) => {
    const network = new Network({ engine })
      .addLayer('X', new Input({ shape: [2, 1, 2] }))
      .addLayer('Y', new McCullochPitts({ shape: [1, 1, 2], thresh: 1e6 }))
      .addConnection(
        'X',
        'Y',
        new LocalConnection({ kernelSize: 1, w: range(4), norm: 8, normalizeOver, normalizeInitially: true }),
      );
    const { data } = network.getWeights('X->Y');
    const found = Array.from({ length: sums }, (_, sum) =>
      data.slice(sum * (4 / sums), (sum + 1) * (4 / sums)).reduce((all, w) => all + w, 0),
    );
    for (const sum of found) expect(sum).toBeCloseTo(8, 5);
    expect(sums * parts).toBe(4);
    network.dispose();
  });

  it('a filter without weights is left at 0 by its norm', async () => {
    const connection = new Conv2dConnection({ kernelSize: 1, w: 0, norm: 1, normalizeOver: 'channel' });
    expect(await deliver(engine, [2, 1, 1], [1, 1, 1], connection, [1, 1])).toEqual([0]);
  });
});

describe('all engines agree to the bit', () => {
  const random = (purpose: number, n: number) => {
    const stream = new RandomStream(7, 'user', purpose, 0);
    return Float32Array.from({ length: n }, () => stream.nextFloat());
  };
  const bits = random(1, 200 * 36).map((value) => Number(value < 0.3));

  /** Weights, voltages and spikes of presentations, of one image or of minibatches. */
  async function present(engine: string, batchSize: number, threads = 1) {
    const network = new Network({ engine, seed: 5, threads })
      .addLayer('X', new Input({ shape: [1, 6, 6] }))
      .addLayer('A', new LIF({ shape: [3, 5, 5], thresh: -64, refrac: 0 }))
      .addLayer('P', new LIF({ shape: [3, 2, 2], thresh: -64.5, refrac: 0 }))
      .addLayer('B', new LIF({ shape: 4, thresh: -64, refrac: 1 }))
      .addConnection(
        'X',
        'A',
        new Conv2dConnection({
          kernelSize: 2,
          rule: new Hebbian({ nuPre: 1e-3, nuPost: 2e-3 }),
          updates: 'summed',
          wMin: 0,
          wMax: Array.from({ length: 12 }, (_, i) => 0.5 + (i % 5) / 8),
          norm: 2,
          normalizeOver: 'channel',
          bias: { uniform: [0, 0.2] },
        }),
      )
      .addConnection('A', 'P', new MaxPool2dConnection({ kernelSize: 2, decay: 0.1 }))
      .addConnection('A', 'A', new LateralCompetition({ weight: -0.25, among: 'layer' }), 'layer')
      .addConnection('A', 'A', new LateralCompetition({ weight: -0.5 }))
      .addConnection(
        'P',
        'B',
        new Connection({
          sign: [1, -1, 1, 1, 1, -1, 1, 1, 1, 1, 1, 1],
          rule: new PostPre({ nu: [1e-2, 2e-2] }),
          norm: 3,
          bias: 0.1,
        }),
      )
      .addConnection('A', 'B', new MeanFieldConnection({ w: 0.7 }));
    const counts: number[] = [];
    const { simulation } = network;
    await simulation.present(
      {
        layer: 0,
        count: 5,
        steps: 40,
        spikes: (index) =>
          spikeTrainFromRaster(
            Uint8Array.from(bits.subarray(index * 40 * 36, (index + 1) * 40 * 36)),
            40,
            36,
          ),
      },
      { learn: true, count: 3, batchSize, onCounts: (found) => counts.push(...found) },
    );
    const weights = ['X->A', 'P->B'].map((name) => network.getWeights(name).data);
    network.dispose();
    return { counts, weights };
  }

  it.each([1, 2])('minibatches of %i, with everything at once', async (batchSize) => {
    const [reference, wasm] = [await present('reference', batchSize), await present('wasm', batchSize, 2)];
    expect(reference.counts.some((count) => count > 0)).toBe(true);
    expect(wasm).toEqual(reference);
  });
});

describe('what does not fit is refused by name', () => {
  const compile = (
    connection: SynapticConnection,
    source: ShapeLike = [2, 4, 4],
    target: ShapeLike = [3, 3, 3],
  ) =>
    new Network()
      .addLayer('X', new Input({ shape: source }))
      .addLayer('Y', new LIF({ shape: target }))
      .addConnection('X', 'Y', connection)
      .compile();

  it.each([
    [
      'a kernel of other sides',
      () => new Conv2dConnection({ kernelSize: [1, 2, 3] }),
      'Conv2dConnection: expected kernelSize to be a number or [y, x], got [1,2,3]',
    ],
    [
      'a channel norm of a dense connection',
      () => new Connection({ normalizeOver: 'channel' } as object),
      'Connection: unknown option "normalizeOver"',
    ],
    [
      'sums of kernels that are not shared',
      () => new LocalConnection({ kernelSize: 2, updates: 'summed' } as never),
      'LocalConnection: unknown option "updates"',
    ],
    [
      'a sign that is none',
      () => new Connection({ sign: 2 }),
      'Connection: expected sign to be 1, −1 or a list of them, got 2',
    ],
    [
      'an order that lacks an axis',
      () => new PermuteConnection({ order: [0, 0, 1] }),
      'PermuteConnection: expected order to have each axis once, such as [1, 2, 0], got [0,0,1]',
    ],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  it.each([
    [
      'a source with a depth',
      new Conv2dConnection({ kernelSize: 2 }),
      [1, 2, 4, 4],
      [3, 3, 3],
      'expected a source of the shape [channels, height, width], got [1,2,4,4]',
    ],
    [
      'a bias of other targets',
      new Connection({ bias: new Float32Array(3) }),
      4,
      5,
      'expected a bias for each of 5 targets, got 3',
    ],
    [
      'bounds of other weights',
      new Connection({ wMin: [0, 0] }),
      4,
      5,
      'expected wMin to be a number or 20 of them (5 × 4), got 2',
    ],
    [
      'bounds that exclude the sign',
      new Connection({ sign: 1, wMax: -1 }),
      4,
      5,
      'expected wMin ≤ wMax of a weight, signs included, got [0,-1]',
    ],
    [
      'signs of sources that share a weight',
      new Conv2dConnection({ kernelSize: 2, sign: [1, ...new Array<number>(15).fill(-1)] }),
      [4, 4],
      [3, 3],
      'expected one sign of all sources that share weights (source 1 and others), got -1',
    ],
    [
      'a summed rule with state of synapses',
      new Conv2dConnection({ kernelSize: 2, rule: new MSTDP(), updates: 'summed' }),
      [4, 4],
      [3, 3],
      'MSTDP.synapse: expected a rule without state of synapses, where shared weights change by a sum',
    ],
    [
      'a target of another padding',
      new PadConnection({ padding: 1 }),
      [2, 2],
      [3, 3],
      'expected a target of 4 × 4 positions, got [3,3]',
    ],
  ] as const)('%s', (_, connection, source, target, message) => {
    expect(() => compile(connection, source as ShapeLike, target as ShapeLike)).toThrow(message);
  });
});
