/** Makes a class of synapse models of a definition. */
import { invalidArgument } from '../../errors.js';
import { custom, type Field, readOptions, type Schema } from '../../options.js';
import type { FanOut } from '../network/topology/fan-out.js';
import type { Precision } from '../precision.js';
import type { Known } from './graph.js';
import { numberOrList } from './parameter-values.js';
import { hasOwnWeights } from './rule-state.js';
import {
  readSynapseDefinition,
  type SynapseDefinition,
  type SynapseEquations,
} from './synapse-definition.js';
import { type CompiledSynapse, compileSynapse } from './synapse-graph.js';

/** A parameter in the unit of the definition: a number, or one for every source or every weight in published order. */
export type SynapseParameterValue = number | readonly number[] | Float32Array | Float64Array;

export type DefinedSynapseParameters = Readonly<Record<string, SynapseParameterValue | undefined>>;

/** The connection that a synapse model is compiled for. */
export interface SynapsePlace {
  /** Length of a step [ms]. */
  readonly dt: number;
  readonly precision: Precision;
  readonly fanOut: FanOut;
  /** Engine index of every published source. */
  readonly sourceOrder: Uint32Array;
  /** Engine index [row, column] of every published weight. */
  readonly engineIndex: Uint32Array;
  /** Names the connection in errors. */
  readonly place: string;
}

/** What a connection sends when its source spikes, or in every step, in place of its weights: for the option `synapse` of connections. */
export interface SynapseModel {
  readonly kind: 'synapse';
  readonly name: string;
  /** @throws LocusError `INVALID_ARGUMENT` for parameters that do not fit the connection */
  compile(place: SynapsePlace): CompiledSynapse;
  /** What its class was given, enough to make it again; absent: no description of a network can hold it. */
  readonly options?: object;
}

export interface DefinedSynapse {
  new (parameters?: DefinedSynapseParameters): SynapseModel;
  readonly definition: SynapseDefinition;
}

export const synapseField: Field<SynapseModel> = custom(
  'to be a synapse model, such as new TsodyksMarkram({ U: 0.5 })',
  (value) => {
    const { kind, name, compile } = (value ?? {}) as Partial<SynapseModel>;
    return kind === 'synapse' && typeof name === 'string' && typeof compile === 'function';
  },
);

/**
 * A synapse model from its equations, for the option `synapse` of connections; it runs on the engines `reference` and `wasm`.
 *
 * @example
 * const Depressing = defineSynapse({
 *   name: 'Depressing', parameters: { U: 0.5, tc: [300, 'ms'] }, state: { x: 1 },
 *   step: 'x += dt * (1 - x) / tc', onSource: 'released = U * x; x -= released', send: 'w * released',
 * });
 * network.addConnection('X', 'Y', new Connection({ synapse: new Depressing({ U: 0.3 }) }));
 * @throws LocusError that names the text, line and column, and what was expected
 */
export function defineSynapse(given: SynapseDefinition): DefinedSynapse {
  const model = readModel(given);
  return makeClass(model.equations.definition, () => model);
}

/** A model of the shelf: its texts are read when the first one is made. */
export function defineSynapseOnShelf(definition: SynapseDefinition): DefinedSynapse {
  let model: ReadModel | undefined;
  return makeClass(definition, () => (model ??= readModel(definition)));
}

interface ReadModel {
  readonly equations: SynapseEquations;
  readonly schema: Schema<DefinedSynapseParameters>;
}

const parameterField = numberOrList('source or weight');

function readModel(given: SynapseDefinition): ReadModel {
  const equations = readSynapseDefinition(given);
  // Reads every name of every text once, so that an unknown one is an error here and not in a network.
  compileSynapse(equations, equations.parameters, { dt: 1 });
  const schema = Object.fromEntries(
    [...equations.parameters.keys()].map((parameter) => [parameter, parameterField]),
  ) as unknown as Schema<DefinedSynapseParameters>;
  return { equations, schema };
}

