/** Recordings of a running network: chosen variables of chosen neurons, or the weights of a connection. */
import { invalidArgument, unknownName } from '../../errors.js';
import { type FloatArrays, makeFloats, type Precision, precisions } from '../precision.js';
import { rasterFromSpikeTrain, type SpikeTrain } from '../encoding/spike-train.js';
import {
  count,
  filledText,
  list,
  numbers,
  oneOf,
  readOptions,
  required,
  type Schema,
} from '../../options.js';

/** `spikes`, `v`, `theta`, `refracCount`, `input`, `tracePre`, `tracePost` or a variable of a new neuron model; `w` of a connection. */
export type MonitorVariable =
  | 'spikes'
  | 'v'
  | 'theta'
  | 'refracCount'
  | 'input'
  | 'tracePre'
  | 'tracePost'
  | 'w'
  | (string & {});

export interface MonitorParameters<P extends Precision = 'single'> {
  variables: readonly MonitorVariable[];
  /** Published indices of the neurons (or weights) to record; all if left out. */
  indices?: ArrayLike<number>;
  /** Records one step of so many: those numbered 0, `every`, 2 `every`, … since the last reset. Default: 1, all steps. */
  every?: number;
  /** Keeps the last so many of the recorded steps. Default: all. */
  last?: number;
  /** That of the network. Default: single. */
  precision?: P;
}

const schema: Schema<MonitorParameters<Precision>> = {
  variables: required(list(filledText, { least: 1 })),
  indices: numbers,
  every: count({ unit: 'steps' }),
  last: count({ unit: 'steps' }),
  precision: oneOf(precisions),
};

/** A recording [step, neuron] in the order of `indices` (published order where all are recorded). */
export interface Recording<P extends Precision = 'single'> {
  /** Recorded steps. */
  readonly steps: number;
  readonly size: number;
  readonly data: FloatArrays[P];
  /** Number of the first recorded step, counted from the last reset, and from each to the next. Default: 0 and 1. */
  readonly first?: number;
  readonly every?: number;
}

/** When the recorded steps were. */
export interface Timing {
  /** Recorded steps. */
  readonly steps: number;
  /** Number of the first of them, counted from the last reset, and from each to the next. */
  readonly first: number;
  readonly every: number;
  /** Length of a step of the network [ms]. */
  readonly dt: number;
}

/** What a monitor records of one layer or connection; networks write it. */
export interface Track<P extends Precision = 'single'> {
  /** Variables whose values are read when a step is recorded. */
  readonly valued: readonly MonitorVariable[];
  /** Steps up to the next one that is recorded, that one included. */
  readonly stepsToNext: number;
  /** Steps have been made; `spikes` of them where the monitor records those: published order. */
  advance(steps: number, spikes: SpikeTrain | null): void;
  /** Adds values after a step that is to be recorded, published order. */
  record(variable: MonitorVariable, values: FloatArrays[P]): void;
}

/**
 * Records what it is added to, with `network.addMonitor`.
 *
 * @example
 * const monitor = new Monitor({ variables: ['v', 'spikes'], indices: [0, 1, 2] });
 * network.addMonitor('Y', monitor);
 * await network.run({ X: spikes });
 * monitor.get('v').data; // [step, neuron]
 * monitor.spikes(); // a list of spikes, which takes no memory where nothing spikes
 */
export class Monitor<P extends Precision = 'single'> {
  readonly variables: readonly MonitorVariable[];
  readonly indices: Uint32Array | null;
  readonly every: number;
  readonly last: number;
  readonly precision: P;
  readonly #recorders = new Map<string, Recorder<P>>();

  /** @throws LocusError `INVALID_ARGUMENT` */
  constructor(parameters: MonitorParameters<P>) {
    const given = readOptions('Monitor', schema, parameters);
    const { variables, indices, every = 1, last = Infinity, precision = 'single' } = given;
    this.variables = [...new Set(variables)];
    this.precision = precision as P;
    this.every = every;
    this.last = last;
    const wrong = Array.from(indices ?? []).find((index) => !Number.isInteger(index) || index < 0);
    if (wrong !== undefined) throw invalidArgument('Monitor', 'indices that are whole numbers ≥ 0', wrong);
    this.indices = indices ? Uint32Array.from(indices) : null;
  }

