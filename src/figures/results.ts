/** The plain results that figures are drawn from; networks, monitors and the readout give values of these shapes. */
import { custom, type Field } from '../options.js';

/** An array with its shape; the last axis lies contiguous. */
export interface ShapedArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A recording [step, neuron], as a monitor gives it. */
export interface StepRecording {
  readonly steps: number;
  readonly size: number;
  readonly data: Float32Array;
}

export const recordingField: Field<StepRecording> = custom(
  'to be a recording { steps, size, data } of floats',
  (value) => {
    const { steps, size, data } = (value ?? {}) as Partial<StepRecording>;
    return data instanceof Float32Array && data.length === (steps ?? 0) * (size ?? 0);
  },
);

export const shapedField: Field<ShapedArray> = custom('to be an array { shape, data } of floats', (value) => {
  const { shape, data } = (value ?? {}) as Partial<ShapedArray>;
  return Array.isArray(shape) && data instanceof Float32Array;
});

/** How Y is made up; its neurons lie in the order filter · nPositions + position. */
export interface OutputGrid {
  readonly nFilters: number;
  /** Positions of the receptive field: conv size², row by row. */
  readonly nPositions: number;
}

export const gridField: Field<OutputGrid> = custom('to be a grid { nFilters, nPositions }', (value) => {
  const { nFilters, nPositions } = (value ?? {}) as Partial<OutputGrid>;
  return [nFilters, nPositions].every((each) => Number.isSafeInteger(each) && Number(each) >= 1);
});

/** An accuracy in [0, 1] with its standard error. */
export interface AccuracyResult {
  readonly accuracy: number;
  readonly error: number;
}

/** Indices of the neurons' spikes in a recording, step by step: `[step, neuron]` pairs in the order of time. */
export function listSpikes({ steps, size, data }: StepRecording): [step: number, neuron: number][] {
  const spikes: [number, number][] = [];
  for (let step = 0; step < steps; step++) {
    for (let neuron = 0; neuron < size; neuron++) {
      if (data[step * size + neuron] !== 0) spikes.push([step, neuron]);
    }
  }
  return spikes;
}

/** Spikes of every neuron in a recording. */
export function countSpikes({ steps, size, data }: StepRecording): Uint32Array {
  const counts = new Uint32Array(size);
  for (let at = 0; at < steps * size; at++) if (data[at] !== 0) counts[at % size]++;
  return counts;
}
