/** Defined learning rules on the GPU kernels: the shelf and random rules beside the reference engine; what is refused by name. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { defineRule } from '../../src/core/definitions/define-rule.js';
import { CurrentLIF } from '../../src/core/models/current-lif.js';
import { type LearningRule, PostPre } from '../../src/core/network/learning/index.js';
import { Monitor } from '../../src/core/network/monitors.js';
import { Network } from '../../src/core/network/network.js';
import { listSignals } from '../../src/core/network/rule-inputs.js';
import { AdaptiveLIF, Input, type LayerDescription, LIF } from '../../src/core/network/nodes/index.js';
import {
  Connection,
  Conv2dConnection,
  LateralCompetition,
  LateralConnection,
  LocalConnection,
} from '../../src/core/network/topology/index.js';
import * as shelf from '../../src/core/rules/index.js';
import { gpuEngines } from '../support/gpu.js';
import { randomSpikes } from '../support/random-network.js';
import { randomRules } from '../support/random-rules.js';
import { show } from '../support/show-values.js';

const spiking = { thresh: -62, tcDecay: 20, refrac: 1, thetaPlus: 0.3, tcThetaDecay: 100 };

/** Several positions, each with weights of its own, and competition that learns by the same rule or another. */
const local = (
  engine: string,
  rule: LearningRule,
  neurons: LayerDescription = new AdaptiveLIF({ shape: [5, 2, 2], ...spiking }),
  competition = rule,
  threads?: number,
) =>
  new Network({ engine, threads, dt: 0.5, seed: 3 })
    .addLayer('X', new Input({ shape: [4, 4] }))
    .addLayer('Y', neurons)
    .addConnection(
      'X',
      'Y',
      new LocalConnection({ kernelSize: 2, stride: 2, norm: 3, wMin: 0, wMax: 2, rule }),
    )
    .addConnection('Y', 'Y', new LateralConnection({ w: -0.5, wMin: -1, wMax: 0, rule: competition }));

/** Every source onto every target, which are neurons from equations. */
const full = (
  engine: string,
  rule: LearningRule,
  neurons: LayerDescription = new CurrentLIF({ shape: 6, lowest: -70 }),
) =>
  new Network({ engine, dt: 0.5, seed: 3 })
    .addLayer('X', new Input({ shape: 16 }))
    .addLayer('Y', neurons)
    .addConnection('X', 'Y', new Connection({ wMin: 0, wMax: 3, norm: 12, rule }))
    .addConnection('Y', 'Y', new LateralCompetition({ weight: -0.5 }));

const shared = (engine: string, rule: LearningRule) =>
  new Network({ engine, dt: 0.5, seed: 3 })
    .addLayer('X', new Input({ shape: [4, 4] }))
    .addLayer('Y', new AdaptiveLIF({ shape: [3, 3, 3], ...spiking }))
    .addConnection('X', 'Y', new Conv2dConnection({ kernelSize: 2, wMin: 0, wMax: 2, norm: 3, rule }));

const structures = {
  'weights of every position': (engine: string, rule: LearningRule) => local(engine, rule),
  'weights of every pair': (engine: string, rule: LearningRule) => full(engine, rule),
  'weights that positions share': shared,
};

