/** Losses with their gradients: of predictions [image, class] and labels. */
import { invalidArgument } from '../errors.js';
import { number, numbers, readOptions, type Schema } from '../options.js';
import { type Labels, makeLabels } from '../readout/class-numbers.js';
import { makeZeros, type Tensor, tensorField } from './tensor.js';

export interface Loss {
  /** Summed over the batch unless the loss says otherwise. */
  readonly value: number;
  /** With respect to the predictions, of their shape. */
  readonly gradient: Tensor;
}

export interface MixtureCoefficients {
  /** Default: 0.5. */
  readonly mse?: number;
  /** Default: 1. */
  readonly kl?: number;
}

const mixtureSchema: Schema<MixtureCoefficients> = {
  mse: number({ least: 0 }),
  kl: number({ least: 0 }),
};

const logFloor = 1e-20;

/**
 * The loss of Spike-by-Spike networks: (mse · Σ (h − t)² + kl · Σ t log((t + 1e-20) / (h + 1e-20))) / ((mse + kl) · classes), summed over
 * the batch; t is 1 for the label and 0 elsewhere. Errors: `INVALID_ARGUMENT`.
 */
export function mixtureLoss(
  predictions: Tensor,
  labels: ArrayLike<number>,
  coefficients: MixtureCoefficients = {},
): Loss {
  const { mse = 0.5, kl = 1 } = readOptions('mixtureLoss', mixtureSchema, coefficients);
  if (mse + kl === 0) throw invalidArgument('mixtureLoss', 'mse or kl above 0', mse);
  const norm = (mse + kl) * tensorField('mixtureLoss', 'predictions', predictions).shape[1];
  return eachPrediction('mixtureLoss', predictions, labels, (h, t) => {
    const divergence = t * Math.log((t + logFloor) / (h + logFloor));
    return {
      value: (mse * (h - t) ** 2 + kl * divergence) / norm,
      slope: (mse * 2 * (h - t) - (kl * t) / (h + logFloor)) / norm,
    };
  });
}

/** Squared error against one-hot labels, averaged over images and classes. Errors: `INVALID_ARGUMENT`. */
export function mseLoss(predictions: Tensor, labels: ArrayLike<number>): Loss {
  const norm = tensorField('mseLoss', 'predictions', predictions).data.length;
  return eachPrediction('mseLoss', predictions, labels, (h, t) => ({
    value: (h - t) ** 2 / norm,
    slope: (2 * (h - t)) / norm,
  }));
}

/** Cross entropy of unnormalised predictions (softmax included), averaged over the images. Errors: `INVALID_ARGUMENT`. */
export function crossEntropyLoss(predictions: Tensor, labels: ArrayLike<number>): Loss {
  const [batch, classes] = checkPredictions('crossEntropyLoss', predictions, labels);
  const gradient = makeZeros(predictions.shape, predictions.data);
  let value = 0;
  for (let image = 0; image < batch; image++) {
    const row = predictions.data.subarray(image * classes, (image + 1) * classes);
    let largest = -Infinity;
    for (const entry of row) largest = Math.max(largest, entry);
    let sum = 0;
    for (const entry of row) sum += Math.exp(entry - largest);
    value += (largest + Math.log(sum) - row[labels[image]]) / batch;
    for (let i = 0; i < classes; i++) {
      const target = i === labels[image] ? 1 : 0;
      gradient.data[image * classes + i] = (Math.exp(row[i] - largest) / sum - target) / batch;
    }
  }
  return { value, gradient };
}

/** Number of images whose largest prediction is their label; the first of equals counts. */
export function countCorrect(predictions: Tensor, labels: ArrayLike<number>): number {
  const [batch] = checkPredictions('countCorrect', predictions, labels);
  const best = predictLabels(predictions);
  let correct = 0;
  for (let image = 0; image < batch; image++) if (best[image] === labels[image]) correct += 1;
  return correct;
}

/** The class of the largest prediction per image; the first of equals. */
export function predictLabels(predictions: Tensor): Labels {
  const [batch, classes] = tensorField('predictLabels', 'predictions', predictions).shape;
  const best = makeLabels(classes, new Uint8Array(batch));
  for (let image = 0; image < batch; image++) {
    for (let i = 1; i < classes; i++) {
      const at = image * classes;
      if (predictions.data[at + i] > predictions.data[at + best[image]]) best[image] = i;
    }
  }
  return best;
}

function eachPrediction(
  place: string,
  predictions: Tensor,
  labels: ArrayLike<number>,
  term: (prediction: number, target: number) => { value: number; slope: number },
): Loss {
  const [batch, classes] = checkPredictions(place, predictions, labels);
  const gradient = makeZeros(predictions.shape, predictions.data);
  let total = 0;
  for (let image = 0; image < batch; image++) {
    for (let i = 0; i < classes; i++) {
      const at = image * classes + i;
      const { value, slope } = term(predictions.data[at], i === labels[image] ? 1 : 0);
      total += value;
      gradient.data[at] = slope;
    }
  }
  return { value: total, gradient };
}

function checkPredictions(
  place: string,
  predictions: Tensor,
  labels: ArrayLike<number>,
): readonly [number, number] {
  const { shape } = tensorField(place, 'predictions', predictions);
  numbers(place, 'labels', labels);
  if (shape.length !== 2 || shape[0] !== labels.length) {
    throw invalidArgument(place, `predictions [${labels.length}, class]`, shape);
  }
  for (let image = 0; image < labels.length; image++) {
    const label = labels[image];
    if (!(Number.isInteger(label) && label >= 0 && label < shape[1])) {
      throw invalidArgument(place, `labels from 0 to ${shape[1] - 1}`, label);
    }
  }
  return [shape[0], shape[1]];
}
