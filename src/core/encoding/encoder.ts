/** What an encoder is: a function from brightness to spikes. */
import { invalidArgument } from '../../errors.js';
import type { Purpose } from '../random/stream.js';
import type { SpikeTrain } from './spike-train.js';

/** Where an encoder's random numbers come from. */
export interface EncodingKey {
  readonly seed?: number;
  readonly purpose?: Purpose;
  /** Number of the image (or vector) among those of this seed and purpose. */
  readonly item?: number;
}

export interface EncoderOptions extends EncodingKey {
  /** Number of steps. */
  readonly time: number;
  /** Length of a step [ms]. */
  readonly dt?: number;
  /** Rate of brightness 1 [Hz] (poisson). */
  readonly intensity?: number;
  /** Largest spike probability per step (bernoulli). */
  readonly maxProbability?: number;
  /** Brightness from which a neuron spikes (single). */
  readonly threshold?: number;
}

/** Brightness in [0, 1] per neuron; bytes are divided by 255. */
export type Brightness = Uint8Array | Float32Array | readonly number[];

export type Encoder = (values: Brightness, options: EncoderOptions) => SpikeTrain;

/** Brightness in [0, 1]; throws for anything else. */
export function readBrightness(values: Brightness, place: string): Float64Array {
  const scale = values instanceof Uint8Array ? 255 : 1;
  return Float64Array.from(values, (value, i) => {
    if (!(value >= 0 && value / scale <= 1)) {
      throw invalidArgument(place, 'brightness in [0, 1] (or bytes)', `${value} at index ${i}`);
    }
    return value / scale;
  });
}

export function checkTime(time: number, place: string): void {
  if (!Number.isInteger(time) || time < 1)
    throw invalidArgument(place, 'time to be a whole number of steps ≥ 1', time);
}

/** Throws unless a rate [Hz] and the length of a step [ms] can be drawn intervals from. */
export function checkRate(intensity: number, dt: number, place: string): void {
  if (!(intensity >= 0 && Number.isFinite(intensity))) {
    throw invalidArgument(place, 'a finite intensity ≥ 0 Hz', intensity);
  }
  if (!(dt > 0 && Number.isFinite(dt))) throw invalidArgument(place, 'a finite dt > 0 ms', dt);
}