/** What a run leaves: counts, weights, traces and state of synapses, after training and in every step of a run. */
async function simulate(
  network: Network,
  {
    seed = 1,
    steps = 12,
    count = 3,
    evaluates = true,
    setsByHand = false,
  }: { seed?: number; steps?: number; count?: number; evaluates?: boolean; setsByHand?: boolean } = {},
) {
  const counts: number[] = [];
  const program = network.compile();
  const learning = program.connections.flatMap((each) =>
    each.kind === 'synapses' && each.compiledRule ? [{ name: each.name, rule: each.compiledRule }] : [],
  );
  const variables = learning.flatMap(({ name, rule }) =>
    [...rule.traces.map((trace) => trace.name), ...rule.synapse.keys()].map((variable) => ({
      name,
      variable,
    })),
  );
  const readAll = () => [
    learning.map(({ name }) => show(network.getWeights(name).data)),
    variables.map(({ name, variable }) => [variable, show(network.getVariable(name, variable))]),
  ];
  const hasReward = listSignals(program).includes('reward');
  if (hasReward) network.setSignal('reward', 0.75);
  const spikes = (image: number) => randomSpikes(seed + image, 0.4, steps, 16);
  const onCounts = (found: Uint16Array) => counts.push(...found);
  const signalsOf = (image: number) => ({
    reward: image === 1 ? randomSpikes(seed, 0.5, steps, 1).offsets : image,
  });
  const shown = { layer: 0, count, steps, spikes, ...(hasReward && { signals: signalsOf }) };
  await network.simulation.present(shown, { learn: true, count: 1, onCounts });
  const trained = readAll();
  if (evaluates) {
    await network.simulation.present({ ...shown, count: 2 }, { learn: false, count: 1, onCounts });
    await network.run({ X: spikes(7) }, { time: Math.min(steps, 5), learn: false });
  }
  if (setsByHand) {
    for (const { name, variable } of variables) {
      const { length } = network.getVariable(name, variable);
      network.setVariable(
        name,
        variable,
        Float32Array.from({ length }, (_, i) => (i % 5) / 4),
      );
    }
  }
  const monitors = learning.map(({ name }) => {
    const own = variables.filter((each) => each.name === name).map(({ variable }) => variable);
    const monitor = new Monitor({ variables: ['w', ...own] });
    network.addMonitor(name, monitor);
    return ['w', ...own].map((variable) => () => [variable, show(monitor.get(variable).data)]);
  });
  const reward = Float32Array.from({ length: steps }, (_, t) => Math.sin(t));
  await network.run({ X: spikes(8) }, { time: steps, ...(hasReward && { signals: { reward } }) });
  const recorded = monitors.flat().map((read) => read());
  network.normalize();
  const outcome = { counts, trained, recorded, left: readAll() };
  network.dispose();
  return outcome;
}

/** Whether spikes were counted and a run has changed the weights that training left. */
function hasLearned({ counts, trained, left }: Awaited<ReturnType<typeof simulate>>): boolean {
  return counts.some((each) => each > 0) && JSON.stringify(trained[0]) !== JSON.stringify(left[0]);
}

/** A neuron that tells how probable a spike was, without drawing. */
const Telling = defineNeuron({
  name: 'Telling',
  state: { v: 0, p: 0 },
  step: 'v = 0.9 * v + input; p = 0.2 + 0.1 * v',
  spike: 'v >= 1',
  reset: 'v = 0',
});

const rules: Readonly<Record<string, () => LearningRule>> = {
  PostPre: () => new PostPre({ nu: [1e-2, 5e-2], traces: {} }),
  Hebbian: () => new shelf.Hebbian({ nuPre: 0.01, nuPost: 0.02, weightDecay: 1e-3 }),
  MSTDP: () => new shelf.MSTDP({ nu: 0.05 }),
  // Devices divide by a constant as they like, but for powers of two.
  MSTDPET: () => new shelf.MSTDPET({ nu: 0.2, tcEligibility: 32 }),
  Oja: () => new shelf.Oja({ nu: 0.05 }),
  TripletStdp: () => new shelf.TripletStdp({ relativeWeightDecay: 1e-3 }),
  VogelsSprekeler: () => new shelf.VogelsSprekeler(),
  WeightDependentPostPre: () =>
    new shelf.WeightDependentPostPre({
      nuPre: 0.01,
      nuPost: 0.02,
      traces: { targetTrace: { mode: 'add', tc: 7 } },
    }),
};

const engineCases = gpuEngines.map((each) => [`${each.engine}${each.remark}`, each] as const);

