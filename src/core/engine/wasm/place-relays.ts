/** Lays out what delays need: the last steps of layers that are sources, and relays, layers that repeat them late. */
import { boundsOf, lagOf } from '../../network/delays.js';
import type { Program, ProgramConnection } from '../../network/program.js';
import type { WasmMemory } from '../../wasm/wasm-memory.js';
import * as layout from './assembly/layout.js';

/** A source as connections with one delay see it: so many steps late. */
export interface Relay {
  readonly source: number;
  readonly lag: number;
}

/** The relays of a program, which follow its layers in all lists. */
export function listRelays({ connections }: Program): Relay[] {
  const relays: Relay[] = [];
  for (const connection of connections) {
    const relay = relayOf(connection);
    if (relay && !relays.some((each) => isSame(each, relay))) relays.push(relay);
  }
  return relays;
}

/** Where a connection finds its source: number of a layer, or of a relay after all layers. */
export function findSource(
  { layers }: Program,
  relays: readonly Relay[],
  connection: ProgramConnection,
): number {
  const relay = relayOf(connection);
  return relay ? layers.length + relays.findIndex((each) => isSame(each, relay)) : connection.source;
}

function relayOf({ source, delay }: ProgramConnection): Relay | null {
  return typeof delay === 'number' && delay > 1 ? { source, lag: lagOf(delay) } : null;
}

function isSame(one: Relay, other: Relay): boolean {
  return one.source === other.source && one.lag === other.lag;
}

/** Steps of which a layer's spikes are kept; 0: none are. */
export function countPastSteps({ connections }: Program, layer: number): number {
  const delays = connections.flatMap(({ source, delay }) => (source === layer ? [boundsOf(delay)[1]] : []));
  const longest = lagOf(Math.max(0, ...delays));
  return longest === 0 ? 0 : longest + 1;
}

/** Variables of a layer that connections read late: what it emits, and what rules and synapse models look at. */
function listLateVariables({ layers, connections }: Program, layer: number): string[] {
  const { emits } = layers[layer].model;
  const read = connections.flatMap((connection) => {
    if (connection.kind === 'uniform' || connection.source !== layer) return [];
    const { compiledRule, compiledSynapse } = connection;
    const neurons = [...(compiledRule?.neurons.values() ?? []), ...(compiledSynapse?.neurons.values() ?? [])];
    return neurons.flatMap(({ of, variable }) => (of === 'source' ? [variable] : []));
  });
  return [...new Set([...(emits === undefined ? [] : [emits]), ...read])];
}

/** What is kept of a layer's last steps. */
export interface PlacedPast {
  /** Scratch offsets of the values [step, neuron], by variable. */
  readonly values: ReadonlyMap<string, number>;
}

type Reserve = (bytes: number) => number;

/** Makes room for the last steps of a layer, if a connection asks for them. */
export function placePast(
  memory: WasmMemory,
  program: Program,
  layer: number,
  record: number,
  variables: Readonly<Record<string, number>>,
  reserve: Reserve,
): PlacedPast {
  const steps = countPastSteps(program, layer);
  if (steps === 0) return { values: new Map() };
  const view = memory.record(record, layout.layerRecordSize);
  const size = view.getUint32(layout.layerSize, true);
  const stride = 4 * (size + 4);
  const values = new Map(
    listLateVariables(program, layer).map((name) => [name, reserve(4 * size * steps)] as const),
  );
  const pairs = Uint32Array.from([...values].flatMap(([name, past]) => [variables[name], past]));
  const list = memory.place(pairs);
  const written = memory.record(record, layout.layerRecordSize);
  for (const [field, value] of [
    [layout.layerPastSteps, steps],
    [layout.layerPast, reserve(stride * steps)],
    [layout.layerPastStride, stride],
    [layout.layerPastValues, list],
    [layout.layerPastValueCount, values.size],
  ] as const) {
    written.setUint32(field, value, true);
  }
  return { values };
}

/** Where a relay keeps what it repeats. */
export interface PlacedRelay {
  readonly lastSpike: number;
  readonly variables: Readonly<Record<string, number>>;
  readonly draws: Map<number, number>;
}

/** Writes the record of a relay, whose neurons lie as those of its source. */
export function placeRelay(
  memory: WasmMemory,
  { source, lag }: Relay,
  { values }: PlacedPast,
  records: { readonly source: number; readonly relay: number; readonly emits: string | undefined },
  reserve: Reserve,
): PlacedRelay {
  const from = memory.record(records.source, layout.layerRecordSize);
  const fields = [layout.layerSize, layout.layerPositions, layout.layerChannels] as const;
  const [size, positions, channels] = fields.map((field) => from.getUint32(field, true));
  const variables = Object.fromEntries([...values.keys()].map((name) => [name, reserve(4 * size)]));
  const copies = memory.place(Uint32Array.from(Object.values(variables)));
  const lastSpike = reserve(4 * size);
  const view = memory.record(records.relay, layout.layerRecordSize);
  for (const [field, value] of [
    [layout.layerKind, 0],
    [layout.layerSize, size],
    [layout.layerPositions, positions],
    [layout.layerChannels, channels],
    [layout.layerLastSpike, lastSpike],
    [layout.layerActive, reserve(4 * (size + 1))],
    [layout.layerActiveCount, reserve(4 * positions)],
    [layout.layerEmitted, records.emits === undefined ? 0 : variables[records.emits]],
    [layout.layerRelayOf, source],
    [layout.layerLag, lag],
    [layout.layerRelayValues, copies],
  ] as const) {
    view.setUint32(field, value, true);
  }
  return { lastSpike, variables, draws: new Map() };
}
