/** The step that integrate-and-fire, LIF and adaptive LIF neurons share; they differ in their constants only. */
import { invalidArgument } from '../../../errors.js';
import { number, oneOf, required } from '../../../options.js';
import { parseShape, shapeField, type LayerShape, type ShapeLike } from '../shape.js';
import { countSteps } from '../steps.js';
import { leakyEquations } from './leaky-equations.js';
import {
  decayPerStep,
  type LayerDescription,
  type NeuronConstants,
  type NeuronModel,
  type NeuronStep,
  timeConstant,
} from './neuron-model.js';
import type { ThetaDecay } from './theta-decay.js';

const { fround } = Math;

export interface LeakyParameters {
  /** Voltage that the membrane decays to [mV]. */
  rest: number;
  /** Voltage after a spike [mV]. */
  reset: number;
  /** Firing threshold without adaptation [mV]. */
  thresh: number;
  /** The voltage is raised to it at the end of a step [mV]; −Infinity (default): no bound. */
  lowest: number;
  /** Membrane time constant [ms]; Infinity: no leak. */
  tcDecay: number;
  /** Refractory period [ms]. */
  refrac: number;
  /** Growth of the adaptive threshold per spike [mV]. */
  thetaPlus: number;
  /** Time constant with which the adaptive threshold decays [ms]; Infinity: no decay. */
  tcThetaDecay: number;
  /**
   * How float32 keeps that decay.  `stepwise`: theta is multiplied in every step and rounded, which loses time constants beyond
   * some 10⁵ steps.  `exact`: the part that rounding takes is kept in `thetaCarry`, and the decay is right to 1e-6.
   */
  thetaDecay: ThetaDecay;
  /** After a spike the voltage is set to `reset` ('zero'), or lowered by `thresh` − `reset` ('subtract'). */
  resetBy: 'zero' | 'subtract';
}

/** How the parameters are read that all neurons of this family have. */
export const leakyFields = {
  shape: required(shapeField),
  tcTracePre: timeConstant,
  tcTracePost: timeConstant,
  rest: number({ unit: 'mV' }),
  reset: number({ unit: 'mV' }),
  thresh: number({ unit: 'mV' }),
  lowest: number({ unit: 'mV', infinite: true }),
  refrac: number({ least: 0, unit: 'ms' }),
  resetBy: oneOf(['zero', 'subtract']),
};

export function leakyConstants(parameters: LeakyParameters, dt: number): NeuronConstants {
  return {
    dt,
    decay: decayPerStep(dt, parameters.tcDecay),
    rest: fround(parameters.rest),
    reset: fround(parameters.reset),
    thresh: fround(parameters.thresh),
    refracSteps: countSteps(parameters.refrac, dt, 'refrac'),
    thetaPlus: fround(parameters.thetaPlus),
    thetaDecay: decayPerStep(dt, parameters.tcThetaDecay),
    thetaLoss: fround(-Math.expm1(-dt / parameters.tcThetaDecay)),
    resetDrop: parameters.resetBy === 'subtract' ? fround(parameters.thresh - parameters.reset) : 0,
  };
}

/**
 * v ← decay · (v − rest) + rest.  Outside the refractory period a neuron takes its input, and spikes where v ≥ thresh + theta:
 * after a spike at step t the next can be at step t + refracSteps + 1.
 */
function stepVoltages({ state, constants, input, spikes }: NeuronStep): void {
  const { v, theta, refracCount } = state;
  const { decay, rest, reset, thresh, refracSteps, resetDrop } = constants;
  for (let j = 0; j < v.length; j++) {
    v[j] = fround(fround(decay * fround(v[j] - rest)) + rest);
    const isRefractory = refracCount[j] > 0;
    if (isRefractory) refracCount[j]--;
    else v[j] = fround(v[j] + input[j]);
    spikes[j] = !isRefractory && v[j] >= fround(thresh + theta[j]) ? 1 : 0;
    if (spikes[j]) {
      refracCount[j] = refracSteps;
      v[j] = resetDrop > 0 ? fround(v[j] - resetDrop) : reset;
    }
  }
}

