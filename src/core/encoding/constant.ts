/** Constant input: a pixel is an integrate-and-fire neuron with a steady current, so it spikes at regular intervals. */
import { spikeTrainFromEvents, type SpikeTrain } from './spike-train.js';
import {
  type Brightness,
  defaultIntensity,
  type EncoderOptions,
  readBrightness,
  readEncoderOptions,
} from './encoder.js';

/**
 * v ← v + brightness · dt · intensity in every step, from v = 0; a spike where v ≥ 1, which lowers v by 1, so that the rate is exact.
 * A pixel spikes once a step at most.  The sum is taken as a product, which does not gather rounding errors.
 */
export function constant(values: Brightness, options: EncoderOptions): SpikeTrain {
  const { time, dt = 1, intensity = defaultIntensity } = readEncoderOptions('constant', options);
  const brightness = readBrightness(values, 'constant');
  const times: number[] = [];
  const neurons: number[] = [];
  for (let pixel = 0; pixel < brightness.length; pixel++) {
    const current = (brightness[pixel] * intensity * dt) / 1000;
    if (current === 0) continue;
    for (let t = 0, spikes = 0; t < time; t++) {
      if ((t + 1) * current - spikes < 1) continue;
      spikes++;
      times.push(t);
      neurons.push(pixel);
    }
  }
  return spikeTrainFromEvents(times, neurons, time, brightness.length);
}
