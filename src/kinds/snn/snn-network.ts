/** The simulator's network for given published parameters: X, Y, their connection and the competition. */
import { PostPre } from '../../core/network/learning/index.js';
import { drawUniformWeights, Network } from '../../core/network/network.js';
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
import { convSize, type NetworkType, type SnnParameters } from './parameters.js';

export const xyName = 'X->Y';
export const yyName = 'Y->Y';

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
  readonly y: AdaptiveLIF;
  readonly xy: SynapticConnection;
  readonly yy: LateralCompetition | LateralConnection;
}

export function describeParts(type: NetworkType, parameters: SnnParameters): SnnParts {
  const { crop, nFilters, kernelSize, stride, seed } = parameters;
  const side = convSize(parameters);
  const xy = {
    rule: new PostPre({ nu: [parameters.nuPre, parameters.nuPost] }),
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
        w: drawUniformWeights(seed, 0, nFilters * side * side * kernelSize * kernelSize, 0, 1),
      }),
    C_SNN: () =>
      new Conv2dConnection({
        ...xy,
        kernelSize,
        stride,
        w: drawUniformWeights(seed, 0, nFilters * kernelSize * kernelSize, 0, 1),
      }),
    FC_SNN: () => new Connection({ ...xy, w: drawUniformWeights(seed, 0, nFilters * crop * crop, 0, 1) }),
  };
  return {
    x: new Input({ shape: [crop, crop] }),
    y: new AdaptiveLIF({
      shape: [nFilters, side, side],
      refrac: parameters.refrac,
      thetaPlus: parameters.thetaPlus,
      tcThetaDecay: parameters.tcThetaDecay,
      thetaDecay: parameters.thetaDecay,
      tcTracePre: parameters.tauPos,
      tcTracePost: parameters.tauNeg,
    }),
    xy: topologies[type](),
    yy: buildCompetition(parameters, side * side),
  };
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
