/** Neurons without spikes that hand on their values: every engine to the bit, the sums of the definition, closed forms, errors. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { PostPre } from '../../src/core/network/learning/index.js';
import { Network } from '../../src/core/network/network.js';
import { IF, Input } from '../../src/core/network/nodes/index.js';
import {
  AllButOwnConnection,
  Connection,
  LateralCompetition,
  LocalConnection,
  OneToOneConnection,
} from '../../src/core/network/topology/index.js';
import { randomSpikes } from '../support/random-network.js';
import { engines, record, spikesByNeuron } from '../support/small-networks.js';

const LeakyIntegrator = defineNeuron({
  name: 'LeakyIntegrator',
  parameters: { tau: [20, 'ms'] },
  state: { v: [0, 'mV'] },
  input: 'mV',
  step: 'v += input',
  derivatives: { v: '-v / tau' },
  method: 'exact',
  emit: 'v',
});

/** Hands on 1 where what it is sent exceeds the threshold. */
const Threshold = defineNeuron({
  name: 'Threshold',
  parameters: { thresh: 0.5 },
  state: { out: 0 },
  step: 'out = input > thresh ? 1 : 0',
  emit: 'out',
});

const shapes = fc.tuple(
  fc.integer({ min: 1, max: 9 }),
  fc.integer({ min: 1, max: 2 }),
  fc.integer({ min: 1, max: 3 }),
);

function build(
  engine: string,
  threads: number,
  shape: readonly number[],
  propagation: 'next-step' | 'same-step',
) {
  return new Network({ engine, threads, seed: 2, propagation })
    .addLayer('X', new Input({ shape: [4, 4] }))
    .addLayer('A', new LeakyIntegrator({ shape: [5, 2, 2] }))
    .addLayer('B', new LeakyIntegrator({ shape, tau: 7 }))
    .addLayer('Y', new IF({ shape, thresh: 1, rest: 0, reset: 0, refrac: 0 }))
    .addConnection('X', 'A', new LocalConnection({ kernelSize: 2, stride: 2 }))
    .addConnection('A', 'B', new Connection({ w: { uniform: [-0.3, 0.4] } }))
    .addConnection('B', 'B', new AllButOwnConnection({ w: { uniform: [-0.1, 0.05] } }))
    .addConnection('B', 'Y', new OneToOneConnection({ w: 0.1 }))
    .addConnection('Y', 'A', new Connection({ w: -0.05 }));
}

async function simulate(network: Network, seed: number) {
  const steps = 12;
  const counts: number[] = [];
  const spikes = (image: number) => randomSpikes(seed + image, 0.3, steps, 16);
  await network.simulation.present(
    { layer: 0, count: 3, steps, spikes },
    { learn: false, count: 3, onCounts: (found) => counts.push(...found) },
  );
  await network.run({ X: spikes(9) });
  const state = ['A v', 'A input', 'B v', 'B input', 'Y v', 'Y spikes'].map((of) => {
    const [layer, variable] = of.split(' ');
    return [of, [...network.getVariable(layer, variable)]];
  });
  network.dispose();
  return { counts, state };
}

describe('emitted values', () => {
  it('have the same bits on reference and wasm, with one thread and two', async () => {
    let spikes = 0;
    await fc.assert(
      fc.asyncProperty(
        shapes,
        fc.nat(1e6),
        fc.constantFrom('next-step', 'same-step'),
        async (shape, seed, propagation) => {
          const expected = await simulate(build('reference', 1, shape, propagation), seed);
          spikes += expected.counts.reduce((sum, count) => sum + count, 0);
          expect(await simulate(build('wasm', 1, shape, propagation), seed)).toEqual(expected);
          expect(await simulate(build('wasm', 2, shape, propagation), seed)).toEqual(expected);
        },
      ),
      { numRuns: 12 },
    );
    expect(spikes).toBeGreaterThan(30);
  });

  it('positions of an emitting layer that does not feed others are simulated apart, to the same bits', async () => {
    const make = (engine: string, threads: number) =>
      new Network({ engine, threads, seed: 2 })
        .addLayer('X', new Input({ shape: [4, 4] }))
        .addLayer('Y', new LeakyIntegrator({ shape: [5, 2, 2] }))
        .addConnection('X', 'Y', new LocalConnection({ kernelSize: 2, stride: 2 }))
        .addConnection('Y', 'Y', new LocalConnection({ kernelSize: 1, w: { uniform: [-0.1, 0.1] } }));
    const found = await Promise.all(
      [make('reference', 1), make('wasm', 1), make('wasm', 2)].map(async (network) => {
        await network.run({ X: randomSpikes(5555, 0.3, 20, 16) });
        const v = network.getVariable('Y', 'v');
        network.dispose();
        return v;
      }),
    );
    expect(new Set(found[0]).size).toBeGreaterThan(10);
    expect(found[1]).toEqual(found[0]);
    expect(found[2]).toEqual(found[0]);
  });
});

