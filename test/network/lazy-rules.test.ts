/** Rules whose state changes between spikes by itself: the engine `wasm` repeats these steps at the next visit, with the bits of the reference. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { defineRule } from '../../src/core/definitions/define-rule.js';
import type { RuleDefinition } from '../../src/core/definitions/rule-definition.js';
import type { LearningRule } from '../../src/core/network/learning/index.js';
import { Monitor } from '../../src/core/network/monitors.js';
import { Network } from '../../src/core/network/network.js';
import { AdaptiveLIF, Input } from '../../src/core/network/nodes/index.js';
import {
  Connection,
  LateralCompetition,
  LateralConnection,
  LocalConnection,
} from '../../src/core/network/topology/index.js';
import { MSTDPET } from '../../src/core/rules/index.js';
import { expressions } from '../support/expressions.js';
import { randomSpikes } from '../support/random-network.js';
import { show } from '../support/show-values.js';
import { somePairs } from '../support/some-pairs.js';

type Build = (engine: string, threads: number, dt: number, rule: LearningRule) => Network;

const spiking = { thresh: -62, tcDecay: 20, refrac: 1, thetaPlus: 0.3, tcThetaDecay: 100 };

/** Several positions, each with weights of its own. */
const local: Build = (engine, threads, dt, rule) =>
  new Network({ engine, threads, dt, seed: 3 })
    .addLayer('X', new Input({ shape: [4, 4] }))
    .addLayer('Y', new AdaptiveLIF({ shape: [5, 2, 2], ...spiking }))
    .addConnection(
      'X',
      'Y',
      new LocalConnection({ kernelSize: 2, stride: 2, norm: 3, wMin: 0, wMax: 2, rule }),
    )
    .addConnection('Y', 'Y', new LateralCompetition({ weight: -0.5 }));

/** Every source onto every target, and a layer that learns to inhibit itself. */
const dense: Build = (engine, threads, dt, rule) =>
  new Network({ engine, threads, dt, seed: 3 })
    .addLayer('X', new Input({ shape: 16 }))
    .addLayer('Y', new AdaptiveLIF({ shape: 6, ...spiking }))
    .addConnection('X', 'Y', new Connection({ wMin: 0, wMax: 1, norm: 4, rule }))
    .addConnection('Y', 'Y', new LateralConnection({ w: -0.5, wMin: -1, wMax: 0, rule }));

/** Some pairs alone. */
const masked: Build = (engine, threads, dt, rule) =>
  new Network({ engine, threads, dt, seed: 3 })
    .addLayer('X', new Input({ shape: 16 }))
    .addLayer('Y', new AdaptiveLIF({ shape: 6, ...spiking }))
    .addConnection('X', 'Y', new Connection({ ...somePairs, rule }));

const lazyVisits = (network: Network) => {
  const [connection] = network.simulation.program.connections;
  return connection.kind === 'synapses' ? (connection.compiledRule?.whole[0].lazy ?? null) : null;
};

/** What a user does with a network. */
type Act =
  | { readonly kind: 'run'; readonly learn: boolean; readonly time: number; readonly density: number }
  | { readonly kind: 'present' | 'evaluate' | 'reset' | 'read' }
  | { readonly kind: 'set'; readonly variable: string }
  | { readonly kind: 'plastic'; readonly plastic: boolean };

const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('run' as const),
        learn: fc.constantFrom(true, true, true, false),
        time: fc.integer({ min: 1, max: 15 }),
        density: fc.constantFrom(0, 0.03, 0.1, 0.4),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('present', 'evaluate', 'reset', 'read') }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('set' as const),
        variable: fc.constantFrom('e', 'f', 'x', 'y'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('plastic' as const), plastic: fc.boolean() }) },
  ),
  { minLength: 3, maxLength: 9 },
);

