/** Defined neurons: random definitions on every engine to the bit, in networks that learn, on any number of threads; errors. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { defineNeuron, type DefinedNeuron } from '../../src/core/definitions/define-neuron.js';
import type { NeuronDefinition } from '../../src/core/definitions/neuron-definition.js';
import { PostPre } from '../../src/core/network/learning/index.js';
import { Network } from '../../src/core/network/network.js';
import { Input } from '../../src/core/network/nodes/index.js';
import { LateralCompetition, LocalConnection } from '../../src/core/network/topology/index.js';
import { randomDefinitions } from '../support/random-definitions.js';
import { randomSpikes } from '../support/random-network.js';
import { show } from '../support/show-values.js';

const definitions = randomDefinitions({ draws: true });

/** X [4 × 4] onto neurons at four positions, which compete and learn. */
function build(engine: string, Neuron: DefinedNeuron, threads: number): Network {
  const p = Float32Array.from({ length: 20 }, (_, i) => 0.5 + i / 7);
  return new Network({ engine, threads, dt: 0.5, seed: 3 })
    .addLayer('X', new Input({ shape: [4, 4] }))
    .addLayer('Y', new Neuron({ shape: [5, 2, 2], p }))
    .addConnection(
      'X',
      'Y',
      new LocalConnection({ kernelSize: 2, stride: 2, norm: 3, rule: new PostPre({ nu: [1e-2, 2e-2] }) }),
    )
    .addConnection('Y', 'Y', new LateralCompetition({ weight: -0.5 }));
}

async function run(engine: string, Neuron: DefinedNeuron, threads: number, seed: number) {
  const network = build(engine, Neuron, threads);
  const steps = 12;
  const counts: number[] = [];
  const spikes = (image: number) => randomSpikes(seed + image, 0.3, steps, 16);
  await network.simulation.present(
    { layer: 0, count: 3, steps, spikes },
    { learn: true, count: 1, onCounts: (found) => counts.push(...found) },
  );
  await network.simulation.present(
    { layer: 0, count: 2, steps, spikes },
    { learn: false, count: 1, onCounts: (found) => counts.push(...found) },
  );
  await network.run({ X: spikes(7) }, { time: 9 });
  const variables = [...Object.keys(Neuron.definition.state), 'input', 'spikes', 'tracePost'];
  const state = variables.map((name) => [name, show(network.getVariable('Y', name))]);
  const weights = show(network.getWeights('X->Y').data);
  network.dispose();
  return { counts, state, weights };
}

describe('random definitions', () => {
  it('have the same bits on reference and wasm, with one thread and two, while they learn and frozen', async () => {
    let spikes = 0;
    await fc.assert(
      fc.asyncProperty(definitions, fc.nat(1e6), async (definition, seed) => {
        const Neuron = defineNeuron(definition);
        const expected = await run('reference', Neuron, 1, seed);
        spikes += expected.counts.reduce((sum, count) => sum + count, 0);
        expect(await run('wasm', Neuron, 1, seed)).toEqual(expected);
      }),
      { numRuns: 150 },
    );
    expect(spikes).toBeGreaterThan(1000);
    const [definition] = fc.sample(definitions, { numRuns: 1, seed: 5 });
    const Neuron = defineNeuron(definition);
    expect(await run('wasm', Neuron, 2, 1)).toEqual(await run('reference', Neuron, 1, 1));
  });
});

it('state that parameters alone decide is rounded alike where neurons spike and where they do not', async () => {
  const Neuron = defineNeuron({
    name: 'Known',
    parameters: { p: 1.25 },
    state: { v: 0, theta: 0 },
    step: 'theta = exp(dt + p)',
    spike: 'v < input',
    reset: 'theta += 0.1',
    end: 'v = theta + p + 1',
  });
  expect(await run('wasm', Neuron, 1, 0)).toEqual(await run('reference', Neuron, 1, 0));
});

it('a neuron spikes where its condition is not 0, whatever the number', async () => {
  const Neuron = defineNeuron({
    name: 'Numeric',
    parameters: { condition: 0 },
    state: { v: 0 },
    step: 'v = condition',
    spike: 'v',
  });
  const condition = [0, -0, 0.25, -1, 256, 1e-40];
  for (const engine of ['reference', 'wasm']) {
    const network = new Network({ engine }).addLayer('Y', new Neuron({ shape: 6, condition }));
    await network.run({}, { time: 1 });
    expect([engine, ...network.getVariable('Y', 'spikes')]).toEqual([engine, 0, 0, 1, 1, 1, 1]);
    network.dispose();
  }
});

