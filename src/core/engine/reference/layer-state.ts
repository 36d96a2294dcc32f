/** State of one layer in one image, as the reference engine keeps it. */
import { type Floats, makeFloats, type Precision } from '../../precision.js';
import {
  type DrawMoment,
  drawKey,
  drawOneOf,
  fillDraws,
  selectionCall,
  synapseDrawKey,
} from '../../random/draws.js';
import { inputsOf } from '../../network/nodes/neuron-model.js';
import type { Program, ProgramLayer, SynapseProgram } from '../../network/program.js';

export interface LayerState {
  readonly variables: Record<string, Floats>;
  readonly spikes: Uint8Array;
  /** What arrives for the next step, by input of the model. */
  readonly inputs: Readonly<Record<string, Floats>>;
  readonly tracePre: Floats;
  readonly tracePost: Floats;
  /** Neurons that have spiked since the state was reset. */
  readonly spiked: Uint8Array;
}

/** Zeros and initial values; persistent variables are taken from `others`, another image's, if they are there. */
export function createState(
  { model, constants, size }: ProgramLayer,
  others: Readonly<Record<string, Floats>>,
  precision: Precision,
): LayerState {
  const make = () => makeFloats(precision, size);
  const variables = Object.entries(model.initialState(constants)).map(([name, value]) => [
    name,
    (model.persistent.includes(name) ? others[name] : undefined) ?? setInitially(make(), value),
  ]);
  return {
    variables: Object.fromEntries(variables) as Record<string, Floats>,
    spikes: new Uint8Array(size),
    inputs: Object.fromEntries(inputsOf(model).map((name) => [name, make()])),
    tracePre: make(),
    tracePost: make(),
    spiked: new Uint8Array(size),
  };
}

/** Gives a variable its initial value. */
export function setInitially(variable: Floats, value: number | ArrayLike<number>): Floats {
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

/** Fills in what the synapses of a row draw by a call of their connection's synapse model. */
export function drawForRow(
  { connections, seed }: Program,
  index: number,
  moment: DrawMoment,
): (call: number, row: number, out: Float32Array) => void {
  const { compiledSynapse } = connections[index] as SynapseProgram;
  const draws = (compiledSynapse?.draws ?? []).map(({ distribution }, call) => ({
    distribution,
    key: synapseDrawKey(seed, index, call),
  }));
  return (call, row, out) => {
    const { distribution, key } = draws[call];
    fillDraws(out, { channels: out.length }, distribution, key, moment, row * Math.ceil(out.length / 4));
  };
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
