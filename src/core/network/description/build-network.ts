/** Makes a network of its description; nothing of it is executed but the classes that it names, with their options. */
import type { ArrayData } from '../../../formats/element-types.js';
import { invalidArgument, LocusError, unknownName } from '../../../errors.js';
import {
  custom,
  filledText,
  isObject,
  list,
  nested,
  number,
  oneOf,
  readOptions,
  record,
  required,
  type Schema,
} from '../../../options.js';
import { defineNeuron } from '../../definitions/define-neuron.js';
import { defineRule } from '../../definitions/define-rule.js';
import { defineSynapse } from '../../definitions/define-synapse.js';
import { precisions } from '../../precision.js';
import type { Precision } from '../../precision.js';
import { seedField } from '../../random/stream.js';
import type { ConnectionDescription } from '../compile-network.js';
import { Network, type NetworkParameters } from '../network.js';
import type { LayerDescription } from '../nodes/neuron-model.js';
import { propagations } from '../program.js';
import { engineSchema } from '../simulation.js';
import {
  type DescribedConnection,
  type DescribedLayer,
  type DescribedNetwork,
  descriptionFormat,
  type NetworkDescription,
} from './describe-network.js';
import {
  type DescribedDefinition,
  type DescribedPart,
  type PlainObject,
  readValue,
} from './describe-values.js';
import { findClass, listParts, type PartClass } from './parts.js';

/** What a network runs on, and the arrays that its description refers to. */
export interface BuildOptions extends Pick<NetworkParameters, 'engine' | 'threads' | 'gpuBatch'> {
  readonly arrays?: DescribedNetwork['arrays'];
}

const plainObject = custom<PlainObject>('to be an object', isObject);
const parts = custom<DescribedPart>('to be an object with $class or $definition, and options', isObject);

const layerSchema: Schema<DescribedLayer> = { name: required(filledText), layer: required(parts) };
const connectionSchema: Schema<DescribedConnection> = {
  name: required(filledText),
  source: required(filledText),
  target: required(filledText),
  connection: required(parts),
};
const definitionSchema: Schema<DescribedDefinition> = {
  kind: required(oneOf(['neuron', 'rule', 'synapse'])),
  definition: required(plainObject),
};
const schema: Schema<NetworkDescription> = {
  format: required(
    custom(
      `to be ${descriptionFormat}, the form that this version reads`,
      (value) => value === descriptionFormat,
    ),
  ),
  dt: required(number({ above: 0, unit: 'ms' })),
  seed: required(seedField),
  propagation: required(oneOf(propagations)),
  precision: required(oneOf(precisions)),
  layers: required(list(nested(layerSchema))),
  connections: required(list(nested(connectionSchema))),
  definitions: required(record(nested(definitionSchema))),
};

const arraysField = record(
  custom<ArrayData>(
    'to be a typed array',
    (value) => ArrayBuffer.isView(value) && !(value instanceof DataView),
  ),
);

const buildSchema: Schema<BuildOptions> = {
  arrays: arraysField,
  engine: filledText,
  threads: engineSchema.threads,
  gpuBatch: engineSchema.gpuBatch,
};

/**
 * The network that `Network.describe` described: the same program, so the same spikes to the bit.
 *
 * @param json of `describe`, as it is or read from text
 * @throws LocusError naming the field, what was expected and what came; `UNKNOWN_NAME` for a class that is not registered here
 */
export function networkFromDescription(
  json: NetworkDescription,
  options: BuildOptions = {},
): Network<Precision> {
  return buildNetwork(json, options, 'network description');
}

/** As `networkFromDescription`. @param place names the description in errors */
export function buildNetwork(json: unknown, options: BuildOptions, place: string): Network<Precision> {
  const { arrays = {}, ...runs } = readOptions(place, buildSchema, options);
  const { dt, seed, propagation, precision, layers, connections, definitions } = atPlace(place, () =>
    readOptions(place, schema, json),
  );
  const network = new Network({ dt, seed, propagation, precision, ...runs });
  const builder = new PartBuilder(definitions, arrays, place);
  layers.forEach(({ name, layer }, i) => {
    const at = `${place}, layers[${i}]`;
    const made = builder.make(layer, `${at}.layer`) as LayerDescription;
    atPlace(at, () => network.addLayer(name, made));
  });
  connections.forEach(({ name, source, target, connection }, i) => {
    const at = `${place}, connections[${i}]`;
    const made = builder.make(connection, `${at}.connection`) as ConnectionDescription;
    atPlace(at, () => network.addConnection(source, target, made, name));
  });
  return network;
}

class PartBuilder {
  readonly #definitions: NetworkDescription['definitions'];
  readonly #arrays: DescribedNetwork['arrays'];
  readonly #place: string;
  readonly #defined = new Map<string, PartClass>();

  constructor(
    definitions: NetworkDescription['definitions'],
    arrays: DescribedNetwork['arrays'],
    place: string,
  ) {
    this.#definitions = definitions;
    this.#arrays = arrays;
    this.#place = place;
  }

  make(part: DescribedPart, path: string): object {
    const { options, ...named } = part;
    const Class = this.#classOf(named, path);
    plainObject(path, 'options', options);
    const given = this.#read(options, `${path}.options`);
    return atPlace(path, () => new Class(given as never));
  }

  #classOf(named: object, path: string): PartClass {
    const { $class: name, $definition: defined, ...others } = named as Readonly<Record<string, unknown>>;
    const [stranger] = Object.keys(others);
    if (stranger !== undefined) throw invalidArgument(path, '$class or $definition, and options', stranger);
    if (typeof name === 'string' && defined === undefined) {
      const known = findClass(name);
      if (!known) throw unknownName(`${path}.$class`, 'class', name, listParts());
      return known;
    }
    if (typeof defined !== 'string' || name !== undefined || !Object.hasOwn(this.#definitions, defined)) {
      throw invalidArgument(path, '$class, or $definition with the name of a definition', name ?? defined);
    }
    const known = this.#defined.get(defined) ?? this.#define(defined);
    this.#defined.set(defined, known);
    return known;
  }

  #define(name: string): PartClass {
    const { kind, definition } = this.#definitions[name];
    const path = `${this.#place}, definitions.${name}`;
    const given = this.#read(definition, path) as never;
    return atPlace(path, () => {
      if (kind === 'neuron') return defineNeuron(given);
      if (kind === 'rule') return defineRule(given);
      return defineSynapse(given);
    });
  }

  #read(value: PlainObject, path: string): unknown {
    return readValue(value, path, { arrays: this.#arrays, make: (part, at) => this.make(part, at) });
  }
}

/** Lets errors begin with the place; options that classes do not know are wrong values of the description. */
function atPlace<T>(place: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof LocusError)) throw cause;
    const message = cause.message.startsWith(place) ? cause.message : `${place}: ${cause.message}`;
    throw new LocusError('INVALID_ARGUMENT', message, { cause });
  }
}
