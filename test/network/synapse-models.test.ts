/** Synapse models against closed forms and traces by hand: release by chance, gap junctions, order, what is of a source; errors. */
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { defineSynapse, type SynapseModel } from '../../src/core/definitions/define-synapse.js';
import type { SynapseDefinition } from '../../src/core/definitions/synapse-definition.js';
import { planNetwork } from '../../src/core/engine/gpu/plan-network.js';
import { PostPre } from '../../src/core/network/learning/index.js';
import { Monitor } from '../../src/core/network/monitors.js';
import { Network, type NetworkParameters } from '../../src/core/network/network.js';
import { AdaptiveLIF, Input, LIF } from '../../src/core/network/nodes/index.js';
import type { Precision } from '../../src/core/precision.js';
import {
  AllButOwnConnection,
  Connection,
  Conv2dConnection,
  LocalConnection,
  type SynapseParameters,
} from '../../src/core/network/topology/index.js';
import { philox4x32 } from '../../src/core/random/philox.js';
import { GapJunction, StochasticRelease, TsodyksMarkram } from '../../src/core/synapses/index.js';
import { randomSpikes } from '../support/random-network.js';
import { engines } from '../support/small-networks.js';

/** Neurons that show what arrives. */
const Probe = defineNeuron({
  name: 'Probe',
  inputs: ['first', 'second'],
  state: { v: 0, sum: 0, other: 0 },
  step: 'v = first; sum += first; other = second',
  emit: 'v',
});

/** Sources onto probes, within the step. */
function probe<P extends Precision = 'single'>(
  parameters: NetworkParameters<P>,
  [sources, targets]: readonly [number, number],
  connection: SynapseParameters,
): Network<P> {
  return new Network<P>({ propagation: 'same-step', ...parameters })
    .addLayer('X', new Input({ shape: sources }))
    .addLayer('Y', new Probe({ shape: targets }))
    .addConnection('X', 'Y', new Connection(connection));
}

const step = (network: Network<Precision>, ...spikes: number[]) =>
  network.simulation.step(new Map([[0, Uint32Array.from(spikes)]]), true);

const make = (definition: Omit<SynapseDefinition, 'name'>): SynapseModel =>
  new (defineSynapse({ name: 'Own', ...definition }))();

describe.each(engines)('release by chance on %s', (engine) => {
  const [p, w, targets, steps] = [0.3, 2, 1000, 400];

  function release(seed: number): Float32Array {
    const network = probe({ engine, seed }, [1, targets], { w, synapse: new StochasticRelease({ p }) });
    for (let t = 0; t < steps; t++) step(network, 0);
    const sums = network.getVariable('Y', 'sum');
    network.dispose();
    return sums;
  }

  it('has the mean and the variance of a binomial distribution, within 5 standard errors', () => {
    const counts = Array.from(release(1), (sum) => sum / w);
    const mean = counts.reduce((sum, count) => sum + count, 0) / targets;
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (targets - 1);
    const expected = steps * p * (1 - p);
    expect(Math.abs(mean - steps * p)).toBeLessThan(5 * Math.sqrt(expected / targets));
    expect(Math.abs(variance - expected)).toBeLessThan(5 * expected * Math.sqrt(2 / (targets - 1)));
  });

  it('is drawn anew for another seed, and from the start after a run', () => {
    expect(release(1)).toEqual(release(1));
    expect(release(2)).not.toEqual(release(1));
    const network = probe({ engine }, [1, 64], { synapse: new StochasticRelease(), w: 1 });
    const runs = [0, 1].map(() => {
      network.resetState();
      step(network, 0);
      return network.getVariable('Y', 'v');
    });
    expect(runs[1]).not.toEqual(runs[0]);
    network.dispose();
  });

  it('draws by seed, connection, call, row, step and run, as documented', () => {
    const synapse = make({ onSource: 'first = uniform()', send: 'uniform()' });
    const network = probe({ engine, seed: 5 }, [3, 6], { synapse });
    network.resetState();
    step(network);
    step(network, 2);
    const [key, block] = [new Uint32Array(4), new Uint32Array(4)];
    const [purpose, connection, call] = [23, 0, 1];
    philox4x32(call, connection, 0, purpose, 5, 0, key);
    const expected = Array.from({ length: 6 }, (_, column) => {
      const [t, row, run] = [1, 2, 1];
      philox4x32(t, row * 2 + Math.floor(column / 4), run, 0, key[0], key[1], block);
      return (block[column % 4] >>> 8) / 2 ** 24;
    });
    expect([...network.getVariable('Y', 'v')]).toEqual(expected);
    network.dispose();
  });
});

