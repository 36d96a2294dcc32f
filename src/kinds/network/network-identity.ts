/** The published parameters of a custom network: hashes of what it is made of and of what it has learned. */
import type { DescribedNetwork } from '../../core/network/description/describe-network.js';
import type { NetworkState } from '../../core/network/network-state.js';
import type { Precision } from '../../core/precision.js';
import { type Parameters, sha224, stateHash } from '../../store/index.js';
import { type EncoderSettings, spellEncoder } from './encoder-settings.js';
import { shapeDescribed, networkType } from './restore-network.js';

/** @param learned of `hashLearned` */
export function identifyNetwork(
  described: DescribedNetwork,
  { json: { images } }: Pick<NetworkState<Precision>, 'json'>,
  learned: string,
  encoder: EncoderSettings | null,
) {
  const { dt, seed, precision, layers, connections } = described.json;
  return {
    network_type: networkType,
    description: hashDescription(described),
    n_layers: layers.length,
    n_connections: connections.length,
    dt,
    seed,
    precision,
    encoder: encoder && spellEncoder(encoder),
    n_iter: images,
    learned,
  } satisfies Parameters;
}

/** Hash of a description. The order in which options were given does not count; that of what a definition defines does. */
export function hashDescription({ json, arrays }: DescribedNetwork): string {
  const { layers, connections, definitions, ...settings } = json;
  const parts = sortNames({ ...settings, layers, connections });
  const beside = stateHash(shapeDescribed(arrays));
  return sha224(JSON.stringify([parts, Object.entries(definitions).sort(byName), beside]));
}

/** Hash of what training changes: how many images were shown since does not count. */
export function hashLearned({ json, arrays }: NetworkState<Precision>): string {
  const { signals, connections } = json;
  return sha224(JSON.stringify([sortNames(signals), connections, stateHash(arrays)]));
}

function sortNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortNames);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(byName)
      .map(([name, each]) => [name, sortNames(each)]),
  );
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
