/** Deep networks of non-negative matrix factorisation, trained an epoch at a time. */
import { chooseData } from '../../datasets/choose-data.js';
import { loadDataset } from '../../datasets/index.js';
import { takeFirst } from '../../datasets/take-images.js';
import { count, custom, flag, list, number, readOptions, type Schema } from '../../options.js';
import { learningRate } from '../../layers/optimizers.js';
import { setLayerThreads } from '../../layers/kernels/select-kernels.js';
import type { PositiveFunctionType } from '../../layers/positive-function.js';
import type { Parameters } from '../../store/index.js';
import { identifyData } from '../data-identity.js';
import { defineKind } from '../loaded-kinds.js';
import type { Kind } from '../kind.js';
import { setFields, whereFields } from '../run-fields.js';
import { continuesBy, EpochRun } from '../layered/epoch-run.js';
import { LayeredNetwork } from '../layered/layered-network.js';
import { readNnmfModel } from './nnmf-model.js';
import { describeNnmfNetwork } from './nnmf-network.js';
import {
  nnmfCheckpointShape,
  nnmfRecordShape,
  nnmfType,
  publishNnmf,
  readNnmfOptions,
  toNnmfRecord,
} from './nnmf-record.js';
import { formatEpoch, nnmfRates, NnmfTraining } from './nnmf-training.js';

/** The structure of an NNMF network, and its data. */
export interface NnmfStructureOptions {
  readonly dataset?: string;
  readonly dataDir?: string;
  readonly iterations?: number;
  readonly epsilon?: number;
  /** 0 abs, 1 exp, 2 tanh, 3 identity. */
  readonly positiveFunction?: number;
  readonly beta?: number;
  readonly localLearning?: boolean;
  readonly localLearningKl?: boolean;
  readonly mlpEquivalent?: boolean;
  readonly seed?: number;
  readonly threads?: number;
}

/** How an NNMF network is trained by the life cycle. */
export interface NnmfRunOptions extends NnmfStructureOptions {
  /** Epochs in all. Default: 500. */
  readonly epochs?: number;
  /** Images after which a checkpoint is saved within an epoch. Default: 10,000. */
  readonly checkpoint?: number;
  readonly batchSize?: number;
  readonly lossMode?: number;
  /** Learning rates of cnn_top, nnmf and batchnorm2d. */
  readonly rates?: readonly number[];
  readonly rateDecay?: number;
  /** Training and test images, from the first. Default: all. */
  readonly train?: number;
  readonly test?: number;
  readonly database?: string;
}

const runSchema: Schema<NnmfRunOptions> = {
  ...whereFields,
  ...setFields,
  iterations: count(),
  epsilon: number(),
  positiveFunction: custom('to be 0, 1, 2 or 3', (value) => [0, 1, 2, 3].includes(value as number)),
  beta: number(),
  localLearning: flag,
  localLearningKl: flag,
  mlpEquivalent: flag,
  epochs: count(),
  checkpoint: count({ unit: 'images' }),
  batchSize: count({ unit: 'images' }),
  lossMode: custom('to be 0 or 1', (value) => value === 0 || value === 1),
  rates: list(learningRate, { length: 3 }),
  rateDecay: number({ above: 0, most: 1 }),
};

const defaultRates = Object.values(nnmfRates);

export const nnmfKind: Kind = defineKind({
  types: [nnmfType],
  figures: 'layered',
  record: nnmfRecordShape,
  checkpoint: nnmfCheckpointShape,
  continues: (stored, next) => continuesBy('n_epochs', stored.parameters, next.parameters),
  open: (record, options) => new LayeredNetwork(record, readNnmfModel(record), options),
  async begin(type, given, watch) {
    const options = readOptions(type, runSchema, given);
    if (options.threads !== undefined) setLayerThreads(options.threads);
    const data = await chooseData(options, watch);
    const structure = publishStructure(data, options);
    const dataset = await loadDataset(data, { dataDir: options.dataDir });
    const train = takeFirst(dataset.train, options.train);
    const test = takeFirst(dataset.test, options.test);
    const { batchSize, lossMode, rates = defaultRates, rateDecay } = options;
    const [cnnTop, nnmf, batchNorm2d] = rates;
    const parameters: Parameters = {
      ...structure,
      ...identifyData(dataset),
      batch_size: batchSize ?? 50,
      loss_mode: lossMode ?? 0,
      rates,
      rate_decay: rateDecay ?? 1,
      n_train: train.count,
    };
    const training = new NnmfTraining({
      ...readNnmfOptions(structure),
      batchSize,
      lossMode: lossMode as 0 | 1 | undefined,
      rates: { cnnTop, nnmf, batchNorm2d },
      rateDecay,
    });
    watch.note(describeNnmfNetwork(training.built));
    return new EpochRun({
      kind: nnmfKind,
      training,
      shape: nnmfCheckpointShape,
      train,
      test,
      checkpoint: options.checkpoint,
      epochs: options.epochs ?? 500,
      parameters,
      datasetHash: dataset.hash,
      format: (epoch) => `\n${formatEpoch(epoch)}`,
      counted: 'parameters',
      toRecord: (identity) => toNnmfRecord(training, identity, test.count),
    });
  },
});

/** The structure under published names, with the defaults of what is left out. */
export function publishStructure(data: string, { positiveFunction, ...options }: NnmfStructureOptions) {
  return publishNnmf(data, { ...options, positiveFunctionType: positiveFunction as PositiveFunctionType });
}
