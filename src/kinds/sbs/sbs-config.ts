/** The JSON configuration of a Spike-by-Spike network: read and checked. */
import type { z } from 'zod';
import { LocusError, suggestName } from '../../errors.js';
import { requirePackage } from '../../node/require-package.js';
import { describeExpectation, describeIssue } from '../field-schemas.js';
import { makeSbsSchema, type SbsSchema } from './sbs-schema.js';
import { custom, type Field, filledText, isObject, text as textField } from '../../options.js';

export type SbsConfig = z.infer<SbsSchema['config']>;
export type SbsStructure = SbsConfig['network_structure'];

/** A configuration given as an argument. */
export const configField: Field<SbsConfig> = custom(
  'to be a configuration, as parseSbsConfig gives it',
  (value) => {
    const { network_structure, learning_parameters } = (value ?? {}) as Partial<SbsConfig>;
    return isObject(network_structure) && isObject(learning_parameters);
  },
);

/**
 * Reads a configuration; comments are allowed.
 *
 * @param place names the file in errors
 * @throws LocusError `INVALID_ARGUMENT` naming the path of every wrong, missing or unknown key
 */
export function parseSbsConfig(text: string, place: string): SbsConfig {
  filledText('parseSbsConfig', 'place', place);
  textField('parseSbsConfig', 'text', text);
  const { config, parts } = makeSbsSchema(requirePackage('zod').z);
  const result = config.safeParse(parseJson(text, place), { error: describeExpectation, reportInput: true });
  if (!result.success) {
    const problems = result.error.issues.flatMap((issue) => describeKeys(issue, { ...parts, '': config }));
    throw new LocusError('INVALID_ARGUMENT', `${place}: ${problems.join('; ')}`);
  }
  const problems = checkTogether(result.data);
  if (problems.length > 0) throw new LocusError('INVALID_ARGUMENT', `${place}: ${problems.join('; ')}`);
  return result.data;
}

/** Whether the configuration is of the later form: average pooling, epsilon_t = 1 / √(t + 1), epsilon_xy = 1. */
export function isLaterForm({ network_structure }: SbsConfig): boolean {
  return network_structure.layer_type !== undefined;
}

/** One factor per spike. */
export function makeEpsilonT(config: SbsConfig): Float64Array {
  const { number_of_spikes, cooldown_after_number_of_spikes: cooldown, reduction_cooldown } = config;
  return Float64Array.from({ length: number_of_spikes }, (_, t) => {
    const epsilon = isLaterForm(config) ? 1 / Math.sqrt(t + 1) : 1;
    return cooldown > 0 && t >= cooldown ? epsilon / reduction_cooldown : epsilon;
  });
}

function parseJson(text: string, place: string): unknown {
  const JSON5 = requirePackage('json5');
  try {
    return JSON5.parse(text);
  } catch (error) {
    throw new LocusError('INVALID_ARGUMENT', `${place}: ${(error as Error).message}`, { cause: error });
  }
}

/** @param objects the object at each path that has keys */
function describeKeys(issue: z.core.$ZodIssue, objects: Readonly<Record<string, z.ZodObject>>): string[] {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(objects[path].shape);
    return issue.keys.map((key) => {
      const whole = [...issue.path, key].join('.');
      return `unknown key "${whole}".${suggestName(key, known)} Known: ${known.join(', ')}`;
    });
  }
  return [`${path || 'the whole'}: ${describeIssue(issue)}`];
}

/** What no key alone can tell. */
export function checkTogether({ network_structure, number_of_spikes }: SbsConfig): string[] {
  const problems = checkStructure(network_structure, 'network_structure.');
  if (number_of_spikes < 1) problems.push(`number_of_spikes: expected 1 or more, got ${number_of_spikes}`);
  return problems;
}

/**
 * What no key of a structure alone can tell.
 *
 * @param prefix of its keys in errors
 */
export function checkStructure(structure: SbsStructure, prefix = ''): string[] {
  const { forward_neuron_numbers: numbers, number_of_output_neurons, ...perLayer } = structure;
  const problems = Object.entries(perLayer)
    .filter(([, list]) => list !== undefined && list.length !== numbers.length)
    .map(
      ([key, list]) =>
        `${prefix}${key}: expected ${numbers.length} entries, one per layer, got ${list?.length}`,
    );
  if ((structure.is_pooling_layer === undefined) === (structure.layer_type === undefined)) {
    problems.push(`${prefix}layer_type: expected either is_pooling_layer or layer_type`);
  }
  numbers.slice(1).forEach(([inputs], index) => {
    if (inputs !== numbers[index][1]) {
      const path = `${prefix}forward_neuron_numbers.${index + 1}.0`;
      problems.push(`${path}: expected ${numbers[index][1]}, the neurons of the layer before, got ${inputs}`);
    }
  });
  const last = numbers.at(-1)?.[1];
  if (last !== number_of_output_neurons) {
    const path = `${prefix}number_of_output_neurons`;
    problems.push(
      `${path}: expected ${last}, the neurons of the last layer, got ${number_of_output_neurons}`,
    );
  }
  return problems;
}
