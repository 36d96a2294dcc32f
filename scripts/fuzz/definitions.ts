/**
 * Fuzzes the texts of neuron models, learning rules and synapse models, those of the shelf as seeds: each is refused with a `LocusError`, or makes a model
 * whose first steps have the same bits on the engines reference and wasm. Nothing of a text may run or reach a prototype.
 */
import '../../src/node/engines.js';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { defineRule } from '../../src/core/definitions/define-rule.js';
import { defineSynapse } from '../../src/core/definitions/define-synapse.js';
import type { NeuronDefinition } from '../../src/core/definitions/neuron-definition.js';
import type { RuleDefinition } from '../../src/core/definitions/rule-definition.js';
import type { SynapseDefinition } from '../../src/core/definitions/synapse-definition.js';
import * as models from '../../src/core/models/index.js';
import { Network } from '../../src/core/network/network.js';
import { Input } from '../../src/core/network/nodes/index.js';
import { Connection } from '../../src/core/network/topology/index.js';
import * as rules from '../../src/core/rules/index.js';
import * as synapses from '../../src/core/synapses/index.js';
import { LocusError } from '../../src/errors.js';
import { inventText } from './invent-text.js';
import type { FuzzedReader } from './reader.js';
import { inputsOf } from '../../src/core/network/nodes/neuron-model.js';
import type { ProgramLayer } from '../../src/core/network/program.js';

const steps = 3;
const size = 5;
/** [mV] or what else a model takes; one step's for every neuron. */
const input = Float32Array.of(-2, 0, 0.5, 30, 4000);
/** Stands between the texts of a definition. */
const separator = '\0';
/** Records whose keys are texts too. */
const records = new Set(['parameters', 'kernels', 'state', 'traces', 'synapse', 'neurons']);

/** The same definition with every text, and every name that it gives, replaced. */
function replaceTexts<T>(definition: T, replace: (text: string) => string): T {
  const visit = (value: unknown, areKeysTexts: boolean): unknown => {
    if (typeof value === 'string') return replace(value);
    if (Array.isArray(value)) return value.map((each) => visit(each, false));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [
        areKeysTexts ? replace(key) : key,
        visit(each, !areKeysTexts && records.has(key)),
      ]),
    );
  };
  return visit(definition, false) as T;
}

interface Variables {
  readonly of: string;
  readonly names: readonly string[];
}

/** All numbers that a network has after its steps, or the error that ended them. */
function observe(network: Network, variables: readonly Variables[], signals: readonly string[]) {
  try {
    const layer = network.simulation.program.layers.find(({ name }) => name === 'Y') as ProgramLayer;
    for (let t = 0; t < steps; t++) {
      for (const name of inputsOf(layer.model)) network.setVariable('Y', name, input);
      signals.forEach((name, i) => network.setSignal(name, t - 1 + i));
      network.simulation.step(new Map([[0, Uint32Array.of(t % 2, 2 + t)]]), true);
    }
    return variables.flatMap(({ of, names }) =>
      names.flatMap((name) => [
        ...(of === 'X->Y' && name === 'w' ? network.getWeights(of).data : network.getVariable(of, name)),
      ]),
    );
  } catch (error) {
    if (error instanceof LocusError) return error;
    throw error;
  } finally {
    network.dispose();
  }
}

/** @throws LocusError that both engines gave; Error where they disagree */
function compareEngines(
  build: (engine: string) => Network,
  variables: readonly Variables[],
  signals: readonly string[] = [],
): void {
  const [reference, wasm] = ['reference', 'wasm'].map((engine) => observe(build(engine), variables, signals));
  if (reference instanceof LocusError && wasm instanceof LocusError) throw reference;
  if (reference instanceof LocusError || wasm instanceof LocusError) {
    throw new Error(`one engine alone refuses it: ${String(reference)} / ${String(wasm)}`);
  }
  const at = reference.findIndex((value, i) => !Object.is(value, wasm[i]));
  if (at >= 0) throw new Error(`value ${at} is ${reference[at]} on reference, ${wasm[at]} on wasm`);
}

