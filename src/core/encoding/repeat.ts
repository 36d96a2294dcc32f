/** Repeated encoding: a binary pattern is shown again in every step. */
import { spikeTrainFromEvents, type SpikeTrain } from './spike-train.js';
import { type Brightness, type EncoderOptions, readBrightness, readEncoderOptions } from './encoder.js';

/** Pixels that are not 0 spike in every step. */
export function repeat(values: Brightness, options: EncoderOptions): SpikeTrain {
  const { time } = readEncoderOptions('repeat', options);
  const times: number[] = [];
  const neurons: number[] = [];
  const brightness = readBrightness(values, 'repeat');
  for (let t = 0; t < time; t++) {
    brightness.forEach((value, pixel) => {
      if (value === 0) return;
      times.push(t);
      neurons.push(pixel);
    });
  }
  return spikeTrainFromEvents(times, neurons, time, values.length);
}
