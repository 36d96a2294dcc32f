/** Defined learning rules: random ones on every engine to the bit, on weights of their own and shared; PostPre as equations; errors. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { type DefinedRule, defineRule } from '../../src/core/definitions/define-rule.js';
import type { RuleDefinition } from '../../src/core/definitions/rule-definition.js';
import { type LearningRule, PostPre } from '../../src/core/network/learning/index.js';
import { Network } from '../../src/core/network/network.js';
import { AdaptiveLIF, Input } from '../../src/core/network/nodes/index.js';
import {
  AllButOwnConnection,
  Connection,
  Conv2dConnection,
  LateralCompetition,
  LateralConnection,
  LocalConnection,
  OneToOneConnection,
} from '../../src/core/network/topology/index.js';
import { TripletStdp } from '../../src/core/rules/index.js';
import { randomSpikes } from '../support/random-network.js';
import { randomRules } from '../support/random-rules.js';
import { show } from '../support/show-values.js';
import { somePairs } from '../support/some-pairs.js';

type Build = (engine: string, threads: number, rule: LearningRule) => Network;

const spiking = { thresh: -62, tcDecay: 20, refrac: 1, thetaPlus: 0.3, tcThetaDecay: 100 };

/** Several positions, each with weights of its own. */
const local: Build = (engine, threads, rule) =>
  new Network({ engine, threads, dt: 0.5, seed: 3 })
    .addLayer('X', new Input({ shape: [4, 4] }))
    .addLayer('Y', new AdaptiveLIF({ shape: [5, 2, 2], ...spiking }))
    .addConnection(
      'X',
      'Y',
      new LocalConnection({ kernelSize: 2, stride: 2, norm: 3, wMin: 0, wMax: 2, rule }),
    )
    .addConnection('Y', 'Y', new LateralCompetition({ weight: -0.5 }));

/** Every source onto every target, and a layer that learns to inhibit itself. */
const dense1: Build = (engine, threads, rule) =>
  new Network({ engine, threads, dt: 0.5, seed: 3 })
    .addLayer('X', new Input({ shape: 16 }))
    .addLayer('Y', new AdaptiveLIF({ shape: 6, ...spiking }))
    .addConnection('X', 'Y', new Connection({ wMin: 0, wMax: 1, norm: 4, rule }))
    .addConnection('Y', 'Y', new LateralConnection({ w: -0.5, wMin: -1, wMax: 0, rule }));

/** Some pairs alone. */
const masked: Build = (engine, threads, rule) =>
  new Network({ engine, threads, dt: 0.5, seed: 3 })
    .addLayer('X', new Input({ shape: 16 }))
    .addLayer('Y', new AdaptiveLIF({ shape: 6, ...spiking }))
    .addConnection('X', 'Y', new Connection({ ...somePairs, rule }))
    .addConnection('Y', 'Y', new AllButOwnConnection({ w: -0.5, wMin: -1, wMax: 0, rule }));

/** Positions that share their weights. */
const shared: Build = (engine, threads, rule) =>
  new Network({ engine, threads, dt: 0.5, seed: 3 })
    .addLayer('X', new Input({ shape: [4, 4] }))
    .addLayer('Y', new AdaptiveLIF({ shape: [3, 3, 3], ...spiking }))
    .addConnection('X', 'Y', new Conv2dConnection({ kernelSize: 2, wMin: 0, wMax: 2, norm: 3, rule }));

/** In every second run variables are set by hand in the middle. */
async function run(network: Network, variables: readonly string[], seed: number) {
  const steps = 12;
  const counts: number[] = [];
  const spikes = (image: number) => randomSpikes(seed + image, 0.4, steps, 16);
  network.setSignal('reward', 0.75);
  await network.simulation.present(
    { layer: 0, count: 3, steps, spikes },
    { learn: true, count: 1, onCounts: (found) => counts.push(...found) },
  );
  const trained = show(network.getWeights('X->Y').data);
  await network.run({ X: spikes(7) }, { time: 5, learn: false });
  if (seed % 2 === 0) {
    for (const name of ['x', 'before', 'e']) {
      const { length } = network.getVariable('X->Y', name);
      network.setVariable(
        'X->Y',
        name,
        Float32Array.from({ length }, (_, i) => (i % 5) / 4),
      );
    }
  }
  const reward = Float32Array.from({ length: 9 }, (_, t) => Math.sin(t));
  await network.run({ X: spikes(8) }, { time: 9, signals: { reward } });
  const weights = show(network.getWeights('X->Y').data);
  const state = variables.map((name) => [name, show(network.getVariable('X->Y', name))]);
  network.dispose();
  return { counts, trained, weights, state };
}

