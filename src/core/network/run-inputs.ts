/** What a run gives to layers of neurons from outside: currents, voltages, and spikes that are forced or forbidden. */
import { checkSpikeTrain, type SpikeTrain, spikesAt } from '../encoding/spike-train.js';
import { invalidArgument, LocusError, unknownName } from '../../errors.js';
import { custom, isObject, numbers, record, type Schema } from '../../options.js';
import { checkVariable } from './layer-variables.js';
import { inputsOf } from './nodes/neuron-model.js';
import type { ProgramLayer } from './program.js';
import type { Precision } from '../precision.js';
import { toEngineSpikes } from './shape.js';
import type { Simulation } from './simulation.js';

/** One value for every neuron, for all steps, or [step, neuron]; published order. */
export type GivenValues = ArrayLike<number>;

export interface GivenInputs {
  /**
   * Added in every step to the input of a layer, after what spikes have sent it [unit of the input]. Of a model with several, to the
   * first, or to those that it names: `{ Y: { inhibitory: values } }`.
   */
  currents?: Readonly<Record<string, GivenValues | Readonly<Record<string, GivenValues>>>>;
  /** Added in every step to the voltage `v` of a layer, before the neurons are stepped [mV]. */
  voltages?: Readonly<Record<string, GivenValues>>;
  /** Spikes that a layer makes in any case; its voltages and refractory counters stay what they are. */
  clamp?: Readonly<Record<string, SpikeTrain>>;
  /** Spikes that a layer does not make in any case, also where `clamp` has them; as `clamp`. */
  unclamp?: Readonly<Record<string, SpikeTrain>>;
}

const valuesByLayer = record<GivenValues>(numbers);
const trainsByLayer = record<SpikeTrain>(
  custom('to be spikes as encoders make them', (value) => typeof value === 'object' && value !== null),
);

export const givenSchema: Schema<GivenInputs> = {
  currents: record((place, name, value) =>
    isObject(value) ? valuesByLayer(place, name, value) : numbers(place, name, value),
  ),
  voltages: valuesByLayer,
  clamp: trainsByLayer,
  unclamp: trainsByLayer,
};

/** A layer that something is given to: its index, and the engine index of every published one. */
export interface GivenLayer {
  readonly index: number;
  readonly order: Uint32Array;
  readonly layer: ProgramLayer;
}

interface Injection {
  readonly place: string;
  readonly layer: number;
  readonly variable: string;
  /** Of every step, or one row for all; engine order. */
  readonly rows: readonly Float32Array[];
}

interface Clamps {
  readonly place: string;
  readonly layer: number;
  readonly use: 'forced' | 'forbidden';
  readonly train: SpikeTrain;
}

const none = new Uint32Array();

/** What takes it. */
type Givable = Pick<Simulation<Precision>, 'engine' | 'inject' | 'clamp'>;

/** What is given, checked and in engine order. */
export class RunInputs {
  readonly #injections: readonly Injection[];
  readonly #clamps: readonly Clamps[];

