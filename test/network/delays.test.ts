/** Delays: arrival of single spikes, rings, STDP windows, errors; engines to the bit on random networks with delays and sparse synapses. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { spikeTrainFromEvents } from '../../src/core/encoding/spike-train.js';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { defineRule } from '../../src/core/definitions/define-rule.js';
import { McCullochPitts } from '../../src/core/models/index.js';
import { mostDelaySteps } from '../../src/core/network/delays.js';
import { type LearningRule, PostPre } from '../../src/core/network/learning/index.js';
import { Network, type NetworkParameters } from '../../src/core/network/network.js';
import { Input, LIF } from '../../src/core/network/nodes/index.js';
import {
  AllButOwnConnection,
  Connection,
  Conv2dConnection,
  LateralCompetition,
  LocalConnection,
  MaxPool2dConnection,
  SparseConnection,
  type SynapseParameters,
  type SynapticConnection,
} from '../../src/core/network/topology/index.js';
import { GapJunction } from '../../src/core/synapses/index.js';
import { randomSpikes } from '../support/random-network.js';
import { engines, record, spikesByNeuron, spikeTimes } from '../support/small-networks.js';

/** Spikes in the step in which it gains anything. */
const relay = (shape: number) => new McCullochPitts({ shape, thresh: 0.5 });

describe.each(engines)('delays on engine %s', (engine) => {
  const chain = (parameters: NetworkParameters, synapses: SynapseParameters, n = 3) =>
    new Network({ engine, ...parameters })
      .addLayer('X', new Input({ shape: n }))
      .addLayer('Y', relay(n))
      .addConnection(
        'X',
        'Y',
        new SparseConnection({ pairs: Array.from({ length: n }, (_, i) => [i, i]), w: 1, ...synapses }),
      );

  it.each([1, 2, 7, mostDelaySteps])('a spike arrives after %i steps', async (delay) => {
    const network = chain({}, { delay });
    const spikes = record(network, 'Y', 'spikes');
    await network.run({ X: spikesByNeuron([[0, 1], [3], []], 300) });
    expect(spikeTimes(spikes())).toEqual([[delay, delay + 1], [3 + delay], []]);
  });

  it('each synapse has its own delay, in the order of the weights', async () => {
    const network = new Network({ engine, dt: 0.5 })
      .addLayer('X', new Input({ shape: 2 }))
      .addLayer('Y', relay(3))
      .addConnection('X', 'Y', new Connection({ w: 1, delay: [0.5, 1, 1.5, 2, 2.5, 3] }));
    const spikes = record(network, 'Y', 'spikes');
    await network.run({ X: spikesByNeuron([[0], [10]], 20) });
    // [target, source]
    expect(spikeTimes(spikes())).toEqual([
      [1, 12],
      [3, 14],
      [5, 16],
    ]);
  });

  it('0 arrives in the step of the spike, beside longer ones', async () => {
    const network = chain({}, { delay: [0, 1, 4] });
    const spikes = record(network, 'Y', 'spikes');
    await network.run({ X: spikesByNeuron([[2], [2], [2]], 9) });
    expect(spikeTimes(spikes())).toEqual([[2], [3], [6]]);
    network.resetState();
    await network.run({ X: spikesByNeuron([[], [0], []], 3) });
    expect(spikeTimes(spikes()).map((times) => times.filter((t) => t > 8))).toEqual([[], [10], []]);
  });

  it('propagation is the delay of connections that are given none', async () => {
    const times = async (propagation: 'next-step' | 'same-step', delay?: number) => {
      const network = chain({ propagation }, { delay });
      const spikes = record(network, 'Y', 'spikes');
      await network.run({ X: spikesByNeuron([[2, 5], [0], []], 9) });
      return spikeTimes(spikes());
    };
    expect(await times('same-step')).toEqual(await times('next-step', 0));
    expect(await times('next-step')).toEqual(await times('same-step', 1));
  });

  it('a spike goes around a ring in the sum of its delays, and a reset ends it', async () => {
    const delays = [1, 5, 3, 9, 2];
    const pairs = delays.map((_, i) => [i, (i + 1) % delays.length] as const);
    const network = new Network({ engine })
      .addLayer('X', new Input({ shape: 1 }))
      .addLayer('Y', relay(delays.length))
      .addConnection('X', 'Y', new SparseConnection({ pairs: [[0, 0]], w: 1 }))
      .addConnection('Y', 'Y', new SparseConnection({ pairs, w: 1, delay: delays }));
    const spikes = record(network, 'Y', 'spikes');
    await network.run({ X: spikesByNeuron([[0]], 100) });
    const [first] = spikeTimes(spikes());
    const period = delays.reduce((sum, delay) => sum + delay);
    expect(first).toEqual([1, 1 + period, 1 + 2 * period, 1 + 3 * period, 1 + 4 * period]);
    network.resetState();
    await network.run({ X: spikesByNeuron([[]], 50) });
    expect(spikes().slice(100).flat().includes(1)).toBe(false);
  });

  it('competition is delayed too', async () => {
    const network = new Network({ engine })
      .addLayer('X', new Input({ shape: 3 }))
      .addLayer('Y', relay(3))
      .addLayer('Z', relay(3))
      .addConnection('X', 'Y', new SparseConnection({ pairs: [[0, 0]], w: 1 }))
      .addConnection('Y', 'Z', new LateralCompetition({ weight: 1, delay: 4 }));
    const spikes = record(network, 'Z', 'spikes');
    await network.run({ X: spikesByNeuron([[0], [], []], 9) });
    expect(spikeTimes(spikes())).toEqual([[], [5], [5]]);
  });

  const rules: Record<string, LearningRule> = {
    'PostPre by hand': new PostPre({ nu: [0.1, 0.2] }),
    'PostPre as equations': new PostPre({ nu: [0.1, 0.2], traces: { sourceTrace: { mode: 'set' } } }),
  };

  it.each(Object.keys(rules))('%s: the window is shifted by the delay less a step', async (name) => {
    const change = async (delay: number | number[], at: number) => {
      const network = new Network({ engine })
        .addLayer('X', new Input({ shape: 1 }))
        .addLayer('Y', new McCullochPitts({ shape: 1, thresh: 1e6 }))
        .addLayer('Z', new Input({ shape: 1 }))
        .addConnection('X', 'Y', new Connection({ w: 1, delay, rule: rules[name] }))
        .addConnection('Z', 'Y', new Connection({ w: 1e9 }), 'Z->Y');
      await network.run({ X: spikesByNeuron([[20]], 60), Z: spikesByNeuron([[20 + at - 1]], 60) });
      return network.getWeights('X->Y').data[0];
    };
    for (const at of [-9, -1, 0, 1, 3, 12]) {
      expect(await change(8, at + 7)).toBe(await change(1, at));
      expect(await change(8, at)).not.toBe(await change(1, at));
    }
  });
});

