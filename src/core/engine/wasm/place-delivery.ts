/** Lays out what reaches the targets of a connection beside its weights, and the bounds of these, for the kernels. */
import type { SynapseProgram } from '../../network/program.js';
import type { WasmMemory } from '../../wasm/wasm-memory.js';
import * as layout from './assembly/layout.js';
import { padToVector } from './pad-to-vector.js';
import { padRows, type RuleEnd, type VariablePlace } from './place-rules.js';

/** What all shards share of a connection: addresses, 0 where there is nothing. */
export interface SharedDelivery {
  /** Biases [position, padded channel] of the target. */
  readonly bias: number;
  /** Bounds of every weight [row, padded column]. */
  readonly lows: number;
  readonly highs: number;
}

/** @param padTargets arranges values of the target's neurons as their state */
export function shareDelivery(
  memory: WasmMemory,
  connection: SynapseProgram,
  padTargets: (values: ArrayLike<number>) => Float32Array,
): SharedDelivery {
  const { bias, ownBounds } = connection;
  const place = (values: ArrayLike<number>) => memory.place(padRows(connection, values));
  return {
    bias: bias ? memory.place(padTargets(bias)) : 0,
    lows: ownBounds ? place(ownBounds.low) : 0,
    highs: ownBounds ? place(ownBounds.high) : 0,
  };
}

interface DeliveryPlaces {
  readonly shared: SharedDelivery;
  readonly firstRow: number;
  readonly source: RuleEnd;
  /** Neurons of the whole source. */
  readonly sourceSize: number;
  readonly target: RuleEnd;
  readonly position: number | null;
  readonly reserve: (bytes: number) => number;
}

/** Writes the fields of a connection's record; returns its variables that are no state of a rule or synapse model. */
export function placeDelivery(
  memory: WasmMemory,
  { wiring: { delivery, fanOut } }: SynapseProgram,
  record: number,
  { shared, firstRow, source, sourceSize, target, position, reserve }: DeliveryPlaces,
): ReadonlyMap<string, VariablePlace> {
  const variables = new Map<string, VariablePlace>();
  const view = memory.record(record, layout.connectionRecordSize);
  const firstByte = 4 * firstRow * padToVector(fanOut.rowLength);
  view.setUint32(layout.connectionSourceSize, sourceSize, true);
  view.setUint32(layout.connectionLows, shared.lows && shared.lows + firstByte, true);
  view.setUint32(layout.connectionHighs, shared.highs && shared.highs + firstByte, true);
  if (shared.bias) {
    // Shards of one position have neurons of one position.
    const base = shared.bias + 4 * (position ?? 0) * target.size;
    variables.set('bias', { isShared: true, base, bytes: 4 * target.size });
    view.setUint32(layout.connectionBias, base, true);
  }
  if (delivery?.kind === 'mean') view.setUint32(layout.connectionKind, layout.kindMean, true);
  if (delivery?.kind === 'max') {
    const rate = { isShared: false, base: reserve(4 * source.size), bytes: 4 * source.size };
    variables.set('rate', rate);
    view.setUint32(layout.connectionKind, layout.kindMax, true);
    view.setUint32(layout.connectionRates, rate.base, true);
    view.setFloat32(layout.connectionRateDecay, delivery.decay, true);
  }
  return variables;
}