describe.each(engineCases)('engine %s', (_, { engine, isThere }) => {
  it.skipIf(!isThere).each(Object.keys(rules).map((name, i) => [name, i] as const))(
    '%s: every spike and every bit of the reference engine',
    async (name, i) => {
      // Compiling shaders takes longest: of the two structures each rule has one there, and one rule evaluates.
      const both = [local, full];
      const [chosen, run] = engine === 'gpu' ? [[both[i % 2]], { evaluates: i === 0 }] : [both, {}];
      for (const build of chosen) {
        const expected = await simulate(build('reference', rules[name]()), run);
        expect(hasLearned(expected)).toBe(true);
        expect(await simulate(build(engine, rules[name]()), run)).toEqual(expected);
      }
    },
    300_000,
  );

  it.skipIf(!isThere)(
    'Rmax: every bit where neurons tell the probability of a spike',
    async () => {
      const build = (name: string) => full(name, new shelf.Rmax({ nu: 0.05 }), new Telling({ shape: 6 }));
      const expected = await simulate(build('reference'));
      expect(hasLearned(expected)).toBe(true);
      expect(await simulate(build(engine))).toEqual(expected);
    },
    300_000,
  );

  it.skipIf(!isThere).each(engine === 'gpu' ? ['MSTDPET'] : ['TripletStdp', 'MSTDPET'])(
    '%s: every bit where positions share weights',
    async (name) => {
      const expected = await simulate(shared('reference', rules[name]()));
      expect(hasLearned(expected)).toBe(true);
      expect(await simulate(shared(engine, rules[name]()))).toEqual(expected);
    },
    300_000,
  );

  it.skipIf(!isThere)(
    'state that outlives images, values of every weight, state of neurons at both ends, several images a call',
    async () => {
      const Everything = defineRule({
        name: 'Everything',
        parameters: { nu: 0.01, start: 0.5 },
        traces: { y: { of: 'target', tc: '7', mode: 'add', scale: '0.5', reads: 'before' } },
        synapse: { kept: 'start', eligibility: 'start' },
        persistent: ['kept'],
        neurons: { v: { of: 'target', variable: 'v' }, left: { of: 'source', variable: 'refracCount' } },
        onSource: 'kept += nu * y; eligibility = left + eligibility / 2',
        end: 'w += nu * kept * (v + 65) * eligibility',
      });
      const values = (n: number) => Float32Array.from({ length: n }, (_, i) => ((i % 7) - 3) / 100);
      const build = (name: string) =>
        local(
          name,
          new PostPre({ nu: [1e-2, 5e-2] }),
          undefined,
          new Everything({ nu: values(100), start: values(100) }),
        );
      const run = { count: 40, steps: 4 };
      const expected = await simulate(build('reference'), run);
      expect(hasLearned(expected)).toBe(true);
      expect(await simulate(build(engine), run)).toEqual(expected);
    },
    300_000,
  );
});

describe('on gpu-webasm', () => {
  it.each(Object.entries(structures))(
    'random rules have the bits of the reference engine in networks with %s',
    async (_, build) => {
      await fc.assert(
        fc.asyncProperty(randomRules, fc.nat(1e6), async (definition, seed) => {
          const Rule = defineRule(definition);
          const run = { seed, steps: 8, setsByHand: seed % 2 === 0 };
          const expected = await simulate(build('reference', new Rule()), run);
          expect(await simulate(build('gpu-webasm', new Rule()), run)).toEqual(expected);
        }),
        { numRuns: 2 },
      );
    },
    300_000,
  );

  it('the result does not depend on threads', async () => {
    const rule = () => rules.MSTDPET();
    expect(await simulate(local('gpu-webasm', rule(), undefined, undefined, 2))).toEqual(
      await simulate(local('gpu-webasm', rule())),
    );
  });

  it.each(['w = targetSpike / (1 - 1)', 'w = 0 * log(-1)'])(
    'weights that are infinite, or no number, are normalised as on the reference engine: %s',
    async (onTarget) => {
      const Rule = defineRule({ name: 'Odd', onTarget });
      const build = (engine: string) =>
        new Network({ engine, seed: 3 })
          .addLayer('X', new Input({ shape: 16 }))
          .addLayer('Y', new AdaptiveLIF({ shape: 6, ...spiking }))
          .addConnection('X', 'Y', new Connection({ norm: 4, rule: new Rule() }));
      const expected = await simulate(build('reference'));
      expect(expected.trained.flat(3)).toContain('NaN');
      expect(await simulate(build('gpu-webasm'))).toEqual(expected);
    },
  );
});

