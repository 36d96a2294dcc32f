/** What is on the shelf: every neuron model, learning rule and synapse model that is defined by equations, by name. */
import {
  type DescribedDefinition,
  describeNeuron,
  describeRule,
  describeSynapse,
} from './definitions/describe-definition.js';
import type { NeuronDefinition } from './definitions/neuron-definition.js';
import type { RuleDefinition } from './definitions/rule-definition.js';
import type { SynapseDefinition } from './definitions/synapse-definition.js';
import * as models from './models/index.js';
import * as learning from './network/learning/index.js';
import * as rules from './rules/index.js';
import * as synapses from './synapses/index.js';

export type ShelfEntry =
  | { readonly kind: 'neuron'; readonly definition: NeuronDefinition }
  | { readonly kind: 'rule'; readonly definition: RuleDefinition }
  | { readonly kind: 'synapse'; readonly definition: SynapseDefinition };

/** Neuron models first, then rules, then synapse models, each by their names. */
export function listShelf(): ShelfEntry[] {
  return [
    ...definitionsOf<NeuronDefinition>(models).map((definition) => ({ kind: 'neuron', definition }) as const),
    ...definitionsOf<RuleDefinition>({ ...learning, ...rules }).map(
      (definition) => ({ kind: 'rule', definition }) as const,
    ),
    ...definitionsOf<SynapseDefinition>(synapses).map(
      (definition) => ({ kind: 'synapse', definition }) as const,
    ),
  ];
}

/** What an entry's definition says, for people. */
export function describeEntry(entry: ShelfEntry): DescribedDefinition {
  switch (entry.kind) {
    case 'neuron':
      return describeNeuron(entry.definition);
    case 'rule':
      return describeRule(entry.definition);
    default:
      return describeSynapse(entry.definition);
  }
}

/** Of the exports that have one. */
function definitionsOf<Definition extends { readonly name: string }>(exported: object): Definition[] {
  return Object.values(exported)
    .flatMap((each: { readonly definition?: Definition }) => each.definition ?? [])
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}