/** A rule without a reward is not asked for one. */
const variablesOf = ({ traces = {}, synapse = {} }: RuleDefinition) => [
  ...Object.keys(traces),
  ...Object.keys(synapse),
];

describe.each([
  ['weights of every position', local],
  ['weights of every pair', dense1],
  ['weights of some pairs', masked],
  ['shared weights', shared],
])('random rules on %s', (_, build) => {
  it('have the same bits on reference and wasm, with one thread and two', async () => {
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(randomRules, fc.nat(1e6), fc.constantFrom(1, 2), async (definition, seed, threads) => {
        const Rule = defineRule(definition);
        const expected = await run(build('reference', 1, new Rule()), variablesOf(definition), seed);
        changed += Number(expected.trained.join() !== expected.weights.join());
        const found = await run(build('wasm', threads, new Rule()), variablesOf(definition), seed);
        expect(found).toEqual(expected);
      }),
      { numRuns: 20 },
    );
    expect(changed).toBeGreaterThan(6);
  });
});

describe.each([
  ['weights of every position', local],
  ['weights of every pair', dense1],
  ['weights of some pairs', masked],
  ['shared weights', shared],
])('pair STDP on %s', (_, build) => {
  it.each(['reference', 'wasm'])(
    'as equations has the bits of the kernel written by hand on %s',
    async (engine) => {
      for (const weightDecay of [0, 1e-3]) {
        const options = { nu: [1e-2, 5e-2], weightDecay } as const;
        const byHand = new PostPre(options);
        const equations = new PostPre({ ...options, traces: {} });
        expect([byHand.kernel, equations.kernel]).toEqual(['post-pre', 'defined']);
        const signals = () => Promise.all([byHand, equations].map((rule) => train(build(engine, 1, rule))));
        const [expected, found] = await signals();
        expect(found).toEqual(expected);
      }
    },
  );
});

async function train(network: Network) {
  const counts: number[] = [];
  await network.simulation.present(
    { layer: 0, count: 6, steps: 30, spikes: (image) => randomSpikes(image, 0.4, 30, 16) },
    { learn: true, count: 1, onCounts: (found) => counts.push(...found) },
  );
  const weights = show(network.getWeights('X->Y').data);
  network.dispose();
  return { counts, weights };
}

