/** Connections without a synapse between every pair: one to one, all but the own, masks; on every engine, while they learn; errors. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { PostPre } from '../../src/core/network/learning/index.js';
import { Network } from '../../src/core/network/network.js';
import { Input, LIF } from '../../src/core/network/nodes/index.js';
import {
  AllButOwnConnection,
  Connection,
  LateralCompetition,
  OneToOneConnection,
  type SynapticConnection,
} from '../../src/core/network/topology/index.js';
import { randomSpikes } from '../support/random-network.js';
import { engines } from '../support/small-networks.js';

const sides = fc.tuple(
  fc.integer({ min: 1, max: 9 }),
  fc.integer({ min: 1, max: 3 }),
  fc.integer({ min: 1, max: 3 }),
);

/** Synapses from every neuron onto its counterpart (or onto all others): [target, source]. */
const identity = (n: number) =>
  Uint8Array.from({ length: n * n }, (_, at) => (at % n === Math.floor(at / n) ? 1 : 0));
const others = (n: number) => identity(n).map((own) => 1 - own);

const learning = fc.record({
  nu: fc.tuple(
    fc.double({ min: -0.2, max: 0.2, noNaN: true }),
    fc.double({ min: -0.2, max: 0.2, noNaN: true }),
  ),
  weightDecay: fc.constantFrom(0, 0, 0.01),
  bounds: fc.constantFrom({}, { wMin: 0, wMax: 1 }, { wMin: 0.1, wMax: 0.45 }, { wMax: 0.3 }),
  norm: fc.constantFrom(undefined, undefined, 0.7),
  seed: fc.nat(1e6),
});

type Learning = typeof learning extends fc.Arbitrary<infer Value> ? Value : never;

/** X onto A, A onto B by the connection to be tested, B onto A. */
function build(
  engine: string,
  threads: number,
  shape: readonly number[],
  tested: (of: object) => SynapticConnection,
  of: Learning,
) {
  const { nu, weightDecay, bounds, norm, seed } = of;
  const common = { rest: 0, reset: 0, thresh: 0.9, refrac: 1, tcDecay: 10 };
  return new Network({ engine, threads, seed })
    .addLayer('X', new Input({ shape }))
    .addLayer('A', new LIF({ shape, ...common }))
    .addLayer('B', new LIF({ shape, ...common }))
    .addConnection('X', 'A', new OneToOneConnection({ w: 0.7 }))
    .addConnection(
      'A',
      'B',
      tested({ ...bounds, norm, rule: new PostPre({ nu, weightDecay }), w: { uniform: [0, 1] } }),
    )
    .addConnection('B', 'A', new AllButOwnConnection({ w: -0.05 }));
}

const steps = 12;

async function train(network: Network, size: number, seed: number) {
  const counts: number[] = [];
  const spikes = (image: number) => randomSpikes(seed + image, 0.4, steps, size);
  for (const learn of [true, false]) {
    await network.simulation.present(
      { layer: 0, count: 3, steps, spikes },
      { learn, count: 2, onCounts: (found) => counts.push(...found) },
    );
  }
  await network.run({ X: spikes(9) });
  const found = {
    counts,
    input: [...network.getVariable('B', 'input')],
    weights: [...network.getWeights('A->B').data],
  };
  network.dispose();
  return found;
}

