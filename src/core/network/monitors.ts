/** Recordings of a running network: chosen variables of chosen neurons, or the weights of a connection, step by step. */
import { invalidArgument, unknownName } from '../../errors.js';
import { filledText, list, numbers, readOptions, required, type Schema } from '../../options.js';

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

export interface MonitorParameters {
  variables: readonly MonitorVariable[];
  /** Published indices of the neurons (or weights) to record; all if left out. */
  indices?: ArrayLike<number>;
}

const schema: Schema<MonitorParameters> = {
  variables: required(list(filledText, { least: 1 })),
  indices: numbers,
};

/** A recording [step, neuron] in the order of `indices` (published order where all are recorded). */
export interface Recording {
  readonly steps: number;
  readonly size: number;
  readonly data: Float32Array;
}

export class Monitor {
  readonly variables: readonly MonitorVariable[];
  readonly indices: Uint32Array | null;
  readonly #frames = new Map<MonitorVariable, Float32Array[]>();

  constructor(parameters: MonitorParameters) {
    const { variables, indices } = readOptions('Monitor', schema, parameters);
    this.variables = variables;
    const wrong = Array.from(indices ?? []).find((index) => !Number.isInteger(index) || index < 0);
    if (wrong !== undefined) throw invalidArgument('Monitor', 'indices that are whole numbers ≥ 0', wrong);
    this.indices = indices ? Uint32Array.from(indices) : null;
    this.reset();
  }

  /** Forgets what was recorded. */
  reset(): void {
    for (const variable of this.variables) this.#frames.set(variable, []);
  }

  /** Adds one step: all values in published order. */
  record(variable: MonitorVariable, values: Float32Array): void {
    const frames = this.#frames.get(variable);
    if (!frames) throw unknownName('Monitor', 'variable', variable, this.variables);
    const { indices } = this;
    const beyond = indices?.find((index) => index >= values.length);
    if (beyond !== undefined) {
      throw invalidArgument('Monitor', `indices below ${values.length} (values of ${variable})`, beyond);
    }
    frames.push(indices ? Float32Array.from(indices, (index) => values[index]) : values);
  }

  /** What was recorded of a variable since the last reset. */
  get(variable: MonitorVariable): Recording {
    const frames = this.#frames.get(variable);
    if (!frames) throw unknownName('Monitor', 'variable', variable, this.variables);
    const size = frames[0]?.length ?? this.indices?.length ?? 0;
    const data = new Float32Array(frames.length * size);
    frames.forEach((frame, t) => data.set(frame, t * size));
    return { steps: frames.length, size, data };
  }
}