describe.each(engines)('a gap junction on %s', (engine) => {
  it('lets two passive neurons relax with the rate constant of their leak and two conductances', () => {
    const [dt, tau, w, steps] = [0.1, 10, 0.004, 300];
    const Passive = defineNeuron({
      name: 'Passive',
      parameters: { tau: [10, 'ms'] },
      state: { v: [0, 'mV'] },
      step: 'v += -dt * v / tau + input',
      emit: 'v',
    });
    const network = new Network({ engine, dt })
      .addLayer('Y', new Passive({ shape: 2, tau }))
      .addConnection('Y', 'Y', new AllButOwnConnection({ w, synapse: new GapJunction() }));
    network.setVariable('Y', 'v', Float32Array.of(10, -4));
    // The first step knows of no difference yet.
    step(network);
    const [first, second] = network.getVariable('Y', 'v');
    for (let t = 0; t < steps; t++) step(network);
    const [a, b] = network.getVariable('Y', 'v');
    const leak = 1 - dt / tau;
    expect((a - b) / (first - second)).toBeCloseTo((leak - 2 * w) ** steps, 5);
    expect((a + b) / (first + second)).toBeCloseTo(leak ** steps, 5);
    const rate = Math.log((first - second) / (a - b)) / (steps * dt);
    expect(Math.abs(rate / (1 / tau + (2 * w) / dt) - 1)).toBeLessThan(0.02);
    network.dispose();
  });
});

