/** The state of a network: everything that training and calibration change, and how it is read from stored arrays. */
import type { Network } from '../../core/network/network.js';
import { type LinearClassifier, type ReadoutMethod, readoutMethods } from '../../readout/index.js';
import type { ArrayShape, CheckedArrays } from '../record-shape.js';
import { type History, isSetByHand, type StateSet } from './history.js';
import { countIterations, type TrainingSegment } from './image-order.js';
import type { Origin } from './original/origin.js';
import { convSize, type NetworkType, type SnnParameters } from './parameters.js';
import { yLayer } from './count-shown.js';
import { xyName, yyName } from './snn-network.js';
import type { ReadoutState } from './snn-readout.js';

interface Shaped {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Everything of a network that training and calibration change. */
export interface SnnState extends History {
  readonly weightsXY: Shaped;
  readonly weightsYY: Shaped | null;
  /** Adaptive part of the thresholds; 0 where the neurons have none. */
  readonly theta: Float32Array;
  /** Whatever else of neurons and synapses outlives an image: of models of equations, by the names of their arrays. */
  readonly variables: Readonly<Record<string, Float32Array>>;
  /** The part of theta that float32 leaves out where it decays exactly; null where it decays stepwise. */
  readonly thetaCarry: Float32Array | null;
  readonly readout: ReadoutState;
  readonly trainingSetSize: number;
  /** Where it was imported from; null: trained here from the start. */
  readonly origin: Origin | null;
}

/** What the database keeps of a network besides its arrays. */
export interface SnnMeta {
  readonly segments: readonly TrainingSegment[];
  /** Absent: none. */
  readonly sets?: readonly StateSet[];
  readonly trainingSetSize: number;
  readonly calibrationImages: number;
  /** Absent: their numbers. */
  readonly classNames?: readonly string[];
  readonly classifier: Omit<LinearClassifier, 'weights' | 'bias'> | null;
  readonly origin?: Origin;
}

/** A network's arrays in the database. */
export type SnnArrays = {
  readonly w_xy: ArrayShape<'float32'>;
  /** [position, source, target] */
  readonly w_yy?: ArrayShape<'float32'>;
  readonly theta: ArrayShape<'float32'>;
  readonly theta_carry?: ArrayShape<'float32'>;
  /** [label, neuron] */
  readonly votes?: ArrayShape<'float32'>;
  readonly lc_weights?: ArrayShape<'float32'>;
  readonly lc_bias?: ArrayShape<'float32'>;
} & {
  /** State of neurons or synapses that outlives an image. */
  readonly [Variable in `${typeof neuronPrefix | typeof rulePrefix}${string}`]?: ArrayShape<'float32'>;
} & {
  /** [label, prediction] */
  readonly [Method in ReadoutMethod as `${typeof confusionPrefix}${Method}`]?: ArrayShape<'int32'>;
};

/** How the arrays of confusion matrices are named: this, then the method. */
export const confusionPrefix = 'confusion_';

/** How the arrays of state that outlives an image are named: one of these, then the variable. */
const neuronPrefix = 'neuron_';
const rulePrefix = 'rule_';

/** Names of the variables that outlive an image, theta apart, of the neurons and of the rule. */
function listVariables({ neuron, rule }: Pick<SnnParameters, 'neuron' | 'rule'>) {
  return {
    neuron: (neuron?.definition.persistent ?? []).filter((name) => name !== 'theta'),
    rule: rule?.definition.persistent ?? [],
  };
}

/** Whether the neurons have an adaptive threshold that outlives an image. */
export function hasTheta({ neuron }: Pick<SnnParameters, 'neuron'>): boolean {
  return neuron === null || (neuron.definition.persistent ?? []).includes('theta');
}

/** What of a network's neurons and synapses outlives an image, by the names of the arrays. */
export function readVariables(
  network: Network,
  parameters: Pick<SnnParameters, 'neuron' | 'rule'>,
): Record<string, Float32Array> {
  const { neuron, rule } = listVariables(parameters);
  return Object.fromEntries([
    ...neuron.map((name) => [neuronPrefix + name, network.getVariable('Y', name)]),
    ...rule.map((name) => [rulePrefix + name, network.getVariable(xyName, name)]),
  ]) as Record<string, Float32Array>;
}

/** Adaptive part of the thresholds of Y; 0 where the neurons have none. */
export function readTheta(network: Network, parameters: Pick<SnnParameters, 'neuron'>): Float32Array {
  if (hasTheta(parameters)) return network.getVariable('Y', 'theta');
  return new Float32Array(network.getVariable('Y', 'spikes').length);
}

/** The arrays that a network with these parameters and meta data has. */
export function shapeSnnArrays(
  type: NetworkType,
  parameters: SnnParameters,
  { calibrationImages, classifier }: Pick<SnnMeta, 'calibrationImages' | 'classifier'>,
): SnnArrays {
  const { nFilters, kernelSize, cL, thetaDecay } = parameters;
  const side = convSize(parameters);
  const nOutput = nFilters * side * side;
  const nWeights = (type === 'LC_SNN' ? nOutput : nFilters) * kernelSize * kernelSize;
  const variables = listVariables(parameters);
  const float32 = (...shape: (number | null)[]) => ({ dtype: 'float32', shape }) as const;
  const confusion = { dtype: 'int32', shape: [null, null], optional: true } as const;
  return {
    w_xy:
      type === 'LC_SNN'
        ? float32(nFilters, side, side, kernelSize, kernelSize)
        : float32(nFilters, kernelSize, kernelSize),
    w_yy: { ...float32(side * side, nFilters, nFilters), optional: !cL },
    theta: float32(nOutput),
    ...Object.fromEntries(variables.neuron.map((name) => [neuronPrefix + name, float32(nOutput)] as const)),
    ...Object.fromEntries(variables.rule.map((name) => [rulePrefix + name, float32(nWeights)] as const)),
    ...(thetaDecay === 'exact' && { theta_carry: float32(nOutput) }),
    // Those of the original program come without their calibration images.
    votes: { ...float32(null, nOutput), optional: calibrationImages === 0 },
    ...(classifier && {
      lc_weights: float32(classifier.nClasses, nOutput),
      // −∞ keeps a class from being predicted.
      lc_bias: { ...float32(classifier.nClasses), elements: 'a number or an infinity' },
    }),
    confusion_patch_voting: confusion,
    confusion_all_voting: confusion,
    confusion_spikes_first: confusion,
    confusion_lc: confusion,
  };
}

/** The state that a valid record holds. */
export function toSnnState(
  meta: SnnMeta,
  arrays: CheckedArrays<SnnArrays>,
  scores: ReadoutState['scores'],
): SnnState {
  const { lc_weights: weights, lc_bias: bias } = arrays;
  const confusion = readoutMethods.flatMap((method) => {
    const matrix = arrays[`${confusionPrefix}${method}`];
    return matrix ? [[method, matrix.data] as const] : [];
  });
  return {
    weightsXY: arrays.w_xy,
    weightsYY: arrays.w_yy ?? null,
    theta: arrays.theta.data,
    variables: Object.fromEntries(
      Object.entries(arrays).flatMap(([name, array]) =>
        name.startsWith(neuronPrefix) || name.startsWith(rulePrefix)
          ? [[name, array.data as Float32Array]]
          : [],
      ),
    ),
    thetaCarry: arrays.theta_carry?.data ?? null,
    readout: {
      votes: arrays.votes?.data ?? null,
      classNames: meta.classNames ?? null,
      classifier:
        meta.classifier && weights && bias
          ? { ...meta.classifier, weights: weights.data, bias: bias.data }
          : null,
      calibrationImages: meta.calibrationImages,
      confusion: Object.fromEntries(confusion),
      scores: { ...scores },
    },
    segments: meta.segments,
    sets: meta.sets ?? [],
    trainingSetSize: meta.trainingSetSize,
    origin: meta.origin ?? null,
  };
}

/** Gives a network its weights and thresholds. */
export function writeSnnState(network: Network, type: NetworkType, state: SnnState): void {
  // What is imported is taken as it is: it sums to the norm as nearly as the original computed it.
  const isAsImported = state.origin?.nIter === countIterations(state.segments);
  const isLearned = !isAsImported && !isSetByHand(state);
  const normalized = isLearned && (state.segments.length > 0 || type !== 'C_SNN');
  network.setWeights(xyName, state.weightsXY.data, { normalized });
  if (state.weightsYY) network.setWeights(yyName, state.weightsYY.data);
  for (const [name, values] of Object.entries(state.variables)) {
    if (name.startsWith(neuronPrefix)) network.setVariable('Y', name.slice(neuronPrefix.length), values);
    else network.setVariable(xyName, name.slice(rulePrefix.length), values);
  }
  const { model } = network.simulation.program.layers[yLayer];
  if (model.persistent.includes('theta')) network.setVariable('Y', 'theta', state.theta);
  if (state.thetaCarry) network.setVariable('Y', 'thetaCarry', state.thetaCarry);
}
