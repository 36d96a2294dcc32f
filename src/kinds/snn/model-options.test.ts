/** `--neuron`, `--rule` and `--definition`: what they give a network, and their errors. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from '../../../test/support/make-folder.js';
import { readModels } from './model-options.js';

const rule = { name: 'Own', parameters: { nu: 1 }, onSource: 'w -= nu' };

function writeFile(text: string): string {
  const path = join(makeFolder(), 'models.json5');
  writeFileSync(path, text);
  return path;
}

const definition = () => writeFile(`// a rule\n{ rule: ${JSON.stringify(rule)} }`);

it('reads names of the shelf, definitions of a file, and their parameters', () => {
  expect(readModels({})).toEqual({});
  expect(readModels({ neuron: 'Izhikevich,a=1' })).toEqual({ neuron: 'Izhikevich,a=1' });
  expect(readModels({ definition: definition() })).toEqual({ rule });
  expect(readModels({ definition: definition(), rule: 'Own,nu=2', neuron: 'AdEx' })).toEqual({
    neuron: 'AdEx',
    rule: { model: rule, parameters: { nu: 2 } },
  });
});

it.each([
  ['', /models\.json5: JSON5: invalid end of input/],
  ['[]', /models\.json5: expected the definitions neuron, rule or both in an object/],
  ['{}', /models\.json5: expected a definition of neuron or rule/],
  ['{ rules: {} }', /models\.json5: unknown definition "rules"\. Did you mean "rule"\?/],
  ['{ rule: "Hebbian" }', /models\.json5: expected rule to be a definition/],
])('refuses the file %o', (text, message) => {
  expect(() => readModels({ definition: writeFile(text) })).toThrow(message);
});

it('refuses a file that there is not, and parameters of another rule than that of the file', () => {
  expect(() => readModels({ definition: '/nowhere.json5' })).toThrow(
    /--definition: cannot read \/nowhere\.json5: ENOENT/,
  );
  expect(() => readModels({ definition: definition(), rule: 'Owm,nu=2' })).toThrow(
    '--rule: unknown rule "Owm". Did you mean "Own"?',
  );
  expect(() => readModels({ definition: definition(), rule: 'Own,nu' })).toThrow(
    '--rule: expected a model and its parameters such as Izhikevich,a=0.02,d=8, got "Own,nu"',
  );
});
