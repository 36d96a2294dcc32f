/** Poisson encoding: inter-spike intervals are Poisson distributed around the interval of the pixel's rate. */
import { RandomStream } from '../random/stream.js';
import { spikeTrainFromEvents, type SpikeTrain } from './spike-train.js';
import {
  type Brightness,
  defaultIntensity,
  type EncoderOptions,
  readBrightness,
  readEncoderOptions,
} from './encoder.js';
import { intervalThresholds, meanInterval } from './interval-table.js';

/**
 * A pixel of brightness p fires at p · intensity [Hz].  Its intervals are Poisson distributed with mean
 * 1000 / (rate · dt) steps, an interval of 0 becoming 1; spike times are their cumulative sums, the first possible step
 * being the first.  A pixel of 0 never fires.
 */
export function poisson(values: Brightness, options: EncoderOptions): SpikeTrain {
  const {
    time,
    dt = 1,
    intensity = defaultIntensity,
    seed = 0,
    purpose = 'user',
    item = 0,
  } = readEncoderOptions('poisson', options);
  const brightness = readBrightness(values, 'poisson');
  const times: number[] = [];
  const neurons: number[] = [];
  const tables = new Map<number, Uint32Array>();
  for (let pixel = 0; pixel < brightness.length; pixel++) {
    const rate = brightness[pixel] * intensity;
    if (rate === 0) continue;
    let thresholds = tables.get(rate);
    if (!thresholds) {
      thresholds = intervalThresholds(meanInterval(rate, dt), time);
      tables.set(rate, thresholds);
    }
    const stream = new RandomStream(seed, purpose, item, pixel);
    let elapsed = 0;
    while (true) {
      const word = stream.nextUint32();
      let interval = 0;
      while (interval <= time && word >= thresholds[interval]) interval++;
      elapsed += Math.max(1, interval);
      if (elapsed > time) break;
      times.push(elapsed - 1);
      neurons.push(pixel);
    }
  }
  return spikeTrainFromEvents(times, neurons, time, brightness.length);
}
