/** What the next neuron model and the next rule cost: their equations, and nothing else, make them run on both engines. */
import { expect, it } from 'vitest';
import '../../src/node/engines.js';
import { describeNeuron, describeRule } from '../../src/core/definitions/describe-definition.js';
import { Connection, defineNeuron, defineRule, Input, Network, poisson } from '../../src/index.js';

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

async function run(engine: string) {
  const network = new Network({ engine, seed: 5 })
    .addLayer('X', new Input({ shape: [6, 6] }))
    .addLayer('Y', new ResonantNeuron({ shape: 9, frequency: 0.5 }))
    .addConnection('X', 'Y', new Connection({ wMin: 0, wMax: 1, rule: new CovarianceRule({ nu: 2e-4 }) }));
  await network.run({ X: poisson(new Uint8Array(36).fill(200), { time: 300, seed: 3 }) });
  const variables = ['x', 'y', 'tracePost'].map((name) => network.getVariable('Y', name));
  const coincidences = network.getVariable('X->Y', 'coincidences');
  const weights = network.getWeights('X->Y').data;
  network.dispose();
  return { variables, coincidences, weights };
}

it('a neuron model and a rule from outside have the same bits on reference and wasm', async () => {
  const expected = await run('reference');
  expect(await run('wasm')).toEqual(expected);
  expect(expected.coincidences.some((value) => value > 1)).toBe(true);
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
