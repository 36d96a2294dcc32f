/** Neuron model and learning rule from the command line. */
import { readFileSync } from 'node:fs';
import { LocusError, unknownName } from '../../errors.js';
import { requirePackage } from '../../node/require-package.js';
import { isObject } from '../../options.js';
import { modelNames } from '../../published-networks.js';
import { readText } from './model-choice.js';
import type { GivenParameters } from './parameters.js';

export interface ModelArguments {
  /** `Izhikevich,a=0.02` */
  readonly neuron?: string;
  readonly rule?: string;
  /** JSON5 file with the definitions `neuron`, `rule` or both. */
  readonly definition?: string;
}

/**
 * The options `neuron` and `rule` of a network.
 *
 * @throws LocusError naming the file or the option, what was expected and what came
 */
export function readModels({
  definition,
  ...given
}: ModelArguments): Pick<GivenParameters, 'neuron' | 'rule'> {
  const defined = definition === undefined ? {} : readDefinitions(definition);
  const models = modelNames
    .map((name) => [name, chooseModel(name, given[name], defined[name])] as const)
    .filter(([, choice]) => choice !== undefined);
  return Object.fromEntries(models) as Pick<GivenParameters, 'neuron' | 'rule'>;
}

/** @param own definition of a file, which the text can only give parameters */
function chooseModel(name: 'neuron' | 'rule', text: string | undefined, own: unknown): unknown {
  if (own === undefined || text === undefined) return own ?? text;
  const { model, parameters } = readText(`--${name}`, text);
  const defined = String((own as { readonly name?: unknown }).name);
  if (model !== defined) throw unknownName(`--${name}`, name, model, [defined]);
  return { model: own, parameters };
}

function readDefinitions(path: string): Readonly<Record<string, unknown>> {
  const found = parseFile(path);
  if (!isObject(found)) throw wrong(path, 'the definitions neuron, rule or both in an object');
  const definitions = found as Record<string, unknown>;
  for (const name of Object.keys(definitions)) {
    if (!modelNames.some((each) => each === name)) throw unknownName(path, 'definition', name, modelNames);
    if (!isObject(definitions[name])) throw wrong(path, `${name} to be a definition`);
  }
  if (Object.keys(definitions).length === 0) throw wrong(path, 'a definition of neuron or rule');
  return definitions;
}

function parseFile(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new LocusError(
      'INVALID_ARGUMENT',
      `--definition: cannot read ${path}: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
  try {
    return requirePackage('json5').parse(text);
  } catch (cause) {
    throw new LocusError('INVALID_ARGUMENT', `${path}: ${(cause as Error).message}`, { cause });
  }
}

function wrong(path: string, expectation: string): LocusError {
  return new LocusError('INVALID_ARGUMENT', `${path}: expected ${expectation}`);
}