describe.each(engines)('a synapse model on %s', (engine) => {
  it('steps, then acts at the spike, then sends: a trace by hand', () => {
    const synapse = make({
      parameters: { gain: 3 },
      state: { u: 1, n: 'gain' },
      step: 'before = u; u = u * 0.5; n += before',
      onSource: 'half = u; u += gain; n -= w',
      send: 'w * (u + half) * gain + n',
    });
    const network = probe({ engine }, [1, 2], { w: Float32Array.of(1, 2), synapse });
    const seen = [[], [0], [0], []].map((spikes) => {
      step(network, ...spikes);
      return [
        network.getVariable('X->Y', 'u'),
        network.getVariable('X->Y', 'n'),
        network.getVariable('Y', 'v'),
      ];
    });
    expect(seen.map((values) => values.map((each) => [...each]))).toEqual([
      // n: 3 + 1
      [[0.5], [4, 4], [0, 0]],
      // u: 0.25 + 3; n: 4 + 0.5 − w; w · (3.25 + 0.25) · 3 + n
      [[3.25], [3.5, 2.5], [10.5 + 3.5, 21 + 2.5]],
      // u: 1.625 + 3; n: 3.5 + 3.25 − w; w · (4.625 + 1.625) · 3 + n
      [[4.625], [5.75, 3.75], [18.75 + 5.75, 37.5 + 3.75]],
      [[2.3125], [10.375, 8.375], [0, 0]],
    ]);
    network.dispose();
  });

  it('sends in every step what it has after the spike, where it says so', () => {
    const synapse = make({
      state: { g: 0 },
      step: 'g *= 0.5',
      onSource: 'g += 1',
      send: 'w * g',
      each: 'step',
    });
    const network = probe({ engine }, [2, 1], { w: Float32Array.of(8, 16), synapse });
    const seen = [[0], [], [0, 1], []].map((spikes) => {
      step(network, ...spikes);
      return network.getVariable('Y', 'v')[0];
    });
    expect(seen).toEqual([8, 4, 8 * 1.25 + 16, 8 * 0.625 + 8]);
    network.dispose();
  });

  it('reads the voltage of its source within the step, or of the step before', () => {
    const Count = defineNeuron({ name: 'Count', state: { v: 0 }, step: 'v += 1', emit: 'v' });
    const read = (propagation: 'same-step' | 'next-step') => {
      const synapse = make({
        neurons: { v: { of: 'source', variable: 'v' }, own: { of: 'target', variable: 'sum' } },
        send: '100 * v + own',
        each: 'step',
      });
      const network = new Network({ engine, propagation })
        .addLayer('X', new Count({ shape: 1 }))
        .addLayer('Y', new Probe({ shape: 1 }))
        .addConnection('X', 'Y', new Connection({ synapse }));
      const seen = [0, 1, 2].map(() => {
        network.simulation.step(new Map(), false);
        return network.getVariable('Y', 'v')[0];
      });
      network.dispose();
      return seen;
    };
    expect(read('same-step')).toEqual([100, 300, 700]);
    expect(read('next-step')).toEqual([0, 100, 300 - 100 + 100]);
  });

  it('that sends the weight has the bits of a connection without one', async () => {
    const run = async (synapse?: SynapseModel) => {
      const network = new Network({ engine, seed: 2 })
        .addLayer('X', new Input({ shape: [4, 4] }))
        .addLayer('Y', new AdaptiveLIF({ shape: [5, 2, 2], thresh: -63 }))
        .addConnection(
          'X',
          'Y',
          new LocalConnection({
            kernelSize: 3,
            stride: 1,
            norm: 9,
            wMin: 0,
            rule: new PostPre({ nu: [1e-2, 0.1] }),
            synapse,
          }),
        );
      await network.run({ X: randomSpikes(1, 0.3, 60, 16) });
      const found = [network.getVariable('Y', 'v'), network.getWeights('X->Y').data];
      network.dispose();
      return found;
    };
    const expected = await run();
    expect(await run(make({ send: 'w' }))).toEqual(expected);
    expect(await run(make({ send: 'w + 0.01' }))).not.toEqual(expected);
  });

  it('sends nothing where there is no synapse, and to the input that is named', () => {
    const synapse = make({ send: 'w + 1' });
    const mask = Uint8Array.of(1, 0, 0, 1);
    const network = new Network({ engine, propagation: 'same-step' })
      .addLayer('X', new Input({ shape: 2 }))
      .addLayer('Y', new Probe({ shape: 2 }))
      .addConnection('X', 'Y', new Connection({ w: 2, mask, into: 'second', synapse }));
    step(network, 1);
    expect([...network.getVariable('Y', 'v')]).toEqual([0, 0]);
    expect([...network.getVariable('Y', 'other')]).toEqual([0, 3]);
    network.dispose();
  });

  it('keeps state for every source, or for every weight where a parameter or an equation asks for it', () => {
    const sizes = (synapse: SynapseModel) => {
      const network = probe({ engine }, [3, 4], { synapse });
      const found = network.getVariable('X->Y', 'x').length;
      network.dispose();
      return found;
    };
    expect(sizes(new TsodyksMarkram())).toBe(3);
    expect(sizes(new TsodyksMarkram({ U: [0.1, 0.2, 0.3] }))).toBe(3);
    expect(sizes(new TsodyksMarkram({ U: new Float32Array(12).fill(0.3) }))).toBe(12);
    expect(sizes(make({ state: { x: 1 }, onSource: 'x -= 0.5 * w' }))).toBe(12);
    expect(sizes(make({ state: { x: 1 }, onSource: 'x = uniform()' }))).toBe(12);
    expect(sizes(make({ state: { y: 1, x: 1 }, onSource: 'y = w; x += y' }))).toBe(12);
    expect(sizes(make({ state: { y: 1, x: 1 }, onSource: 'y = w + x; x += 1' }))).toBe(3);
  });

  it('makes the same of a list of sources and of that list for every weight', async () => {
    const U = [0.1, 0.35, 0.6];
    const tcDepression = Float64Array.of(50, 100, 200);
    const forEveryWeight = (list: ArrayLike<number>) =>
      Float64Array.from({ length: 12 }, (_, i) => list[i % 3]);
    const run = async (parameters: object) => {
      const network = probe({ engine }, [3, 4], { synapse: new TsodyksMarkram({ ...parameters }) });
      await network.run({ X: randomSpikes(3, 0.3, 50, 3) });
      const found = [network.getVariable('X->Y', 'x'), network.getVariable('Y', 'sum')];
      network.dispose();
      return found;
    };
    const [x, sum] = await run({ U, tcDepression });
    for (const parameters of [
      { U: forEveryWeight(U), tcDepression: forEveryWeight(tcDepression) },
      { U: forEveryWeight(U), tcDepression },
    ]) {
      expect(await run(parameters)).toEqual([Float32Array.from(forEveryWeight(x)), sum]);
    }
    expect(new Set(x).size).toBe(3);
  });

  it('is recorded, set, and reset', async () => {
    const monitor = new Monitor({ variables: ['x'] });
    const network = probe({ engine }, [2, 3], { w: 1, synapse: new TsodyksMarkram() });
    network.addMonitor('X->Y', monitor);
    await network.run({ X: randomSpikes(1, 1, 4, 2) });
    expect(monitor.get('x')).toMatchObject({ steps: 4, size: 2 });
    expect(monitor.get('x').data[0]).toBeCloseTo(1 - 0.36, 6);
    network.setVariable('X->Y', 'x', Float32Array.of(0.25, 0.5));
    expect([...network.getVariable('X->Y', 'x')]).toEqual([0.25, 0.5]);
    network.resetState();
    expect([...network.getVariable('X->Y', 'x')]).toEqual([1, 1]);
    expect(() => network.getVariable('X->Y', 'xx')).toThrow(
      'Network connection X->Y: unknown variable of the connection "xx". Did you mean "x"?',
    );
    network.dispose();
  });
});

