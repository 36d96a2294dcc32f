/** What the next neuron model, rule and synapse model cost: their equations, and nothing else, make them run on both engines. */
import { expect, it } from 'vitest';
import '../../src/node/engines.js';
import { describeNeuron, describeRule } from '../../src/core/definitions/describe-definition.js';
import {
  Connection,
  defineNeuron,
  defineRule,
  defineSynapse,
  Input,
  Network,
  poisson,
} from '../../src/index.js';

const ResonantNeuron = defineNeuron({
  name: 'ResonantNeuron',
  about: 'neurons with a damped oscillation below the threshold',
  parameters: { damping: 0.05, frequency: 0.4, thresh: 3 },
  state: { x: 0, y: 0 },
  step: `
    before = x
    x += dt * (-damping * x - frequency * y) + input
    y += dt * (frequency * before - damping * y)
  `,
  spike: 'y >= thresh',
  reset: 'x = 0; y = 0',
});

const CovarianceRule = defineRule({
  name: 'CovarianceRule',
  about: 'coincidences beyond an expected trace raise the weight',
  parameters: { nu: 1e-2, expected: 0.4, tc: [15, 'ms'] },
  traces: { x: { of: 'source', tc: 'tc', mode: 'add' } },
  synapse: { coincidences: 0 },
  onTarget: 'w += nu * (x - expected); coincidences += x',
});

const AugmentedSynapse = defineSynapse({
  name: 'AugmentedSynapse',
  about: 'what is sent grows with each spike, and is lost by chance',
  parameters: { gain: 0.2, tc: [80, 'ms'], loss: 0.1 },
  state: { a: 1 },
  step: 'a += dt * (1 - a) / tc',
  onSource: 'a += gain',
  send: 'uniform() < loss ? 0 : w * a',
});

async function run(engine: string) {
  const network = new Network({ engine, seed: 5 })
    .addLayer('X', new Input({ shape: [6, 6] }))
    .addLayer('Y', new ResonantNeuron({ shape: 9, frequency: 0.5 }))
    .addConnection(
      'X',
      'Y',
      new Connection({
        wMin: 0,
        wMax: 1,
        rule: new CovarianceRule({ nu: 2e-4 }),
        synapse: new AugmentedSynapse({ loss: 0.3 }),
      }),
    );
  await network.run({ X: poisson(new Uint8Array(36).fill(200), { time: 300, seed: 3 }) });
  const variables = ['x', 'y', 'tracePost'].map((name) => network.getVariable('Y', name));
  const coincidences = network.getVariable('X->Y', 'coincidences');
  const augmented = network.getVariable('X->Y', 'a');
  const weights = network.getWeights('X->Y').data;
  network.dispose();
  return { variables, coincidences, augmented, weights };
}

it('a neuron model, a rule and a synapse model from outside have the same bits on reference and wasm', async () => {
  const expected = await run('reference');
  expect(await run('wasm')).toEqual(expected);
  expect(expected.coincidences.some((value) => value > 1)).toBe(true);
  expect(expected.augmented.every((value) => value > 1)).toBe(true);
  expect(new Set(expected.weights).size).toBeGreaterThan(100);
});

it('and say what they are', () => {
  expect(describeNeuron(ResonantNeuron.definition)).toMatchObject({
    about: 'neurons with a damped oscillation below the threshold',
    state: [{ name: 'x' }, { name: 'y' }],
  });
  expect(describeRule(CovarianceRule.definition).equations[0].latex[0]).toBe(
    'w \\leftarrow w + \\nu \\thinspace \\left(x - \\mathrm{expected}\\right)',
  );
});
