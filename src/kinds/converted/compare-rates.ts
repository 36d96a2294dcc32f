/** How well the firing rates of a converted network follow the activations of the ReLU network. */
import { joinArrays } from '../../core/join-arrays.js';
import type { ImageSet } from '../../datasets/image-set.js';
import { unknownName } from '../../errors.js';
import { Sequential } from '../../layers/sequential.js';
import { instance } from '../../options.js';
import { propagateData } from './activation-scale.js';
import { ConvertedNetwork, type SpikingRunOptions } from './converted-network.js';
import { readReluLayers } from '../relu/relu-layers.js';

export interface RateComparison {
  readonly layer: string;
  /** [image, unit] activation in units of the layer's scale, negative ones as 0. */
  readonly activations: Float32Array;
  /** [image, unit] spikes in units of those of a pixel of full brightness. */
  readonly rates: Float32Array;
  /** Of the two. */
  readonly correlation: number;
}

/**
 * Compares a layer of both networks, unit by unit; without saturation and losses, rate and activation are equal.
 *
 * @throws LocusError `UNKNOWN_NAME` for a layer that there is not
 */
export async function compareRates(
  ann: Sequential,
  snn: ConvertedNetwork,
  layer: string,
  set: ImageSet,
  options: SpikingRunOptions = {},
): Promise<RateComparison> {
  instance(Sequential)('compareRates', 'ann', ann);
  instance(ConvertedNetwork)('compareRates', 'snn', snn);
  const layers = readReluLayers(ann, snn.inputShape);
  const index = layers.findIndex(({ name }) => name === layer);
  if (index < 0) {
    throw unknownName(
      'compareRates',
      'layer',
      layer,
      layers.map(({ name }) => name),
    );
  }
  // A pooling layer has the scale of the layer that it pools.
  const weighted = layers.slice(0, index + 1).findLast(({ kind }) => kind !== 'pool');
  const scale = snn.scales.find((each) => each.layer === weighted?.name)?.scale ?? 1;
  const parts: Float32Array[] = [];
  propagateData(ann, layers, set, snn.inputShape, (activations) => {
    parts.push(Float32Array.from(activations[index].data, (value) => Math.max(0, value) / scale));
  });
  const activations = joinArrays(parts);
  const counts = await snn.countSpikes(set, layer, options);
  const { maxRate = 1000, duration = 100 } = options;
  const most = (maxRate * duration) / 1000;
  const rates = Float32Array.from(counts, (count) => count / most);
  return { layer, activations, rates, correlation: correlate(activations, rates) };
}

/** Pearson's; 0 where one of the two does not vary. */
function correlate(a: Float32Array, b: Float32Array): number {
  const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - meanA) * (b[i] - meanB);
    aa += (a[i] - meanA) ** 2;
    bb += (b[i] - meanB) ** 2;
  }
  return aa === 0 || bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}