describe('a delay', () => {
  const compile = (delay: unknown, parameters: NetworkParameters = {}) =>
    new Network(parameters)
      .addLayer('X', new Input({ shape: 2 }))
      .addLayer('Y', new LIF({ shape: 2 }))
      .addConnection('Y', 'Y', new Connection({ delay: delay as number }))
      .compile();

  it.each([
    ['no time', -1, 'Connection: expected delay to be a number ≥ 0 [ms], '],
    ['no number', 'long', 'Connection: expected delay to be a number ≥ 0 [ms], '],
    [
      'half a step',
      1.5,
      'Network connection Y->Y: expected a delay of a whole number of steps of 1 ms, got 1.5',
    ],
    ['too long', 256, 'Network connection Y->Y: expected a delay of at most 255 steps of 1 ms, got "256 ms"'],
    [
      'none backwards',
      0,
      'Network connection Y->Y: expected a delay of at least a step of 1 ms onto a layer',
    ],
    ['too few', [1, 2], 'Network connection Y->Y: expected 4 delays, one for each weight, got 2'],
    ['none of a draw', { uniform: [0.4, 3] }, 'Network connection Y->Y: expected a delay of at least a step'],
  ])('is refused with %s', (_, delay, message) => {
    expect(() => compile(delay)).toThrow(message);
  });

  it.each<[string, SynapticConnection, string]>([
    [
      'bounds of each weight',
      new Connection({ delay: [1, 2], wMin: [0, 0] }),
      'one wMin, wMax and sign for all synapses with delays of each synapse',
    ],
    [
      'bounds of each weight, sparse',
      new SparseConnection({ probability: 1, wMax: [1, 2] }),
      'one wMin, wMax and sign for all synapses with a sparse connection',
    ],
    [
      'max pooling',
      new MaxPool2dConnection({ kernelSize: 1, delay: { uniform: [1, 9] } }),
      'spikes that arrive one by one with delays of each synapse, got "max"',
    ],
    [
      'a sum of shared weights',
      new Conv2dConnection({
        kernelSize: 1,
        updates: 'summed',
        delay: [1, 2],
        rule: new PostPre({ nu: [0, 0] }),
      }),
      'updates in turn with delays of each synapse, got "summed"',
    ],
  ])('of each synapse, or sparse ones, refuse %s', (_, connection, message) => {
    // Two channels of one position each.
    const network = new Network()
      .addLayer('X', new Input({ shape: [connection instanceof MaxPool2dConnection ? 2 : 1, 1, 1] }))
      .addLayer('Y', new LIF({ shape: [2, 1, 1] }))
      .addConnection('X', 'Y', connection);
    expect(() => network.compile()).toThrow(`Network connection X->Y: expected ${message}`);
  });

  it('is drawn uniformly from the seed', () => {
    const draw = (seed: number) =>
      new Network({ seed, dt: 0.1 })
        .addLayer('X', new Input({ shape: 100 }))
        .addLayer('Y', new LIF({ shape: 100 }))
        .addConnection('X', 'Y', new Connection({ delay: { uniform: [1, 2] } }))
        .compile().connections[0].delay as Uint8Array;
    const drawn = draw(1);
    expect([Math.min(...drawn), Math.max(...drawn)]).toEqual([10, 20]);
    expect(drawn.reduce((sum, steps) => sum + steps) / drawn.length).toBeCloseTo(15, 0);
    expect(draw(1)).toEqual(drawn);
    expect(draw(2)).not.toEqual(drawn);
  });
});

