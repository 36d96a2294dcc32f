/** Reads the published parameters of the networks and checks every value. */
import { invalidArgument, LocusError, suggestName } from '../../errors.js';
import { oneOf } from '../../options.js';
import { modelNames, type NetworkType, publishedLearning } from '../../published-networks.js';
import { countSteps, countWholeSteps, mostCountedSteps } from '../../core/network/steps.js';
import { readNeuron, readRule, spellModel, type StoredNeuron, type StoredRule } from './model-choice.js';
import {
  defaultParameters,
  neuronParameterNames,
  ruleParameterNames,
  type SnnParameterName,
  snnParameterNames,
  type SnnParameters,
  snnParameterSpecs,
} from './parameter-specs.js';
import { checkSeed } from '../../core/random/stream.js';

export * from './parameter-specs.js';

/** Fills in defaults and checks every value; the message names the network type, the parameter and what came. */
export function parseParameters(type: NetworkType, given: Readonly<Record<string, unknown>>): SnnParameters {
  const crop = typeof given.crop === 'number' ? given.crop : undefined;
  const parameters: { [Name in keyof SnnParameters]: unknown } = defaultParameters(type, crop);
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(parameters, name)) {
      const known = [...snnParameterNames, ...modelNames];
      throw new LocusError(
        'UNKNOWN_NAME',
        `${type}: unknown parameter "${name}".${suggestName(name, known)}`,
      );
    }
    if (given[name] !== undefined) parameters[name as keyof SnnParameters] = given[name];
  }
  for (const name of snnParameterNames) checkParameter(type, name, parameters[name]);
  if (parameters.neuron !== null) parameters.neuron = readNeuron(type, parameters.neuron);
  if (parameters.rule !== null) parameters.rule = readRule(type, parameters.rule);
  // What was checked is what the type says.
  const checked = parameters as unknown as SnnParameters;
  checkTogether(type, checked);
  if (checked.neuron !== null || checked.rule !== null) checkModels(type, checked);
  return checked;
}

function checkParameter(type: NetworkType, name: SnnParameterName, value: unknown): void {
  const { kind, choices, least, orEqual, infinite, unit } = snnParameterSpecs[name];
  const inUnit = unit ? ` [${unit}]` : '';
  if (kind === 'boolean') {
    if (typeof value !== 'boolean') throw invalidArgument(type, `${name} to be true or false`, value);
    return;
  }
  if (choices) {
    oneOf(choices)(type, name, value);
    return;
  }
  if (kind === 'optional' && value === null) return;
  if (typeof value !== 'number' || Number.isNaN(value)) {
    throw invalidArgument(type, `${name} to be a number${inUnit}`, value);
  }
  if (kind === 'seed') {
    checkSeed(value, type);
  } else if (kind === 'count') {
    if (!Number.isSafeInteger(value) || value < (least ?? 0)) {
      throw invalidArgument(type, `${name} ≥ ${least}${inUnit}, a whole number`, value);
    }
  } else if (least !== undefined && !(orEqual ? value >= least : value > least)) {
    throw invalidArgument(type, `${name} ${orEqual ? '≥' : '>'} ${least}${inUnit}`, value);
  } else if (!Number.isFinite(value) && !infinite) {
    throw invalidArgument(type, `a finite ${name}${inUnit}`, value);
  } else if (Number.isFinite(value) && !Number.isFinite(Math.fround(value))) {
    throw invalidArgument(type, `${name} from −3.4e38 to 3.4e38 (float32)`, value);
  }
}

