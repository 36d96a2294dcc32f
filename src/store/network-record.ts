/** What the database keeps of a network, and what makes such a record valid. */
import { invalidArgument } from '../errors.js';
import type { StoredArray } from './array-blob.js';
import type { Parameters } from './canonical-json.js';
import { recordColumns } from './schema.js';

/** How well one readout method did: accuracy and its standard error in [0, 1], over `nIter` images. */
export interface Score {
  readonly accuracy: number;
  readonly error: number;
  readonly nIter: number;
}

/** By readout method under its published name: `patch_voting`, `all_voting`, `spikes_first`, `lc`, `output`. */
export type Scores = Readonly<Partial<Record<string, Score>>>;

/** Typed arrays by name: `w_xy`, `w_yy`, `theta`, `votes`, `lc_weights`, `confusion`, … */
export type StoredArrays = Readonly<Record<string, StoredArray>>;

/** A network as listings show it: everything but its arrays and meta data. */
export interface NetworkSummary {
  /** The given name, or else `hash`. */
  readonly name: string;
  /** SHA-224 of the canonical parameters; it stays when the network is renamed. */
  readonly hash: string;
  /** With at least `network_type`. */
  readonly parameters: Parameters;
  /** Trainable or set synapses. */
  readonly nParameters: number;
  /** Output neurons. */
  readonly nOutput: number;
  readonly datasetHash: string | null;
  readonly stateHash: string;
  /** Name of the network that this one goes back to. */
  readonly parent: string | null;
  readonly codeVersion: string;
  readonly scores: Scores;
  /** ISO 8601. */
  readonly created: string;
  readonly updated: string;
}

/** Everything that is needed to go on with a network. */
export interface NetworkRecord extends NetworkSummary {
  readonly arrays: StoredArrays;
  /** Small data as plain JSON: regularisation, training history, position in the data. */
  readonly meta: Readonly<Record<string, unknown>>;
}

/** A network to be saved: without `name` it is named by its hash, without `created` it is created now. */
export type NetworkInput = Omit<NetworkRecord, 'name' | 'hash' | 'created' | 'updated'> &
  Partial<Pick<NetworkRecord, 'name' | 'created'>>;

export const maxNameLength = 200;
const methodPattern = /^[a-z]\w*$/;
const hashPattern = /^[0-9a-f]{56}$/;

/** @throws LocusError `INVALID_ARGUMENT` naming the field that cannot be stored */
export function checkNetwork(network: NetworkInput): void {
  const place = 'save network';
  checkParameters(network.parameters, place);
  if (network.name !== undefined) checkName(network.name, place);
  for (const field of ['nParameters', 'nOutput'] as const) {
    if (!isCount(network[field])) throw invalidArgument(place, `${field} to be a count`, network[field]);
  }
  for (const field of ['stateHash', 'codeVersion'] as const) {
    if (typeof network[field] !== 'string')
      throw invalidArgument(place, `${field} to be text`, network[field]);
  }
  if (network.created !== undefined && Number.isNaN(Date.parse(network.created))) {
    throw invalidArgument(place, 'created to be a date in ISO 8601', network.created);
  }
  for (const [method, score] of Object.entries(network.scores)) checkScore(method, score);
}

/** @throws LocusError `INVALID_ARGUMENT` for parameters without a type, or with a name that means something else here */
export function checkParameters(parameters: Parameters, place: string): void {
  if (typeof parameters.network_type !== 'string' || parameters.network_type === '') {
    throw invalidArgument(place, 'parameters with a network_type', parameters.network_type);
  }
  const reserved = ['id', 'name', 'parameters', ...recordColumns].find((name) =>
    Object.hasOwn(parameters, name),
  );
  if (reserved !== undefined) {
    throw invalidArgument(place, 'no parameter with the name of a column of the database', reserved);
  }
}

/** @throws LocusError `INVALID_ARGUMENT` for a network of another type */
export function checkNetworkType({ name, parameters }: NetworkSummary, type: string): void {
  const got = parameters.network_type;
  if (got !== type) throw invalidArgument(`network "${name}"`, `a network of type ${type}`, got);
}

/** @throws LocusError `INVALID_ARGUMENT` for a name that could not be typed or shown on one line */
export function checkName(name: string, place: string): void {
  const isPrintable = typeof name === 'string' && name.trim() === name && !/\p{C}/u.test(name);
  if (!isPrintable || name.length === 0 || name.length > maxNameLength) {
    throw invalidArgument(place, `a name of 1 to ${maxNameLength} printable characters`, name);
  }
}

/** Whether a name reads like a hash, so that its first characters are enough for people. */
export function isHash(name: string): boolean {
  return hashPattern.test(name);
}

function checkScore(method: string, score: Score | undefined): void {
  const place = `save network, score ${method}`;
  if (!methodPattern.test(method)) throw invalidArgument(place, 'a method name such as patch_voting', method);
  if (score === undefined) return;
  if (!(score.accuracy >= 0 && score.accuracy <= 1)) {
    throw invalidArgument(place, 'accuracy in [0, 1]', score.accuracy);
  }
  if (!(score.error >= 0 && score.error <= 1)) throw invalidArgument(place, 'error in [0, 1]', score.error);
  if (!isCount(score.nIter)) throw invalidArgument(place, 'nIter to be a count', score.nIter);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