/** Weights and state of synapses after each of the acts, and what a monitor sees of the last runs. */
async function follow(network: Network, all: readonly Act[], seed: number) {
  const found: unknown[] = [];
  const read = () => {
    found.push(show(network.getWeights('X->Y').data));
    for (const name of ['e', 'f', 's']) found.push(show(network.getVariable('X->Y', name)));
  };
  for (const [index, act] of [...all, { kind: 'read' as const }].entries()) {
    const spikes = (image: number) => randomSpikes(seed + 10 * index + image, 0.2, 20, 16);
    if (act.kind === 'run') {
      const { time, learn, density } = act;
      await network.run({ X: randomSpikes(seed + index, density, time, 16) }, { time, learn });
    } else if (act.kind === 'present') {
      await network.simulation.present({ layer: 0, count: 3, steps: 20, spikes }, { learn: true, count: 1 });
    } else if (act.kind === 'evaluate') {
      await network.simulation.present({ layer: 0, count: 1, steps: 20, spikes }, { learn: false, count: 1 });
    } else if (act.kind === 'reset') network.resetState();
    else if (act.kind === 'plastic') network.setPlastic('X->Y', act.plastic);
    else if (act.kind === 'set') {
      const { length } = network.getVariable('X->Y', act.variable);
      const values = Float32Array.from({ length }, (_, i) => ((i * 7) % 5) / 3);
      network.setVariable('X->Y', act.variable, values);
    } else read();
  }
  const monitor = new Monitor({ variables: ['w'] });
  network.addMonitor('X->Y', monitor);
  await network.run({ X: randomSpikes(seed, 0.1, 10, 16) }, { time: 10 });
  found.push(show(monitor.get('w').data));
  read();
  network.dispose();
  return found;
}

const own = ['e', 'f', 's', 'p', 'q', 'dt'];
const every = [...own, 'w', 'x', 'y', 'sourceSpike', 'targetSpike', 'v'];

/** State that decays, or changes by any equation in state and constants, and spikes that read and change all. */
const lazyRules: fc.Arbitrary<RuleDefinition> = fc
  .record({
    e: fc.oneof(fc.constantFrom('e * exp(-dt / p)', 'e * q + f', 'f'), expressions(own)),
    f: fc.oneof(fc.constantFrom('f', 'f * exp(-dt / 7)', 'e'), expressions(own)),
    initial: fc.constantFrom('0', '0', 'q', '1'),
    persistent: fc.constantFrom([], [], ['e'], ['e', 'f']),
    byTrace: fc.boolean(),
    onSource: fc.option(expressions(every), { nil: undefined }),
    onTarget: expressions(every),
    last: fc.boolean(),
  })
  .map(({ e, f, initial, persistent, byTrace, onSource, onTarget, last }) => {
    const step = `a = ${e}; b = ${f}; e = clip(a, -5, 5); f = clip(b, -5, 5)`;
    const times = (trace: string) => (byTrace ? `${trace} * ` : '');
    return {
      name: 'Lazy',
      parameters: { p: 1.25, q: -0.3 },
      traces: { x: { of: 'source' }, y: { of: 'target', mode: 'add' } },
      synapse: { e: initial, f: initial, s: 0 },
      persistent,
      neurons: { v: { of: 'target', variable: 'v' } },
      onStep: last ? undefined : step,
      onSource: onSource && `w -= ${times('y')}clip(${onSource}, -0.1, 0.1); e += ${times('y')}0.3`,
      onTarget: `w += ${times('x')}0.1 * e + ${times('x')}clip(${onTarget}, -0.1, 0.1); f -= ${times('x')}0.7; s += ${times('x')}e`,
      end: last ? step : undefined,
    };
  });

describe.each([
  ['weights of every position', local],
  ['weights of every pair', dense],
  ['weights of some pairs', masked],
])('rules that change state between spikes, on %s', (_, build) => {
  it('have the same bits on reference and wasm, whatever is read and set in between', async () => {
    let [lazy, changed] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        lazyRules,
        acts,
        fc.nat(1e6),
        fc.constantFrom(1, 2),
        fc.constantFrom(1, 0.5),
        async (definition, all, seed, threads, dt) => {
          const Rule = defineRule(definition);
          const [reference, wasm] = (['reference', 'wasm'] as const).map((engine) =>
            build(engine, threads, dt, new Rule()),
          );
          lazy += Number(lazyVisits(wasm) !== null);
          const before = show(reference.getWeights('X->Y').data);
          const expected = await follow(reference, all, seed);
          changed += Number(String(expected.at(-4)) !== String(before));
          expect(await follow(wasm, all, seed)).toEqual(expected);
        },
      ),
      { numRuns: 30 },
    );
    expect(lazy).toBeGreaterThan(15);
    expect(changed).toBeGreaterThan(10);
  });
});

