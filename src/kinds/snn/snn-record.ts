/** A network's state as the database keeps it. */
import { type NetworkInput, type Parameters, type StoredArray, stateHash } from '../../store/index.js';
import type { LinearClassifier } from '../../readout/index.js';
import type { Network } from '../../core/network/network.js';
import { version } from '../../version.js';
import type { SnnParameters } from './parameters.js';
import { xyName, yyName } from './snn-network.js';
import { confusionPrefix, readTheta, readVariables, type SnnMeta, type SnnState } from './snn-state.js';

export interface SnnIdentity {
  readonly parameters: Parameters;
  readonly name: string | null;
  readonly nParameters: number;
  readonly nOutput: number;
  readonly datasetHash: string | null;
  readonly parent: string | null;
}

export function toNetworkInput(
  identity: SnnIdentity,
  state: SnnState,
): NetworkInput & { readonly meta: SnnMeta } {
  const { theta, thetaCarry, readout } = state;
  const { votes, classifier, confusion, scores } = readout;
  const arrays: Record<string, StoredArray> = {
    w_xy: state.weightsXY,
    theta: { shape: [theta.length], data: theta },
  };
  for (const [variable, data] of Object.entries(state.variables)) {
    arrays[variable] = { shape: [data.length], data };
  }
  if (thetaCarry) arrays.theta_carry = { shape: [thetaCarry.length], data: thetaCarry };
  if (state.weightsYY) arrays.w_yy = state.weightsYY;
  if (votes) arrays.votes = { shape: [votes.length / theta.length, theta.length], data: votes };
  if (classifier) {
    const { weights, bias } = classifier;
    arrays.lc_weights = { shape: [bias.length, weights.length / bias.length], data: weights };
    arrays.lc_bias = { shape: [bias.length], data: bias };
  }
  for (const [method, matrix] of Object.entries(confusion)) {
    const classes = Math.floor(Math.sqrt(matrix.length));
    arrays[confusionPrefix + method] = { shape: [classes, matrix.length / classes], data: matrix };
  }
  const { name, ...rest } = identity;
  const meta: SnnMeta = {
    segments: state.segments,
    ...(state.sets.length > 0 ? { sets: state.sets } : {}),
    trainingSetSize: state.trainingSetSize,
    calibrationImages: readout.calibrationImages,
    ...(readout.classNames ? { classNames: readout.classNames } : {}),
    classifier: classifier ? describeClassifier(classifier) : null,
    ...(state.origin ? { origin: state.origin } : {}),
  };
  return {
    ...rest,
    scores,
    ...(name === null ? {} : { name }),
    stateHash: stateHash(arrays),
    codeVersion: version,
    arrays,
    meta: { ...meta },
  };
}

function describeClassifier({ weights: _weights, bias: _bias, ...rest }: LinearClassifier) {
  return rest;
}

/** Hash of what training changes: weights and thresholds. */
export function hashLearned(
  network: Network,
  parameters: Pick<SnnParameters, 'cL' | 'thetaDecay' | 'neuron' | 'rule'>,
): string {
  const { cL, thetaDecay } = parameters;
  const array = (data: Float32Array) => ({ shape: [data.length], data });
  return stateHash({
    w_xy: network.getWeights(xyName),
    theta: array(readTheta(network, parameters)),
    ...Object.fromEntries(
      Object.entries(readVariables(network, parameters)).map(([name, data]) => [name, array(data)]),
    ),
    ...(thetaDecay === 'exact' ? { theta_carry: array(network.getVariable('Y', 'thetaCarry')) } : {}),
    ...(cL ? { w_yy: network.getWeights(yyName) } : {}),
  });
}