it('a synapse model in double precision differs from single precision by its rounding', () => {
  const sent = (precision: Precision) => {
    const synapse = new TsodyksMarkram({ U: 0.3 });
    const network = probe({ engine: 'reference', precision }, [1, 1], { w: 1, synapse });
    for (let t = 0; t < 50; t++) step(network, ...(t % 7 === 0 ? [0] : []));
    return network.getVariable('Y', 'sum')[0];
  };
  const [single, double] = [sent('single'), sent('double')];
  expect(single).not.toBe(double);
  expect(Math.abs(single / double - 1)).toBeLessThan(1e-5);
});

describe('a connection refuses', () => {
  const build = (synapse: SynapseModel) => probe({ engine: 'wasm' }, [3, 4], { synapse }).compile();
  const onMap = (synapse: SynapseModel) =>
    new Network()
      .addLayer('X', new Input({ shape: [4, 4] }))
      .addLayer('Y', new LIF({ shape: [2, 3, 3] }))
      .addConnection('X', 'Y', new Conv2dConnection({ kernelSize: 2, synapse }))
      .compile();

  it.each<[string, () => unknown, string]>([
    [
      'a list of another length',
      () => build(new TsodyksMarkram({ U: [0.1, 0.2] })),
      'Network connection X->Y: TsodyksMarkram: expected U of 3 sources or 12 weights, or one number, got 2',
    ],
    [
      'a list where sources and weights are as many, in another order',
      () =>
        new Network()
          .addLayer('X', new Input({ shape: [4, 4] }))
          .addLayer('Y', new LIF({ shape: [1, 2, 2] }))
          .addConnection(
            'X',
            'Y',
            new LocalConnection({
              kernelSize: 2,
              stride: 2,
              synapse: new TsodyksMarkram({ U: new Float32Array(16).fill(0.1) }),
            }),
          )
          .compile(),
      'expected one number for U, as it has 16 sources and as many weights in another order',
    ],
    [
      'state of synapses that share a weight',
      () => onMap(make({ state: { x: 1 }, onSource: 'x -= w' })),
      'for Own, which has state x of every synapse, got "shared weights"',
    ],
    ['draws of synapses that share a weight', () => onMap(new StochasticRelease()), 'which has draws'],
    [
      'lists of both kinds on shared weights',
      () => onMap(new TsodyksMarkram({ U: new Float32Array(16), tcDepression: new Float32Array(8).fill(1) })),
      'lists of sources or all lists of weights',
    ],
    [
      'state that the target has not',
      () => build(make({ neurons: { v: { of: 'target', variable: 'w' } }, send: 'v' })),
      'Network connection X->Y: synapse model, layer Y: unknown variable "w"',
    ],
    [
      'state of inputs',
      () => build(new GapJunction()),
      'Network connection X->Y: synapse model, layer X: unknown variable "v"',
    ],
    [
      'state that a reset keeps',
      () =>
        new Network()
          .addLayer('Y', new AdaptiveLIF({ shape: 2 }))
          .addConnection(
            'Y',
            'Y',
            new Connection({
              synapse: make({ neurons: { theta: { of: 'target', variable: 'theta' } }, send: 'theta' }),
            }),
          )
          .compile(),
      'a synapse model that reads state of Y which a reset clears, got "theta"',
    ],
    [
      'sources that do not spike',
      () =>
        new Network()
          .addLayer('Y', new Probe({ shape: 2 }))
          .addConnection('Y', 'Y', new Connection({ synapse: new TsodyksMarkram() }))
          .compile(),
      'Network connection Y->Y: expected a source that spikes, at whose spikes TsodyksMarkram acts, got "Y"',
    ],
    [
      'a variable that its rule has too',
      () =>
        new Network()
          .addLayer('X', new Input({ shape: 2 }))
          .addLayer('Y', new LIF({ shape: 2 }))
          .addConnection(
            'X',
            'Y',
            new Connection({
              rule: new PostPre({ nu: [0.1, 0.1], traces: {} }),
              synapse: make({ state: { sourceTrace: 1 }, step: 'sourceTrace += 1' }),
            }),
          )
          .compile(),
      'sourceTrace is state of Own and a variable of the rule; rename one of them',
    ],
    [
      'what is no synapse model',
      () => new Connection({ synapse: new PostPre({ nu: [1, 1] }) as never }),
      'Connection: expected synapse to be a synapse model',
    ],
    ['a class', () => new Connection({ synapse: TsodyksMarkram as never }), 'to be a synapse model'],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(message);
  });

  it('the engine gpu, and minibatches, by name', async () => {
    const network = new Network({ engine: 'reference' })
      .addLayer('X', new Input({ shape: 4 }))
      .addLayer('Y', new LIF({ shape: 2 }))
      .addConnection('X', 'Y', new Connection({ synapse: new TsodyksMarkram() }));
    expect(() => planNetwork(network.compile())).toThrow(
      'engine gpu: no kernel for synapse model "TsodyksMarkram"',
    );
    const presentation = { layer: 0, count: 2, steps: 2, spikes: () => randomSpikes(1, 0.5, 2, 4) };
    await expect(
      network.simulation.present(presentation, { learn: true, count: 1, batchSize: 2 }),
    ).rejects.toThrow('engine reference: no kernel for synapse model in minibatches "TsodyksMarkram"');
  });
});

