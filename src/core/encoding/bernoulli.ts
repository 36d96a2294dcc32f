/** Bernoulli encoding: in every step a pixel spikes with a probability proportional to its brightness. */
import { spikeTrainFromEvents, type SpikeTrain } from './spike-train.js';
import { RandomStream } from '../random/stream.js';
import { type Brightness, type EncoderOptions, readBrightness, readEncoderOptions } from './encoder.js';

/** Spike probability per step: brightness · maxProbability. */
export function bernoulli(values: Brightness, options: EncoderOptions): SpikeTrain {
  const {
    time,
    maxProbability = 1,
    seed = 0,
    purpose = 'user',
    item = 0,
  } = readEncoderOptions('bernoulli', options);
  const brightness = readBrightness(values, 'bernoulli');
  const times: number[] = [];
  const neurons: number[] = [];
  for (let pixel = 0; pixel < brightness.length; pixel++) {
    const probability = brightness[pixel] * maxProbability;
    if (probability === 0) continue;
    const stream = new RandomStream(seed, purpose, item, pixel);
    for (let t = 0; t < time; t++) {
      if (stream.nextFloat() < probability) {
        times.push(t);
        neurons.push(pixel);
      }
    }
  }
  return spikeTrainFromEvents(times, neurons, time, brightness.length);
}