  /** Names of the layers and connections that it records. */
  get recorded(): string[] {
    return [...this.#recorders.keys()];
  }

  /**
   * Where a network records a layer or connection.
   *
   * @param dt length of the network's steps [ms]
   * @throws LocusError `INVALID_ARGUMENT` where it records one of that name in steps of another length
   */
  track(of: string, dt: number): Track<P> {
    let recorder = this.#recorders.get(of);
    if (!recorder) {
      recorder = new Recorder(this, dt);
      this.#recorders.set(of, recorder);
    }
    if (recorder.dt !== dt) throw invalidArgument('Monitor', `steps of ${recorder.dt} ms for ${of}`, dt);
    return recorder;
  }

  /** Forgets what was recorded; steps count from 0 again. */
  reset(): void {
    for (const recorder of this.#recorders.values()) recorder.reset();
  }

  /**
   * What was recorded of a variable since the last reset.
   *
   * @param of the layer or connection; may be left out where the monitor records one
   */
  get(variable: MonitorVariable, of?: string): Recording<P> {
    this.#checkVariable(variable);
    const recorder = this.#recorder(of);
    if (recorder) return recorder.get(variable);
    return { steps: 0, size: this.indices?.length ?? 0, data: makeFloats(this.precision, 0) };
  }

  /**
   * The recorded spikes as a list; step 0 is the first recorded one, and the neurons are those of `indices`, in their order.
   *
   * @param of as of `get`
   */
  spikes(of?: string): SpikeTrain {
    this.#checkVariable('spikes');
    const recorder = this.#recorder(of);
    if (recorder) return recorder.spikes();
    const size = this.indices?.length ?? 0;
    return { steps: 0, size, offsets: new Uint32Array(1), neurons: new Uint32Array() };
  }

  /**
   * When the steps were that it recorded since the last reset.
   *
   * @param of as of `get`
   * @throws LocusError `INVALID_ARGUMENT` where it was added to no network
   */
  timing(of?: string): Timing {
    const recorder = this.#recorder(of);
    if (!recorder) throw invalidArgument('Monitor.timing', 'a monitor that was added to a network', null);
    return recorder.timing;
  }

  #checkVariable(variable: MonitorVariable): void {
    if (!this.variables.includes(variable)) {
      throw unknownName('Monitor', 'variable', variable, this.variables);
    }
  }

  #recorder(of: string | undefined): Recorder<P> | undefined {
    const known = this.recorded;
    if (of === undefined) {
      if (known.length > 1) throw invalidArgument('Monitor', `of to be one of ${known.join(', ')}`, of);
      return this.#recorders.get(known[0]);
    }
    const found = this.#recorders.get(of);
    if (!found) throw unknownName('Monitor', 'layer or connection', of, known);
    return found;
  }
}

/** Spikes of steps that follow one another. */
interface Piece {
  readonly steps: number;
  readonly offsets: Uint32Array;
  readonly neurons: Uint32Array;
}

class Recorder<P extends Precision> implements Track<P> {
  readonly valued: readonly MonitorVariable[];
  /** Steps made since the last reset. */
  #made = 0;
  /** Values of recorded steps, by variable: the last ones, and those before that were not dropped yet. */
  readonly #frames = new Map<MonitorVariable, FloatArrays[P][]>();
  #pieces: Piece[] = [];
  /** Steps of all pieces. */
  #listed = 0;
  #size: number | null = null;
  /** Where in `indices` a neuron stands. */
  readonly #places = new Map<number, number[]>();

  constructor(
    private readonly monitor: Monitor<P>,
    readonly dt: number,
  ) {
    this.valued = monitor.variables.filter((variable) => variable !== 'spikes');
    monitor.indices?.forEach((index, place) => {
      this.#places.set(index, [...(this.#places.get(index) ?? []), place]);
    });
    this.reset();
  }

  get stepsToNext(): number {
    const { every } = this.monitor;
    const past = this.#made % every;
    return past === 0 ? 1 : every - past + 1;
  }