it('variables that are set by hand count until the next reset, also for what is normalised', async () => {
  const Depressing = defineRule({
    name: 'Depressing',
    traces: { y: { of: 'target' } },
    onSource: 'w -= 0.1 * y',
  });
  const found = [];
  for (const engine of ['reference', 'gpu-webasm']) {
    const network = new Network({ engine, seed: 3 })
      .addLayer('X', new Input({ shape: 4 }))
      .addLayer('Y', new LIF({ shape: 3, thresh: 1000 }))
      .addConnection('X', 'Y', new Connection({ wMin: 0, norm: 3, rule: new Depressing() }));
    network.normalize();
    const states: string[][] = [];
    for (const values of [[0.001, 0.1, 1], null]) {
      if (values) network.setVariable('X->Y', 'y', Float32Array.from(values));
      await network.run({ X: randomSpikes(1, 0.4, 12, 4) });
      states.push(show(network.getWeights('X->Y').data));
      network.normalize();
      states.push(show(network.getWeights('X->Y').data), show(network.getVariable('X->Y', 'y')));
      network.resetState();
    }
    network.dispose();
    found.push(states);
  }
  const [[learned, normalized, trace, afterReset]] = found;
  expect(learned).toContain('0');
  expect(trace).not.toContain('0');
  expect(afterReset).toEqual(normalized);
  expect(found[1]).toEqual(found[0]);
});

describe('the GPU engine refuses by name', () => {
  const presented = (count: number) => ({
    layer: 0,
    count,
    steps: 6,
    spikes: (image: number) => randomSpikes(image, 0.3, 6, 16),
  });

  it('rules that are too large to compile', () => {
    const Long = defineRule({ name: 'Long', onStep: 'w = w * w + sourceSpike;'.repeat(300) });
    expect(() => full('gpu', new Long()).simulation).toThrow(
      expect.objectContaining({
        code: 'ENGINE_UNAVAILABLE',
        message: expect.stringMatching(
          /^engine gpu: learning rule "Long" has \d+ operations, above 1000; the engines "wasm" and "reference" run it$/,
        ),
      }),
    );
  });

  it('minibatches', async () => {
    const network = local('gpu-webasm', rules.Hebbian());
    await expect(
      network.simulation.present(presented(4), { learn: true, count: 1, batchSize: 2 }),
    ).rejects.toThrow('no kernel for learning rule in minibatches "Hebbian"');
    network.dispose();
  });

  it('to learn without the signals of a rule, but not to evaluate, nor where the connection does not learn', async () => {
    const network = full('gpu-webasm', rules.MSTDP());
    const learning = { learn: true, count: 1 };
    const message = 'signal reward: expected a value before the network learns';
    await expect(network.simulation.present(presented(1), learning)).rejects.toThrow(message);
    await expect(network.run({ X: randomSpikes(1, 0.3, 6, 16) })).rejects.toThrow(message);
    await expect(network.run({ X: randomSpikes(1, 0.3, 6, 16) }, { signals: { praise: 1 } })).rejects.toThrow(
      'unknown signal "praise"',
    );
    expect(() => network.setSignal('praise', 1)).toThrow('unknown signal "praise"');
    await network.simulation.present(presented(1), { learn: false, count: 1 });
    network.setPlastic('X->Y', false);
    await network.run({ X: randomSpikes(1, 0.3, 6, 16) });
    network.dispose();
  });

  it('variables that its rules do not have', () => {
    const network = full('gpu-webasm', rules.MSTDP());
    expect(() => network.simulation.getConnectionVariable(0, 'x')).toThrow(
      'Network connection X->Y: unknown variable of the connection "x". Known: pPlus, pMinus, eligibility.',
    );
    expect(() => network.simulation.setConnectionVariable(1, 'x', new Float32Array(1))).toThrow(
      'unknown variable of the connection "x"',
    );
    network.dispose();
  });
});
