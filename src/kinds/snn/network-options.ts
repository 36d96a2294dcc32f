/** The published parameters as options, made from their table: `nFilters` is `--n-filters`. */
import {
  defaultParameters,
  type NetworkType,
  type SnnParameterName,
  type SnnParameters,
  snnParameterNames,
  snnParameterSpecs,
} from './parameter-specs.js';
import type { CommandOption } from '../../cli/command.js';
import { choiceOption, flagOption, numberOption } from '../../cli/options.js';

const group = 'Network:';

/** The option of a parameter: `a-pos` of `A_pos`. */
export function parameterFlag(name: SnnParameterName): string {
  return snnParameterSpecs[name].published.toLowerCase().replaceAll('_', '-');
}

/** An option for every parameter; the defaults of the type are shown, and filled in by the network. */
export function networkOptions(type: NetworkType): Readonly<Record<string, CommandOption>> {
  const defaults = defaultParameters(type);
  const options = snnParameterNames.map((name): [string, CommandOption] => {
    const { kind, choices, unit, description } = snnParameterSpecs[name];
    const describe = unit ? `${description} [${unit}]` : description;
    const value = defaults[name];
    const extras = {
      group,
      ...(value === null ? {} : { defaultDescription: showDefault(type, name, value) }),
    };
    const option = choices
      ? choiceOption(describe, choices, extras)
      : kind === 'boolean'
        ? flagOption(describe, extras)
        : numberOption(describe, extras);
    return [parameterFlag(name), option];
  });
  return Object.fromEntries(options);
}

/** The parameters that were given, under their names in the API. */
export function readParameters(args: Readonly<Record<string, unknown>>): Partial<SnnParameters> {
  const given = snnParameterNames.map((name) => [name, args[parameterFlag(name)]] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function showDefault(type: NetworkType, name: SnnParameterName, value: number | boolean | string): string {
  return type === 'FC_SNN' && name === 'kernelSize' ? 'the crop' : String(value);
}
