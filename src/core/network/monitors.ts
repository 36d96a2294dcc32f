/** Recordings of a running network: chosen variables of chosen neurons, or the weights of a connection, step by step. */
import { invalidArgument, unknownName } from '../../errors.js';
import { type FloatArrays, makeFloats, type Precision, precisions } from '../precision.js';
import { filledText, list, numbers, oneOf, readOptions, required, type Schema } from '../../options.js';

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
  /** That of the network. Default: single. */
  precision?: P;
}

const schema: Schema<MonitorParameters<Precision>> = {
  variables: required(list(filledText, { least: 1 })),
  indices: numbers,
  precision: oneOf(precisions),
};

/** A recording [step, neuron] in the order of `indices` (published order where all are recorded). */
export interface Recording<P extends Precision = 'single'> {
  readonly steps: number;
  readonly size: number;
  readonly data: FloatArrays[P];
}

export class Monitor<P extends Precision = 'single'> {
  readonly variables: readonly MonitorVariable[];
  readonly indices: Uint32Array | null;
  readonly precision: P;
  readonly #frames = new Map<MonitorVariable, FloatArrays[P][]>();

  constructor(parameters: MonitorParameters<P>) {
    const { variables, indices, precision = 'single' } = readOptions('Monitor', schema, parameters);
    this.variables = variables;
    this.precision = precision as P;
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
  record(variable: MonitorVariable, values: FloatArrays[P]): void {
    const frames = this.#frames.get(variable);
    if (!frames) throw unknownName('Monitor', 'variable', variable, this.variables);
    const { indices } = this;
    const beyond = indices?.find((index) => index >= values.length);
    if (beyond !== undefined) {
      throw invalidArgument('Monitor', `indices below ${values.length} (values of ${variable})`, beyond);
    }
    const { precision } = this;
    frames.push(
      indices
        ? makeFloats(
            precision,
            Array.from(indices, (index) => values[index]),
          )
        : values,
    );
  }

  /** What was recorded of a variable since the last reset. */
  get(variable: MonitorVariable): Recording<P> {
    const frames = this.#frames.get(variable);
    if (!frames) throw unknownName('Monitor', 'variable', variable, this.variables);
    const size = frames[0]?.length ?? this.indices?.length ?? 0;
    const data = makeFloats(this.precision, frames.length * size);
    frames.forEach((frame, t) => data.set(frame, t * size));
    return { steps: frames.length, size, data };
  }
}
