/** A custom network in the database: saved with all that belongs to it, and loaded as it was. */
import '../../node/engines.js';
import { Network } from '../../core/network/network.js';
import { engineSchema } from '../../core/network/simulation.js';
import type { Precision } from '../../core/precision.js';
import { LocusError } from '../../errors.js';
import { type FigureMethods, hostFigures } from '../../figures/figures-of.js';
import type { Report } from '../../figures/display/report.js';
import {
  custom,
  filledText,
  flag,
  instance,
  objectWith,
  readOptions,
  type Schema,
  text,
} from '../../options.js';
import { Readout, type ReadoutScore } from '../../readout/readout.js';
import { type NetworkRecord, readStore, type Scores, withStore } from '../../store/index.js';
import { checkNetworkRecord } from '../check-record.js';
import { packNetwork } from '../network-message.js';
import { saveNetwork as saveRecord } from '../save-network.js';
import { encoderField, type EncoderSettings } from './encoder-settings.js';
import { findOrigin, ownLineage, rememberOrigin } from './lineage.js';
import { type SavedBeside, toOwnRecord } from './network-record.js';
import { reportOwnNetwork } from './network-report.js';
import { ownNetworkShape } from './network-shape.js';
import {
  confusionName,
  restoreNetwork,
  type RunChoice,
  type SavedMoment,
  type SavedParts,
} from './restore-network.js';

export interface SaveNetworkOptions extends SavedBeside {
  /** Default: the hash of the published parameters. */
  readonly name?: string;
  /** Replaces whatever has that name. Default: false. */
  readonly overwrite?: boolean;
  /** Database file. Default: that of the project. */
  readonly database?: string;
}

export interface LoadSavedOptions extends RunChoice {
  /** Database file. Default: that of the project. */
  readonly database?: string;
}

const saveSchema: Schema<SaveNetworkOptions> = {
  name: filledText,
  overwrite: flag,
  database: filledText,
  readout: custom('to be a Readout', (value) => value instanceof Readout),
  score: objectWith<ReadoutScore>('accuracy', 'error', 'nIter', 'confusion'),
  encoder: encoderField,
  notes: text,
};

const loadSchema: Schema<LoadSavedOptions> = {
  database: filledText,
  engine: filledText,
  threads: engineSchema.threads,
  gpuBatch: engineSchema.gpuBatch,
};

const packSchema: Schema<Pick<LoadSavedOptions, 'database'>> = { database: filledText };

const networkField = instance<Network<Precision>>(Network);

/**
 * Stores a network with what belongs to it, and returns its name. It is saved as it is between two images: what `describe` and
 * `getState` give. A name that is taken may be written again by the same network, trained further or not; by others with `overwrite`.
 *
 * @throws LocusError `NAME_TAKEN`, saying what bears the name; `INVALID_ARGUMENT` naming the layer or connection that no description can
 *   hold, or a number that is none; `STORE_…`. The database is unchanged then.
 */
export function saveNetwork<P extends Precision>(
  network: Network<P>,
  options: SaveNetworkOptions = {},
): string {
  const place = 'saveNetwork';
  const given = networkField(place, 'network', network);
  const { name, overwrite, database, ...beside } = readOptions(place, saveSchema, options);
  const origin = findOrigin(given);
  const record = toOwnRecord(given, beside, { name, origin });
  const saved = withStore(database, (store) =>
    saveRecord(store, ownLineage, record, { overwrite, replaces: origin?.name }),
  );
  rememberOrigin(given, { name: saved, parent: record.parent, history: record.meta.history });
  return saved;
}

/**
 * The network of that name, hash or unambiguous beginning of either, with what was saved of it: the same spikes, and the same weights
 * where it is trained further.
 *
 * @throws LocusError `NOT_FOUND`, `STORE_CORRUPT`; `UNKNOWN_NAME` for a class that `registerPart` does not know here; `INVALID_ARGUMENT`
 *   for a network of another type
 */
export function loadSavedNetwork(name: string, options: LoadSavedOptions = {}): SavedNetwork {
  const place = 'loadSavedNetwork';
  filledText(place, 'name', name);
  const { database, ...choice } = readOptions(place, loadSchema, options);
  return new SavedNetwork(
    readStore(database, (store) => store.load(name)),
    choice,
  );
}

/**
 * The network of that name as one message for a page, which reads it by `unpackNetwork` and `restoreNetwork`.
 *
 * @throws LocusError as `loadSavedNetwork`
 */
export function packSavedNetwork(
  name: string,
  options: Pick<LoadSavedOptions, 'database'> = {},
): Uint8Array<ArrayBuffer> {
  const place = 'packSavedNetwork';
  filledText(place, 'name', name);
  const { database } = readOptions(place, packSchema, options);
  const record = readStore(database, (store) => store.load(name));
  checkType(record, place);
  checkNetworkRecord(ownNetworkShape, record);
  return packNetwork(record);
}

// oxlint-disable-next-line typescript/no-unsafe-declaration-merging
export interface SavedNetwork extends FigureMethods<'network'> {}

/** A network out of the database, and what was saved with it. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- `hostFigures` below gives it these methods
export class SavedNetwork implements SavedParts {
  readonly name: string;
  readonly network: Network<Precision>;
  readonly readout: Readout | null;
  readonly encoder: EncoderSettings | null;
  readonly notes: string | null;
  /** Name of the network that this one goes back to. */
  readonly parent: string | null;
  /** The moments at which it was saved. */
  readonly history: readonly SavedMoment[];
  /** Accuracy of the readout, by method. */
  readonly scores: Scores;
  /** [label, prediction; last column: none] of the readout, or null where no score was saved. */
  readonly confMatrix: Int32Array | null;

  constructor(record: NetworkRecord, choice: RunChoice = {}) {
    const { name, parent, scores, arrays } = record;
    checkType(record, 'loadSavedNetwork');
    const { meta } = checkNetworkRecord(ownNetworkShape, record);
    const { network, readout, encoder, notes } = restoreNetwork(record, choice);
    this.name = name;
    this.network = network;
    this.readout = readout;
    this.encoder = encoder;
    this.notes = notes;
    this.parent = parent;
    this.history = meta.history;
    this.scores = scores;
    this.confMatrix = Object.hasOwn(arrays, confusionName)
      ? Int32Array.from(arrays[confusionName].data)
      : null;
    rememberOrigin(network, { name, parent, history: meta.history });
  }

  /** All about it on one page. */
  async report(): Promise<Report> {
    return reportOwnNetwork(this);
  }

  /** Frees memory and threads of the network. */
  dispose(): void {
    this.network.dispose();
  }
}

hostFigures('network', SavedNetwork, ({ network }) => ({ outline: network.outline() }));

function checkType({ name, parameters: { network_type: type } }: NetworkRecord, place: string): void {
  if (ownLineage.types.includes(String(type))) return;
  throw new LocusError(
    'INVALID_ARGUMENT',
    `${place}: expected a custom network, got "${name}" of type ${String(type)}: loadNetwork, or the loader of its kind, loads it`,
  );
}
