/** State of one layer in one image, as the reference engine keeps it. */
import { type DrawMoment, drawKey, drawOneOf, fillDraws, selectionCall } from '../../random/draws.js';
import { inputsOf } from '../../network/nodes/neuron-model.js';
import type { Program, ProgramLayer } from '../../network/program.js';
import { unsupported } from '../../network/simulation.js';

export interface LayerState {
  readonly variables: Record<string, Float32Array>;
  readonly spikes: Uint8Array;
  /** What arrives for the next step, by input of the model. */
  readonly inputs: Readonly<Record<string, Float32Array>>;
  readonly tracePre: Float32Array;
  readonly tracePost: Float32Array;
  /** Neurons that have spiked since the state was reset. */
  readonly spiked: Uint8Array;
}

/** Zeros and initial values; persistent variables are taken from `others`, another image's, if they are there. */
export function createState(
  { model, constants, size }: ProgramLayer,
  others: Readonly<Record<string, Float32Array>>,
): LayerState {
  const variables = Object.entries(model.initialState(constants)).map(([name, value]) => [
    name,
    (model.persistent.includes(name) ? others[name] : undefined) ??
      setInitially(new Float32Array(size), value),
  ]);
  return {
    variables: Object.fromEntries(variables) as Record<string, Float32Array>,
    spikes: new Uint8Array(size),
    inputs: Object.fromEntries(inputsOf(model).map((name) => [name, new Float32Array(size)])),
    tracePre: new Float32Array(size),
    tracePost: new Float32Array(size),
    spiked: new Uint8Array(size),
  };
}

/** Gives a variable its initial value. */
export function setInitially(variable: Float32Array, value: number | ArrayLike<number>): Float32Array {
  if (typeof value === 'number') variable.fill(value);
  else variable.set(value);
  return variable;
}

/** What a layer draws in a step, by name; `given`: data instead [call, neuron]. */
export function drawForStep(
  { layers, seed }: Program,
  index: number,
  moment: DrawMoment,
  given: Float32Array | undefined,
): Record<string, Float32Array> {
  const { model, shape, size } = layers[index];
  const draws = (model.draws ?? []).map(({ name, distribution }, call) => {
    if (given) return [name, given.subarray(call * size, (call + 1) * size)];
    const values = new Float32Array(size);
    fillDraws(values, shape, distribution, drawKey(seed, index, call), moment);
    return [name, values];
  });
  return Object.fromEntries(draws) as Record<string, Float32Array>;
}

/** Leaves one of a layer's spikes: the given neuron's, if it spikes (−1: none), or one that is drawn. */
export function keepOneSpike(
  spikes: Uint8Array,
  { seed }: Program,
  index: number,
  moment: DrawMoment,
  choice: number | undefined,
): void {
  const candidates = [...spikes.keys()].filter((neuron) => spikes[neuron] === 1);
  spikes.fill(0);
  const chosen =
    choice ?? candidates[drawOneOf(candidates.length, drawKey(seed, index, selectionCall), moment)];
  if (candidates.includes(chosen)) spikes[chosen] = 1;
}

/** @throws LocusError naming the model or rule that can only learn from one image at a time */
export function checkTogether({ layers, connections }: Program): void {
  for (const { model } of layers) {
    if (model.kernel !== 'input' && !model.stepTogether) {
      throw unsupported('reference', 'neuron model in minibatches', model.name);
    }
  }
  for (const connection of connections) {
    if (connection.kind === 'synapses' && !connection.rule.updateTogether) {
      throw unsupported('reference', 'learning rule in minibatches', connection.rule.name);
    }
  }
}
