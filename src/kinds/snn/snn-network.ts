/** The simulator's network for given published parameters: X, Y, their connection and the competition. */
import type { DefinedLayer } from '../../core/definitions/define-neuron.js';
import { type LearningRule, PostPre } from '../../core/network/learning/index.js';
import { drawWeights } from '../../core/network/initial-weights.js';
import { Network } from '../../core/network/network.js';
import { AdaptiveLIF, Input } from '../../core/network/nodes/index.js';
import {
  Connection,
  Conv2dConnection,
  LateralCompetition,
  LateralConnection,
  LocalConnection,
  type SynapticConnection,
} from '../../core/network/topology/index.js';
import { checkWasmRoom } from '../../core/wasm/wasm-memory.js';
import { RandomStream } from '../../core/random/stream.js';
import { neuronClass, ruleClass, type StoredNeuron, type StoredRule } from './model-choice.js';
import {
  convSize,
  type NetworkType,
  neuronParameterNames,
  ruleParameterNames,
  type SnnParameterName,
  type SnnParameters,
} from './parameters.js';

export const xyName = 'X->Y';
export const yyName = 'Y->Y';

const unit = { uniform: [0, 1] } as const;

export interface EngineChoice {
  readonly engine: string;
  readonly threads: number;
  readonly gpuBatch?: number;
}

/** Weights per target neuron of XY. */
export function receptiveFieldSize({ kernelSize }: SnnParameters): number {
  return kernelSize * kernelSize;
}

/** Number of XY weights: shared kernels count once. */
export function countWeightsXY(type: NetworkType, parameters: SnnParameters): number {
  const nPositions = convSize(parameters) ** 2;
  const kernels = type === 'LC_SNN' ? parameters.nFilters * nPositions : parameters.nFilters;
  return kernels * receptiveFieldSize(parameters);
}

/** Number of trainable or set synapses: XY and YY (every pair of filters at every position). */
export function countParameters(type: NetworkType, parameters: SnnParameters): number {
  const nPositions = convSize(parameters) ** 2;
  const { nFilters } = parameters;
  return countWeightsXY(type, parameters) + nPositions * nFilters * (nFilters - 1);
}

/** The layers and connections of a network, not yet put together. */
export interface SnnParts {
  readonly x: Input;
  readonly y: AdaptiveLIF | DefinedLayer;
  readonly xy: SynapticConnection;
  readonly yy: LateralCompetition | LateralConnection;
}

export function describeParts(type: NetworkType, parameters: SnnParameters): SnnParts {
  const { crop, nFilters, kernelSize, stride, seed } = parameters;
  const side = convSize(parameters);
  const xy = {
    rule: buildRule(parameters),
    wMin: 0,
    wMax: 1,
    norm: parameters.meanWeight * receptiveFieldSize(parameters),
    // The original starts convolutional kernels as drawn: the first image meets them not normalised.
    normalizeInitially: type !== 'C_SNN',
  };
  const topologies = {
    LC_SNN: () =>
      new LocalConnection({
        ...xy,
        kernelSize,
        stride,
        w: drawWeights(seed, 0, nFilters * side * side * kernelSize * kernelSize, unit),
      }),
    C_SNN: () =>
      new Conv2dConnection({
        ...xy,
        kernelSize,
        stride,
        w: drawWeights(seed, 0, nFilters * kernelSize * kernelSize, unit),
      }),
    FC_SNN: () => new Connection({ ...xy, w: drawWeights(seed, 0, nFilters * crop * crop, unit) }),
  };
  return {
    x: new Input({ shape: [crop, crop] }),
    y: buildNeurons(parameters, [nFilters, side, side]),
    xy: topologies[type](),
    yy: buildCompetition(parameters, side * side),
  };
}

/** The usual neurons at `shape`. */
export function buildUsualNeurons(parameters: SnnParameters, shape: readonly number[]): AdaptiveLIF {
  const { refrac, thetaPlus, tcThetaDecay, thetaDecay, tauPos, tauNeg } = parameters;
  const traces = { tcTracePre: tauPos, tcTracePost: tauNeg };
  return new AdaptiveLIF({ shape, ...traces, refrac, thetaPlus, tcThetaDecay, thetaDecay });
}

