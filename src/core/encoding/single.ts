/** Single-spike encoding: bright pixels spike once, in the first step. */
import { invalidArgument } from '../../errors.js';
import { spikeTrainFromEvents, type SpikeTrain } from './spike-train.js';
import { type Brightness, checkTime, type EncoderOptions, readBrightness } from './encoder.js';

/** Pixels brighter than `threshold` (default 0.5) spike in step 0. */
export function single(values: Brightness, { time, threshold = 0.5 }: EncoderOptions): SpikeTrain {
  checkTime(time, 'single');
  if (!Number.isFinite(threshold)) throw invalidArgument('single', 'a finite threshold', threshold);
  const neurons: number[] = [];
  readBrightness(values, 'single').forEach((brightness, pixel) => {
    if (brightness > threshold) neurons.push(pixel);
  });
  return spikeTrainFromEvents(new Uint8Array(neurons.length), neurons, time, values.length);
}
