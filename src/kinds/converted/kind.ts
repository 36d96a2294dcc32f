/** Spiking networks that trained ReLU networks without biases are converted to. */
import { availableParallelism } from 'node:os';
import { basename, resolve } from 'node:path';
import { chooseData } from '../../datasets/choose-data.js';
import { type Dataset, loadDataset } from '../../datasets/index.js';
import { allTrainingImages, takeFirst } from '../../datasets/take-images.js';
import { LocusError } from '../../errors.js';
import { getEngine } from '../../core/network/simulation.js';
import { count, filledText, flag, number, oneOf, readOptions, type Schema } from '../../options.js';
import { setLayerThreads } from '../../layers/kernels/select-kernels.js';
import { networkName, type Parameters, stateHash, readStore } from '../../store/index.js';
import { weightArrays } from '../layered/network-weights.js';
import { identifyData } from '../data-identity.js';
import { defineKind } from '../loaded-kinds.js';
import type { Kind } from '../kind.js';
import { setFields, whereFields } from '../run-fields.js';
import { readNpyNetwork } from '../relu/npy-network.js';
import { loadReluNetwork, reluType } from '../relu/relu-record.js';
import { convert } from './convert.js';
import { ConvertedModel } from './converted-model.js';
import type { SpikingRunOptions } from './converted-network.js';
import { convertedType } from './converted-record.js';
import { convertedRecordShape, tallyShape } from './converted-shape.js';
import { ConvertedRun, type ReluSource } from './converted-run.js';
import { type Normalization, normalizations } from './normalize-layers.js';

/** How a network is converted and tested by the life cycle. */
export interface ConvertedRunOptions extends Pick<SpikingRunOptions, 'input' | 'maxRate' | 'dt' | 'engine'> {
  /** Name or hash of the stored ReLU network; or `npy`: a folder of NumPy files. */
  readonly ann?: string;
  readonly npy?: string;
  /** Architecture of the folder's network. Default: `network` in its meta.json. */
  readonly network?: string;
  readonly normalization?: Normalization;
  readonly percentile?: number;
  /** Training images that activations are measured on, from the first. Default: all. */
  readonly train?: number;
  readonly normalizeOutput?: boolean;
  readonly balance?: 'weights' | 'thresholds';
  readonly threshold?: number;
  readonly reset?: 'zero' | 'subtract';
  /** Simulated time per image [ms]. Default: 100. */
  readonly duration?: number;
  /** Default: 0. */
  readonly seed?: number;
  /** Test images, from the first. Default: all. */
  readonly test?: number;
  /** Images between two checkpoints. Default: 1000. */
  readonly checkpoint?: number;
  readonly dataset?: string;
  readonly dataDir?: string;
  readonly database?: string;
  readonly threads?: number;
}

const runSchema: Schema<ConvertedRunOptions> = {
  ...whereFields,
  ...setFields,
  ann: filledText,
  npy: filledText,
  network: filledText,
  engine: filledText,
  normalization: oneOf(normalizations),
  percentile: number({ above: 0, most: 100, unit: '%' }),
  normalizeOutput: flag,
  balance: oneOf(['weights', 'thresholds']),
  threshold: number({ above: 0 }),
  reset: oneOf(['zero', 'subtract']),
  input: oneOf(['poisson', 'constant']),
  maxRate: number({ above: 0, unit: 'Hz' }),
  dt: number({ above: 0, unit: 'ms' }),
  duration: number({ above: 0, unit: 'ms' }),
  checkpoint: count({ unit: 'images' }),
};

/** A checkpoint costs some milliseconds, losing so many images a few seconds. */
const defaultCheckpoint = 1000;

export const convertedKind: Kind = defineKind({
  types: [convertedType],
  figures: 'converted',
  record: convertedRecordShape,
  checkpoint: tallyShape,
  // A conversion is finished at once: another one is another network.
  continues: (stored, next) => networkName(stored.parameters) === networkName(next.parameters),
  open: (record, options) => new ConvertedModel(record, options),
  async begin(type, given, watch) {
    const options = readOptions(type, runSchema, given);
    const { ann, npy } = options;
    if ((ann === undefined) === (npy === undefined)) {
      const got = ann === undefined ? 'neither' : `${ann} and ${String(npy)}`;
      throw new LocusError(
        'INVALID_ARGUMENT',
        `convert: expected the name of a network (ann) or a folder (npy, --npy), got ${got}`,
      );
    }
    if (options.engine !== undefined) getEngine(options.engine);
    const { checkpoint = defaultCheckpoint } = options;
    const threads = options.threads ?? availableParallelism();
    setLayerThreads(threads);
    const known = ann === undefined ? undefined : readStore(options.database, (store) => store.view(ann));
    const data = options.dataset ?? known?.parameters.dataset ?? (await chooseData(options, watch));
    const dataset = await loadDataset(String(data), { dataDir: options.dataDir });
    const test = takeFirst(dataset.test, options.test);
    const source = findSource(options, dataset);
    const train = takeFirst(allTrainingImages(dataset), options.train);
    const { normalization = 'data', percentile = 100, threshold = 1, reset = 'zero' } = options;
    const { balance = 'weights', normalizeOutput = true, input = 'poisson' } = options;
    const { maxRate = 1000, duration = 100, dt = 1, seed = 0 } = options;
    const parameters: Parameters = {
      network_type: convertedType,
      ...identifyData(dataset),
      architecture: source.architecture.notation,
      ann_hash: source.stateHash,
      normalization,
      percentile,
      n_normalization: normalization === 'data' ? train.count : null,
      normalize_output: normalizeOutput,
      balance,
      threshold,
      reset,
      input,
      max_rate: maxRate,
      duration,
      dt,
      seed,
    };
    const simulation = { input, maxRate, duration, dt, seed, engine: options.engine, threads };
    return new ConvertedRun({
      kind: convertedKind,
      source,
      database: options.database,
      convert: () =>
        convert(source.network, {
          normalization,
          percentile,
          threshold,
          reset,
          balance,
          normalizeOutput,
          trainData: normalization === 'data' ? train : undefined,
          inputShape: source.architecture.inputShape,
        }),
      test,
      identity: { parameters, datasetHash: dataset.hash },
      options: simulation,
      checkpoint,
    });
  },
});

/** The ReLU network to convert, out of the database or a folder. */
function findSource(
  { ann, npy, network: notation, database }: ConvertedRunOptions,
  dataset: Dataset,
): ReluSource {
  if (npy === undefined) {
    const record = readStore(database, (store) => store.load(String(ann)));
    const { name, hash, stateHash } = record;
    return { ...loadReluNetwork(record), name, hash, stateHash, parameters: null };
  }
  const { network, architecture } = readNpyNetwork(npy, notation);
  const weightsHash = stateHash(weightArrays(network));
  const parameters: Parameters = {
    network_type: reluType,
    dataset: dataset.name,
    architecture: architecture.notation,
    imported_from: basename(resolve(npy)),
    // Two folders of one name may hold different weights.
    weights_hash: weightsHash,
  };
  const hash = networkName(parameters);
  return { network, architecture, name: hash, hash, stateHash: weightsHash, parameters };
}
