/** The options of `Network.present`, and what it returns. */
import { type Encoder, type EncoderOptions, rateFields } from '../../encoding/encoder.js';
import { type EncoderName, encoders } from '../../encoding/index.js';
import type { SpikeTrain } from '../../encoding/spike-train.js';
import { invalidArgument } from '../../../errors.js';
import {
  abortSignal,
  callback,
  count,
  type Field,
  filledText,
  flag,
  isObject,
  list,
  nested,
  number,
  numbers,
  oneOf,
  readOptions,
  record,
  required,
  type Schema,
} from '../../../options.js';
import { largestItem, type Purpose, purposeField, seedField } from '../../random/stream.js';
import { signalField } from '../rule-inputs.js';
import { type GivenInputs, givenSchema } from '../run-inputs.js';
import type { SpikeCounts } from '../spike-counts.js';
import { mostCountedSteps } from '../steps.js';

/** A value for all images, or of every image: by its number in the presentation, and its index in the data. */
export type OfImage<T> = T | ((number: number, index: number) => T);

/** What is given to layers of neurons beside the images, as in `Network.run`. */
export type GivenOfImages = {
  readonly [Name in keyof GivenInputs]?: OfImage<NonNullable<GivenInputs[Name]>>;
};

/** Counts of some images, as they come. */
export interface CountsOfImages {
  /** Number of the first of them. */
  readonly from: number;
  readonly images: number;
  /** By layer [image, window, neuron], published order; one window unless there is `countEvery`. */
  readonly counts: Readonly<Record<string, Uint16Array>>;
}

export interface PresentImagesOptions
  extends GivenOfImages,
    Pick<EncoderOptions, 'intensity' | 'maxProbability' | 'threshold'> {
  /** Layer that the images are shown to; the one input layer if left out. */
  readonly layer?: string;
  /** Steps of every image; those of the trains where spikes are given. */
  readonly time?: number;
  /** By name or as a function. Default: poisson. */
  readonly encoder?: EncoderName | Encoder;
  /** Seed of the encoder. Default: that of the network. */
  readonly seed?: number;
  /** What the random numbers of the images are for. Default: `trainingSpikes` while learning, else `testSpikes`. */
  readonly purpose?: Purpose;
  /** Number of the first image; a presentation goes on from where another ended. Default: 0. */
  readonly from?: number;
  /** Number after the last one; beyond the data it begins anew, with new random numbers. Default: as many as the data has. */
  readonly to?: number;
  /** Index in the data of image 0, 1, …; where `to` is beyond, it begins anew. Default: the order of the data. */
  readonly order?: ArrayLike<number>;
  /** Whether the network learns, or which connections do, by name; others as `setPlastic` says. Default: true. */
  readonly learn?: boolean | Readonly<Record<string, boolean>>;
  /** Layers whose spikes are counted. Default: all layers of neurons. */
  readonly count?: string | readonly string[];
  /** Steps of a window, of which counts are kept too. */
  readonly countEvery?: number;
  /** Layers whose spikes are returned. */
  readonly trains?: string | readonly string[];
  /** What rules read, such as `reward`: one number, one for every image, or a function that gives a number or one for every step. */
  readonly signals?: Readonly<Record<string, OfImage<number | ArrayLike<number>>>>;
  /** Whether the state is reset before every image and after the last. Default: true. */
  readonly reset?: boolean;
  /** Images that learn at once. Default: 1. */
  readonly batchSize?: number;
  /** Called now and then with how many of how many images are done. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Ends the presentation between two images; what was done is returned. */
  readonly signal?: AbortSignal;
  /** Called with the counts as they come; then none are returned. */
  readonly onCounts?: (counts: CountsOfImages) => void;
  /** Saves what was learned now and then. */
  readonly checkpoint?: Checkpoint;
}

export interface Checkpoint {
  /** Images from one checkpoint to the next: a multiple of `batchSize`. */
  readonly every: number;
  /**
   * Called between two images, and after the last, with the number of the next one: `Network.getState` gives what was learned until then, and
   * `from: next` goes on from it. The presentation waits for it; an error ends the presentation.
   */
  readonly save: (next: number) => void | Promise<void>;
}

