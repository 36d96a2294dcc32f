/** Networks out of the database: stored ones, and unfinished ones to go on with. */
import type { DatasetName } from '../../datasets/index.js';
import { LocusError, unknownName } from '../../errors.js';
import {
  type Checkpoint,
  networkName,
  type NetworkRecord,
  type Parameters,
  withStore,
} from '../../store/index.js';
import { C_SNN } from './c-snn.js';
import { FC_SNN } from './fc-snn.js';
import { type DataIdentity, labelData, readDataIdentity } from '../data-identity.js';
import { type TrainingPlan, type TrainingSegment, withData } from './image-order.js';
import { LC_SNN } from './lc-snn.js';
import { fromPublished, type NetworkType, type SnnParameters } from './parameters.js';
import { checkSnnOptions, type SnnOptions } from './snn-options.js';
import type { Snn } from './snn.js';
import { checkSnnState, readSnnState } from './snn-state.js';

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
  return openNetwork(
    withStore(options.database, (store) => store.load(name)),
    options,
  );
}

/** The network of a record. Errors as `loadNetwork`. */
export function openNetwork(record: NetworkRecord, options: SnnOptions = {}): Snn {
  const network = createNetwork(record.parameters, options);
  const place = `network "${record.name}"`;
  const state = readSnnState(place, record.arrays, record.meta, record.scores);
  checkSnnState(place, state, network.type, network.parameters);
  const { segments } = state;
  const data = readDataIdentity(record.parameters);
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

interface CheckpointMeta {
  readonly plan?: TrainingPlan;
  readonly parent?: string | null;
  readonly givenName?: string | null;
}

/**
 * The network of an interrupted training as it was at the last checkpoint, or null where there is none; `continueTraining`
 * goes on with it.
 *
 * @param target name that the network will have when the training is done
 */
export function resumeTraining(target: string, options: SnnOptions = {}): Snn | null {
  const checkpoint = withStore(options.database, (store) => store.loadCheckpoint(target));
  return checkpoint ? openCheckpoint(checkpoint, options) : null;
}

/** The network of a checkpoint. Errors: `STORE_CORRUPT`. */
export function openCheckpoint(checkpoint: Checkpoint, options: SnnOptions): Snn {
  const place = `checkpoint "${checkpoint.key}"`;
  const { plan, parent = null, givenName = null } = checkpoint.meta as CheckpointMeta;
  if (!plan) {
    throw new LocusError('STORE_CORRUPT', `${place}: expected the plan of its training, which is not there`);
  }
  const network = createNetwork(checkpoint.parameters, options);
  const state = readSnnState(place, checkpoint.arrays, checkpoint.meta, {});
  checkSnnState(place, state, network.type, network.parameters);
  const data = readDataIdentity(checkpoint.parameters);
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
};

/** The content hash that goes with the chosen data set: the stored one, unless another data set is asked for. */
function hashOfChosen({ dataset, data_hash }: DataIdentity, options: SnnOptions): string | null {
  return (options.dataset ?? dataset) === dataset ? (data_hash ?? null) : null;
}

function createNetwork(parameters: Parameters, options: SnnOptions): Snn {
  checkSnnOptions('loadNetwork', options);
  const type = parameters.network_type;
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
  const dataset = (options.dataset ?? parameters.dataset ?? undefined) as DatasetName | undefined;
  return new snnClasses[type as NetworkType]({ ...fromPublished(parameters), ...options, dataset });
}
