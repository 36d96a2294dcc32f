/** A network as JSON: its layers and connections with their options, and the definitions that they are made of as text. */
import type { ArrayData } from '../../../formats/element-types.js';
import type { NamedConnection, ProgramSettings } from '../compile-network.js';
import type { LayerDescription } from '../nodes/neuron-model.js';
import type { Precision } from '../../precision.js';
import type { Propagation } from '../program.js';
import { SparseConnection } from '../topology/sparse-connection.js';
import { type DescribedDefinition, type DescribedPart, ValueWriter } from './describe-values.js';

/** The form of descriptions: a later one that reads otherwise gets another number. */
export const descriptionFormat = 1;

/** Plain JSON. */
export interface NetworkDescription {
  readonly format: typeof descriptionFormat;
  readonly dt: number;
  readonly seed: number;
  readonly propagation: Propagation;
  readonly precision: Precision;
  readonly layers: readonly DescribedLayer[];
  readonly connections: readonly DescribedConnection[];
  /** By the names that layers, rules and synapse models refer to. */
  readonly definitions: Readonly<Record<string, DescribedDefinition>>;
}

export interface DescribedLayer {
  readonly name: string;
  readonly layer: DescribedPart;
}

export interface DescribedConnection {
  readonly name: string;
  readonly source: string;
  readonly target: string;
  readonly connection: DescribedPart;
}

/** A description, and the arrays that it refers to by name. */
export interface DescribedNetwork {
  readonly json: NetworkDescription;
  readonly arrays: Readonly<Record<string, ArrayData>>;
}

/** @throws LocusError `INVALID_ARGUMENT` naming the layer or connection, and the class that no description can hold */
export function describeNetwork(
  { dt, seed, propagation, precision }: ProgramSettings,
  layers: ReadonlyMap<string, LayerDescription>,
  connections: readonly NamedConnection[],
): DescribedNetwork {
  const place = 'Network.describe';
  const writer = new ValueWriter(place);
  const shapeOf = (name: string) => (layers.get(name) as LayerDescription).shape;
  const json: NetworkDescription = {
    format: descriptionFormat,
    dt,
    seed,
    propagation,
    precision,
    layers: [...layers].map(([name, layer]) => ({ name, layer: writer.writePart(layer, `layers.${name}`) })),
    connections: connections.map(({ name, source, target, connection }, index) => {
      const path = `connections.${name}`;
      const part =
        connection instanceof SparseConnection
          ? connection.withoutCondition(shapeOf(source), shapeOf(target), `${place}, ${path}`, {
              seed,
              index,
            })
          : connection;
      return { name, source, target, connection: writer.writePart(part, path) };
    }),
    definitions: writer.definitions,
  };
  return { json, arrays: writer.arrays };
}
