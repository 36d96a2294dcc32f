/** The state of the neurons on the host, padded as the device has it: see kernels.ts and plan-defined.ts. */
import { type GpuPlan, never } from './plan-network.js';

const { fround } = Math;

/** Where a neuron in engine order lies among padded ones. */
export function paddedIndex({ nFilters, paddedFilters }: GpuPlan, neuron: number): number {
  return Math.floor(neuron / nFilters) * paddedFilters + (neuron % nFilters);
}

/** One value per neuron with the device's padding, which never spikes. */
export function padNeurons(plan: GpuPlan, values: ArrayLike<number>): Float32Array {
  const padded = new Float32Array(plan.nPositions * plan.paddedFilters).fill(1e30);
  for (let neuron = 0; neuron < values.length; neuron++) padded[paddedIndex(plan, neuron)] = values[neuron];
  return padded;
}

/** The rows of a variable of defined neurons; null where there is no such. */
export function variableRows(plan: GpuPlan, state: Float32Array, variable: string): Float32Array | null {
  const at = plan.defined ? plan.defined.variables.indexOf(variable) : -1;
  if (at < 0) return null;
  const size = plan.nPositions * plan.paddedFilters;
  return state.subarray((2 + at) * size, (3 + at) * size);
}

/** The state before a network's first step. */
export function initialState(plan: GpuPlan): Float32Array {
  const { nPositions, paddedFilters, stateRows, advance, defined, neurons } = plan;
  const { model, constants, size: nNeurons } = neurons.layer;
  const size = nPositions * paddedFilters;
  const state = new Float32Array(stateRows * paddedFilters);
  state.fill(advance.rest, 0, size).fill(never, size, 2 * size);
  const values = model.initialState(constants);
  for (const variable of defined?.variables ?? []) {
    const value = values[variable];
    const initial = typeof value === 'number' ? new Float32Array(nNeurons).fill(value) : value;
    variableRows(plan, state, variable)?.set(padNeurons(plan, initial));
  }
  return state;
}

/** Begins another image: the initial state, but for what outlives images, which `last` holds. */
export function renewState(plan: GpuPlan, state: Float32Array, last = state): void {
  const { nPositions, paddedFilters, defined } = plan;
  const initial = initialState(plan);
  if (defined) {
    const kept = (2 + defined.nRenewed) * nPositions * paddedFilters;
    initial.set(last.subarray(kept, initial.length), kept);
  }
  state.set(initial);
}

/** Thresholds after the growth by the spikes of a step that compared with `theta`; `state` has that many members. */
export function grownThresholds(
  { adaptation, advance, stateRows, paddedFilters }: GpuPlan,
  state: Float32Array,
  theta: Float32Array,
  members: number,
): Float32Array {
  return theta.map((value, at) => {
    let spikes = 0;
    for (let member = 0; member < members; member++) {
      if (state[member * stateRows * paddedFilters + at] >= fround(advance.thresh + value)) spikes++;
    }
    return fround(value + fround(adaptation.thetaPlus * spikes));
  });
}

/** Thresholds after the decay of a step. */
export function decayedThresholds({ adaptation }: GpuPlan, theta: Float32Array): Float32Array {
  return theta.map((value) => value * adaptation.thetaDecay);
}