function buildNeurons(parameters: SnnParameters, shape: readonly number[]): AdaptiveLIF | DefinedLayer {
  const { neuron, tauPos, tauNeg } = parameters;
  if (!neuron) return buildUsualNeurons(parameters, shape);
  const Neuron = neuronClass(neuron);
  return new Neuron({
    shape,
    tcTracePre: tauPos,
    tcTracePost: tauNeg,
    ...shareParameters(neuron, neuronParameterNames, parameters),
    ...neuron.parameters,
  });
}

function buildRule(parameters: SnnParameters): LearningRule {
  const { rule, nuPre, nuPost } = parameters;
  if (!rule) return new PostPre({ nu: [nuPre, nuPost] });
  const Rule = ruleClass(rule);
  return new Rule({ ...shareParameters(rule, ruleParameterNames, parameters), ...rule.parameters });
}

/** Parameters of the network that a definition has too. */
function shareParameters(
  { definition: { parameters: known = {} } }: StoredNeuron | StoredRule,
  names: readonly SnnParameterName[],
  parameters: SnnParameters,
): Readonly<Record<string, unknown>> {
  const shared = names.filter((name) => Object.hasOwn(known, name));
  return Object.fromEntries(shared.map((name) => [name, parameters[name]]));
}

/**
 * Checks the definitions of a network and their parameters.
 *
 * @throws LocusError naming the model, the parameter and what was expected
 */
export function checkModels(parameters: SnnParameters): void {
  const side = convSize(parameters);
  if (parameters.neuron) buildNeurons(parameters, [parameters.nFilters, side, side]);
  if (parameters.rule) buildRule(parameters);
}

/** Threshold of Y without its adaptive part [mV]; NaN for neurons without one parameter `thresh`. */
export function readThreshold(parameters: SnnParameters): number {
  const side = convSize(parameters);
  const y = buildNeurons(parameters, [parameters.nFilters, side, side]);
  const thresh = y instanceof AdaptiveLIF ? y.parameters.thresh : y.parameters.get('thresh');
  return typeof thresh === 'number' ? thresh : Number.NaN;
}

/** What of Y is shown as its voltage: `v`, or the first of its state. */
export function voltageVariable({ neuron }: Pick<SnnParameters, 'neuron'>): string {
  const [first = 'v', ...others] = Object.keys(neuron?.definition.state ?? {});
  return others.includes('v') ? 'v' : first;
}

export function buildSnnNetwork(type: NetworkType, parameters: SnnParameters, choice: EngineChoice): Network {
  const { dt, seed, cL, nFilters } = parameters;
  // Before weights are drawn that take minutes.
  const nWeights = countWeightsXY(type, parameters) + (cL ? (convSize(parameters) * nFilters) ** 2 : 0);
  if (choice.engine === 'wasm') checkWasmRoom(Float32Array.BYTES_PER_ELEMENT * nWeights);
  const { x, y, xy, yy } = describeParts(type, parameters);
  return new Network({ dt, seed, ...choice })
    .addLayer('X', x)
    .addLayer('Y', y)
    .addConnection('X', 'Y', xy)
    .addConnection('Y', 'Y', yy);
}

function buildCompetition(
  parameters: SnnParameters,
  nPositions: number,
): LateralCompetition | LateralConnection {
  const { cL, cW, APos, ANeg, weightDecay, cWMin, cWMax } = parameters;
  if (!cL) return new LateralCompetition({ weight: cW });
  return new LateralConnection({
    w: drawCompetition(parameters, nPositions),
    // `parseParameters` demands both amplitudes where competition is trained.
    rule: new PostPre({ nu: [APos as number, ANeg as number], weightDecay: weightDecay ?? 0 }),
    wMin: cWMin,
    wMax: cWMax,
  });
}

/** Uniform in (cW, 0], [position, source, target]; 0 from a neuron onto itself. */
function drawCompetition({ nFilters, cW, seed }: SnnParameters, nPositions: number): Float32Array {
  const stream = new RandomStream(seed, 'yyWeights');
  return Float32Array.from({ length: nPositions * nFilters * nFilters }, (_, i) => {
    const weight = cW * stream.nextFloat();
    const source = Math.floor(i / nFilters) % nFilters;
    return source === i % nFilters ? 0 : weight;
  });
}