describe('a defined rule', () => {
  const build = (rule: LearningRule, engine = 'wasm') => dense1(engine, 1, rule);
  const Rewarded = defineRule({ name: 'Rewarded', signals: ['reward'], onSource: 'w += reward' });

  it.each(['reference', 'wasm'])('is not run without its signals on %s', async (engine) => {
    const network = build(new Rewarded(), engine);
    const inputs = { X: randomSpikes(1, 0.4, 5, 16) };
    await expect(network.run(inputs, { time: 5 })).rejects.toThrow(
      'signal reward: expected a value before the network learns',
    );
    await network.run(inputs, { time: 5, learn: false });
    await network.run(inputs, { time: 5, signals: { reward: 1 } });
    await expect(network.run(inputs, { signals: { rewards: 1 } })).rejects.toThrow(
      'unknown signal "rewards". Did you mean "reward"?',
    );
    await expect(network.run(inputs, { signals: { reward: [1, 2] } })).rejects.toThrow(
      'signal reward of at least 5 steps, got 2',
    );
    await expect(network.run(inputs, { signals: { reward: Number.NaN } })).rejects.toThrow('reward');
    expect(() => network.setSignal('praise', 1)).toThrow('unknown signal "praise"');
    network.dispose();
  });

  it.each(['reference', 'wasm'])('shows and takes its variables on %s', async (engine) => {
    const network = build(new TripletStdp(), engine);
    await network.run({ X: randomSpikes(1, 0.4, 20, 16) });
    const trace = network.getVariable('X->Y', 'r1');
    expect(trace.length).toBe(16);
    expect(Math.max(...trace)).toBeGreaterThan(1);
    network.setVariable('X->Y', 'o1', new Float32Array(6).fill(2));
    expect([...network.getVariable('X->Y', 'o1')]).toEqual([2, 2, 2, 2, 2, 2]);
    expect(() => network.getVariable('X->Y', 'r3')).toThrow(
      'Network connection X->Y: unknown variable of the connection "r3"',
    );
    expect(() => network.setVariable('X->Y', 'o1', new Float32Array(5))).toThrow(
      'expected 6 values of o1, got 5',
    );
    network.resetState();
    expect(Math.max(...network.getVariable('X->Y', 'r1'))).toBe(0);
    network.dispose();
  });

  it.each(['reference', 'wasm'])(
    'has one value of its state for every weight of pairs on %s',
    async (engine) => {
      const Rule = defineRule({ name: 'Own', synapse: { e: 0.5 }, onSource: 'e += w' });
      const network = new Network({ engine })
        .addLayer('X', new Input({ shape: 3 }))
        .addLayer('Y', new AdaptiveLIF({ shape: 3 }))
        .addConnection('X', 'Y', new OneToOneConnection({ w: Float32Array.of(1, 2, 3), rule: new Rule() }));
      network.simulation.step(new Map([[0, Uint32Array.of(0, 2)]]), true);
      expect([...network.getVariable('X->Y', 'e')]).toEqual([1.5, 0.5, 3.5]);
      network.setVariable('X->Y', 'e', Float32Array.of(4, 5, 6));
      network.simulation.step(new Map([[0, Uint32Array.of(1)]]), true);
      expect([...network.getVariable('X->Y', 'e')]).toEqual([4, 7, 6]);
      network.dispose();
    },
  );

  it.each([
    [0, 1],
    [-0, 1],
    [-1, 0],
    [-1, -0],
    [0.25, 0.5],
    [-Infinity, 0.5],
    [-0.5, Infinity],
  ])('holds weights between %d and %d with the same bits on every engine', async (wMin, wMax) => {
    const Assigning = defineRule({
      name: 'Assigning',
      parameters: { dividend: 0, divisor: 1 },
      onSource: 'w = dividend / divisor',
    });
    const dividend = [0, -0, 0, 1, -1, 0.3, -0.3, 2, -2, 1e-45, -1e-45];
    const divisor = [1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1];
    const learned = async (engine: string) => {
      const network = new Network({ engine, seed: 1 })
        .addLayer('X', new Input({ shape: 1 }))
        .addLayer('Y', new AdaptiveLIF({ shape: dividend.length }))
        .addConnection(
          'X',
          'Y',
          new Connection({
            w: wMin > 0 ? wMin : wMax < 0 ? wMax : 0,
            wMin,
            wMax,
            rule: new Assigning({ dividend, divisor }),
          }),
        );
      await network.run({ X: randomSpikes(1, 1, 2, 1) }, { time: 2, learn: true });
      const { data } = network.getWeights('X->Y');
      network.dispose();
      return [...data];
    };
    const clamped = [
      ...Float32Array.from(dividend, (each, i) => Math.min(Math.max(each / divisor[i], wMin), wMax)),
    ];
    expect(await learned('reference')).toStrictEqual(clamped);
    expect(await learned('wasm')).toStrictEqual(clamped);
  });

  it('reads only state of neurons that there is', () => {
    const rule = (variable: string) =>
      defineRule({ name: 'Own', neurons: { v: { of: 'target', variable } }, onTarget: 'w += v' });
    const build = (Rule: DefinedRule) => dense1('wasm', 1, new Rule()).simulation;
    expect(() => build(rule('u'))).toThrow('unknown variable "u". Did you mean "v"? Known: v, refracCount.');
    expect(() => build(rule('theta'))).toThrow(
      'a rule that reads state of Y which a reset clears, got "theta"',
    );
  });

  it('refuses to learn from spikes that there are none of', () => {
    const Silent = defineNeuron({ name: 'Silent', state: { v: 0 }, step: 'v = input', emit: 'v' });
    const build = (definition: Partial<RuleDefinition>) => {
      const Rule = defineRule({ name: 'Own', ...definition });
      return new Network()
        .addLayer('X', new Input({ shape: 2 }))
        .addLayer('Y', new Silent({ shape: 2 }))
        .addConnection('X', 'Y', new Connection({ rule: new Rule() })).simulation;
    };
    const message =
      'Network connection X->Y: expected layers that spike, from whose spikes Own learns, got "Y"';
    expect(() => build({ onTarget: 'w += 1' })).toThrow(message);
    expect(() => build({ traces: { y: { of: 'target' } }, onSource: 'w -= y' })).toThrow(message);
    expect(() => build({ onSource: 'w += 1' })).not.toThrow();
  });

  it('takes one value for every weight, and says where there are more or fewer', async () => {
    const Rule = defineRule({ name: 'Own', parameters: { nu: 0.1 }, onSource: 'w = nu' });
    const nu = Float32Array.from({ length: 8 }, (_, i) => i / 8);
    for (const engine of ['reference', 'wasm']) {
      const network = new Network({ engine })
        .addLayer('X', new Input({ shape: 2 }))
        .addLayer('Y', new AdaptiveLIF({ shape: 4 }))
        .addConnection('X', 'Y', new Connection({ w: 0, rule: new Rule({ nu }) }));
      network.simulation.step(new Map([[0, Uint32Array.of(1)]]), true);
      expect([...network.getWeights('X->Y').data]).toEqual(
        [...nu].map((each, i) => (i % 2 === 1 ? each : 0)),
      );
      network.dispose();
    }
    expect(() => build(new Rule({ nu })).simulation).toThrow(
      'Own: expected nu of 96 weights, or one number, got 8',
    );
  });
});

