/** Spikes of one layer over time, as events: what encoders make, engines consume and monitors return. */
import { invalidArgument } from '../../errors.js';
import { count, type Field, numbers } from '../../options.js';

/** Neurons of a layer, and steps from 0 on. */
const wholeNumber = count({ least: 0, most: 2 ** 28 });

/** Longer trains, of more than four hours at 1 ms, would not fit into memory with their spikes. */
export const mostSteps = 2 ** 24;

const someSteps = count({ unit: 'steps' });

/** Number of steps of a train. */
export const stepCount: Field<number> = (place, name, value) => {
  const steps = someSteps(place, name, value);
  if (steps > mostSteps) throw invalidArgument(place, `${name} of at most ${mostSteps} steps`, steps);
  return steps;
};

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

/**
 * Collects spikes in any order of time, ascending by neuron within a step, into a `SpikeTrain`.
 *
 * @param times step of every spike, from 0 to `steps` − 1
 * @param neurons its neuron, from 0 to `size` − 1
 * @throws LocusError `INVALID_ARGUMENT` for spikes of other steps or neurons
 */
export function spikeTrainFromEvents(
  times: ArrayLike<number>,
  neurons: ArrayLike<number>,
  steps: number,
  size: number,
): SpikeTrain {
  checkEvents(times, neurons, steps, size);
  const offsets = new Uint32Array(steps + 1);
  for (let e = 0; e < times.length; e++) offsets[times[e] + 1]++;
  for (let t = 0; t < steps; t++) offsets[t + 1] += offsets[t];
  const cursor = offsets.slice(0, steps);
  const sorted = new Uint32Array(times.length);
  for (let e = 0; e < times.length; e++) sorted[cursor[times[e]]++] = neurons[e];
  return { steps, size, offsets, neurons: sorted };
}

function checkEvents(
  times: ArrayLike<number>,
  neurons: ArrayLike<number>,
  steps: number,
  size: number,
): void {
  const place = 'spikeTrainFromEvents';
  numbers(place, 'times', times);
  numbers(place, 'neurons', neurons);
  wholeNumber(place, 'steps', steps);
  wholeNumber(place, 'size', size);
  if (times.length !== neurons.length)
    throw invalidArgument(place, `${times.length} neurons, one per spike`, neurons.length);
  for (let e = 0; e < times.length; e++) {
    const [time, neuron] = [times[e], neurons[e]];
    // Whole and not negative: what becomes itself as a word of 32 bits.
    if (time >>> 0 !== time || time >= steps)
      throw invalidArgument(place, `whole times from 0 to ${steps - 1}`, time);
    if (neuron >>> 0 !== neuron || neuron >= size)
      throw invalidArgument(place, `whole neurons from 0 to ${size - 1}`, neuron);
  }
}

/** From a raster [step, neuron]: any non-zero entry is a spike. */
export function spikeTrainFromRaster(raster: ArrayLike<number>, steps: number, size: number): SpikeTrain {
  numbers('spikeTrainFromRaster', 'raster', raster);
  wholeNumber('spikeTrainFromRaster', 'steps', steps);
  wholeNumber('spikeTrainFromRaster', 'size', size);
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

/** So many steps from step `first` on; silent beyond the end of the train. */
export function cutTrain(
  { size, steps, offsets, neurons }: SpikeTrain,
  first: number,
  count: number,
): SpikeTrain {
  const cut = new Uint32Array(count + 1);
  const base = offsets[Math.min(first, steps)];
  for (let t = 0; t <= count; t++) cut[t] = offsets[Math.min(first + t, steps)] - base;
  return { steps: count, size, offsets: cut, neurons: neurons.subarray(base, base + cut[count]) };
}

/** The same spikes with every neuron renumbered; events stay sorted by neuron within a step. */
export function renumberSpikes(train: SpikeTrain, newIndex: Uint32Array): SpikeTrain {
  const neurons = train.neurons.map((neuron) => newIndex[neuron]);
  for (let t = 0; t < train.steps; t++) neurons.subarray(train.offsets[t], train.offsets[t + 1]).sort();
  return { ...train, neurons };
}

/** Throws unless the train is well formed for a layer of `size` neurons. */
export function checkSpikeTrain(train: SpikeTrain, size: number, place: string): void {
  const { steps, offsets, neurons } = (train ?? {}) as Partial<SpikeTrain>;
  if (steps === undefined || !(offsets instanceof Uint32Array && neurons instanceof Uint32Array)) {
    throw invalidArgument(place, 'spikes as spikeTrainFromEvents makes them', train);
  }
  if (train.size !== size) throw invalidArgument(place, `spikes of ${size} neurons`, train.size);
  if (
    offsets.length !== steps + 1 ||
    offsets[0] !== 0 ||
    offsets[steps] !== neurons.length ||
    !ascends(offsets)
  ) {
    const expectation = `${steps + 1} offsets that ascend from 0 to the ${neurons.length} spikes`;
    throw invalidArgument(place, expectation, [...offsets]);
  }
  for (let t = 0; t < steps; t++) {
    const end = offsets[t + 1];
    // −1: of no neuron.
    let previous = -1;
    let e = offsets[t];
    while (e < end && neurons[e] > previous) previous = neurons[e++];
    // A size that is no number is named by the callers that take one.
    if (e === end && !(previous >= size)) continue;
    // Of neurons that ascend, the first that is too large is sought.
    if (e === end) e = neurons.findIndex((neuron, i) => i >= offsets[t] && neuron >= size);
    const got = neurons.subarray(Math.max(offsets[t], e - 1), e + 1).join(', ');
    const expectation = `neurons below ${size}, each once a step and ascending`;
    throw invalidArgument(place, expectation, `${got} in step ${t}`);
  }
}

function ascends(offsets: Uint32Array): boolean {
  for (let t = 1; t < offsets.length; t++) if (offsets[t] < offsets[t - 1]) return false;
  return true;
}
