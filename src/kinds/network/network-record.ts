/** A custom network as the database keeps it. */
import type { Network } from '../../core/network/network.js';
import type { Program } from '../../core/network/program.js';
import type { Precision } from '../../core/precision.js';
import { invalidArgument } from '../../errors.js';
import type { FittedMethod, Readout, ReadoutScore } from '../../readout/readout.js';
import {
  type NetworkInput,
  networkName,
  type Scores,
  type StoredArray,
  stateHash,
} from '../../store/index.js';
import { version } from '../../version.js';
import type { EncoderSettings } from './encoder-settings.js';
import { extendHistory, type Origin } from './lineage.js';
import { hashLearned, identifyNetwork } from './network-identity.js';
import { confusionName, shapeDescribed, type OwnNetworkMeta } from './restore-network.js';

/** What is stored beside the network. */
export interface SavedBeside {
  /** Fitted to its spikes. */
  readonly readout?: Readout;
  /** How well the readout did: what its `score` gave. */
  readonly score?: ReadoutScore;
  /** Options of `Network.present` that say how images become spikes. */
  readonly encoder?: EncoderSettings;
  /** A note of the user. */
  readonly notes?: string;
}

export function toOwnRecord(
  network: Network<Precision>,
  { readout, score, encoder, notes }: SavedBeside,
  { name, origin }: { readonly name?: string; readonly origin?: Origin },
): NetworkInput & { readonly meta: OwnNetworkMeta } {
  const described = network.describe();
  const state = network.getState();
  const learned = hashLearned(state);
  const parameters = identifyNetwork(described, state, learned, encoder ?? null);
  const arrays: Record<string, StoredArray> = { ...shapeDescribed(described.arrays), ...state.arrays };
  if (score) arrays[confusionName] = toMatrix(score, readout);
  const { layers, connections } = network.simulation.program;
  const previous = origin?.name === (name ?? networkName(parameters)) ? origin?.parent : origin?.name;
  return {
    ...(name === undefined ? {} : { name }),
    parameters,
    nParameters: countWeights(connections),
    nOutput: layers.at(-1)?.size ?? 0,
    datasetHash: null,
    stateHash: stateHash(arrays),
    parent: previous ?? null,
    codeVersion: version,
    scores: readout && score ? toScores(readout, score) : {},
    arrays,
    meta: {
      description: described.json,
      state: state.json,
      readout: readout?.toJSON() ?? null,
      history: extendHistory(origin?.history ?? [], { learned, images: state.json.images }),
      notes: notes ?? null,
    },
  };
}

/** Shared weights count once. */
function countWeights(connections: Program['connections']): number {
  return connections.reduce(
    (sum, connection) => (connection.kind === 'synapses' ? sum + connection.wiring.engineIndex.length : sum),
    0,
  );
}

/** Names that the database has for the methods of a readout. */
const scoreNames: Readonly<Record<Exclude<FittedMethod, 'votes'>, string>> = {
  allActivity: 'all_activity',
  proportionWeighting: 'proportion_weighting',
  ngram: 'ngram',
  linear: 'lc',
};

function toScores(readout: Readout, { accuracy, error, nIter }: ReadoutScore): Scores {
  const { method, voting = 'all_voting' } = readout.toJSON();
  return { [method === 'votes' ? voting : scoreNames[method]]: { accuracy, error, nIter } };
}

function toMatrix({ confusion }: ReadoutScore, readout: Readout | undefined): StoredArray {
  const classes = readout?.nClasses;
  if (classes === undefined || confusion.length !== classes * (classes + 1)) {
    throw invalidArgument(
      'saveNetwork',
      'a score of the readout that is saved',
      `${confusion.length} counts`,
    );
  }
  return { shape: [classes, classes + 1], data: confusion };
}