const start = (engine: string) => new Network({ engine }).addLayer('X', new Input({ shape: size }));

function readNeuron(definition: NeuronDefinition): void {
  const Neuron = defineNeuron(definition);
  compareEngines(
    (engine) => start(engine).addLayer('Y', new Neuron({ shape: size })),
    [{ of: 'Y', names: [...Object.keys(definition.state), 'spikes'] }],
  );
}

function readRule(definition: RuleDefinition): void {
  const Rule = defineRule(definition);
  const { synapse = {}, traces = {}, signals = [] } = definition;
  compareEngines(
    (engine) =>
      start(engine)
        .addLayer('Y', new models.SRM0({ shape: size }))
        .addConnection('X', 'Y', new Connection({ w: 0.3, rule: new Rule() })),
    [{ of: 'X->Y', names: ['w', ...Object.keys(synapse), ...Object.keys(traces)] }],
    signals,
  );
}

function readSynapse(definition: SynapseDefinition): void {
  const Synapse = defineSynapse(definition);
  compareEngines(
    (engine) =>
      start(engine)
        .addLayer('Y', new models.SRM0({ shape: size }))
        .addConnection('X', 'Y', new Connection({ w: 0.3 }))
        .addConnection('Y', 'Y', new Connection({ w: 0.3, synapse: new Synapse() })),
    [
      { of: 'Y->Y', names: Object.keys(definition.state ?? {}) },
      { of: 'Y', names: ['v', 'input'] },
    ],
  );
}

function checkUntouched(): void {
  if (Object.hasOwn(globalThis, 'fuzzed') || Reflect.ownKeys(Object.prototype).includes('fuzzed')) {
    throw new Error('a text was executed, or reached a prototype');
  }
}

/** The texts of one definition, in its order, as a file. */
function makeReader<T extends NeuronDefinition | RuleDefinition | SynapseDefinition>(
  name: string,
  definition: T,
  read: (definition: T) => void,
): FuzzedReader {
  const texts: string[] = [];
  replaceTexts(definition, (text) => {
    texts.push(text);
    return text;
  });
  const slots = [...texts.keys()];
  const clauses = slots.filter((slot) => texts[slot].includes(' '));
  const names = [...new Set(clauses.flatMap((slot) => texts[slot].match(/[A-Za-z_]\w*/g) ?? []))];
  const targets = clauses.flatMap((slot) =>
    [...texts[slot].matchAll(/(\w+) [-+*/]?= /g)].map(([, name]) => name),
  );
  const encode = (each: readonly string[]) => new TextEncoder().encode(each.join(separator));
  return {
    name,
    mostMemory: 100,
    // The beginning of a text may be one.
    mayEndAt: () => true,
    seeds: () => [encode(texts)],
    invent: (below) => {
      const invented = [...texts];
      const from = below(4) === 0 ? slots : clauses;
      const slot = from[below(from.length)];
      invented[slot] = inventText(below, names, /[^<>]= /.test(texts[slot]) ? targets : null);
      return encode(invented);
    },
    read: (bytes) => {
      const given = new TextDecoder().decode(bytes).split(separator);
      let next = 0;
      try {
        read(replaceTexts(definition, () => given[next++] ?? ''));
      } finally {
        checkUntouched();
      }
    },
  };
}

export const definitions: readonly FuzzedReader[] = [
  ...Object.entries(models).flatMap(([name, model]) =>
    'definition' in model ? [makeReader(`${name}-texts`, model.definition, readNeuron)] : [],
  ),
  ...Object.entries(rules).flatMap(([name, rule]) =>
    'definition' in rule ? [makeReader(`${name}-texts`, rule.definition, readRule)] : [],
  ),
  ...Object.entries(synapses).map(([name, synapse]) =>
    makeReader(`${name}-texts`, synapse.definition, readSynapse),
  ),
];
