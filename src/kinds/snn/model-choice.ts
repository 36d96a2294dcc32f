/** The neuron model and the learning rule of a network: by the name of a shelf, as a class, or as a custom definition. */
import { type DefinedNeuron, defineNeuron } from '../../core/definitions/define-neuron.js';
import { type DefinedRule, defineRule } from '../../core/definitions/define-rule.js';
import type { NeuronDefinition } from '../../core/definitions/neuron-definition.js';
import type { RuleDefinition } from '../../core/definitions/rule-definition.js';
import { listShelf } from '../../core/shelf.js';
import { invalidArgument, LocusError, unknownName } from '../../errors.js';
import { isObject } from '../../options.js';

/** Parameters by the names of the definition; typed arrays are kept as lists. */
export type ModelParameters = Readonly<Record<string, unknown>>;

/** A definition with parameters, as a network stores it: it can be made again where the definition was never imported. */
export interface StoredModel<Definition> {
  readonly definition: Definition;
  readonly parameters: ModelParameters;
}

export type StoredNeuron = StoredModel<NeuronDefinition>;
export type StoredRule = StoredModel<RuleDefinition>;

type Described<Definition, Class> = string | Class | Definition;

/** `'Izhikevich'`, `'Izhikevich,a=0.02'`, a class, a definition, or one of them with parameters. */
export type NeuronChoice =
  | Described<NeuronDefinition, DefinedNeuron>
  | {
      readonly model: Described<NeuronDefinition, DefinedNeuron>;
      readonly parameters?: ModelParameters;
    }
  | StoredNeuron;

/** As `NeuronChoice`, of learning rules. */
export type RuleChoice =
  | Described<RuleDefinition, DefinedRule>
  | { readonly model: Described<RuleDefinition, DefinedRule>; readonly parameters?: ModelParameters }
  | StoredRule;

/** Definitions of a shelf by name. */
const shelf = (kind: 'neuron' | 'rule') =>
  new Map<string, object>(
    listShelf().flatMap((entry) => (entry.kind === kind ? [[entry.definition.name, entry.definition]] : [])),
  );

/** Reads a neuron model. `place` names the network in errors. */
export function readNeuron(place: string, choice: unknown): StoredNeuron {
  return readChoice(place, 'neuron', choice, shelf('neuron')) as StoredNeuron;
}

/** Reads a learning rule. */
export function readRule(place: string, choice: unknown): StoredRule {
  return readChoice(place, 'rule', choice, shelf('rule')) as StoredRule;
}

export function neuronClass({ definition }: StoredNeuron): DefinedNeuron {
  return defineNeuron(definition);
}

export function ruleClass({ definition }: StoredRule): DefinedRule {
  return defineRule(definition);
}

function readChoice(
  place: string,
  name: 'neuron' | 'rule',
  choice: unknown,
  shelf: ReadonlyMap<string, object>,
): StoredModel<object> {
  const refuse = () =>
    invalidArgument(
      place,
      `${name} to be the name of a model (${[...shelf.keys()].join(', ')}), a class, a definition, or { model, parameters }`,
      choice,
    );
  const find = (value: unknown): object => {
    if (typeof value === 'string') {
      const found = shelf.get(value);
      if (!found) throw unknownName(place, name, value, [...shelf.keys()]);
      return found;
    }
    const { definition } = (value ?? {}) as { readonly definition?: object };
    if (typeof value === 'function' && isObject(definition)) return definition as object;
    if (isObject(value) && 'name' in (value as object)) return value as object;
    throw refuse();
  };
  /** Without what is told of a model and is no part of it, so that a better description makes no other network. */
  const describe = (value: unknown): object => {
    const { about: _about, source: _source, ...definition } = find(value) as Record<string, unknown>;
    return definition;
  };
  if (typeof choice === 'string') {
    if (choice.startsWith('{')) return parseModel(place, choice);
    const { model, parameters } = readText(`${place}: ${name}`, choice);
    return { definition: describe(model), parameters };
  }
  if (!isObject(choice)) return { definition: describe(choice), parameters: {} };
  const { model, definition, parameters = {}, ...others } = choice as Record<string, unknown>;
  if ((model ?? definition) === undefined) return { definition: describe(choice), parameters: {} };
  if (Object.keys(others).length > 0) {
    const [stray] = Object.keys(others);
    throw unknownName(`${place}, ${name}`, 'option', stray, ['model', 'parameters']);
  }
  if (!isObject(parameters)) throw invalidArgument(place, `parameters of ${name} as an object`, parameters);
  return { definition: describe(model ?? definition), parameters: toPlain(parameters) as ModelParameters };
}

