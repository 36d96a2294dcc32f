/** Random definitions in minibatches: the reference engine and wasm to the bit, on one thread and two; a minibatch of one image is that image. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { defineRule } from '../../src/core/definitions/define-rule.js';
import type { NeuronDefinition } from '../../src/core/definitions/neuron-definition.js';
import type { RuleDefinition } from '../../src/core/definitions/rule-definition.js';
import type { LearningRule } from '../../src/core/network/learning/index.js';
import { Network } from '../../src/core/network/network.js';
import { AdaptiveLIF, Input, type LayerDescription } from '../../src/core/network/nodes/index.js';
import {
  Connection,
  Conv2dConnection,
  LateralCompetition,
  LateralConnection,
  LocalConnection,
} from '../../src/core/network/topology/index.js';
import { expressions } from '../support/expressions.js';
import { randomSpikes } from '../support/random-network.js';
import { show } from '../support/show-values.js';
import { somePairs } from '../support/some-pairs.js';

const ofSynapses = [
  'w',
  'e',
  'g',
  'p',
  'wMin',
  'wMax',
  'sourceSpike',
  'targetSpike',
  'x',
  'slow',
  'y',
  'before',
  'v',
  'reward',
];

/** Changes of what images share, and state of their own, in any order. */
const clause = fc.option(
  fc
    .record({
      local: expressions(ofSynapses),
      w: expressions([...ofSynapses, 'local']),
      e: expressions([...ofSynapses, 'local']),
      sign: fc.constantFrom('+', '-'),
      order: fc.boolean(),
      form: fc.constantFrom('clip', 'pulled', 'difference', 'decay'),
    })
    .map(({ local, w, e, sign, order, form }) => {
      const bounded = `clip(${w}, -0.1, 0.1)`;
      const change = {
        clip: `w ${sign}= ${bounded}`,
        pulled: `w ${sign}= p * (x * ${bounded}) * (wMax - w)`,
        difference: `w ${sign}= x * ${bounded} - y * clip(local, -0.1, 0.1)`,
        decay: `w = w * 1 ${sign} 0.5 * ${bounded}`,
      }[form];
      // Only the first may decay: what is no change of w itself is for every image.
      const own = `e = clip(${e}, -5, 5); g ${sign}= clip(local, -0.2, 0.2)`;
      return `local = ${local}; ${order ? `${change}; ${own}` : `${own}; ${change}`}`;
    }),
  { nil: undefined },
);

const inSpikes = clause.map((text) => text?.replace('w = w * 1', 'w = w'));

const clauses = fc
  .record({ onStep: clause, onSource: inSpikes, onTarget: inSpikes, end: clause })
  .filter((texts) => Object.values(texts).some((each) => each !== undefined));

const rules: fc.Arbitrary<RuleDefinition> = fc
  .tuple(clauses, fc.constantFrom('set' as const, 'add' as const))
  .map(([texts, mode]) =>
    Object.assign(texts, {
      name: 'Random',
      parameters: { p: 1.25 },
      traces: {
        x: { of: 'source', mode, scale: 'p' },
        slow: { of: 'source', tc: '40 * p', mode: 'add', reads: 'before' },
        y: { of: 'target' },
        before: { of: 'target', tc: '7', mode, reads: 'before' },
      },
      synapse: { e: 'p', g: 0 },
      persistent: ['g'],
      neurons: { v: { of: 'target', variable: 'v' } },
      signals: ['reward'],
    } as const),
  );