/** Thresholds decay, and grow by thetaPlus with every spike, while the network learns. */
function stepLeaky(step: NeuronStep): void {
  const { state, constants, spikes, learn } = step;
  const { theta, thetaCarry } = state;
  const { thetaPlus, thetaDecay, thetaLoss } = constants;
  /** Adds to theta and keeps the part that rounding takes. */
  const carry = (j: number, change: number) => {
    thetaCarry[j] += change;
    const sum = fround(theta[j] + thetaCarry[j]);
    thetaCarry[j] -= fround(sum - theta[j]);
    theta[j] = sum;
  };
  if (learn) {
    for (let j = 0; j < theta.length; j++) {
      if (thetaCarry) carry(j, -fround(thetaLoss * theta[j]));
      else theta[j] *= thetaDecay;
    }
  }
  stepVoltages(step);
  if (!learn) return;
  for (let j = 0; j < theta.length; j++) {
    if (!spikes[j]) continue;
    if (thetaCarry) carry(j, thetaPlus);
    else theta[j] += thetaPlus;
  }
}

/** The model of this family under its published name. */
export function leakyModel(name: string, thetaDecay: ThetaDecay = 'stepwise'): NeuronModel {
  const isExact = thetaDecay === 'exact';
  return {
    name,
    kernel: 'leaky',
    persistent: isExact ? ['theta', 'thetaCarry'] : ['theta'],
    initialState: ({ rest }) => ({
      v: rest,
      refracCount: 0,
      theta: 0,
      ...(isExact ? { thetaCarry: 0 } : {}),
    }),
    step: stepLeaky,
  };
}

export interface LayerParameters {
  shape: ShapeLike;
  /** Time constant of the trace its spikes leave as a source [ms]; Infinity: no decay. Default: 20. */
  tcTracePre?: number;
  /** Time constant of the trace its spikes leave as a target [ms]; Infinity: no decay. Default: 20. */
  tcTracePost?: number;
}

/** A layer of this family: its model with all parameters filled in. */
export class LeakyLayer implements LayerDescription {
  readonly model: NeuronModel;
  readonly shape: LayerShape;
  readonly tcTracePre: number;
  readonly tcTracePost: number;
  readonly equations: () => NeuronModel | null;

  constructor(
    model: NeuronModel,
    { shape, tcTracePre = 20, tcTracePost = 20 }: LayerParameters,
    readonly parameters: LeakyParameters,
  ) {
    const { rest, reset, thresh, lowest, resetBy } = parameters;
    if (!(thresh > rest)) throw invalidArgument(model.name, `thresh above rest = ${rest} mV`, thresh);
    if (resetBy === 'subtract' && !(thresh > reset)) {
      throw invalidArgument(model.name, 'thresh above reset, because it is reset by subtraction', thresh);
    }
    if (!(thresh > lowest)) throw invalidArgument(model.name, `lowest below thresh = ${thresh} mV`, lowest);
    this.shape = parseShape(shape, model.name);
    const equations = () => leakyEquations(model.name, shape, parameters);
    const isBounded = lowest !== Number.NEGATIVE_INFINITY;
    this.model = isBounded ? { ...equations(), name: `${model.name} with lowest` } : model;
    // A subclass may have a model of its own.
    this.equations = () => (this.model === model ? equations() : null);
    this.tcTracePre = tcTracePre;
    this.tcTracePost = tcTracePost;
  }

  get timeConstants(): Record<string, number> {
    const { tcDecay, tcThetaDecay, thetaDecay } = this.parameters;
    return { tcDecay, ...(thetaDecay === 'stepwise' ? { tcThetaDecay } : {}) };
  }

  constants(dt: number): NeuronConstants {
    return leakyConstants(this.parameters, dt);
  }
}