  get timing(): Timing {
    const { every, last } = this.monitor;
    const recorded = Math.ceil(this.#made / every);
    const steps = Math.min(recorded, last);
    return { steps, first: (recorded - steps) * every, every, dt: this.dt };
  }

  reset(): void {
    this.#made = 0;
    this.#pieces = [];
    this.#listed = 0;
    for (const variable of this.valued) this.#frames.set(variable, []);
  }

  advance(steps: number, spikes: SpikeTrain | null): void {
    if (spikes) {
      this.#size = this.monitor.indices?.length ?? spikes.size;
      const chosen = this.#choose(spikes);
      if (chosen.steps > 0) this.#pieces.push(chosen);
      this.#listed += chosen.steps;
      this.#dropPieces();
    }
    this.#made += steps;
  }

  record(variable: MonitorVariable, values: FloatArrays[P]): void {
    const { indices, precision, last } = this.monitor;
    this.#checkIndices(values.length, variable);
    const frame = indices
      ? makeFloats(
          precision,
          Array.from(indices, (index) => values[index]),
        )
      : values;
    const frames = this.#frames.get(variable) as FloatArrays[P][];
    frames.push(frame);
    // Dropped by the dozen: to move all for each step would take longer than to keep them.
    if (frames.length > 2 * last) frames.splice(0, frames.length - last);
  }

  get(variable: MonitorVariable): Recording<P> {
    const { precision, indices } = this.monitor;
    const { steps, first, every } = this.timing;
    const place = { first, every };
    if (variable === 'spikes') {
      const train = this.spikes();
      const data = makeFloats(precision, rasterFromSpikeTrain(train));
      return { steps: train.steps, size: train.size, data, ...place };
    }
    const frames = (this.#frames.get(variable) as FloatArrays[P][]).slice(-steps || Infinity);
    const size = frames[0]?.length ?? indices?.length ?? 0;
    const data = makeFloats(precision, frames.length * size);
    frames.forEach((frame, t) => data.set(frame, t * size));
    return { steps: frames.length, size, data, ...place };
  }

  spikes(): SpikeTrain {
    const steps = Math.min(this.#listed, this.monitor.last);
    const size = this.#size ?? this.monitor.indices?.length ?? 0;
    const offsets = new Uint32Array(steps + 1);
    const parts: Uint32Array[] = [];
    let skipped = this.#listed - steps;
    let [t, events] = [0, 0];
    for (const piece of this.#pieces) {
      const from = Math.min(skipped, piece.steps);
      skipped -= from;
      const base = piece.offsets[from];
      for (let step = from; step < piece.steps; step++)
        offsets[++t] = events + piece.offsets[step + 1] - base;
      parts.push(piece.neurons.subarray(base));
      events += piece.neurons.length - base;
    }
    const neurons = new Uint32Array(events);
    let at = 0;
    for (const part of parts) {
      neurons.set(part, at);
      at += part.length;
    }
    return { steps, size, offsets, neurons };
  }

  /** Of the steps that are recorded, the spikes of the chosen neurons. */
  #choose({ steps, size, offsets, neurons }: SpikeTrain): Piece {
    const { indices, every } = this.monitor;
    this.#checkIndices(size, 'spikes');
    if (!indices && every === 1) return { steps, offsets, neurons };
    const kept: number[] = [];
    const ends = [0];
    for (let t = 0; t < steps; t++) {
      if ((this.#made + t) % every !== 0) continue;
      const spikes = neurons.subarray(offsets[t], offsets[t + 1]);
      const places = Array.from(spikes, (neuron) => this.#places.get(neuron) ?? []).flat();
      kept.push(...(indices ? places.toSorted((a, b) => a - b) : spikes));
      ends.push(kept.length);
    }
    return { steps: ends.length - 1, offsets: Uint32Array.from(ends), neurons: Uint32Array.from(kept) };
  }

  /** Drops what lies before the last steps. */
  #dropPieces(): void {
    let dropped = 0;
    while (this.#listed - this.#pieces[dropped]?.steps >= this.monitor.last) {
      this.#listed -= this.#pieces[dropped++].steps;
    }
    if (dropped > 0) this.#pieces.splice(0, dropped);
  }

  #checkIndices(size: number, variable: MonitorVariable): void {
    const beyond = this.monitor.indices?.find((index) => index >= size);
    if (beyond === undefined) return;
    throw invalidArgument('Monitor', `indices below ${size} (values of ${variable})`, beyond);
  }
}