describe.each(engines)('engine %s', (engine) => {
  it('a target gains Σ w[target, source] · value: relative error < 1e-6', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, shapes, fc.nat(1e6), async (from, onto, seed) => {
        const [sources, targets] = [from, onto].map(([a, b, c]) => a * b * c);
        const w = Float32Array.from({ length: sources * targets }, (_, at) => Math.sin(seed + at));
        const network = new Network({ engine })
          .addLayer('A', new LeakyIntegrator({ shape: from }))
          .addLayer('B', new LeakyIntegrator({ shape: onto }))
          .addConnection('A', 'B', new Connection({ w }));
        const given = Array.from({ length: sources }, (_, i) => Math.cos(seed * i));
        await network.run({}, { time: 1, currents: { A: given } });
        const values = network.getVariable('A', 'v');
        const input = network.getVariable('B', 'input');
        for (let j = 0; j < targets; j++) {
          const products = [...values].map((value, i) => w[j * sources + i] * value);
          const exact = products.reduce((sum, product) => sum + product, 0);
          const magnitude = products.reduce((sum, product) => sum + Math.abs(product), 1e-30);
          expect(Math.abs(input[j] - exact) / magnitude).toBeLessThan(1e-6);
        }
        network.dispose();
      }),
      { numRuns: 30 },
    );
  });

  it('a leaky integrator reads spikes out: Σ w exp(−(t − tₖ) / tau), relative error < 1e-5', async () => {
    const times = [[0, 3, 4], [2]];
    const network = new Network({ engine })
      .addLayer('X', new Input({ shape: 2 }))
      .addLayer('Y', new LeakyIntegrator({ shape: 1 }))
      .addConnection('X', 'Y', new Connection({ w: Float32Array.of(1.5, -0.25) }));
    const v = record(network, 'Y', 'v');
    await network.run({ X: spikesByNeuron(times, 12) });
    const weights = [1.5, -0.25];
    v().forEach(([value], t) => {
      // A spike of step k arrives in k + 1, and has decayed once at the end of that step.
      const exact = times.reduce(
        (sum, each, i) =>
          each.reduce((all, k) => (k < t ? all + weights[i] * Math.exp(-(t - k) / 20) : all), sum),
        0,
      );
      expect(Math.abs(value - exact)).toBeLessThan(1e-5 * Math.max(1e-30, Math.abs(exact)));
    });
    network.dispose();
  });

  it('a value takes one step per connection, or none with same-step propagation', async () => {
    for (const [propagation, seen] of [
      ['next-step', 2],
      ['same-step', 0],
    ] as const) {
      const network = new Network({ engine, propagation })
        .addLayer('A', new Threshold({ shape: 1 }))
        .addLayer('B', new Threshold({ shape: 1 }))
        .addLayer('C', new Threshold({ shape: 1 }))
        .addConnection('A', 'B', new Connection({ w: 1 }))
        .addConnection('B', 'C', new Connection({ w: 1 }));
      const out = record(network, 'C', 'out');
      await network.run({}, { currents: { A: [1, 0, 0, 0] } });
      expect(out().map(([value]) => value)).toEqual([0, 1, 2, 3].map((t) => Number(t === seen)));
      expect([...network.getVariable('A', 'spikes')]).toEqual([0]);
      network.dispose();
    }
  });
});

describe('errors', () => {
  const own = { name: 'Own', state: { v: 0, u: 0 }, step: 'v = input' };

  it.each([
    ['neither spike nor emit', {}, 'Own: expected either spike or emit'],
    ['both', { spike: 'v > 1', emit: 'v' }, 'Own: expected either spike or emit'],
    ['no state', { emit: 'w' }, 'Own.emit: unknown state variable "w".'],
    [
      'persistent state',
      { emit: 'v', persistent: ['v'] },
      'Own.emit: expected state that is not persistent, got "v"',
    ],
    ['a reset', { emit: 'v', reset: 'v = 0' }, 'Own.reset: expected neurons that spike, got "emit: v"'],
    [
      'a refractory period',
      { emit: 'v', refractory: { period: '5' } },
      'Own.refractory: expected neurons that spike',
    ],
  ])('defineNeuron refuses %s', (_, change, message) => {
    expect(() => defineNeuron({ ...own, ...change })).toThrow(message);
  });

  const network = () =>
    new Network()
      .addLayer('A', new LeakyIntegrator({ shape: 2 }))
      .addLayer('Y', new IF({ shape: 2, thresh: 1, rest: 0, reset: 0 }));

  it('what needs spikes refuses layers without them', async () => {
    expect(() => network().addConnection('A', 'Y', new LateralCompetition({ weight: -1 }))).toThrow(
      'Network connection A->Y: expected competition from a layer of neurons that spike, got "A"',
    );
    const rule = new PostPre({ nu: [0.1, 0.1] });
    for (const [source, target] of [
      ['A', 'Y'],
      ['Y', 'A'],
    ]) {
      expect(() => network().addConnection(source, target, new Connection({ rule })).compile()).toThrow(
        `Network connection ${source}->${target}: expected layers that spike, from whose spikes PostPre learns, got "A"`,
      );
    }
    await expect(network().run({}, { clamp: { A: spikesByNeuron([[0], []], 1) } })).rejects.toThrow(
      'Network.run, clamp.A: expected a layer that spikes, got "A"',
    );
  });
});