export interface Presented {
  /** How many were shown. */
  readonly images: number;
  /** Number of the image that is next: `from` of the presentation that goes on. */
  readonly next: number;
  /** Whether all were shown. */
  readonly isDone: boolean;
  /** Spike counts by layer. */
  readonly counts: Readonly<Record<string, SpikeCounts>>;
  /** With `countEvery`: spike counts of every window, by layer. */
  readonly windows: Readonly<Record<string, readonly SpikeCounts[]>>;
  /** Spikes of every image, by the layers of `trains`; published order. */
  readonly trains: Readonly<Record<string, readonly SpikeTrain[]>>;
  /** [image] number of spikes, by layer, inputs too. */
  readonly spikes: Readonly<Record<string, Uint32Array>>;
  /** [image] labels of those that were shown; empty where the data has none. */
  readonly labels: Uint8Array | Uint16Array;
}

const place = 'Network.present';

/** The value, or a function that gives it. */
function ofImage<T>(field: Field<T>): Field<OfImage<NonNullable<T>>> {
  return (where, name, value) =>
    (typeof value === 'function' ? value : field(where, name, value)) as OfImage<NonNullable<T>>;
}

const encoderName = oneOf(Object.keys(encoders) as EncoderName[]);

const encoderField: Field<EncoderName | Encoder> = (where, name, value) =>
  typeof value === 'function' ? (value as Encoder) : encoderName(where, name, value);

/** How images become spikes, with an encoder that is named. */
export interface EncodingOptions
  extends Pick<
    PresentImagesOptions,
    'layer' | 'time' | 'intensity' | 'maxProbability' | 'threshold' | 'seed'
  > {
  readonly encoder?: EncoderName;
}

export const encodingSchema: Schema<EncodingOptions> = {
  layer: filledText,
  time: count({ most: mostCountedSteps, unit: 'steps' }),
  encoder: encoderName,
  intensity: rateFields.intensity,
  maxProbability: number({ least: 0, most: 1 }),
  threshold: number(),
  seed: seedField,
};

const learnField: Field<NonNullable<PresentImagesOptions['learn']>> = (where, name, value) =>
  isObject(value) ? record(flag)(where, name, value) : flag(where, name, value);

const layerNames = list(filledText);
const layersField: Field<string | readonly string[]> = (where, name, value) =>
  typeof value === 'string' ? filledText(where, name, value) : layerNames(where, name, value);

const checkpointSchema: Schema<Checkpoint> = {
  every: required(count({ unit: 'images' })),
  save: required(callback()),
};

const imageNumber = count({ least: 0, most: largestItem });

const schema: Schema<PresentImagesOptions> = {
  ...encodingSchema,
  encoder: encoderField,
  purpose: purposeField,
  from: imageNumber,
  to: imageNumber,
  order: numbers,
  learn: learnField,
  count: layersField,
  countEvery: count({ unit: 'steps' }),
  trains: layersField,
  signals: record(ofImage(signalField)),
  reset: flag,
  batchSize: count({ unit: 'images' }),
  onProgress: callback(),
  signal: abortSignal,
  onCounts: callback(),
  checkpoint: nested(checkpointSchema),
  currents: ofImage(givenSchema.currents),
  voltages: ofImage(givenSchema.voltages),
  clamp: ofImage(givenSchema.clamp),
  unclamp: ofImage(givenSchema.unclamp),
};

/** @throws LocusError for an option that there is not, or a wrong value */
export function readImagesOptions(given: PresentImagesOptions): PresentImagesOptions {
  const options = readOptions(place, schema, given);
  const { from = 0, to = from, batchSize = 1, checkpoint } = options;
  if (to < from) throw invalidArgument(place, `to ≥ from, ${from}`, to);
  if (checkpoint && checkpoint.every % batchSize !== 0) {
    throw invalidArgument(
      `${place}, checkpoint`,
      `every a multiple of batchSize ${batchSize}`,
      checkpoint.every,
    );
  }
  return options;
}