const decaying: RuleDefinition = {
  name: 'Decaying',
  parameters: { nu: 0.01, tc: [25, 'ms'] },
  traces: { x: { of: 'source' }, y: { of: 'target' } },
  synapse: { e: 0 },
  onStep: 'e *= exp(-dt / tc)',
  onSource: 'e += y',
  onTarget: 'w += nu * e',
};

describe('lazy visits', () => {
  const find = (change: Partial<RuleDefinition>, parameters = {}) => {
    const Rule = defineRule({ ...decaying, ...change });
    const network = dense('wasm', 1, 1, new Rule(parameters));
    const lazy = lazyVisits(network);
    network.dispose();
    return lazy && { source: lazy.source, target: lazy.target };
  };

  it.each<[string, Partial<RuleDefinition>, ReturnType<typeof find>]>([
    ['a decay', {}, { source: 'active', target: 'active' }],
    [
      'a decay in end',
      { onStep: undefined, end: 'e *= exp(-dt / tc)' },
      { source: 'active', target: 'active' },
    ],
    ['no change at a spike of the source', { onSource: undefined }, { source: 'never', target: 'active' }],
    [
      'a decay that a spike stops',
      { onStep: 'e *= sourceSpike ? 1 : 0.5', onSource: undefined },
      { source: 'active', target: 'active' },
    ],
    ['initial values that decay', { synapse: { e: 1 } }, { source: 'always', target: 'always' }],
    ['a decay that outlives images', { persistent: ['e'] }, { source: 'always', target: 'always' }],
    ['a trace in between', { onStep: 'e = e * 0.5 + x' }, null],
    ['a signal in between', { signals: ['reward'], onStep: 'e *= reward' }, null],
    ['the weight in between', { onStep: 'e *= w' }, null],
    ['a weight that changes in between', { onStep: 'w -= nu * e' }, null],
    ['a step that changes the sign of 0', { onStep: 'e *= -0.5' }, null],
    ['nothing in between', { onStep: undefined }, null],
  ])('follow from %s', (_, change, expected) => {
    expect(find(change)).toEqual(expected);
  });

  it('do not follow from MSTDPET, whose weights change in every step', () => {
    const network = dense('wasm', 1, 1, new MSTDPET());
    expect(lazyVisits(network)).toBeNull();
    network.dispose();
  });

  it('decay by the time constant of every weight, over long silence', async () => {
    const Rule = defineRule({ ...decaying, synapse: { e: 1 } });
    const found = await Promise.all(
      ['reference', 'wasm'].map(async (engine) => {
        const tc = Float32Array.from({ length: 96 }, (_, i) => 5 + i);
        const network = new Network({ engine })
          .addLayer('X', new Input({ shape: 16 }))
          .addLayer('Y', new AdaptiveLIF({ shape: 6, ...spiking }))
          .addConnection('X', 'Y', new Connection({ wMin: 0, wMax: 1, rule: new Rule({ tc }) }));
        await network.run({ X: randomSpikes(1, 0.01, 400, 16) }, { time: 400 });
        await network.run({ X: randomSpikes(2, 0.4, 20, 16) }, { time: 20 });
        const state = network.getVariable('X->Y', 'e');
        expect(new Set(state).size).toBeGreaterThan(20);
        const read = [show(network.getWeights('X->Y').data), show(state)];
        network.dispose();
        return read;
      }),
    );
    expect(found[1]).toEqual(found[0]);
  });

  it('take turns with minibatches', async () => {
    const Rule = defineRule(decaying);
    const found = await Promise.all(
      ['reference', 'wasm'].map(async (engine) => {
        const network = local(engine, 2, 1, new Rule());
        const spikes = (image: number) => randomSpikes(image, 0.3, 30, 16);
        await network.run({ X: spikes(9) }, { time: 20 });
        // The last image learns alone.
        const presentation = { layer: 0, count: 5, steps: 30, spikes };
        await network.simulation.present(presentation, { learn: true, count: 1, batchSize: 2 });
        const trained = show(network.getWeights('X->Y').data);
        await network.run({ X: spikes(8) }, { time: 30 });
        const read = [trained, show(network.getWeights('X->Y').data), show(network.getVariable('X->Y', 'e'))];
        network.dispose();
        return read;
      }),
    );
    expect(found[1]).toEqual(found[0]);
  });
});
