/** What is given to a run instead of what its neurons draw. */
import { invalidArgument } from '../../errors.js';
import type { ProgramLayer } from './program.js';
import type { GivenDraws } from './simulation.js';

export interface DrawingLayer {
  readonly layer: ProgramLayer;
  readonly index: number;
  /** Engine index of every published index. */
  readonly order: Uint32Array;
}

/** Draws and choices of all steps of a run, by layer. */
export class GivenRun {
  readonly #values = new Map<number, Float32Array[]>();
  readonly #choices = new Map<
    number,
    { readonly layer: DrawingLayer; readonly neurons: ArrayLike<number> }
  >();

  /**
   * @param draws [step, neuron, call], published order, by name of the layer
   * @param choices published index of the neuron that spikes in each step, −1: none
   * @param find the layer of a name
   * @throws LocusError `INVALID_ARGUMENT` if a layer draws or selects nothing, or for a wrong number of values
   */
  constructor(
    draws: Readonly<Record<string, Float32Array>>,
    choices: Readonly<Record<string, ArrayLike<number>>>,
    steps: number,
    find: (name: string) => DrawingLayer,
  ) {
    for (const [name, values] of Object.entries(draws)) {
      const layer = find(name);
      this.#values.set(layer.index, readDraws(layer, values, steps));
    }
    for (const [name, neurons] of Object.entries(choices)) {
      const layer = find(name);
      checkChoices(layer, neurons, steps);
      this.#choices.set(layer.index, { layer, neurons });
    }
  }

  get isEmpty(): boolean {
    return this.#values.size === 0 && this.#choices.size === 0;
  }

  /** What layers take in a step, by their indices. */
  at(step: number): Map<number, GivenDraws> {
    const given = new Map<number, GivenDraws>();
    for (const [index, values] of this.#values) given.set(index, { values: values[step] });
    for (const [index, { layer, neurons }] of this.#choices) {
      const choice = neurons[step] < 0 ? -1 : layer.order[neurons[step]];
      given.set(index, { ...given.get(index), choice });
    }
    return given;
  }

  /** @throws LocusError if a chosen neuron did not spike in the step that was made */
  checkChoices(step: number, spikesOf: (layer: number) => ArrayLike<number>): void {
    for (const [index, { layer, neurons }] of this.#choices) {
      const neuron = neurons[step];
      if (neuron < 0 || spikesOf(index)[layer.order[neuron]] === 1) continue;
      const place = `Network.run choices of ${layer.layer.name}`;
      throw invalidArgument(place, `a neuron that may spike in step ${step}`, neuron);
    }
  }
}

/** The draws of a layer in every step [call, neuron], engine order. */
function readDraws({ layer, order }: DrawingLayer, values: Float32Array, steps: number): Float32Array[] {
  const { name, model, size } = layer;
  const place = `Network.run draws of ${name}`;
  const calls = model.draws?.length ?? 0;
  if (calls === 0) throw invalidArgument(place, 'a layer whose neurons draw', model.name);
  const length = steps * size * calls;
  if (values.length !== length) {
    throw invalidArgument(
      place,
      `${steps} × ${size} × ${calls} = ${length} numbers (steps × neurons × calls)`,
      values.length,
    );
  }
  return Array.from({ length: steps }, (_, step) => {
    const own = new Float32Array(calls * size);
    order.forEach((at, neuron) => {
      for (let call = 0; call < calls; call++) {
        own[call * size + at] = values[(step * size + neuron) * calls + call];
      }
    });
    return own;
  });
}

function checkChoices({ layer }: DrawingLayer, neurons: ArrayLike<number>, steps: number): void {
  const { name, model, size } = layer;
  const place = `Network.run choices of ${name}`;
  if (!model.isExclusive) {
    throw invalidArgument(place, 'a layer of which one neuron at most spikes in a step', model.name);
  }
  if (neurons.length !== steps) throw invalidArgument(place, `${steps} neurons, one a step`, neurons.length);
  const wrong = Array.from(neurons).find((each) => !Number.isInteger(each) || each < -1 || each >= size);
  if (wrong !== undefined) throw invalidArgument(place, `neurons from 0 to ${size - 1}, or −1`, wrong);
}
