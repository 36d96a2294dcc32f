/** Classes of layers, connections, rules and synapse models by the names under which descriptions of networks call them. */
import { LocusError } from '../../../errors.js';
import { callback, filledText } from '../../../options.js';
import type { NeuronDefinition } from '../../definitions/neuron-definition.js';
import type { RuleDefinition } from '../../definitions/rule-definition.js';
import type { SynapseDefinition } from '../../definitions/synapse-definition.js';
import { learningClasses } from '../learning/classes.js';
import { layerClasses } from '../nodes/classes.js';
import { topologyClasses } from '../topology/classes.js';

/** Something that a network is made of: it is made of options, and keeps them. */
export interface Part {
  /** What its class was given, enough to make it again. */
  readonly options: object;
}

/** A class that takes one object of options. */
export type PartClass = new (options: never) => object;

/** A class that was made of equations. */
export interface DefinedClass {
  readonly definition: NeuronDefinition | RuleDefinition | SynapseDefinition;
  readonly definitionKind: 'neuron' | 'rule' | 'synapse';
}

const classes = new Map<string, PartClass>(
  Object.entries<PartClass>({ ...layerClasses, ...topologyClasses, ...learningClasses }),
);

/**
 * Lets descriptions of networks hold objects of a custom class: a layer, a topology, a learning rule or a synapse model. Its constructor
 * takes one object of options, and its objects keep that as `options`.
 *
 * @param name that descriptions call it by; a network is loaded where a class of that name is registered
 * @throws LocusError `NAME_TAKEN` where another class has the name
 */
export function registerPart(name: string, part: PartClass): void {
  filledText('registerPart', 'name', name);
  callback()('registerPart', 'the class', part);
  const other = classes.get(name);
  if (other !== undefined && other !== part)
    throw new LocusError('NAME_TAKEN', `registerPart: there is a class "${name}" already`);
  classes.set(name, part);
}

/** Names of all classes. */
export function listParts(): string[] {
  return [...classes.keys()];
}

/** The class of a name, if there is one. */
export function findClass(name: string): PartClass | undefined {
  return classes.get(name);
}

/** The name of an object's own class, if it is registered. */
export function findClassName(part: object): string | undefined {
  return [...classes].find(([, known]) => known === part.constructor)?.[0];
}

/** The class of an object, if equations made it; not one that extends such a class. */
export function findDefinedClass(part: object): DefinedClass | undefined {
  const { constructor } = part;
  return Object.hasOwn(constructor, 'definitionKind') ? (constructor as unknown as DefinedClass) : undefined;
}
