/** How the options of a network's calls are read. */
import { gpuBatchFields } from '../../core/network/simulation.js';
import { type DatasetName, findDataset } from '../../datasets/registry.js';
import { imageCountFields } from '../../datasets/image-count.js';
import {
  abortSignal,
  callback,
  count,
  custom,
  type Field,
  filledText,
  flag,
  nullable,
  oneOf,
  renamed,
  required,
  type Schema,
  threadCount,
} from '../../options.js';
import { readoutMethods } from '../../readout/index.js';
import type { TrainingObserver } from '../../watch/training-observer.js';
import type { WatchOptions } from '../../watch/watch-training.js';
import { checkCount } from './check-count.js';
import type {
  AccuracyOptions,
  CalibrateOptions,
  ContinueOptions,
  FeedOptions,
  Interruptible,
  SnnOptions,
  TrainOptions,
  TwoStepOptions,
  ValidateOptions,
} from './snn-options.js';

const datasetField: Field<DatasetName> = (place, name, value) =>
  findDataset(place, filledText(place, name, value)).name as DatasetName;

/** A number of images. */
const images: Field<number> = (place, name, value) => checkCount(value as number, place, name);

const index = count({ least: 0 });

export const snnOptionsSchema: Schema<SnnOptions> = {
  engine: filledText,
  threads: threadCount,
  ...gpuBatchFields,
  dataset: datasetField,
  dataDir: filledText,
  database: filledText,
};

export const interruptibleSchema: Schema<Interruptible> = { onProgress: callback(), signal: abortSignal };

const observerField: Field<TrainingObserver> = custom('to be a TrainingObserver', (value) => {
  const { begin, nextLook, look } = (value ?? {}) as Partial<TrainingObserver>;
  return [begin, nextLook, look].every((method) => typeof method === 'function');
});

const plotField: Field<WatchOptions['plot']> = custom(
  'to be true, false or a display with update and delivered',
  (value) => {
    const { update, delivered } = (value ?? {}) as { update?: unknown; delivered?: unknown };
    return typeof value === 'boolean' || (typeof update === 'function' && typeof delivered === 'function');
  },
);

export const continueSchema: Schema<ContinueOptions & WatchOptions> = {
  ...interruptibleSchema,
  checkpoint: images,
  observer: observerField,
  plot: plotField,
  visInterval: images,
  onHealth: callback(),
  healthInterval: images,
};

const planSchema: Schema<Omit<TrainOptions, keyof ContinueOptions>> = {
  nIter: images,
  // Whether the training set has these images, is seen when it is loaded.
  interval: custom(
    '[from, to), two whole numbers',
    (value) => Array.isArray(value) && value.length === 2 && value.every(Number.isSafeInteger),
  ),
  shuffle: flag,
  batchSize: count({ unit: 'images' }),
};

export const trainSchema: Schema<TrainOptions & WatchOptions> = { ...continueSchema, ...planSchema };

export const twoStepSchema: Schema<TwoStepOptions & WatchOptions> = {
  ...trainSchema,
  nIterCompetition: images,
};

const linearFields: Schema<Pick<CalibrateOptions, 'linear' | 'lc'>> = {
  linear: flag,
  lc: renamed('linear', flag),
};

export const calibrateSchema: Schema<CalibrateOptions> = {
  ...interruptibleSchema,
  ...imageCountFields,
  ...linearFields,
};

export const accuracySchema: Schema<AccuracyOptions> = {
  ...interruptibleSchema,
  ...imageCountFields,
  method: oneOf([...readoutMethods, 'all']),
};

export const validateSchema: Schema<ValidateOptions> = {
  ...interruptibleSchema,
  nCalibrate: required(images),
  nTest: required(images),
  ...linearFields,
};

export const feedLabelSchema: Schema<FeedOptions> = { index };

export const feedSchema: Schema<{ label?: number | null; item?: number }> = {
  label: nullable(index),
  item: index,
};

export const exampleSchema: Schema<{ label?: number; index?: number }> = { label: index, index };

export const saveSchema: Schema<{ overwrite?: boolean }> = { overwrite: flag };

export const stepsSchema: Schema<{ twoSteps?: boolean }> = { twoSteps: flag };