/** Changes that spikes alone make. */
const sparse: fc.Arbitrary<RuleDefinition> = fc
  .tuple(expressions(ofSynapses), expressions(ofSynapses), fc.boolean())
  .map(([onSource, onTarget, byTrace]) => ({
    name: 'Random',
    parameters: { p: 1.25 },
    traces: {
      x: { of: 'source' },
      slow: { of: 'source', tc: '40 * p', mode: 'add', reads: 'before' },
      y: { of: 'target' },
      before: { of: 'target', tc: '7', mode: 'add', reads: 'before' },
    },
    synapse: { e: 0, g: 0 },
    persistent: ['g'],
    neurons: { v: { of: 'target', variable: 'v' } },
    signals: ['reward'],
    onSource: `w -= ${byTrace ? 'y * ' : ''}clip(${onSource}, -0.1, 0.1)`,
    onTarget: `w += ${byTrace ? 'x * ' : ''}clip(${onTarget}, -0.1, 0.1)`,
  }));

const ofNeurons = [
  'v',
  'theta',
  'p',
  'input',
  'spiked',
  'refractory',
  'convolve(input, recent)',
  'uniform()',
  'normal()',
];

/** Definitions whose threshold images share: it decays, drifts with what each of them does, and grows at spikes. */
const neurons: fc.Arbitrary<NeuronDefinition> = fc
  .record({
    v: expressions(ofNeurons),
    drift: expressions(ofNeurons),
    growth: expressions(ofNeurons),
    order: fc.boolean(),
    select: fc.constantFrom('one-of-layer' as const, 'all' as const),
    derivative: fc.boolean(),
  })
  .map(({ v, drift, growth, order, select, derivative }) => {
    const own = `v = clip(${v}, -50, 50) + input`;
    const shared = `theta = 0.9 * theta + clip(${drift}, -0.1, 0.1)`;
    return {
      name: 'Random',
      parameters: { p: 1.25 },
      kernels: { recent: [0.1, -0.2, 0.7] },
      state: { v: 'p', theta: 0.5 },
      persistent: ['theta'],
      step: order ? `${own}; ${shared}` : `${shared}; ${own}`,
      derivatives: derivative ? { theta: '0.001 * v - theta / 20' } : undefined,
      spike: 'v >= theta',
      reset: `v = 0; theta += clip(${growth}, 0, 0.3); theta += 0.05`,
      end: 'theta = min(theta, 3)',
      refractory: { period: 'p' },
      select,
    };
  });

const spiking = { thresh: -62, tcDecay: 20, refrac: 1, thetaPlus: 0.3, tcThetaDecay: 100 };

type Build = (
  engine: string,
  threads: number,
  layer: (shape: number | number[]) => LayerDescription,
  rule: LearningRule,
) => Network;

const builds: Readonly<Record<string, Build>> = {
  'weights of every position': (engine, threads, layer, rule) =>
    new Network({ engine, threads, dt: 0.5, seed: 3 })
      .addLayer('X', new Input({ shape: [4, 4] }))
      .addLayer('Y', layer([5, 2, 2]))
      .addConnection(
        'X',
        'Y',
        new LocalConnection({ kernelSize: 2, stride: 2, norm: 3, wMin: 0, wMax: 2, rule }),
      )
      .addConnection('Y', 'Y', new LateralCompetition({ weight: -0.5 })),
  'weights of every pair': (engine, threads, layer, rule) =>
    new Network({ engine, threads, dt: 0.5, seed: 3 })
      .addLayer('X', new Input({ shape: 16 }))
      .addLayer('Y', layer(6))
      .addConnection('X', 'Y', new Connection({ wMin: 0, wMax: 1, norm: 4, rule }))
      .addConnection('Y', 'Y', new LateralConnection({ w: -0.5, wMin: -1, wMax: 0, rule })),
  'weights of some pairs': (engine, threads, layer, rule) =>
    new Network({ engine, threads, dt: 0.5, seed: 3, propagation: 'same-step' })
      .addLayer('X', new Input({ shape: 16 }))
      .addLayer('Y', layer(6))
      .addConnection('X', 'Y', new Connection({ ...somePairs, rule })),
  'shared weights': (engine, threads, layer, rule) =>
    new Network({ engine, threads, dt: 0.5, seed: 3 })
      .addLayer('X', new Input({ shape: [4, 4] }))
      .addLayer('Y', layer([3, 3, 3]))
      .addConnection('X', 'Y', new Conv2dConnection({ kernelSize: 2, wMin: 0, wMax: 2, norm: 3, rule })),
};

