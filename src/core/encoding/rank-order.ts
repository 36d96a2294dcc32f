/** Rank-order encoding: every pixel spikes once, the brighter the earlier. */
import { spikeTrainFromEvents, type SpikeTrain } from './spike-train.js';
import { type Brightness, type EncoderOptions, readBrightness, readEncoderOptions } from './encoder.js';

/**
 * Spike times are proportional to 1 / brightness, scaled so that the dimmest pixel spikes in the last step (Thorpe and
 * Gautrais, "Rank order coding", 1998); a pixel of 0 never spikes.
 */
export function rankOrder(values: Brightness, options: EncoderOptions): SpikeTrain {
  const { time } = readEncoderOptions('rankOrder', options);
  const brightness = readBrightness(values, 'rankOrder');
  const dimmest = brightness.reduce((least, value) => (value > 0 ? Math.min(least, value) : least), 1);
  const times: number[] = [];
  const neurons: number[] = [];
  brightness.forEach((value, pixel) => {
    if (value === 0) return;
    times.push(Math.max(0, Math.ceil((dimmest / value) * time) - 1));
    neurons.push(pixel);
  });
  return spikeTrainFromEvents(times, neurons, time, values.length);
}
