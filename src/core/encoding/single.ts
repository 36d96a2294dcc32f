/** Single-spike encoding: bright pixels spike once, in the first step. */
import { spikeTrainFromEvents, type SpikeTrain } from './spike-train.js';
import { type Brightness, type EncoderOptions, readBrightness, readEncoderOptions } from './encoder.js';

/** Pixels brighter than `threshold` (default 0.5) spike in step 0. */
export function single(values: Brightness, options: EncoderOptions): SpikeTrain {
  const { time, threshold = 0.5 } = readEncoderOptions('single', options);
  const neurons: number[] = [];
  readBrightness(values, 'single').forEach((brightness, pixel) => {
    if (brightness > threshold) neurons.push(pixel);
  });
  return spikeTrainFromEvents(new Uint8Array(neurons.length), neurons, time, values.length);
}