/** Two presentations in minibatches, then single images and steps; all that they leave. */
async function run(
  network: Network,
  seed: number,
  batchSize: number | undefined,
  variables: readonly string[],
) {
  const steps = 10;
  const counts: number[] = [];
  const totals: number[] = [];
  const spikes = (image: number) => randomSpikes(seed + image, 0.4, steps, 16);
  const signals = (image: number) =>
    image % 2 === 0
      ? { reward: image / 4 }
      : { reward: Float32Array.from({ length: steps }, (_, t) => Math.sin(t + image)) };
  const { simulation } = network;
  network.setSignal('reward', 0.75);
  const onCounts = (found: Uint16Array) => counts.push(...found);
  const onSpikes = (found: Uint32Array) => totals.push(...found);
  const options = { learn: true, count: 1, countEvery: 4, onCounts, onSpikes };
  await simulation.present({ layer: 0, count: 6, steps, spikes, signals }, { ...options, batchSize });
  const state = () =>
    variables.map((name) => [name, show(network.getVariable(name.length === 1 ? 'X->Y' : 'Y', name))]);
  const trained = [show(network.getWeights('X->Y').data), state()];
  await simulation.present({ layer: 0, count: 2, steps, spikes }, options);
  await simulation.present({ layer: 0, count: 3, steps, spikes }, { ...options, batchSize });
  await network.run({ X: spikes(7) }, { time: 5 });
  const weights = [show(network.getWeights('X->Y').data), state()];
  network.dispose();
  return { counts, totals, trained, weights };
}

const adaptive = (shape: number | number[]) => new AdaptiveLIF({ shape, ...spiking });

describe.each(Object.entries(builds))('minibatches on %s', (_, build) => {
  it('of random rules have the same bits on reference and wasm, with one thread and two', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(rules, sparse),
        fc.constantFrom('mean' as const, 'sum' as const),
        fc.nat(1e6),
        fc.constantFrom(1, 2),
        fc.constantFrom(1, 2, 5),
        async (definition, reduction, seed, threads, batchSize) => {
          const rule = new (defineRule(definition))({ reduction });
          const expected = await run(build('reference', 1, adaptive, rule), seed, batchSize, ['g', 'theta']);
          expect(await run(build('wasm', threads, adaptive, rule), seed, batchSize, ['g', 'theta'])).toEqual(
            expected,
          );
          if (batchSize > 1) return;
          expect(await run(build('wasm', threads, adaptive, rule), seed, undefined, ['g', 'theta'])).toEqual(
            expected,
          );
        },
      ),
      { numRuns: 12 },
    );
  });

  it('of random neurons have the same bits on reference and wasm, with one thread and two', async () => {
    const rule = new (defineRule({
      name: 'Pair',
      traces: { x: { of: 'source' }, y: { of: 'target' } },
      signals: ['reward'],
      onSource: 'w -= 0.02 * y',
      onTarget: 'w += reward * (0.05 * x)',
    }))();
    await fc.assert(
      fc.asyncProperty(
        neurons,
        fc.nat(1e6),
        fc.constantFrom(1, 2),
        fc.constantFrom(1, 2, 5),
        async (definition, seed, threads, batchSize) => {
          const Defined = defineNeuron(definition);
          const layer = (shape: number | number[]) => new Defined({ shape });
          const expected = await run(build('reference', 1, layer, rule), seed, batchSize, ['theta']);
          expect(await run(build('wasm', threads, layer, rule), seed, batchSize, ['theta'])).toEqual(
            expected,
          );
          if (batchSize > 1) return;
          expect(await run(build('wasm', threads, layer, rule), seed, undefined, ['theta'])).toEqual(
            expected,
          );
        },
      ),
      { numRuns: 12 },
    );
  });
});