const sound: NeuronDefinition = {
  name: 'Own',
  parameters: { rest: [-65, 'mV'], tau: [20, 'ms'], leak: [10, 'nS'], drive: [1, 'nA'] },
  state: { v: 'rest' },
  step: 'v += dt * (rest - v) / tau\nv += input',
  spike: 'v >= rest + 15',
  reset: 'v = rest',
};

describe('defineNeuron', () => {
  it.each<[string, Partial<NeuronDefinition>, string]>([
    [
      'a name it does not know',
      { step: 'v += dt * (rst - v) / tau' },
      'Own.step (1:12): unknown name "rst". Did you mean "rest"?',
    ],
    [
      'volts plus time',
      { step: 'v = v\nv = v + tau' },
      'Own.step (2:5): + joins mV and ms, which have different dimensions',
    ],
    ['a state that becomes a time', { step: 'v = tau' }, 'Own.step (1:1): v = joins mV and ms'],
    ['an exponential of volts', { step: 'v = rest * exp(v)' }, 'Own.step (1:12): exp joins mV and 1'],
    ['a current plus a voltage', { step: 'v += drive' }, '+ joins mV and pA'],
    ['a call of what is no function', { step: 'v = sin(v)' }, 'Own.step (1:5): unknown function "sin"'],
    ['too many values', { step: 'v = exp(v, v)' }, 'Own.step (1:5): expected exp of 1 values'],
    ['a loop', { step: 'for (;;) v = 1' }, 'Own.step (1:1): expected an assignment such as v = rest'],
    ['a function', { step: 'v = (() => 1)()' }, 'Own.step (1:6): expected a function'],
    [
      'a member',
      { step: 'v = v.constructor' },
      'Own.step (1:5): expected numbers, names, operators and functions',
    ],
    ['a text', { step: 'v = "1"' }, 'Own.step (1:5): expected a number, got ""1""'],
    ['a broken line', { step: 'v = (1' }, 'Own.step (1:7): Unexpected token'],
    [
      'an assignment to a parameter',
      { step: 'rest = 1' },
      'Own.step (1:1): rest is a parameter; choose another name',
    ],
    ['an assignment to input', { step: 'input = 1' }, 'input is a name of its own in equations'],
    ['a reset of no state', { reset: 'w = 1' }, 'Own.reset (1:1): unknown state variable "w".'],
    [
      'a unit that there is not',
      { parameters: { rest: [-65, 'mW'] } },
      'Own.parameters.rest: expected a known unit',
    ],
    [
      'a persistent variable that there is not',
      { persistent: ['w'] },
      'Own.persistent: unknown state variable "w"',
    ],
    [
      'a refractory period that holds no state',
      { refractory: { period: 'tau', holds: ['w'] } },
      'Own.refractory.holds: unknown state variable "w"',
    ],
    [
      'an option that there is not',
      { resets: 'v = 1' } as never,
      'defineNeuron: unknown option "resets". Did you mean "reset"?',
    ],
    ['no step', { step: undefined }, 'Own: expected step or derivatives, got undefined'],
    ['a name of two words', { name: 'my model' }, 'defineNeuron: expected a name of letters'],
    ['nested too deeply', { step: `v = ${'('.repeat(300)}v${' + 1)'.repeat(300)}` }, 'nested expressions'],
    ['a text too long', { step: `v = v ${'+ 1'.repeat(20_000)}` }, 'at most 20000 characters'],
  ])('refuses %s', (_, change, message) => {
    expect(() => defineNeuron({ ...sound, ...change })).toThrow(message);
  });

  it('converts units: 1 nA through 10 nS is 100 mV', async () => {
    const Neuron = defineNeuron({ ...sound, state: { v: 'drive / leak' }, step: 'v = v', spike: 'v < rest' });
    for (const engine of ['reference', 'wasm']) {
      const network = new Network({ engine }).addLayer('Y', new Neuron({ shape: 3, drive: [1, 2, 0.5] }));
      await network.run({}, { time: 1 });
      expect([...network.getVariable('Y', 'v')]).toEqual([100, 200, 50]);
      network.dispose();
    }
  });

  it.each([
    [{ drve: 1 }, 'Own: unknown option "drve". Did you mean "drive"?'],
    [
      { drive: 'much' },
      'Own: expected drive to be a number (float32), one for every neuron, or { uniform: [low, high] } or { normal: [mean, deviation] }, got "much"',
    ],
    [{ drive: [1, 2] }, 'Own: expected drive of 3 neurons, or one number, got 2'],
    [{ tau: Number.NaN }, 'Own: expected tau to be a number'],
  ])('its layers refuse %o', (parameters, message) => {
    const Neuron = defineNeuron(sound);
    expect(() => new Neuron({ shape: 3, ...parameters })).toThrow(message);
  });
});