function makeClass(definition: SynapseDefinition, read: () => ReadModel): DefinedSynapse {
  const { name } = definition;
  return class implements SynapseModel {
    static readonly definition = definition;
    static readonly definitionKind = 'synapse';
    readonly options: DefinedSynapseParameters;
    readonly kind = 'synapse';
    readonly name = name;
    readonly #equations: SynapseEquations;
    /** In mV, ms, pA, lists in published order. */
    readonly #parameters: ReadonlyMap<string, Known>;

    constructor(given: DefinedSynapseParameters = {}) {
      const { equations, schema } = read();
      const values = readOptions(name, schema, given);
      this.options = values;
      this.#equations = equations;
      this.#parameters = new Map(
        [...equations.parameters].map(([parameter, value]): [string, Known] => {
          const chosen = values[parameter];
          const scale = equations.scales.get(parameter) ?? 1;
          if (chosen === undefined) return [parameter, value];
          return [
            parameter,
            typeof chosen === 'number' ? chosen * scale : Float64Array.from(chosen, (each) => each * scale),
          ];
        }),
      );
    }

    compile(place: SynapsePlace): CompiledSynapse {
      const { dt, precision } = place;
      const { listsOf, parameters } = arrangeLists(this.#parameters, name, place);
      const compiled = compileSynapse(this.#equations, parameters, { dt, precision, listsOf });
      refuseSharedState(compiled, place);
      return compiled;
    }
  };
}

/** Lists in engine order: of sources, or if one of them has a value for every weight, all of synapses [row, column]. */
function arrangeLists(
  parameters: ReadonlyMap<string, Known>,
  name: string,
  { fanOut, sourceOrder, engineIndex, place }: SynapsePlace,
): { readonly listsOf: 'source' | 'synapse'; readonly parameters: ReadonlyMap<string, Known> } {
  const lists = [...parameters].flatMap(([parameter, value]) =>
    typeof value === 'number' ? [] : [[parameter, value] as const],
  );
  const [nSources, nWeights] = [sourceOrder.length, engineIndex.length];
  for (const [parameter, { length }] of lists) {
    if (length === nSources || length === nWeights) continue;
    const expectation = `${parameter} of ${nSources} sources or ${nWeights} weights, or one number`;
    throw invalidArgument(`${place}: ${name}`, expectation, length);
  }
  const arrange = (values: Float64Array, order: Uint32Array, size: number) => {
    const arranged = new Float64Array(size);
    order.forEach((at, i) => {
      arranged[at] = values[i];
    });
    return arranged;
  };
  const sourceOf = findSources(fanOut);
  const size = fanOut.nRows * fanOut.rowLength;
  const areSame =
    nSources === nWeights &&
    sourceOf !== null &&
    engineIndex.every((at, i) => sourceOf[Math.floor(at / fanOut.rowLength)] === sourceOrder[i]);
  if (lists.length > 0 && nSources === nWeights && !areSame) {
    const expectation = `one number for ${lists[0][0]}, as it has ${nSources} sources and as many weights in another order`;
    throw invalidArgument(`${place}: ${name}`, expectation, 'a list');
  }
  const listsOf = lists.every(([, { length }]) => length === nSources) ? 'source' : 'synapse';
  const arranged = new Map(
    lists.map(([parameter, values]): [string, Known] => {
      if (listsOf === 'synapse' && values.length === nWeights) {
        return [parameter, arrange(values, engineIndex, size)];
      }
      const bySource = arrange(values, sourceOrder, nSources);
      if (listsOf === 'source') return [parameter, bySource];
      if (sourceOf === null) {
        const expectation =
          'parameters that are all lists of sources or all lists of weights, which synapses share';
        throw invalidArgument(`${place}: ${name}`, expectation, parameter);
      }
      return [
        parameter,
        Float64Array.from({ length: size }, (_, at) => bySource[sourceOf[Math.floor(at / fanOut.rowLength)]]),
      ];
    }),
  );
  return { listsOf, parameters: new Map([...parameters, ...arranged]) };
}

/** The source of every row, where each belongs to one synapse of each of its targets; else null. */
function findSources(fanOut: FanOut): Uint32Array | null {
  if (!hasOwnWeights(fanOut)) return null;
  const { nSources, nRows, start, row } = fanOut;
  const sources = new Uint32Array(nRows);
  for (let i = 0; i < nSources; i++) for (let e = start[i]; e < start[i + 1]; e++) sources[row[e]] = i;
  return sources;
}

/** @throws LocusError where synapses that share a weight would need state or draws of their own */
function refuseSharedState({ name, state, passes }: CompiledSynapse, { fanOut, place }: SynapsePlace): void {
  if (hasOwnWeights(fanOut)) return;
  const [variable] = [...state].find(([, { of }]) => of === 'synapse') ?? [];
  const own = variable ?? (passes.some(({ draws }) => draws.length > 0) ? 'draws' : undefined);
  if (own === undefined) return;
  const expectation = `a connection whose synapses have weights of their own, for ${name}, which has ${own === 'draws' ? own : `state ${own}`} of every synapse`;
  throw invalidArgument(place, expectation, 'shared weights');
}