const sound: RuleDefinition = {
  name: 'Own',
  parameters: { nu: 0.1, tc: [20, 'ms'] },
  traces: { x: { of: 'source', tc: 'tc' } },
  synapse: { e: 0 },
  onTarget: 'w += nu * x',
};

describe('defineRule', () => {
  it.each<[string, Partial<RuleDefinition>, string]>([
    ['a name it does not know', { onTarget: 'w += nu * y' }, 'Own.onTarget (1:11): unknown name "y".'],
    [
      'an assignment to a trace',
      { onTarget: 'x = 1' },
      'Own.onTarget (1:1): expected an assignment to w, state of the synapse, or a new name, got "x"',
    ],
    ['an assignment to a bound', { onTarget: 'wMax = 1' }, 'got "wMax"'],
    [
      'nothing that changes',
      { onTarget: undefined },
      'Own: expected assignments in onStep, onSource, onTarget, end',
    ],
    ['a name twice', { synapse: { x: 0 } }, 'Own.synapse.x: x is a trace; choose another name'],
    ['a name of its own', { parameters: { w: 1 } }, 'w is a name of its own in equations'],
    ['a parameter called as an option', { parameters: { traces: 1 } }, 'traces is an option of every rule'],
    ['a trace of nobody', { traces: { x: { of: 'both' as never } } }, 'unknown of "both"'],
    [
      'a trace without a time constant',
      { traces: { x: { of: 'source', tc: 'nu - 1' } } },
      'Own.traces.x.tc: expected a time constant > 0 ms',
    ],
    [
      'milliseconds plus a number with a unit',
      { parameters: { nu: [1, 'mV'], tc: [20, 'ms'] }, onTarget: 'w += nu + tc' },
      'Own.onTarget (1:6): + joins mV and ms',
    ],
    [
      'persistent state that there is not',
      { persistent: ['f'] },
      'Own.persistent: unknown state of synapses "f"',
    ],
    ['an option that there is not', { onSpike: 'w = 1' } as never, 'defineRule: unknown option "onSpike".'],
    [
      'an unknown field of a trace',
      { traces: { x: { of: 'source', tau: '20' } as never } },
      'unknown option "tau"',
    ],
  ])('refuses %s', (_, change, message) => {
    expect(() => defineRule({ ...sound, ...change })).toThrow(message);
  });

  it.each([
    [{ nuu: 1 }, 'Own: unknown option "nuu". Did you mean "nu"?'],
    [{ nu: 'much' }, 'Own: expected nu to be a number (float32), or one for every weight, got "much"'],
    [{ traces: { y: { mode: 'add' } } }, 'unknown option "y"'],
    [{ traces: { x: { mode: 'grow' } } }, 'unknown mode "grow"'],
    [{ traces: { x: { tc: -1 } } }, 'tc > 0 ms'],
  ])('its rules refuse %o', (parameters, message) => {
    const Rule = defineRule(sound);
    expect(() => new Rule(parameters as never)).toThrow(message);
  });
});
