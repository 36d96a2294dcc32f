/** Conversion of a trained ReLU network into a network of integrate-and-fire neurons, weight by weight. */
import { invalidArgument } from '../../errors.js';
import { flag, instance, number, oneOf, readOptions, type Schema } from '../../options.js';
import { Linear } from '../../layers/linear.js';
import { Sequential } from '../../layers/sequential.js';
import { makeTensor, type Tensor } from '../../layers/tensor.js';
import { ActivationScale, propagateData, type TrainData, trainDataField } from './activation-scale.js';
import { type MapShape, mapShapeField } from '../relu/architecture.js';
import { ConvertedNetwork, type SpikingLayer } from './converted-network.js';
import { type LayerScale, type Normalization, normalizations, normalizeLayers } from './normalize-layers.js';
import { readReluLayers, type ReluLayer } from '../relu/relu-layers.js';

export interface ConvertOptions {
  /** Default: data. */
  readonly normalization?: Normalization;
  /** Percentile of the positive activations of a layer that becomes 1 [%]: below 100, outliers saturate. Default: 100. */
  readonly percentile?: number;
  /** Images, or brightness [image, …], for `data`. */
  readonly trainData?: TrainData;
  /** Threshold of all neurons. Default: 1. */
  readonly threshold?: number;
  /** After a spike the voltage becomes 0, or falls by the threshold. Default: zero. */
  readonly reset?: 'zero' | 'subtract';
  /** Whether weights are divided by the factors, or thresholds multiplied by them: the same spikes. Default: weights. */
  readonly balance?: 'weights' | 'thresholds';
  /** Whether the output layer is normalised as the others. Default: true. */
  readonly normalizeOutput?: boolean;
  /** [channels, height, width] of the input; needed without train data where the first layer is not fully connected. */
  readonly inputShape?: MapShape;
}

const place = 'convert';

const schema: Schema<ConvertOptions> = {
  normalization: oneOf(normalizations),
  percentile: number({ above: 0, most: 100, unit: '%' }),
  trainData: trainDataField,
  threshold: number({ above: 0 }),
  reset: oneOf(['zero', 'subtract']),
  balance: oneOf(['weights', 'thresholds']),
  normalizeOutput: flag,
  inputShape: mapShapeField,
};

export const annField = instance(Sequential);

/**
 * Maps a network without biases onto integrate-and-fire neurons without leak or refractory period, one per unit (units of average
 * pooling too).
 *
 * @throws LocusError `INVALID_ARGUMENT` naming the option or the layer that cannot be converted; `UNKNOWN_NAME`
 */
export function convert(ann: Sequential, given: ConvertOptions = {}): ConvertedNetwork {
  const options = readOptions(place, schema, given);
  const { normalization = 'data', percentile = 100, threshold = 1, reset = 'zero' } = options;
  const { balance = 'weights', normalizeOutput = true, trainData } = options;
  annField(place, 'ann', ann);
  const inputShape = findInputShape(ann, options);
  const layers = readReluLayers(ann, inputShape);
  const activations =
    normalization === 'data' ? measureActivations(ann, layers, trainData, inputShape, percentile) : null;
  const scales = normalizeLayers(layers, normalization, activations, normalizeOutput);
  return new ConvertedNetwork({
    inputShape,
    reset,
    scales,
    layers: layers.map((layer) => toSpikingLayer(layer, scales, threshold, balance)),
  });
}

function toSpikingLayer(
  layer: ReluLayer,
  scales: readonly LayerScale[],
  threshold: number,
  balance: 'weights' | 'thresholds',
): SpikingLayer {
  const { name, shape } = layer;
  if (layer.kind === 'pool') return { kind: 'pool', name, shape, threshold, window: layer.window };
  const factor = scales.find((scale) => scale.layer === name)?.factor ?? 1;
  const isScaled = balance === 'weights';
  const common = {
    name,
    shape,
    threshold: isScaled ? threshold : threshold * factor,
    weights: divide(layer.weights, isScaled ? factor : 1),
  };
  return layer.kind === 'conv'
    ? { kind: 'conv', ...common, window: layer.window }
    : { kind: 'dense', ...common };
}

function divide({ shape, data }: Tensor, factor: number): Tensor {
  return makeTensor(
    shape,
    Float32Array.from(data, (weight) => weight / factor),
  );
}

function measureActivations(
  ann: Sequential,
  layers: readonly ReluLayer[],
  trainData: TrainData | undefined,
  inputShape: MapShape,
  percentile: number,
): Map<string, number> {
  if (!trainData) throw invalidArgument(place, 'trainData for the normalization by data', trainData);
  const scales = layers.map(() => new ActivationScale(percentile));
  propagateData(ann, layers, trainData, inputShape, (activations) => {
    activations.forEach(({ data }, i) => scales[i].add(data));
  });
  return new Map(layers.map(({ name }, i) => [name, scales[i].value]));
}

function findInputShape(ann: Sequential, { inputShape, trainData }: ConvertOptions): MapShape {
  if (inputShape) return inputShape;
  if (trainData && !('data' in trainData)) return [trainData.channels, trainData.height, trainData.width];
  if (trainData?.shape.length === 4) return [trainData.shape[1], trainData.shape[2], trainData.shape[3]];
  const first = ann.layers.find((layer) => layer.parameters().length > 0);
  if (first instanceof Linear) return [first.inFeatures, 1, 1];
  throw invalidArgument(place, 'inputShape [channels, height, width]', inputShape);
}
