/** Networks of the table with any neuron model and any rule: trained, and stored with their definitions, so that they load anywhere. */
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import '../../src/node/engines.js';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { defineRule } from '../../src/core/definitions/define-rule.js';
import { AdEx, Izhikevich } from '../../src/core/models/index.js';
import { Hebbian, WeightDependentPostPre } from '../../src/core/rules/index.js';
import {
  C_SNN,
  FC_SNN,
  LC_SNN,
  loadNetwork,
  resumeTraining,
  type Snn,
  type SnnOptions,
} from '../../src/kinds/snn/index.js';
import type { GivenParameters } from '../../src/kinds/snn/parameters.js';
import { withStore } from '../../src/store/index.js';
import { makeFolder } from '../support/make-folder.js';

const tiny = {
  nFilters: 3,
  kernelSize: 8,
  stride: 4,
  crop: 12,
  meanWeight: 0.6,
  cW: -20,
  timeMax: 40,
  intensity: 400,
  dataset: 'mnist-10k',
  threads: 2,
} as const;

function build(given: GivenParameters & SnnOptions = {}, engine = 'wasm'): LC_SNN {
  const network = new LC_SNN({ ...tiny, engine, ...given });
  onTestFinished(() => network.dispose());
  return network;
}

/** A neuron with a threshold and a fatigue that outlive an image. */
const Tired = defineNeuron({
  name: 'Tired',
  parameters: {
    thresh: [-52, 'mV'],
    rest: [-65, 'mV'],
    tc: [50, 'ms'],
    refrac: [2, 'ms'],
    grow: [0.2, 'mV'],
  },
  state: { v: 'rest', theta: [0, 'mV'], fatigue: 0 },
  persistent: ['theta', 'fatigue'],
  input: 'mV',
  step: 'v = exp(-dt / tc) * (v - rest) + rest + input * (1 - fatigue)',
  spike: 'v >= thresh + theta',
  reset: 'v = rest; theta += learning ? grow : 0; fatigue += learning ? 0.001 : 0',
  refractory: { period: 'refrac' },
});

/** A rule whose synapses remember, from image to image, how often they learned. */
const Tiring = defineRule({
  name: 'Tiring',
  parameters: { nuPre: 1e-3, nuPost: 5e-2 },
  traces: { x: { of: 'source' }, y: { of: 'target' } },
  synapse: { uses: 0 },
  persistent: ['uses'],
  onSource: 'w -= nuPre * y',
  onTarget: 'w += nuPost * x / (1 + uses); uses += x > 0.5 ? 0.1 : 0',
});

const bitsOf = (network: Snn, variables: Readonly<Record<string, readonly string[]>> = {}) =>
  JSON.stringify([
    [...network.weightsXY.data],
    [...network.theta],
    ...Object.entries(variables).map(([of, names]) =>
      names.map((name) => [...network.network.getVariable(of, name)]),
    ),
  ]);

describe.each<[string, GivenParameters]>([
  ['a neuron of the shelf by name', { neuron: 'DiehlAndCook,select=one-of-layer', thetaPlus: 0.2 }],
  ['a class with parameters', { neuron: { model: AdEx, parameters: { capacitance: 20, peak: 0 } } }],
  ['a rule of the shelf', { rule: WeightDependentPostPre, nuPost: 0.05 }],
  ['definitions of our own', { neuron: Tired, rule: Tiring, refrac: 3 }],
  [
    'definitions as data',
    { neuron: Tired.definition, rule: { model: Hebbian.definition, parameters: { nuPost: 0.03 } } },
  ],
])('a network with %s', (_, given) => {
  it('has the same bits on wasm and reference', async () => {
    const [wasm, reference] = [build(given), build(given, 'reference')];
    for (const network of [wasm, reference]) await network.train({ nIter: 6 });
    expect(bitsOf(wasm)).toBe(bitsOf(reference));
    expect(wasm.name).toBe(reference.name);
    expect(bitsOf(wasm)).not.toBe(bitsOf(build(given)));
  });

  it('is stored with its definitions and goes on after it was loaded', async () => {
    const database = join(makeFolder(), 'networks.db');
    const network = build({ ...given, seed: 4, database });
    await network.train({ nIter: 4 });
    network.save();
    const loaded = loadNetwork(network.name, { database, engine: 'wasm' });
    onTestFinished(() => loaded.dispose());
    expect(bitsOf(loaded)).toBe(bitsOf(network));
    expect(loaded.name).toBe(network.name);
    for (const each of [network, loaded]) await each.train({ nIter: 3 });
    expect(bitsOf(loaded)).toBe(bitsOf(network));
    expect(loaded.name).toBe(network.name);
  });
});

it('keeps whatever outlives an image of its neurons and synapses', async () => {
  const database = join(makeFolder(), 'networks.db');
  const variables = { Y: ['fatigue'], 'X->Y': ['uses'] };
  const network = build({ neuron: Tired, rule: Tiring, database });
  await network.train({ nIter: 5 });
  expect(Math.max(...network.network.getVariable('Y', 'fatigue'))).toBeGreaterThan(0);
  expect(Math.max(...network.network.getVariable('X->Y', 'uses'))).toBeGreaterThan(0);
  network.save();
  const arrays = withStore(database, (store) => Object.keys(store.load(network.name).arrays));
  expect(arrays).toEqual(expect.arrayContaining(['neuron_fatigue', 'rule_uses']));
  const loaded = loadNetwork(network.name, { database, engine: 'wasm' });
  onTestFinished(() => loaded.dispose());
  expect(bitsOf(loaded, variables)).toBe(bitsOf(network, variables));
});

