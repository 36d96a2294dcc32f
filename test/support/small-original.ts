/** A small network as the importer reads it from a folder of the original program, for tests that change one thing of it. */
import type { OriginalNetwork } from '../../src/kinds/snn/original/index.js';

/** exp(−1 / 20) in float32. */
const decay20 = Math.fround(Math.exp(-1 / 20));

/** Two filters at 2 × 2 positions of a 4 × 4 image, fixed competition. */
export function makeSmallOriginal(change: Partial<OriginalNetwork> = {}): OriginalNetwork {
  const traces = { tcTracePre: 20, tcTracePost: 20, traceDecayPre: decay20, traceDecayPost: decay20 };
  return {
    networkType: 'LC_SNN',
    name: 'small',
    crop: 4,
    nFilters: 2,
    kernelSize: 3,
    stride: 1,
    convSize: 2,
    nNeurons: 8,
    parameters: {
      network_type: 'LC_SNN',
      mean_weight: 0.46,
      n_iter: 4000,
      c_w: -126.66666666666666,
      c_l: false,
      time_max: 250,
      intensity: 127.5,
      dt: 1,
      tau_pos: 20,
      tau_neg: 20,
      A_pos: null,
      A_neg: null,
      c_w_min: -Infinity,
      c_w_max: null,
      weight_decay: null,
      train_method: 'basic',
    },
    constants: {
      dt: 1,
      rest: -65,
      reset: -65,
      thresh: -52,
      refrac: 5,
      tcDecay: 20,
      decay: decay20,
      thetaPlus: Math.fround(0.05),
      tcThetaDecay: 1e6,
      thetaDecay: Math.fround(Math.exp(-1e-6)),
      traces: { x: traces, y: traces },
      xy: { nu: [1e-4, 1e-2], wmin: 0, wmax: 1, norm: 0.46 * 9, weightDecay: 0 },
      yy: { nu: null, wmin: -Infinity, wmax: Infinity, norm: null, weightDecay: 0 },
    },
    wXY: new Float32Array(8 * 9).fill(0.46),
    wYY: { kind: 'fixed', weight: Math.fround(-126.66666666666666) },
    theta: new Float32Array(8).fill(40),
    thetaMissing: false,
    votes: null,
    confusion: null,
    scores: {},
    ...change,
  };
}

/** The same with trained competition. */
export function makeTrainedOriginal(): OriginalNetwork {
  const fixed = makeSmallOriginal();
  const { constants, parameters } = fixed;
  return {
    ...fixed,
    parameters: { ...parameters, c_l: true, A_pos: -0.0556, A_neg: -1.626, weight_decay: 0 },
    constants: {
      ...constants,
      yy: { nu: [-0.0556, -1.626], wmin: -Infinity, wmax: 0, norm: null, weightDecay: 0 },
    },
    wYY: { kind: 'trained', weights: new Float32Array(4 * 2 * 2) },
  };
}
