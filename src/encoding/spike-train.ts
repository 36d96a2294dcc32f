/** Spikes of one layer over time, as events: what encoders make, engines consume and monitors return. */
import { invalidArgument } from '../errors.js';

/** Events sorted by step, then by neuron: step `t` holds `neurons[offsets[t] … offsets[t + 1])`. */
export interface SpikeTrain {
  /** Number of time steps. */
  readonly steps: number;
  /** Number of neurons. */
  readonly size: number;
  /** steps + 1 positions in `neurons`. */
  readonly offsets: Uint32Array;
  readonly neurons: Uint32Array;
}

/** Collects spikes in any order of time, ascending by neuron within a step, into a `SpikeTrain`. */
export function spikeTrainFromEvents(
  times: ArrayLike<number>,
  neurons: ArrayLike<number>,
  steps: number,
  size: number,
): SpikeTrain {
  const offsets = new Uint32Array(steps + 1);
  for (let e = 0; e < times.length; e++) offsets[times[e] + 1]++;
  for (let t = 0; t < steps; t++) offsets[t + 1] += offsets[t];
  const cursor = offsets.slice(0, steps);
  const sorted = new Uint32Array(times.length);
  for (let e = 0; e < times.length; e++) sorted[cursor[times[e]]++] = neurons[e];
  return { steps, size, offsets, neurons: sorted };
}

/** From a raster [step, neuron]: any non-zero entry is a spike. */
export function spikeTrainFromRaster(raster: ArrayLike<number>, steps: number, size: number): SpikeTrain {
  if (raster.length !== steps * size) {
    throw invalidArgument(
      'spikeTrainFromRaster',
      `${steps} × ${size} = ${steps * size} entries`,
      raster.length,
    );
  }
  const times: number[] = [];
  const neurons: number[] = [];
  for (let t = 0; t < steps; t++) {
    for (let n = 0; n < size; n++) {
      if (raster[t * size + n]) {
        times.push(t);
        neurons.push(n);
      }
    }
  }
  return spikeTrainFromEvents(times, neurons, steps, size);
}

/** The raster [step, neuron] of zeros and ones. */
export function rasterFromSpikeTrain(train: SpikeTrain): Uint8Array {
  const raster = new Uint8Array(train.steps * train.size);
  for (let t = 0; t < train.steps; t++) {
    for (let e = train.offsets[t]; e < train.offsets[t + 1]; e++)
      raster[t * train.size + train.neurons[e]] = 1;
  }
  return raster;
}

/** The neurons that spike in step `t`, ascending. */
export function spikesAt(train: SpikeTrain, t: number): Uint32Array {
  return train.neurons.subarray(train.offsets[t], train.offsets[t + 1]);
}

/** The same spikes with every neuron renumbered; events stay sorted by neuron within a step. */
export function renumberSpikes(train: SpikeTrain, newIndex: Uint32Array): SpikeTrain {
  const neurons = train.neurons.map((neuron) => newIndex[neuron]);
  for (let t = 0; t < train.steps; t++) neurons.subarray(train.offsets[t], train.offsets[t + 1]).sort();
  return { ...train, neurons };
}

/** Throws unless the train is well formed for a layer of `size` neurons. */
export function checkSpikeTrain(train: SpikeTrain, size: number, place: string): void {
  if (train.size !== size) throw invalidArgument(place, `spikes of ${size} neurons`, train.size);
  if (train.offsets.length !== train.steps + 1 || train.offsets[train.steps] !== train.neurons.length) {
    throw invalidArgument(
      place,
      `${train.steps + 1} offsets that end at the number of spikes`,
      train.offsets.length,
    );
  }
  for (const neuron of train.neurons) {
    if (neuron >= size) throw invalidArgument(place, `neurons below ${size}`, neuron);
  }
}