it('resumes an interrupted training to the bit', async () => {
  const database = join(makeFolder(), 'networks.db');
  const given = { neuron: Tired, rule: Tiring };
  const whole = build(given);
  await whole.train({ nIter: 8 });
  const cut = new LC_SNN({ ...tiny, ...given, database });
  const controller = new AbortController();
  await cut.train({
    nIter: 8,
    checkpoint: 2,
    signal: controller.signal,
    onProgress: ({ done }) => {
      if (done >= 4) controller.abort();
    },
  });
  cut.dispose();
  const key = await build(given).nameAfter({ nIter: 8 });
  const resumed = resumeTraining(key, { database, engine: 'wasm' });
  if (!resumed) throw new Error('there is a checkpoint');
  onTestFinished(() => resumed.dispose());
  await resumed.continueTraining();
  expect(bitsOf(resumed, { Y: ['fatigue'], 'X->Y': ['uses'] })).toBe(
    bitsOf(whole, { Y: ['fatigue'], 'X->Y': ['uses'] }),
  );
});

it.each<[string, typeof LC_SNN | typeof C_SNN | typeof FC_SNN, number]>([
  ['LC_SNN', LC_SNN, 8],
  ['C_SNN', C_SNN, 8],
  ['FC_SNN', FC_SNN, 12],
])('%s takes them with the same bits on wasm, reference and gpu-webasm', async (_, Class, kernelSize) => {
  const [expected, ...found] = await Promise.all(
    ['reference', 'wasm', 'gpu-webasm'].map(async (engine) => {
      const network = new Class({ ...tiny, kernelSize, engine, neuron: Tired, rule: Tiring });
      onTestFinished(() => network.dispose());
      await network.train({ nIter: 4 });
      return bitsOf(network, { Y: ['fatigue'], 'X->Y': ['uses'] });
    }),
  );
  expect(found).toEqual([expected, expected]);
});

it('feeds an image and reports the equations', async () => {
  const network = build({ neuron: { model: 'Izhikevich', parameters: { a: 0.1 } }, rule: Hebbian });
  await network.train({ nIter: 2 });
  const { voltages } = await network.feedLabel(3);
  expect(voltages.steps).toBe(40);
  const html = (await network.report()).toHtml();
  expect(html).toContain('Neuron model: Izhikevich');
  expect(html).toContain('given.a');
  expect(html).toContain('Learning rule: Hebbian');
  expect(html).toContain('w += nuPost * sourceTrace');
});

it('names follow definitions and parameters', () => {
  const names = [
    {},
    { neuron: 'Izhikevich' },
    { neuron: 'Izhikevich,a=0.1' },
    { neuron: { ...Izhikevich.definition, spike: 'v >= 40' } },
    { rule: Hebbian },
    { rule: 'Hebbian,nuPost=0.02' },
  ].map((given) => build(given as GivenParameters).name);
  expect(new Set(names).size).toBe(names.length);
  expect(build({ neuron: Izhikevich }).name).toBe(names[1]);
  expect(build({ neuron: { model: 'Izhikevich', parameters: { a: 0.1 } } }).name).toBe(names[2]);
  expect(build({ neuron: undefined, rule: null }).name).toBe(names[0]);
});

it.each<[string, GivenParameters, string]>([
  [
    'a model that there is not',
    { neuron: 'Izhikevch' },
    'LC_SNN: unknown neuron "Izhikevch". Did you mean "Izhikevich"?',
  ],
  ['a rule that there is not', { rule: 'Heb' }, 'LC_SNN: unknown rule "Heb"'],
  ['a parameter that it lacks', { neuron: 'Izhikevich,q=3' }, 'Izhikevich: unknown option "q"'],
  [
    'a setting without a value',
    { neuron: 'Izhikevich,a' },
    'LC_SNN: neuron: expected a model and its parameters such as',
  ],
  ['a number', { neuron: 3 as never }, 'LC_SNN: expected neuron to be the name of a model'],
  [
    'a class of something else',
    { neuron: Map as never },
    'LC_SNN: expected neuron to be the name of a model',
  ],
  [
    'a definition with a mistake',
    { rule: { name: 'Own', onSource: 'w += y' } },
    'Own.onSource (1:6): unknown name "y"',
  ],
  [
    'refrac of a model without it',
    { neuron: 'Izhikevich', refrac: 7 },
    'LC_SNN: expected no refrac, which Izhikevich does not have, got 7',
  ],
  [
    'nuPre of a rule without it',
    { rule: 'Oja', nuPre: 1 },
    'LC_SNN: expected no nuPre, which Oja does not have, got 1',
  ],
  [
    'a rule with a reward',
    { rule: 'MSTDP' },
    'LC_SNN: expected a rule without signals, because images come without a reward',
  ],
  [
    'an option of neither',
    { neuron: { model: 'Izhikevich', parmeters: {} } as never },
    'LC_SNN, neuron: unknown option "parmeters"',
  ],
])('refuses %s', (_, given, message) => {
  expect(() => build(given)).toThrow(message);
});
