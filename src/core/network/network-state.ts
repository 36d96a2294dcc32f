/** The state of a network between two images: what training changed, as arrays by name and a little JSON. */
import { invalidArgument, LocusError } from '../../errors.js';
import {
  count,
  flag,
  isObject,
  nested,
  number,
  objectWith,
  readOptions,
  record,
  required,
  type Schema,
} from '../../options.js';
import type { FloatArrays, Floats, Precision } from '../precision.js';
import { ownerOf } from './connection-variables.js';
import type { Network } from './network.js';
import type { Program, SynapseProgram } from './program.js';
import { listSignals } from './rule-inputs.js';
import type { ConnectionLog, StateLog } from './state-log.js';

/** Plain JSON. */
export interface NetworkStateJson {
  /** Resets and presentations so far: what `run` draws depends on their number. */
  readonly resets: number;
  /** Images of presentations that it learned from, counted with repeats. */
  readonly images: number;
  /** What rules read that nobody gives them otherwise, by name. */
  readonly signals: Readonly<Record<string, number>>;
  /** Of connections with weights, by name. */
  readonly connections: Readonly<Record<string, Readonly<ConnectionLog>>>;
}

export interface NetworkState<P extends Precision = 'single'> {
  readonly json: NetworkStateJson;
  /** `connections.X->Y.w`, `layers.Y.theta`, …: published order. */
  readonly arrays: Readonly<Record<string, StateArray<P>>>;
}

export interface StateArray<P extends Precision = 'single'> {
  readonly shape: readonly number[];
  readonly data: FloatArrays[P];
}

/** An array of the state: of a connection or layer. */
interface Place {
  readonly name: string;
  readonly of: string;
  /** `w`, or a variable. */
  readonly variable: string;
  readonly shape: readonly number[];
}

const jsonSchema: Schema<NetworkStateJson> = {
  resets: required(count({ least: 0 })),
  images: required(count({ least: 0 })),
  signals: required(record(number())),
  connections: required(
    record(nested<ConnectionLog>({ normalized: required(flag), plastic: required(flag) })),
  ),
};

const stateField = objectWith<NetworkState<Precision>>('json', 'arrays');

/** The arrays that a state of a program has, in order: weights and variables that outlive an image. */
export function listStateArrays({ layers, connections }: Program): Place[] {
  return [
    ...connections.flatMap((connection) => {
      if (connection.kind !== 'synapses') return [];
      const { name, wiring, compiledRule } = connection;
      const sizes = {
        synapse: wiring.engineIndex.length,
        source: layers[connection.source].size,
        target: layers[connection.target].size,
      };
      const place = (variable: string, shape: readonly number[]) => ({
        name: `connections.${name}.${variable}`,
        of: name,
        variable,
        shape,
      });
      return [
        place('w', wiring.weightShape),
        ...(compiledRule?.persistent ?? []).map((variable) =>
          place(variable, [sizes[ownerOf(connection, variable)]]),
        ),
      ];
    }),
    ...layers.flatMap(({ name, model, size }) =>
      model.persistent.map((variable) => ({
        name: `layers.${name}.${variable}`,
        of: name,
        variable,
        shape: [size],
      })),
    ),
  ];
}

export function readState<P extends Precision>(
  network: Network<P>,
  program: Program,
  log: StateLog,
): NetworkState<P> {
  const arrays = listStateArrays(program).map(({ name, of, variable, shape }): [string, StateArray<P>] => [
    name,
    isWeights(name) ? network.getWeights(of) : { shape, data: network.getVariable(of, variable) },
  ]);
  return {
    json: {
      resets: log.resets,
      images: log.images,
      signals: Object.fromEntries(log.signals),
      connections: Object.fromEntries(
        withWeights(program).map(({ name, index }) => [name, { ...log.ofConnection(index) }]),
      ),
    },
    arrays: Object.fromEntries(arrays),
  };
}

export function writeState<P extends Precision>(
  network: Network<P>,
  program: Program,
  log: StateLog,
  state: NetworkState<P>,
): void {
  const place = 'Network.setState';
  const { json, arrays } = checkState(place, program, stateField(place, 'state', state));
  for (const { name, of, variable } of listStateArrays(program)) {
    const data = arrays[name].data as FloatArrays[P];
    if (isWeights(name)) network.setWeights(of, data, { normalized: json.connections[of].normalized });
    else network.setVariable(of, variable, data);
  }
  for (const { name } of withWeights(program)) network.setPlastic(name, json.connections[name].plastic);
  for (const [signal, value] of Object.entries(json.signals)) network.setSignal(signal, value);
  network.simulation.resetState({ purpose: 0, item: json.resets });
  log.images = json.images;
}

/**
 * The JSON of a state, checked.
 *
 * @param place names the state in errors
 * @throws LocusError naming what the program does not have, or lacks
 */
export function checkStateJson(place: string, program: Program, given: unknown): NetworkStateJson {
  const json = readOptions(`${place}, json`, jsonSchema, given);
  const synapses = withWeights(program).map(({ name }) => name);
  checkNames(`${place}, json.connections`, Object.keys(json.connections), synapses);
  const known = listSignals(program);
  checkNames(`${place}, json.signals`, Object.keys(json.signals), known, { isWhole: false });
  return json;
}

/** Whether it has what the program needs, and nothing else: before anything is changed. */
function checkState(
  place: string,
  program: Program,
  state: NetworkState<Precision>,
): NetworkState<Precision> {
  const json = checkStateJson(place, program, state.json);
  if (!isObject(state.arrays)) throw invalidArgument(place, 'arrays as an object', state.arrays);
  const expected = listStateArrays(program).map(({ name }) => name);
  checkNames(`${place}, arrays`, Object.keys(state.arrays), expected);
  const ArrayType = program.precision === 'double' ? Float64Array : Float32Array;
  for (const name of expected) {
    const { data } = state.arrays[name] as { readonly data?: Floats };
    if (!(data instanceof ArrayType)) throw invalidArgument(`${place}, ${name}`, `a ${ArrayType.name}`, data);
  }
  return { json, arrays: state.arrays };
}

function checkNames(
  place: string,
  given: readonly string[],
  expected: readonly string[],
  { isWhole = true } = {},
): void {
  const missing = isWhole ? expected.find((name) => !given.includes(name)) : undefined;
  const stranger = given.find((name) => !expected.includes(name));
  if (missing === undefined && stranger === undefined) return;
  const problem = missing === undefined ? `no "${stranger}"` : `"${missing}", which is missing`;
  throw new LocusError('INVALID_ARGUMENT', `${place}: expected ${problem}`);
}

function withWeights({ connections }: Program): (SynapseProgram & { readonly index: number })[] {
  return connections.flatMap((connection, index) =>
    connection.kind === 'synapses' ? [{ ...connection, index }] : [],
  );
}

/** Variables are never called `w`: that is a name of its own in equations of rules. */
function isWeights(name: string): boolean {
  return name.startsWith('connections.') && name.endsWith('.w');
}