const Eligibility = defineRule({
  name: 'DelayedEligibility',
  synapse: { e: '0' },
  traces: { x: { of: 'source', mode: 'add', reads: 'before' }, y: { of: 'target' } },
  neurons: { v: { of: 'target', variable: 'v' } },
  onSource: 'e -= 0.02 * y',
  onTarget: 'e += 0.03 * x; w += 0.001 * v',
  onStep: 'w += 0.01 * e; e *= 0.9',
});

interface Case {
  readonly seed: number;
  readonly propagation: 'next-step' | 'same-step';
  readonly forward: SynapseParameters['delay'];
  readonly back: number;
  readonly rule: string;
  readonly onto: 'dense' | 'sparse' | 'local';
  /** Whether with a gap junction and neurons that emit values. */
  readonly isGraded: boolean;
}

const Integrator = defineNeuron({
  name: 'DelayedIntegrator',
  parameters: { tau: [20, 'ms'] },
  state: { v: [0, 'mV'] },
  step: 'v = exp(-dt / tau) * v + input',
  emit: 'v',
});

const seven = (length: number) => Array.from({ length }, (_, i) => 1 + (i % 7));

const rulesOf: Readonly<Record<string, () => LearningRule | undefined>> = {
  none: () => undefined,
  postPre: () => new PostPre({ nu: [0.05, 0.1] }),
  decaying: () => new PostPre({ nu: [0.05, 0.1], weightDecay: 0.001, relativeWeightDecay: 0.01 }),
  eligibility: () => new Eligibility(),
};

