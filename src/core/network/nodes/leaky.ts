/** The step that integrate-and-fire, LIF and adaptive LIF neurons share; they differ in their constants only. */
import { invalidArgument } from '../../../errors.js';
import { number, oneOf, required } from '../../../options.js';
import { parseShape, shapeField, type LayerShape, type ShapeLike } from '../shape.js';
import {
  decayPerStep,
  type LayerDescription,
  type NeuronConstants,
  type NeuronModel,
  type NeuronStep,
  timeConstant,
} from './neuron-model.js';

const { fround } = Math;

export interface LeakyParameters {
  /** Voltage that the membrane decays to [mV]. */
  rest: number;
  /** Voltage after a spike [mV]. */
  reset: number;
  /** Firing threshold without adaptation [mV]. */
  thresh: number;
  /** Membrane time constant [ms]; Infinity: no leak. */
  tcDecay: number;
  /** Refractory period [ms]. */
  refrac: number;
  /** Growth of the adaptive threshold per spike [mV]. */
  thetaPlus: number;
  /** Time constant with which the adaptive threshold decays [ms]; Infinity: no decay. */
  tcThetaDecay: number;
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
  refrac: number({ least: 0, unit: 'ms' }),
  resetBy: oneOf(['zero', 'subtract']),
};

export function leakyConstants(parameters: LeakyParameters, dt: number): NeuronConstants {
  return {
    decay: decayPerStep(dt, parameters.tcDecay),
    rest: fround(parameters.rest),
    reset: fround(parameters.reset),
    thresh: fround(parameters.thresh),
    refrac: fround(parameters.refrac),
    thetaPlus: fround(parameters.thetaPlus),
    thetaDecay: decayPerStep(dt, parameters.tcThetaDecay),
    dt: fround(dt),
    resetDrop: parameters.resetBy === 'subtract' ? fround(parameters.thresh - parameters.reset) : 0,
  };
}

/** v ← decay · (v − rest) + rest, plus the input outside the refractory period; a spike where v ≥ thresh + theta. */
export function stepLeaky({ state, constants, input, spikes, learn }: NeuronStep): void {
  const { v, theta, refracCount } = state;
  const { decay, rest, reset, thresh, refrac, thetaPlus, thetaDecay, dt, resetDrop } = constants;
  for (let j = 0; j < v.length; j++) {
    v[j] = fround(fround(decay * fround(v[j] - rest)) + rest);
    if (learn) theta[j] = fround(theta[j] * thetaDecay);
    if (refracCount[j] === 0) v[j] = fround(v[j] + input[j]);
    refracCount[j] = Math.max(0, fround(refracCount[j] - dt));
    spikes[j] = v[j] >= fround(thresh + theta[j]) ? 1 : 0;
    if (spikes[j]) {
      refracCount[j] = refrac;
      v[j] = resetDrop > 0 ? fround(v[j] - resetDrop) : reset;
      if (learn) theta[j] = fround(theta[j] + thetaPlus);
    }
  }
}

/** Several images share their thresholds: these decay once, and grow by thetaPlus for each of them that spikes. */
export function stepLeakyTogether(steps: readonly NeuronStep[]): void {
  const [{ state, constants, learn }] = steps;
  const { theta } = state;
  const { thetaPlus, thetaDecay } = constants;
  if (learn) for (let j = 0; j < theta.length; j++) theta[j] = fround(theta[j] * thetaDecay);
  for (const step of steps) stepLeaky({ ...step, learn: false });
  if (!learn) return;
  for (let j = 0; j < theta.length; j++) {
    const nSpiked = steps.reduce((sum, { spikes }) => sum + spikes[j], 0);
    theta[j] = fround(theta[j] + fround(thetaPlus * nSpiked));
  }
}

/** The model of this family under its published name. */
export function leakyModel(name: string): NeuronModel {
  return {
    name,
    kernel: 'leaky',
    persistent: ['theta'],
    initialState: ({ rest }) => ({ v: rest, refracCount: 0, theta: 0 }),
    step: stepLeaky,
    stepTogether: stepLeakyTogether,
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
  readonly shape: LayerShape;
  readonly tcTracePre: number;
  readonly tcTracePost: number;

  constructor(
    readonly model: NeuronModel,
    { shape, tcTracePre = 20, tcTracePost = 20 }: LayerParameters,
    readonly parameters: LeakyParameters,
  ) {
    const { rest, reset, thresh, resetBy } = parameters;
    if (!(thresh > rest)) throw invalidArgument(model.name, `thresh above rest = ${rest} mV`, thresh);
    if (resetBy === 'subtract' && !(thresh > reset)) {
      throw invalidArgument(model.name, 'thresh above reset, because it is reset by subtraction', thresh);
    }
    this.shape = parseShape(shape, model.name);
    this.tcTracePre = tcTracePre;
    this.tcTracePost = tcTracePost;
  }

  constants(dt: number): NeuronConstants {
    return leakyConstants(this.parameters, dt);
  }
}
