/** ReLU networks without biases, trained an epoch at a time. */
import { chooseData } from '../../datasets/choose-data.js';
import { loadDataset } from '../../datasets/index.js';
import { allTrainingImages, takeFirst } from '../../datasets/take-images.js';
import { setLayerThreads } from '../../layers/kernels/select-kernels.js';
import type { Parameters } from '../../store/index.js';
import { identifyData } from '../data-identity.js';
import { learningRate } from '../../layers/optimizers.js';
import { count, filledText, number, oneOf, readOptions, type Schema } from '../../options.js';
import { defineKind } from '../loaded-kinds.js';
import type { Kind } from '../kind.js';
import { setFields, whereFields } from '../run-fields.js';
import { continuesBy, EpochRun } from '../layered/epoch-run.js';
import { parseArchitecture } from './architecture.js';
import { ReluModel } from './relu-model.js';
import { reluCheckpointShape, reluRecordShape, reluType, toReluRecord } from './relu-record.js';
import { formatReluEpoch, reluOptimizers, ReluTraining, type ReluTrainingOptions } from './relu-training.js';

/** How a ReLU network is trained by the life cycle. */
export interface ReluRunOptions extends Omit<ReluTrainingOptions, 'architecture'> {
  /** Architecture. Default: `784-1200-1200-10`. */
  readonly network?: string;
  /** Epochs in all. Default: 10. */
  readonly epochs?: number;
  /** Images after which a checkpoint is saved within an epoch. Default: 10,000. */
  readonly checkpoint?: number;
  /** Training and test images, from the first. Default: all. */
  readonly train?: number;
  readonly test?: number;
  readonly dataset?: string;
  readonly dataDir?: string;
  readonly database?: string;
  readonly threads?: number;
}

const share = number({ least: 0, below: 1 });

const runSchema: Schema<ReluRunOptions> = {
  ...whereFields,
  ...setFields,
  network: filledText,
  dropout: share,
  inputDropout: share,
  epochs: count(),
  checkpoint: count({ unit: 'images' }),
  batchSize: count({ unit: 'images' }),
  optimizer: oneOf(reluOptimizers),
  rate: learningRate,
  rateDecay: number({ above: 0, most: 1 }),
  momentum: share,
  shift: count({ least: 0, unit: 'pixels' }),
};

export const reluKind: Kind = defineKind({
  types: [reluType],
  figures: 'relu',
  record: reluRecordShape,
  checkpoint: reluCheckpointShape,
  continues: (stored, next) => continuesBy('n_epochs', stored.parameters, next.parameters),
  open: (record) => new ReluModel(record),
  async begin(type, given, watch) {
    const options = readOptions(type, runSchema, given);
    if (options.threads !== undefined) setLayerThreads(options.threads);
    const architecture = parseArchitecture(options.network ?? '784-1200-1200-10');
    const data = await chooseData(options, watch);
    const dataset = await loadDataset(data, { dataDir: options.dataDir });
    const train = takeFirst(allTrainingImages(dataset), options.train);
    const test = takeFirst(dataset.test, options.test);
    const { dropout = 0.5, inputDropout = 0, seed = 0, batchSize = 100, optimizer = 'adam' } = options;
    const {
      rateDecay = 0.75,
      momentum = 0.5,
      rate = optimizer === 'adam' ? 0.001 : 0.1,
      shift = 0,
    } = options;
    const learning = { dropout, inputDropout, seed, batchSize, optimizer, rate, rateDecay, momentum, shift };
    const parameters: Parameters = {
      network_type: reluType,
      ...identifyData(dataset),
      architecture: architecture.notation,
      dropout,
      input_dropout: inputDropout,
      optimizer,
      rate,
      rate_decay: rateDecay,
      momentum: optimizer === 'sgd' ? momentum : null,
      batch_size: batchSize,
      shift,
      n_train: train.count,
      seed,
    };
    const training = new ReluTraining({ architecture, ...learning });
    watch.note(String(training.network));
    return new EpochRun({
      kind: reluKind,
      training,
      shape: reluCheckpointShape,
      train,
      test,
      checkpoint: options.checkpoint,
      epochs: options.epochs ?? 10,
      parameters,
      datasetHash: dataset.hash,
      format: formatReluEpoch,
      counted: 'weights',
      toRecord: (identity) => {
        const accuracy = training.history.at(-1)?.testCorrect ?? 0;
        const measured = { accuracy, nIter: test.count };
        return toReluRecord(training.network, identity, measured, { history: training.history });
      },
    });
  },
});
