/** A stored custom network as objects again: from the database, or from a message that a page was sent. Needs nothing of Node. */
import { type BuildOptions, networkFromDescription } from '../../core/network/description/build-network.js';
import type {
  DescribedNetwork,
  NetworkDescription,
} from '../../core/network/description/describe-network.js';
import type { Network } from '../../core/network/network.js';
import type { NetworkState, NetworkStateJson } from '../../core/network/network-state.js';
import type { Precision } from '../../core/precision.js';
import { invalidArgument } from '../../errors.js';
import { Readout, type ReadoutJson } from '../../readout/readout.js';
import type { NetworkRecord, StoredArrays } from '../../store/index.js';
import { type EncoderSettings, encoderField } from './encoder-settings.js';

export const networkType = 'Network';

/** What a network runs on. */
export type RunChoice = Pick<BuildOptions, 'engine' | 'threads' | 'gpuBatch'>;

/** What training had made of a network when it was saved. */
export interface SavedMoment {
  /** Hash of what training changes. */
  readonly learned: string;
  /** Images that it had learned from. */
  readonly images: number;
}

/** The meta data of a record. */
export interface OwnNetworkMeta {
  readonly description: NetworkDescription;
  readonly state: NetworkStateJson;
  readonly readout: ReadoutJson | null;
  /** From the first time that it was saved, or loaded, up to now. */
  readonly history: readonly SavedMoment[];
  readonly notes: string | null;
}

/** A stored network with all that was saved of it. */
export interface SavedParts {
  readonly network: Network<Precision>;
  readonly readout: Readout | null;
  /** Options of `Network.present`. */
  readonly encoder: EncoderSettings | null;
  readonly notes: string | null;
}

/** How the names of arrays begin that belong to a description; those of a state begin otherwise. */
const ofDescription = 'options.';

/** The array that belongs to neither. */
export const confusionName = 'confusion';

/** Arrays of a description as a record has them. */
export function shapeDescribed(arrays: DescribedNetwork['arrays']): StoredArrays {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, data]) => [name, { shape: [data.length], data }]),
  );
}

/** The arrays that the description of a record refers to, by their names there. */
export function pickDescribed(arrays: StoredArrays): DescribedNetwork['arrays'] {
  const described = Object.entries(arrays).filter(([name]) => name.startsWith(ofDescription));
  return Object.fromEntries(described.map(([name, { data }]) => [name, data]));
}

/**
 * The network, as it was when it was saved.
 *
 * @throws LocusError `UNKNOWN_NAME` for a class that is not registered here; `INVALID_ARGUMENT` for another type, or what does not fit
 */
export function restoreNetwork(
  { name, parameters, meta, arrays }: Pick<NetworkRecord, 'name' | 'parameters' | 'meta' | 'arrays'>,
  choice: RunChoice = {},
): SavedParts {
  const { network_type: type, encoder } = parameters;
  if (type !== networkType) {
    throw invalidArgument(`network "${name}"`, `a network of type ${networkType}`, type);
  }
  // Whoever hands out a record has checked it.
  const { description, state, readout, notes } = meta as unknown as OwnNetworkMeta;
  const network = networkFromDescription(description, { ...choice, arrays: pickDescribed(arrays) });
  const others = Object.entries(arrays).filter(
    ([each]) => !each.startsWith(ofDescription) && each !== confusionName,
  );
  network.setState({ json: state, arrays: Object.fromEntries(others) as NetworkState<Precision>['arrays'] });
  return {
    network,
    readout: readout === null ? null : Readout.fromJSON(readout),
    encoder: readEncoder(encoder, `network "${name}"`),
    notes,
  };
}

/** The settings in a parameter; it is text, or null. */
export function readEncoder(encoder: unknown, place: string): EncoderSettings | null {
  return encoder === null ? null : encoderField(place, 'encoder', parseJson(encoder as string));
}

/** What is no JSON is no object either, which the reader of it says. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
