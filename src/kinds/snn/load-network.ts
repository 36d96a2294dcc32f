/** Networks out of the database: stored ones, and unfinished ones to go on with. */
import type { DatasetName } from '../../datasets/index.js';
import { LocusError, unknownName } from '../../errors.js';
import { filledText, readOptions } from '../../options.js';
import {
  type Checkpoint,
  networkName,
  type NetworkRecord,
  type Parameters,
  readStore,
  withStore,
} from '../../store/index.js';
import { checkCheckpoint, checkNetworkRecord } from '../check-record.js';
import { C_SNN } from './c-snn.js';
import { FC_SNN } from './fc-snn.js';
import { type DataIdentity, labelData, readDataIdentity } from '../data-identity.js';
import { type TrainingSegment, withData } from './image-order.js';
import { LC_SNN } from './lc-snn.js';
import type { NetworkType, SnnParameters } from './parameters.js';
import type { SnnOptions } from './snn-options.js';
import { snnOptionsSchema } from './option-schemas.js';
import type { Snn } from './snn.js';
import { type SnnIdentityRead, snnCheckpointShape, snnRecordShape } from './snn-shape.js';
import { toSnnState } from './snn-state.js';

/** Classes by published network type. */
export const snnClasses: Readonly<
  Record<NetworkType, new (parameters: Partial<SnnParameters> & SnnOptions) => Snn>
> = { LC_SNN, C_SNN, FC_SNN };

/**
 * The network of that name, hash or unambiguous beginning of either; it gives the same spikes as the one saved.
 *
 * @throws LocusError `NOT_FOUND`, `STORE_CORRUPT`; `INVALID_ARGUMENT` for a deep network, which `loadLayeredNetwork` loads
 */
export function loadNetwork(name: string, options: SnnOptions = {}): Snn {
  readOptions('loadNetwork', snnOptionsSchema, options);
  filledText('loadNetwork', 'name', name);
  return openNetwork(
    readStore(options.database, (store) => store.load(name)),
    options,
  );
}

/** The network of a record. Errors as `loadNetwork`. */
export function openNetwork(record: NetworkRecord, options: SnnOptions = {}): Snn {
  checkTypeAndOptions(record.parameters, options);
  const { parameters, meta, arrays } = checkNetworkRecord(snnRecordShape, record);
  const state = toSnnState(meta, arrays, record.scores);
  const { segments } = state;
  const data = readDataIdentity(record.parameters);
  const network = createNetwork(parameters, data, options);
  network.restore(
    { ...state, segments: withData(segments, labelData(data)) },
    {
      givenName: record.name === networkName(record.parameters) ? null : record.name,
      parent: record.parent,
      datasetHash: record.datasetHash,
      dataHash: hashOfChosen(data, options),
      plan: null,
    },
  );
  return network;
}

/**
 * The network of an interrupted training as it was at the last checkpoint, or null where there is none; `continueTraining`
 * goes on with it.
 *
 * @param target name that the network will have when the training is done
 */
export function resumeTraining(target: string, options: SnnOptions = {}): Snn | null {
  readOptions('resumeTraining', snnOptionsSchema, options);
  filledText('resumeTraining', 'target', target);
  const checkpoint = withStore(options.database, (store) => store.loadCheckpoint(target));
  return checkpoint ? openCheckpoint(checkpoint, options) : null;
}

/** The network of a checkpoint. Errors: `STORE_CORRUPT`. */
export function openCheckpoint(checkpoint: Checkpoint, options: SnnOptions): Snn {
  checkTypeAndOptions(checkpoint.parameters, options);
  const { parameters, meta, arrays } = checkCheckpoint(snnCheckpointShape, checkpoint);
  const { plan, parent, givenName } = meta;
  const state = toSnnState(meta, arrays, {});
  const data = readDataIdentity(checkpoint.parameters);
  const network = createNetwork(parameters, data, options);
  const ofData = (segments: readonly TrainingSegment[]) => withData(segments, labelData(data));
  network.restore(
    { ...state, segments: ofData(state.segments) },
    {
      givenName,
      parent,
      datasetHash: checkpoint.datasetHash,
      dataHash: hashOfChosen(data, options),
      plan: { before: ofData(plan.before), segments: ofData(plan.segments) },
    },
  );
  return network;
}

/** Functions that load networks of other kinds. */
const loadersOfOthers: Readonly<Record<string, string>> = {
  NNMF: 'loadLayeredNetwork',
  SBS: 'loadLayeredNetwork',
  ReLU: 'loadReluModel',
  ReLU_SNN: 'loadConvertedModel',
  Network: 'loadSavedNetwork',
};

/** The content hash that goes with the chosen data set: the stored one, unless another data set is asked for. */
function hashOfChosen({ dataset, data_hash }: DataIdentity, options: SnnOptions): string | null {
  return (options.dataset ?? dataset) === dataset ? (data_hash ?? null) : null;
}

/** Throws for a network of another kind. */
function checkTypeAndOptions({ network_type: type }: Parameters, options: SnnOptions): void {
  // Others than these are no options: a stored network's parameters are what it was trained with.
  readOptions('loadNetwork', snnOptionsSchema, options);
  const loader = loadersOfOthers[String(type)];
  if (loader !== undefined) {
    throw new LocusError(
      'INVALID_ARGUMENT',
      `loadNetwork: expected a spiking network of the table, got one of type ${String(type)}: ${loader} loads it`,
    );
  }
  if (typeof type !== 'string' || !Object.hasOwn(snnClasses, type)) {
    throw unknownName('loadNetwork', 'network type', String(type), Object.keys(snnClasses));
  }
}

function createNetwork({ type, parameters }: SnnIdentityRead, data: DataIdentity, options: SnnOptions): Snn {
  // A name that no data set has is an error where the data are loaded.
  const dataset = (options.dataset ?? data.dataset ?? undefined) as DatasetName | undefined;
  return new snnClasses[type]({ ...parameters, ...options, dataset });
}
