/** Options and parts that networks of the zoo share; names and defaults are those of BindsNET's models. */
import { DiehlAndCook } from '../core/models/index.js';
import type { DefinedLayer } from '../core/definitions/define-neuron.js';
import { reductionField } from '../core/definitions/define-rule.js';
import type { Reduction } from '../core/definitions/rule-passes.js';
import { PostPre } from '../core/network/learning/index.js';
import { type NetworkParameters, networkSchema } from '../core/network/network.js';
import { parseShape, type ShapeLike } from '../core/network/shape.js';
import type { SynapseParameters } from '../core/network/topology/index.js';
import { type Field, flag, number, pair, pickOptions, type Schema } from '../options.js';

/** What every network of the zoo takes: those of `Network` but its precision. */
export type ZooParameters = Omit<NetworkParameters, 'precision' | 'batch'>;

const { precision: _, batch: __, ...zooFields } = networkSchema;
export const zooSchema: Schema<ZooParameters> = zooFields;

/** Those of the options that `Network` takes. */
export function ofNetwork(options: ZooParameters): ZooParameters {
  return pickOptions(zooSchema, options);
}

/** The shape of the input layer. */
export const inputShapeField: Field<ShapeLike> = (place, name, value) => {
  parseShape(value as ShapeLike, `${place}, ${name}`);
  return value as ShapeLike;
};

/** How weights from the input learn. */
export interface StdpParameters {
  /** Learning rates [nuPre, nuPost] of `PostPre`. Default: [1e-4, 1e-2]. */
  nu?: readonly [number, number];
  /** Bounds of the weights. Default: 0 and 1. */
  wMin?: number;
  wMax?: number;
  /** Sum of the weights onto a neuron, after every training image. */
  norm?: number;
  /** What the images of a minibatch make of a weight: the mean of their changes (default), or the sum. */
  reduction?: Reduction;
}

export const stdpSchema: Schema<StdpParameters> = {
  nu: pair(),
  wMin: number({ infinite: true }),
  wMax: number({ infinite: true }),
  norm: number({ above: 0 }),
  reduction: reductionField,
};

/** Weights that learn by STDP; initial ones are uniform, and scaled to the norm. */
export function stdp(
  { nu = [1e-4, 1e-2], wMin = 0, wMax = 1, reduction }: StdpParameters,
  norm: number,
): SynapseParameters {
  return { w: { uniform: [0, 0.3] }, rule: new PostPre({ nu, reduction }), wMin, wMax, norm };
}

/** Excitatory neurons whose thresholds adapt. */
export interface AdaptiveParameters {
  /** Growth of a neuron's threshold with each of its spikes [mV]. Default: 0.05. */
  thetaPlus?: number;
  /** Time constant of its decay [ms]. Default: 1e7. */
  tcThetaDecay?: number;
  /** Whether one neuron at most spikes in a step. Default: true. */
  oneSpike?: boolean;
}

export const adaptiveSchema: Schema<AdaptiveParameters> = {
  thetaPlus: number({ least: 0, unit: 'mV' }),
  tcThetaDecay: number({ above: 0, infinite: true, unit: 'ms' }),
  oneSpike: flag,
};

export function adaptiveNeurons(
  shape: ShapeLike,
  { thetaPlus = 0.05, tcThetaDecay = 1e7, oneSpike = true }: AdaptiveParameters,
): DefinedLayer {
  return new DiehlAndCook({
    shape,
    thetaPlus,
    tcThetaDecay,
    select: oneSpike ? 'one-of-layer' : 'all',
  });
}
