/** Neurons with several inputs: every engine to the bit, conductances against their closed form, errors. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { ConductanceLIF } from '../../src/core/models/conductance-lif.js';
import { PostPre } from '../../src/core/network/learning/index.js';
import { Network } from '../../src/core/network/network.js';
import { Input, LIF } from '../../src/core/network/nodes/index.js';
import {
  AvgPool2dConnection,
  Connection,
  LateralCompetition,
  LocalConnection,
} from '../../src/core/network/topology/index.js';
import { randomSpikes } from '../support/random-network.js';
import { engines, record } from '../support/small-networks.js';

const Three = defineNeuron({
  name: 'Three',
  parameters: { tau: [8, 'ms'], refrac: [2, 'ms'] },
  state: { v: [0, 'mV'], slow: [0, 'mV'] },
  inputs: { first: 'mV', second: 'mV', third: '1' },
  step: `
    slow = exp(-dt / tau) * slow + second
    v = exp(-dt / tau) * v * (1 - 0.1 * third) + first + 0.1 * slow
  `,
  spike: 'v > 2',
  reset: 'v = 0',
  refractory: { period: 'refrac' },
});

async function simulate(
  engine: string,
  threads: number,
  seed: number,
  propagation: 'next-step' | 'same-step',
) {
  const network = new Network({ engine, threads, seed, propagation })
    .addLayer('X', new Input({ shape: [4, 4] }))
    .addLayer('Y', new Three({ shape: [5, 2, 2] }))
    .addConnection(
      'X',
      'Y',
      new LocalConnection({ kernelSize: 2, stride: 2, norm: 3, rule: new PostPre({ nu: [1e-2, 5e-2] }) }),
    )
    .addConnection('X', 'Y', new LocalConnection({ kernelSize: 2, stride: 2, into: 'second' }), 'second')
    .addConnection('Y', 'Y', new LateralCompetition({ weight: 0.3, into: 'third' }));
  const steps = 12;
  const counts: number[] = [];
  const spikes = (image: number) => randomSpikes(seed + image, 0.3, steps, 16);
  for (const learn of [true, false]) {
    await network.simulation.present(
      { layer: 0, count: 3, steps, spikes },
      { learn, count: 1, onCounts: (found) => counts.push(...found) },
    );
  }
  const size = 20;
  await network.run(
    { X: spikes(9) },
    { currents: { Y: { second: Float32Array.from({ length: steps * size }, (_, at) => Math.sin(at)) } } },
  );
  const variables = ['v', 'slow', 'first', 'second', 'third', 'spikes'];
  const state = variables.map((name) => [name, [...network.getVariable('Y', name)]]);
  network.resetState();
  const reset = variables.map((name) => [name, [...network.getVariable('Y', name)]]);
  const weights = [...network.getWeights('X->Y').data];
  network.dispose();
  return { counts, state, reset, weights };
}

describe('several inputs', () => {
  it('have the same bits on reference and wasm, with one thread and two', async () => {
    let spikes = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(1e6), fc.constantFrom('next-step', 'same-step'), async (seed, propagation) => {
        const expected = await simulate('reference', 1, seed, propagation);
        spikes += expected.counts.reduce((sum, count) => sum + count, 0);
        expect(expected.reset.every(([, values]) => (values as number[]).every((value) => value === 0))).toBe(
          true,
        );
        expect(await simulate('wasm', 1, seed, propagation)).toEqual(expected);
        expect(await simulate('wasm', 2, seed, propagation)).toEqual(expected);
      }),
      { numRuns: 10 },
    );
    expect(spikes).toBeGreaterThan(30);
  });

  it.each(engines)('arrive where connections and currents say, on %s', async (engine) => {
    const network = new Network({ engine })
      .addLayer('X', new Input({ shape: [1, 2, 2] }))
      .addLayer('Y', new Three({ shape: [1, 1, 1] }))
      .addConnection('X', 'Y', new Connection({ w: 0.5 }))
      .addConnection(
        'X',
        'Y',
        new AvgPool2dConnection({ channels: 1, kernelSize: 2, into: 'third' }),
        'pool',
      );
    await network.run({ X: randomSpikes(77_777, 1, 1, 4) }, { time: 1 });
    const spiked = network.getVariable('X', 'spikes').reduce((sum, spike) => sum + spike, 0);
    expect(spiked).toBeGreaterThan(0);
    expect(['first', 'second', 'third'].map((name) => network.getVariable('Y', name)[0])).toEqual([
      0.5 * spiked,
      0,
      0.25 * spiked,
    ]);
    network.resetState();
    const slow = record(network, 'Y', 'slow');
    const v = record(network, 'Y', 'v');
    await network.run({}, { time: 1, currents: { Y: { second: [1] } } });
    await network.run({}, { time: 1, currents: { Y: [1] } });
    expect(slow()[0]).toEqual([1]);
    expect(v()[1][0]).toBeGreaterThan(1);
    network.dispose();
  });
});

describe.each(engines)('ConductanceLIF on %s', (engine) => {
  it('a conductance decays by (1 − dt / tc) a step: relative error < 1e-6', async () => {
    const dt = 0.1;
    const network = new Network({ engine, dt }).addLayer(
      'Y',
      new ConductanceLIF({ shape: 1, tcExcitatory: 2 }),
    );
    const ge = record(network, 'Y', 'ge');
    await network.run({}, { time: 1, currents: { Y: [0.02] } });
    await network.run({}, { time: 40 });
    ge().forEach(([value], t) => {
      const exact = 0.02 * (1 - dt / 2) ** (t + 1);
      expect(Math.abs(value / exact - 1)).toBeLessThan(1e-6);
    });
    network.dispose();
  });

  it('constant conductances (the excitatory reversal is 0 mV) draw v to the mean of the reversals that they weigh: relative error < 1e-6', async () => {
    const [ge, gi, tc] = [0.2, 0.5, 1e30];
    const network = new Network({ engine }).addLayer(
      'Y',
      new ConductanceLIF({ shape: 1, tcExcitatory: tc, tcInhibitory: tc, tcDecay: 20, thresh: 0 }),
    );
    await network.run({}, { time: 1, currents: { Y: { excitatory: [ge], inhibitory: [gi] } } });
    await network.run({}, { time: 1000 });
    const exact = (-65 + gi * -100) / (1 + ge + gi);
    expect(Math.abs(network.getVariable('Y', 'v')[0] / exact - 1)).toBeLessThan(1e-6);
    network.dispose();
  });

  it('follows the exact solution of the conductance equation as dt shrinks: error < 0.01 mV at dt = 0.001 ms', async () => {
    const dt = 0.001;
    const network = new Network({ engine, dt }).addLayer(
      'Y',
      new ConductanceLIF({ shape: 1, tcDecay: 20, tcExcitatory: 1e30, thresh: 0 }),
    );
    const g = 0.5;
    await network.run({}, { time: 1, currents: { Y: [g] } });
    await network.run({}, { time: 9_999 });
    const end = -65 / (1 + g);
    const exact = end + (-65 - end) * Math.exp((-(1 + g) * 10) / 20);
    expect(Math.abs(network.getVariable('Y', 'v')[0] - exact)).toBeLessThan(0.01);
    network.dispose();
  });
});

describe('errors', () => {
  const two = { name: 'Two', state: { v: 0 }, inputs: ['a', 'b'], step: 'v = a - b', spike: 'v > 1' };

  it.each([
    ['both forms', { input: 'mV' }, 'Two: expected input or inputs, not both'],
    ['none', { inputs: [] }, 'defineNeuron: expected inputs to be a list of at least 1'],
    ['no names', { inputs: {} }, 'Two: expected at least one of inputs'],
    ['a unit that there is not', { inputs: { a: 'mW', b: null } }, 'Two.a: expected a known unit'],
    ['a name of equations', { inputs: ['dt', 'b'] }, 'Two.inputs.dt: dt is a name of its own in equations'],
    ['two words', { inputs: ['a b'] }, 'Two.inputs.a b: expected a name of letters, digits and _'],
    [
      'the name of a parameter',
      { parameters: { a: 1 } },
      'Two.parameters.a: a is an input; choose another name',
    ],
    ['the name of state', { state: { v: 0, b: 0 } }, 'Two.state.b: b is an input; choose another name'],
    ['an assignment to one', { step: 'a = 1' }, 'Two.step (1:1): a is an input; choose another name'],
    ['the one input', { step: 'v = input' }, 'Two.step (1:5): unknown name "input"'],
    [
      'dimensions that differ',
      { inputs: { a: 'mV', b: 'nA' } },
      'Two.step (1:5): - joins mV and pA, which have different dimensions',
    ],
  ])('defineNeuron refuses %s', (_, change, message) => {
    expect(() => defineNeuron({ ...two, ...change })).toThrow(message);
  });

  it('name the inputs that there are', async () => {
    const Two = defineNeuron(two);
    const make = () =>
      new Network().addLayer('X', new LIF({ shape: 1 })).addLayer('Y', new Two({ shape: 1 }));
    const connect = (target: string) =>
      make()
        .addConnection('X', target, new Connection({ into: 'c' }))
        .compile();
    expect(() => connect('Y')).toThrow(
      'Network connection X->Y: unknown input of Y "c". Did you mean "a"? Known: a, b.',
    );
    expect(() => connect('X')).toThrow('Network connection X->X: unknown input of X "c". Known: input.');
    const run = (currents: object) => make().run({}, { time: 1, currents: currents as never });
    await expect(run({ Y: { c: [1] } })).rejects.toThrow(
      'Network.run, currents.Y: unknown input "c". Did you mean "a"? Known: a, b.',
    );
    await expect(run({ Y: { v: [1] } })).rejects.toThrow('Network.run, currents.Y: unknown input "v"');
    await expect(run({ Y: { a: 1 } })).rejects.toThrow('currents.Y.a to be a list of numbers');
  });
});