const sound: SynapseDefinition = {
  name: 'Own',
  parameters: { U: 0.2, tc: [100, 'ms'] },
  state: { x: 1 },
  neurons: { v: { of: 'target', variable: 'v' } },
  step: 'x += dt * (1 - x) / tc',
  onSource: 'released = U * x; x -= released',
  send: 'w * released',
};

describe('defineSynapse', () => {
  it.each<[string, Partial<SynapseDefinition>, string]>([
    [
      'a name it does not know',
      { send: 'w * relased' },
      'Own.send (1:5): unknown name "relased". Did you mean "released"?',
    ],
    [
      'a name of onSource in what every step sends',
      { each: 'step' },
      'Own.send (1:5): unknown name "released"',
    ],
    [
      'a name of step in onSource',
      { step: 'a = 1', onSource: 'x = a' },
      'Own.onSource (1:5): unknown name "a"',
    ],
    [
      'an assignment to the weight',
      { onSource: 'w = 1' },
      'Own.onSource (1:1): expected an assignment to state, or a new name, got "w"',
    ],
    [
      'an assignment to a parameter',
      { step: 'x = 1\nU = 2' },
      'Own.step (2:1): expected an assignment to state',
    ],
    ['an assignment to a neuron', { step: 'v = 2' }, 'got "v"'],
    ['a name twice', { state: { U: 1 } }, 'Own.state.U: U is a parameter; choose another name'],
    ['a name of its own', { state: { dt: 1 } }, 'dt is a name of its own in equations'],
    [
      'milliseconds plus a number with a unit',
      { parameters: { U: [1, 'mV'], tc: [1, 'ms'] }, send: 'U + tc' },
      'Own.send (1:1): + joins mV and ms',
    ],
    [
      'units of a clause',
      { state: { x: [1, 'mV'] }, step: 'x += tc', onSource: undefined, send: 'x' },
      'Own.step (1:1): + joins mV and ms',
    ],
    [
      'nothing',
      { step: undefined, onSource: undefined, send: undefined },
      'Own: expected step, onSource or send, got "none"',
    ],
    [
      'a draw as an initial value',
      { state: { x: 'uniform()' } },
      'Own.state.x (1:1): uniform() stands in step, onSource or send of a synapse model',
    ],
    [
      'the last steps of an input',
      { send: 'convolve(w, U)' },
      'Own.send (1:1): convolve() is a function of neuron models; a synapse model has none',
    ],
    ['two expressions', { send: 'w; x' }, 'Own.send: expected one expression'],
    ['code', { send: 'w.constructor' }, 'Own.send (1:1): expected numbers, names, operators and functions'],
    [
      'an unknown field',
      { onTarget: 'x = 1' } as never,
      'defineSynapse: unknown option "onTarget". Known: name, about,',
    ],
    [
      'an unknown field of a neuron',
      { neurons: { v: { of: 'target', variabel: 'v' } as never } },
      'unknown option "variabel"',
    ],
    ['another moment', { each: 'spikes' as never }, 'unknown each "spikes". Did you mean "spike"?'],
  ])('refuses %s', (_, change, message) => {
    expect(() => defineSynapse({ ...sound, ...change })).toThrow(message);
  });

  it.each([
    [{ UU: 1 }, 'Own: unknown option "UU". Did you mean "U"?'],
    [
      { U: 'much' },
      'Own: expected U to be a number (float32), or one for every source or weight, got "much"',
    ],
    [{ U: [] }, 'Own: expected U to be a number'],
    [{ U: [1, Number.NaN] }, 'Own: expected U to be a number'],
  ])('its models refuse %o', (parameters, message) => {
    const Model = defineSynapse(sound);
    expect(() => new Model(parameters as never)).toThrow(message);
  });
});
