/** What an encoder is: a function from brightness to spikes. */
import { invalidArgument } from '../../errors.js';
import { number, numbers, readOptions, required, type Schema } from '../../options.js';
import { itemField, type Purpose, purposeField, seedField } from '../random/stream.js';
import { type SpikeTrain, stepCount } from './spike-train.js';

/** Where an encoder's random numbers come from. */
export interface EncodingKey {
  /** Default: 0. */
  readonly seed?: number;
  /** Default: user. */
  readonly purpose?: Purpose;
  /** Number of the image (or vector) among those of this seed and purpose. Default: 0. */
  readonly item?: number;
}

export interface EncoderOptions extends EncodingKey {
  /** Number of steps. */
  readonly time: number;
  /** Length of a step [ms]. */
  readonly dt?: number;
  /** Rate of brightness 1 [Hz] (poisson, constant). Default: 127.5. */
  readonly intensity?: number;
  /** Largest spike probability per step (bernoulli). */
  readonly maxProbability?: number;
  /** Brightness from which a neuron spikes (single). */
  readonly threshold?: number;
}

/** A rate [Hz] and the length of a step [ms] that intervals can be drawn from. */
export const rateFields = {
  intensity: number({ least: 0, unit: 'Hz' }),
  dt: number({ above: 0, unit: 'ms' }),
};

/** Rate of brightness 1 where none is given [Hz]. */
export const defaultIntensity = 127.5;

const schema: Schema<EncoderOptions> = {
  time: required(stepCount),
  ...rateFields,
  maxProbability: number({ least: 0, most: 1 }),
  threshold: number(),
  seed: seedField,
  purpose: purposeField,
  item: itemField,
};

/** The options of an encoder; all encoders take the same, so that one can stand for another. */
export function readEncoderOptions(place: string, given: EncoderOptions): EncoderOptions {
  return readOptions(place, schema, given);
}

/** Brightness in [0, 1] per neuron; bytes are divided by 255. */
export type Brightness = Uint8Array | Float32Array | readonly number[];

export type Encoder = (values: Brightness, options: EncoderOptions) => SpikeTrain;

/** Brightness in [0, 1]; throws for anything else. */
export function readBrightness(values: Brightness, place: string): Float64Array {
  numbers(place, 'brightness', values);
  const scale = values instanceof Uint8Array ? 255 : 1;
  return Float64Array.from(values, (value, i) => {
    if (!(value >= 0 && value / scale <= 1)) {
      throw invalidArgument(place, 'brightness in [0, 1] (or bytes)', `${value} at index ${i}`);
    }
    return value / scale;
  });
}