function checkTogether(type: NetworkType, parameters: SnnParameters): void {
  const { kernelSize, crop, timeMax, dt, cL, cW, APos, ANeg, cWMin, cWMax } = parameters;
  if (kernelSize > crop) throw invalidArgument(type, `kernelSize ≤ crop = ${crop}`, kernelSize);
  if (type === 'FC_SNN' && kernelSize !== crop) {
    throw invalidArgument(
      type,
      `kernelSize = crop = ${crop} (its receptive field is the whole crop)`,
      kernelSize,
    );
  }
  const steps = countWholeSteps(timeMax, dt);
  if (steps === null) throw invalidArgument(type, `timeMax to be a multiple of dt = ${dt} ms`, timeMax);
  if (steps < 1 || steps > mostCountedSteps) {
    const expectation = `timeMax of 1 to ${mostCountedSteps} steps of dt = ${dt} ms, because spikes are counted in 16 bits`;
    throw invalidArgument(type, expectation, timeMax);
  }
  countSteps(parameters.refrac, dt, `${type}: refrac`);
  if (cW > 0) throw invalidArgument(type, 'cW ≤ 0 mV (competition inhibits)', cW);
  if (!cL) return;
  if (APos === null)
    throw invalidArgument(type, 'APos, an amplitude, because competition is trained (cL)', APos);
  if (ANeg === null)
    throw invalidArgument(type, 'ANeg, an amplitude, because competition is trained (cL)', ANeg);
  if (!(cWMin <= cWMax)) throw invalidArgument(type, `cWMin ≤ cWMax = ${cWMax}`, cWMin);
}

/** Parameters that the definitions of a network do not have. */
export function unusedParameters({ neuron, rule }: SnnParameters): SnnParameterName[] {
  const unused = (model: StoredNeuron | StoredRule | null, names: readonly SnnParameterName[]) =>
    model ? names.filter((name) => !Object.hasOwn(model.definition.parameters ?? {}, name)) : [];
  return [...unused(neuron, [...neuronParameterNames, 'thetaDecay']), ...unused(rule, ruleParameterNames)];
}

/** What a network has beside its definitions must mean something to them: other values than the defaults are refused. */
function checkModels(type: NetworkType, parameters: SnnParameters): void {
  const defaults = defaultParameters(type, parameters.crop);
  const { neuron, rule } = parameters;
  for (const name of unusedParameters(parameters)) {
    if (parameters[name] === defaults[name]) continue;
    const model = ruleParameterNames.some((each) => each === name) ? rule : neuron;
    throw invalidArgument(
      type,
      `no ${name}, which ${model?.definition.name} does not have`,
      parameters[name],
    );
  }
  const [signal] = parameters.rule?.definition.signals ?? [];
  if (signal !== undefined) {
    const expectation = `a rule without signals, because images come without a ${signal}; Network.run takes one`;
    throw invalidArgument(type, expectation, parameters.rule?.definition.name);
  }
}

/** Positions of the receptive field along one side: ⌊(crop − kernelSize) / stride⌋ + 1. */
export function convSize({ crop, kernelSize, stride }: SnnParameters): number {
  return Math.floor((crop - kernelSize) / stride) + 1;
}

/** Number of steps an image is shown. */
export function stepsPerImage({ timeMax, dt }: SnnParameters): number {
  return countSteps(timeMax, dt, 'timeMax');
}

/** Parameters under their published names; how it learns only where that is not as published. */
export function toPublished(parameters: SnnParameters): Record<string, number | boolean | string | null> {
  const untold: Readonly<Record<string, number | string>> = publishedLearning;
  const { neuron, rule } = parameters;
  return {
    ...Object.fromEntries(
      snnParameterNames
        .map((name) => [snnParameterSpecs[name].published, parameters[name]] as const)
        .filter(([published, value]) => value !== untold[published]),
    ),
    ...(neuron && { neuron: spellModel(neuron) }),
    ...(rule && { rule: spellModel(rule) }),
  };
}

/** Parameters and models by their names here and in records. */
const publishedNames: readonly (readonly [name: string, published: string])[] = [
  ...snnParameterNames.map((name) => [name, snnParameterSpecs[name].published] as const),
  ...modelNames.map((name) => [name, name] as const),
];

/** Parameters from a record under published names; what is not a parameter is left out. */
export function fromPublished(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const parameters: Record<string, unknown> = {};
  for (const [name, published] of publishedNames) {
    if (Object.hasOwn(record, published)) parameters[name] = record[published];
  }
  return parameters;
}