async function simulate(engine: string, threads: number, of: Case): Promise<unknown> {
  const { seed, propagation, forward, back, rule, onto } = of;
  const synapses = { delay: forward, rule: rulesOf[rule](), norm: 4, wMin: 0, wMax: 1 };
  const connection = {
    dense: () => new Connection(synapses),
    sparse: () => new SparseConnection({ ...synapses, probability: 0.4 }),
    local: () => new LocalConnection({ ...synapses, kernelSize: 2, stride: 2 }),
  }[onto]();
  const network = new Network({ engine, threads, seed, propagation })
    .addLayer('X', new Input({ shape: [4, 4] }))
    .addLayer('Y', new LIF({ shape: [5, 2, 2], rest: 0, reset: 0, thresh: 1.2, refrac: 2 }))
    .addConnection('X', 'Y', connection)
    .addConnection('Y', 'Y', new LateralCompetition({ weight: -0.3, delay: back }))
    .addConnection(
      'Y',
      'Y',
      new SparseConnection({ probability: 0.2, w: { uniform: [-0.2, 0.4] }, delay: { uniform: [1, back] } }),
      'recurrent',
    );
  if (of.isGraded) {
    const gap = { synapse: new GapJunction(), w: 0.05, delay: back };
    network.addConnection('Y', 'Y', new AllButOwnConnection(gap), 'gap');
    network
      .addLayer('Z', new Integrator({ shape: 3 }))
      .addConnection('Y', 'Z', new Connection({ w: { uniform: [-1, 1] }, delay: back }))
      .addConnection(
        'Z',
        'Y',
        new Connection({ w: { uniform: [-0.1, 0.1] }, delay: [...seven(60)] }),
        'graded',
      )
      .addConnection('Z', 'Y', new Connection({ w: { uniform: [-0.1, 0.1] }, delay: back }), 'late')
      .addConnection(
        'Z',
        'Y',
        new SparseConnection({ probability: 0.5, w: { uniform: [-0.1, 0.1] } }),
        'single',
      );
  }
  const steps = 14;
  const counts: number[] = [];
  const spikes = (image: number) => randomSpikes(seed + image, 0.3, steps, 16);
  for (const learn of [true, false]) {
    await network.simulation.present(
      { layer: 0, count: 3, steps, spikes },
      { learn, count: 1, batchSize: of.isGraded ? 1 : 2, onCounts: (found) => counts.push(...found) },
    );
  }
  const read = ['v', 'spikes', 'input'].map((variable) => record(network, 'Y', variable));
  await network.run({ X: spikes(9) });
  network.normalize();
  await network.run({ X: spikes(10) });
  const found = [counts, ...read.map((rows) => rows()), [...network.getWeights('X->Y').data]];
  network.dispose();
  return found;
}

describe('sparse synapses with delays', () => {
  it.each([
    ['few delays of many synapses', { uniform: [1, 3] }],
    ['as many as there may be', { uniform: [1, mostDelaySteps] }],
    ['none, and some', { uniform: [0, 20] }],
  ] as const)('have the bits of the reference engine: %s', async (_, delay) => {
    // Rows of 150 synapses, of which some thousand are reached in a step.
    const simulate = async (engine: string) => {
      const network = new Network({ engine, seed: 8, propagation: 'same-step' })
        .addLayer('X', new Input({ shape: 90 }))
        .addLayer('Y', new LIF({ shape: 300, thresh: -58, refrac: 1 }))
        .addConnection(
          'X',
          'Y',
          new SparseConnection({ probability: 0.5, w: { uniform: [-0.2, 0.4] }, delay }),
        );
      const spikes = record(network, 'Y', 'spikes');
      const input = record(network, 'Y', 'input');
      for (const image of [1, 2]) {
        network.resetState();
        // More than there is room for, silence, and little.
        await network.run({ X: randomSpikes(image, 0.2, 280, 90) }, { learn: false });
        await network.run({ X: spikeTrainFromEvents([], [], mostDelaySteps, 90) }, { learn: false });
        await network.run({ X: randomSpikes(image, 0.01, 280, 90) }, { learn: false });
      }
      return [spikes(), input()];
    };
    const expected = await simulate('reference');
    expect(expected[0].flat().filter((spike) => spike !== 0).length).toBeGreaterThan(100);
    expect(await simulate('wasm')).toEqual(expected);
  });
});

describe('random networks with delays', () => {
  it('have the same bits on reference and wasm, with one thread and two', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.nat(1e6),
          propagation: fc.constantFrom('next-step' as const, 'same-step' as const),
          forward: fc.constantFrom(
            undefined,
            1,
            2,
            6,
            { uniform: [1, 7] } as const,
            { uniform: [0, 3] } as const,
          ),
          back: fc.integer({ min: 1, max: 9 }),
          rule: fc.constantFrom(...Object.keys(rulesOf)),
          isGraded: fc.boolean(),
          onto: fc.constantFrom('dense' as const, 'sparse' as const, 'local' as const),
        }),
        async (of) => {
          const expected = await simulate('reference', 1, of);
          expect(await simulate('wasm', 1, of)).toEqual(expected);
          expect(await simulate('wasm', 2, of)).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });
});