/** `Izhikevich,a=0.02,d=8` */
export function readText(
  place: string,
  text: string,
): { readonly model: string; readonly parameters: ModelParameters } {
  const [model, ...settings] = text.split(',').map((part) => part.trim());
  const parameters = settings.map((setting) => {
    const [name, value, ...more] = setting.split('=').map((part) => part.trim());
    const number = value === undefined || value === '' ? Number.NaN : Number(value);
    const isName = /^[a-z_]+(-[a-z]+)*$/i.test(value ?? '');
    if (more.length > 0 || name === '' || (Number.isNaN(number) && !isName)) {
      throw invalidArgument(place, 'a model and its parameters such as Izhikevich,a=0.02,d=8', text);
    }
    return [name, Number.isNaN(number) ? value : number];
  });
  return { model, parameters: Object.fromEntries(parameters) as ModelParameters };
}

/** The one spelling of a model: names sorted, infinities as text. */
export function spellModel(model: StoredModel<object>): string {
  return JSON.stringify(toPlain(model));
}

/** `Izhikevich`, or `Izhikevich (a 0.02, d 8)` where parameters differ from the definition's. */
export function nameModel({ definition, parameters }: StoredModel<{ readonly name: string }>): string {
  const given = Object.entries(parameters).map(
    ([name, value]) => `${name} ${JSON.stringify(toPlain(value))}`,
  );
  return given.length === 0 ? definition.name : `${definition.name} (${given.join(', ')})`;
}

/** `nameModel` of the text in a record. */
export function nameStoredModel(text: string): string {
  return nameModel(parseModel('record', text) as StoredNeuron);
}

/** A definition with its parameters in lines: what, and its text. */
export function listDefinition({ definition, parameters }: StoredModel<object>): string[][] {
  const rows = flatten({ ...definition, ...(Object.keys(parameters).length > 0 && { given: parameters }) });
  return rows.filter(([name]) => name !== 'name');
}

function flatten(value: object, place = ''): string[][] {
  return Object.entries(value).flatMap(([name, each]): string[][] => {
    const path = place === '' ? name : `${place}.${name}`;
    if (each === undefined) return [];
    if (isObject(each)) return flatten(each as object, path);
    const text = Array.isArray(each) ? each.map((item) => String(item)).join(' ') : String(each);
    return [[path, text.trim().replaceAll(/\n\s*/g, '; ')]];
  });
}

/** @throws LocusError `INVALID_ARGUMENT` unless the text is that of `spellModel` */
function parseModel(place: string, text: string): StoredModel<object> {
  try {
    const infinities: Readonly<Record<string, number>> = { Infinity, '-Infinity': -Infinity };
    const read = JSON.parse(text, (_, value: unknown) =>
      typeof value === 'string' && Object.hasOwn(infinities, value) ? infinities[value] : value,
    ) as StoredModel<object>;
    if (isObject(read.definition) && isObject(read.parameters)) return read;
  } catch (cause) {
    throw new LocusError('INVALID_ARGUMENT', `${place}: ${(cause as Error).message}`, { cause });
  }
  throw invalidArgument(place, 'a definition and parameters', text);
}

/** Plain objects and lists, names sorted. */
function toPlain(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (ArrayBuffer.isView(value)) return Array.from(value as Float32Array, toPlain);
  if (Array.isArray(value)) return value.map(toPlain);
  if (!isObject(value)) return value;
  const entries = Object.entries(value as object).filter(([, each]) => each !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, each]) => [name, toPlain(each)]),
  );
}