  /**
   * @param findLayer of a name that a user wrote
   * @param caller names the call in errors
   * @throws LocusError for a layer that there is not or that takes no such input, a wrong length, a value that is no finite float32
   */
  constructor(
    { currents = {}, voltages = {}, clamp = {}, unclamp = {} }: GivenInputs,
    findLayer: (name: string) => GivenLayer,
    caller = 'Network.run',
  ) {
    const neurons = (name: string, place: string): GivenLayer => {
      const found = findLayer(name);
      if (found.layer.model.kernel !== 'input') return found;
      throw invalidArgument(place, 'a layer of neurons, because the spikes of an Input are given', name);
    };
    const inject = (
      of: Readonly<Record<string, GivenValues>>,
      option: string,
      variable: string,
    ): Injection[] =>
      Object.entries(of).map(([name, values]) => {
        const place = `${caller}, ${option}.${name}`;
        const { index, order, layer } = neurons(name, place);
        checkVariable(layer, variable, 'set');
        return { place, layer: index, variable, rows: readRows(values, order, place) };
      });
    const force = (of: Readonly<Record<string, SpikeTrain>>, option: string, use: Clamps['use']): Clamps[] =>
      Object.entries(of).map(([name, train]) => {
        const place = `${caller}, ${option}.${name}`;
        const { index, order, layer } = neurons(name, place);
        if (layer.model.emits !== undefined) throw invalidArgument(place, 'a layer that spikes', name);
        checkSpikeTrain(train, order.length, place);
        return { place, layer: index, use, train: toEngineSpikes(train, layer.shape, order) };
      });
    const byInput = Object.entries(currents).flatMap(([name, given]) => {
      const known = inputsOf(neurons(name, `${caller}, currents.${name}`).layer.model);
      const named = isObject(given)
        ? (given as Record<string, GivenValues>)
        : { [known[0]]: given as GivenValues };
      return Object.entries(named).flatMap(([input, values]) => {
        if (known.includes(input)) return inject({ [name]: values }, 'currents', input);
        throw unknownName(`${caller}, currents.${name}`, 'input', input, known);
      });
    });
    this.#injections = [...byInput, ...inject(voltages, 'voltages', 'v')];
    this.#clamps = [...force(clamp, 'clamp', 'forced'), ...force(unclamp, 'unclamp', 'forbidden')];
  }

  get isEmpty(): boolean {
    return this.#injections.length === 0 && this.#clamps.length === 0;
  }

  /** Steps of the longest; values for all steps have none. */
  get steps(): number {
    const rows = this.#injections.map(({ rows: { length } }) => (length === 1 ? 0 : length));
    return Math.max(0, ...rows, ...this.#clamps.map(({ train }) => train.steps));
  }

  /** @throws LocusError where a run of so many steps needs more, or the engine takes nothing of the kind */
  check(steps: number, simulation: Givable): void {
    for (const { place, rows } of this.#injections) {
      if (rows.length !== 1 && rows.length < steps)
        throw invalidArgument(place, `values of at least ${steps} steps, or of one for all`, rows.length);
    }
    for (const { place, train } of this.#clamps) {
      if (train.steps < steps) throw invalidArgument(place, `at least ${steps} steps`, train.steps);
    }
    const [first] = [...this.#injections, ...this.#clamps];
    if (first && !(simulation.inject && simulation.clamp)) {
      throw new LocusError(
        'ENGINE_UNAVAILABLE',
        `${first.place}: the engine ${simulation.engine} takes spikes of Input layers only; "reference" and "wasm" take currents, voltages and clamps`,
      );
    }
  }

  /** Hands over what is given for step `t`. */
  give(simulation: Givable, t: number): void {
    for (const { layer, variable, rows } of this.#injections) {
      simulation.inject?.(layer, variable, rows.length === 1 ? rows[0] : rows[t]);
    }
    for (const layer of new Set(this.#clamps.map((clamps) => clamps.layer))) {
      const find = (use: Clamps['use']) => {
        const found = this.#clamps.find((clamps) => clamps.layer === layer && clamps.use === use);
        return found ? spikesAt(found.train, t) : none;
      };
      simulation.clamp?.(layer, find('forced'), find('forbidden'));
    }
  }
}

/** Rows in engine order of values in published order. */
function readRows(values: GivenValues, order: Uint32Array, place: string): Float32Array[] {
  const size = order.length;
  if (values.length === 0 || values.length % size !== 0) {
    const expectation = `a value for each of ${size} neurons, or [step, neuron]`;
    throw invalidArgument(place, expectation, `${values.length} values`);
  }
  return Array.from({ length: values.length / size }, (_, t) => {
    const row = new Float32Array(size);
    for (let neuron = 0; neuron < size; neuron++) {
      const value = values[t * size + neuron];
      row[order[neuron]] = value;
      if (Number.isFinite(row[order[neuron]])) continue;
      throw invalidArgument(place, `finite values (float32; neuron ${neuron}, step ${t})`, value);
    }
    return row;
  });
}
