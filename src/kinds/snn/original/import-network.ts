/** Takes the original program's trained networks into the database, where they are like those trained here. */
import { join } from 'node:path';
import { LocusError } from '../../../errors.js';
import { filledText, flag, readOptions, type Schema } from '../../../options.js';
import { type OriginalNetwork, readOriginalNetwork, type ReadOriginalOptions } from './index.js';
import { readoutMethods } from '../../../readout/index.js';
import {
  type NetworkInput,
  type NetworkStore,
  type NetworkView,
  stateHash,
  type StoredArray,
  withStore,
} from '../../../store/index.js';
import { checkOriginalConstants } from './check-original-constants.js';
import { countIterations, withData } from '../image-order.js';
import { checkToSave, nameTaken } from '../../save-network.js';
import { snnLineage } from '../lineage.js';
import { snnClasses } from '../load-network.js';
import type { Origin } from './origin.js';
import {
  originalTrainingSetSize,
  readOriginalParameters,
  readOriginalTraining,
} from './original-parameters.js';
import type { Snn } from '../snn.js';
import type { SnnState } from '../snn-state.js';

export interface ImportOptions extends ReadOriginalOptions {
  /** Database file. */
  readonly database?: string;
  /** Replaces a stored network of the same name. Default: false. */
  readonly overwrite?: boolean;
}

export const importSchema: Schema<ImportOptions> = {
  database: filledText,
  overwrite: flag,
  repairVotes: flag,
  dropOutside: flag,
};

/**
 * Stores the network in a folder of the original program under the folder's name, and returns that name. Nothing of the
 * folder is executed. The network runs with the constants of its file, even where its parameters.json says something else.
 *
 * @throws LocusError as `readOriginalNetwork`; `INVALID_ARGUMENT` naming a constant that no network here can have;
 *   `NAME_TAKEN` if there is a network of that name and `overwrite` is not set; `STORE_…`. The database is unchanged then.
 */
export function importNetwork(folder: string, options: ImportOptions = {}): string {
  const { database, overwrite, ...reading } = readOptions('importNetwork', importSchema, options);
  filledText('importNetwork', 'folder', folder);
  const original = readOriginalNetwork(folder, reading);
  const record = naming(folder, () => restoreOriginal(original, folder).toRecord());
  return naming(folder, () => {
    checkToSave(snnLineage, record);
    return withStore(database, (store) => saveOriginal(store, record, overwrite));
  });
}

/** A network that was imported before may have been calibrated or scored since: it is not replaced unasked either. */
function saveOriginal(store: NetworkStore, record: NetworkInput, overwrite = false): string {
  const refuse = (stored: NetworkView): never => {
    throw nameTaken('import network', stored, record);
  };
  return store.save(record, { overwrite: overwrite || refuse });
}

/** What the original program trained on. */
const dataset = 'mnist';

/** The network with all that the folder holds of it. */
function restoreOriginal(original: OriginalNetwork, folder: string): Snn {
  const { networkType, name, wXY, wYY, theta, votes, scores } = original;
  const [parametersPlace, networkPlace] = ['parameters.json', 'network'].map((file) => join(folder, file));
  const parameters = readOriginalParameters(original, parametersPlace);
  const segments = withData(readOriginalTraining(original, parametersPlace), dataset);
  // Its state is only passed on: that takes no kernels and no threads.
  const network = new snnClasses[networkType]({ ...parameters, engine: 'reference', dataset });
  checkOriginalConstants(original, network.parameters, networkPlace);

  const confusion = attributeConfusion(original);
  const origin: Origin = {
    program: 'original program',
    name,
    nIter: countIterations(segments),
    state: hashTrainedState(original),
    parameters: spellNumbers(original.parameters),
    scores,
    confusion: confusion.unattributed,
    thetaMissing: original.thetaMissing,
    ...(original.changed ? { changed: original.changed } : {}),
  };
  const state: SnnState = {
    weightsXY: { ...network.weightsXY, data: wXY },
    weightsYY:
      network.weightsYY && wYY.kind === 'trained' ? { ...network.weightsYY, data: wYY.weights } : null,
    theta,
    thetaCarry: null,
    variables: {},
    readout: {
      votes,
      classNames: null,
      classifier: null,
      calibrationImages: 0,
      confusion: confusion.byMethod,
      scores: Object.fromEntries(
        readoutMethods.flatMap((method) => (scores[method] ? [[method, scores[method]]] : [])),
      ),
    },
    segments,
    sets: [],
    trainingSetSize: originalTrainingSetSize,
    origin,
  };
  network.restore(state, { givenName: name, parent: null, datasetHash: null, dataHash: null, plan: null });
  return network;
}

function hashTrainedState({ wXY, wYY, theta }: OriginalNetwork): string {
  const flat = (data: Float32Array): StoredArray => ({ shape: [data.length], data });
  const arrays = { w_xy: flat(wXY), theta: flat(theta) };
  return stateHash(wYY.kind === 'trained' ? { ...arrays, w_yy: flat(wYY.weights) } : arrays);
}

/** The original keeps the matrix of its last test, without saying of which method: that one has the same accuracy. */
function attributeConfusion({ confusion, scores }: OriginalNetwork): {
  byMethod: SnnState['readout']['confusion'];
  unattributed: Origin['confusion'];
} {
  if (!confusion) return { byMethod: {}, unattributed: null };
  const total = confusion.reduce((sum, count) => sum + count, 0);
  // The diagonal of 10 × 11.
  const correct = confusion.reduce((sum, count, i) => (i % 12 === 0 ? sum + count : sum), 0);
  const methods = readoutMethods.filter((method) => {
    const score = scores[method];
    return score && Math.abs(score.accuracy - correct / total) < 1e-9;
  });
  if (methods.length !== 1) return { byMethod: {}, unattributed: [...confusion] };
  return { byMethod: { [methods[0]]: confusion }, unattributed: null };
}

/** Parameters that plain JSON can hold. */
function spellNumbers(parameters: OriginalNetwork['parameters']): Origin['parameters'] {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
    ]),
  );
}

/** Errors say which folder they are about. */
function naming<T>(folder: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof LocusError) || error.message.startsWith(join(folder))) throw error;
    throw new LocusError(error.code, `${folder}: ${error.message}`, { cause: error });
  }
}
