/** Kernels of the cumulative spike response model, under the names that BindsNET gives them. */
import { mostKernelSteps } from '../definitions/convolutions.js';
import { count, number, readOptions, required, type Schema } from '../../options.js';

export interface KernelOptions {
  /** Length of the window [steps], at most 256. */
  steps: number;
  /** Time constant [ms]. */
  tau: number;
  /** Length of a step [ms]. Default: 1. */
  dt?: number;
}

export interface EtaKernelOptions extends KernelOptions {
  /** What a spike takes from the voltage of the next step [mV]. Default: 50. */
  drop?: number;
}

const schema: Schema<KernelOptions> = {
  steps: required(count({ most: mostKernelSteps, unit: 'steps' })),
  tau: required(number({ above: 0, unit: 'ms' })),
  dt: number({ above: 0, unit: 'ms' }),
};

const etaSchema: Schema<EtaKernelOptions> = { ...schema, drop: number({ unit: 'mV' }) };

/** A kernel's weights, the oldest step first. */
function sample({ steps, dt = 1 }: KernelOptions, weightAt: (t: number) => number): number[] {
  return Array.from({ length: steps }, (_, i) => weightAt((steps - 1 - i) * dt));
}

/** A kernel by its value at t ms after a spike and its time constant tau. */
function responseKernel(name: string, weigh: (t: number, tau: number) => number) {
  return (options: KernelOptions): number[] => {
    const given = readOptions(name, schema, options);
    return sample(given, (t) => weigh(t, given.tau));
  };
}

/** What `response` and `afterpotential` of `CSRM` can be: functions of `steps`, `tau` and `dt`; the weights, the oldest step first. */
export const csrmKernels = {
  /** t / τ² · exp(−t / τ). */
  AlphaKernel: responseKernel('AlphaKernel', (t, tau) => (t / tau ** 2) * Math.exp(-t / tau)),
  /** t / τ · exp(1 − t / τ): at most 1. */
  AlphaKernelSLAYER: responseKernel('AlphaKernelSLAYER', (t, tau) => (t / tau) * Math.exp(1 - t / tau)),
  /** exp(−t / τ) / τ. */
  ExponentialKernel: responseKernel('ExponentialKernel', (t, tau) => Math.exp(-t / tau) / tau),
  /** exp(−|t| / τ) / 2τ. */
  LaplacianKernel: responseKernel('LaplacianKernel', (t, tau) => Math.exp(-t / tau) / (2 * tau)),
  /** −drop · exp(−t / τ), of a neuron's own spikes. */
  EtaKernel: (options: EtaKernelOptions): number[] => {
    const given = readOptions('EtaKernel', etaSchema, options);
    const { tau, drop = 50 } = given;
    return sample(given, (t) => -drop * Math.exp(-t / tau));
  },
} as const;