describe.each([
  ['OneToOneConnection', (of: object) => new OneToOneConnection(of), identity],
  ['AllButOwnConnection', (of: object) => new AllButOwnConnection(of), others],
] as const)('%s', (_, make, maskOf) => {
  it('has the same bits on reference and wasm, with one thread and two, while it learns and frozen', async () => {
    let spikes = 0;
    await fc.assert(
      fc.asyncProperty(sides, learning, async (shape, of) => {
        const size = shape[0] * shape[1] * shape[2];
        const expected = await train(build('reference', 1, shape, make, of), size, of.seed);
        spikes += expected.counts.reduce((sum, count) => sum + count, 0);
        expect(await train(build('wasm', 1, shape, make, of), size, of.seed)).toEqual(expected);
        expect(await train(build('wasm', 2, shape, make, of), size, of.seed)).toEqual(expected);
      }),
      { numRuns: 12 },
    );
    expect(spikes).toBeGreaterThan(30);
  });

  it.each(engines)('sends what a Connection of the same matrix sends, on %s', async (engine) => {
    await fc.assert(
      fc.asyncProperty(sides, fc.nat(1e6), async (shape, seed) => {
        const size = shape[0] * shape[1] * shape[2];
        const mask = maskOf(size);
        const values = Float32Array.from({ length: size * size }, (__, at) => Math.sin(seed + at));
        const own = values.filter((__, at) => at % size === Math.floor(at / size));
        const w = maskOf === identity ? own : values;
        const network = new Network({ engine })
          .addLayer('X', new Input({ shape }))
          .addLayer('A', new LIF({ shape }))
          .addLayer('B', new LIF({ shape }))
          .addConnection('X', 'A', make({ w }))
          .addConnection('X', 'B', new Connection({ w: values.map((value, at) => value * mask[at]) }));
        await network.run({ X: randomSpikes(seed, 0.4, 1, size) });
        expect(network.getVariable('A', 'input')).toEqual(network.getVariable('B', 'input'));
        network.dispose();
      }),
      { numRuns: 40 },
    );
  });

  it.each(engines)('learns as a Connection with the same mask, on %s', async (engine) => {
    await fc.assert(
      fc.asyncProperty(sides, learning, async (shape, of) => {
        const size = shape[0] * shape[1] * shape[2];
        const mask = maskOf(size);
        const w = Float32Array.from({ length: size * size }, (__, at) => (Math.sin(of.seed + at) + 1) / 2);
        const keep = maskOf === identity ? (__: number, at: number) => mask[at] === 1 : () => true;
        const tested = await train(
          build(engine, 1, shape, (given) => make({ ...given, w: w.filter(keep) }), of),
          size,
          of.seed,
        );
        const dense = await train(
          build(engine, 1, shape, (given) => new Connection({ ...given, w, mask }), of),
          size,
          of.seed,
        );
        expect(tested).toEqual({ ...dense, weights: dense.weights.filter(keep) });
        expect(dense.weights.filter((weight, at) => mask[at] === 0 && weight !== 0)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});

describe('published weights', () => {
  const between = (connection: SynapticConnection, shape: number[], target = shape) =>
    new Network()
      .addLayer('X', new Input({ shape }))
      .addLayer('Y', new LIF({ shape: target }))
      .addConnection('X', 'Y', connection);

  it('one to one: the shape of the layer', () => {
    expect(between(new OneToOneConnection({ w: 2 }), [5]).getWeights('X->Y')).toEqual({
      shape: [5],
      data: new Float32Array(5).fill(2),
    });
    expect(between(new OneToOneConnection(), [2, 3, 4]).getWeights('X->Y').shape).toEqual([2, 3, 4]);
  });

  it('all but the own: [target, source], 0 onto the own; what is set there becomes 0', () => {
    const network = between(new AllButOwnConnection({ w: -1 }), [3]);
    expect(network.getWeights('X->Y')).toEqual({
      shape: [3, 3],
      data: Float32Array.of(0, -1, -1, -1, 0, -1, -1, -1, 0),
    });
    network.setWeights('X->Y', new Float32Array(9).fill(7));
    expect([...network.getWeights('X->Y').data]).toEqual([0, 7, 7, 7, 0, 7, 7, 7, 0]);
  });

  it('need layers of the same shape', () => {
    for (const make of [OneToOneConnection, AllButOwnConnection]) {
      expect(() => between(new make(), [4], [2, 2]).compile()).toThrow(
        'Network connection X->Y: expected a source and a target of the same shape, got [[4,1,1],[1,2,2]]',
      );
    }
  });

  it('a mask has a 0 or 1 for every weight', () => {
    expect(() => new Connection({ mask: [0, 2] })).toThrow('Connection: expected a mask of 0 and 1, got 2');
    expect(() => between(new Connection({ mask: [0, 1] }), [2]).compile()).toThrow(
      'Network connection X->Y: expected a mask of 4 weights (2 × 2), got 2',
    );
  });
});

describe('competition between two layers', () => {
  it.each(engines)('acts as AllButOwnConnection at every position, on %s', async (engine) => {
    const inputOf = async (isUniform: boolean) => {
      const shape = [7, 1, 2];
      const network = new Network({ engine })
        .addLayer('X', new Input({ shape }))
        .addLayer('A', new LIF({ shape, thresh: 1, rest: 0, reset: 0 }))
        .addLayer('B', new LIF({ shape }))
        .addConnection('X', 'A', new OneToOneConnection({ w: 2 }));
      if (isUniform) network.addConnection('A', 'B', new LateralCompetition({ weight: -0.5 }));
      else {
        // Published neuron: filter · 2 + position.
        const mask = others(14).map((isOther, at) => (at % 2 === Math.floor(at / 14) % 2 ? isOther : 0));
        network.addConnection('A', 'B', new Connection({ w: -0.5, mask }));
      }
      await network.run({ X: randomSpikes(123_456, 0.5, 1, 14) }, { time: 1 });
      await network.run({}, { time: 1 });
      const found = [...network.getVariable('B', 'input')];
      network.dispose();
      return found;
    };
    const found = await inputOf(true);
    expect(new Set(found).size).toBeGreaterThan(2);
    expect(found).toEqual(await inputOf(false));
  });

  it('needs neurons, in layers of the same shape', () => {
    const network = new Network()
      .addLayer('X', new Input({ shape: 2 }))
      .addLayer('Y', new LIF({ shape: 2 }))
      .addLayer('Z', new LIF({ shape: 3 }));
    const competition = new LateralCompetition({ weight: -1 });
    expect(() => network.addConnection('X', 'Y', competition)).toThrow(
      'Network connection X->Y: expected competition from a layer of neurons that spike, got "X"',
    );
    expect(() => network.addConnection('Y', 'Z', competition)).toThrow(
      'Network connection Y->Z: expected a source and a target of the same shape, got [[2,1,1],[3,1,1]]',
    );
  });
});

it('the gpu engine refuses connections that lack synapses by name', () => {
  const network = new Network({ engine: 'gpu-webasm' })
    .addLayer('X', new Input({ shape: 2 }))
    .addLayer('Y', new LIF({ shape: 2 }))
    .addConnection('X', 'Y', new OneToOneConnection());
  expect(() => network.simulation).toThrow('got the connection X->Y, which lacks synapses');
});
