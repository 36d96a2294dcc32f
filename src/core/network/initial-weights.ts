/** Weights and biases that are drawn from the network's seed. */
import type { ParameterDistribution } from '../definitions/parameter-values.js';
import { normalOfWord } from '../random/normal.js';
import { RandomStream } from '../random/stream.js';

/** Weights in published order: word `i` of the connection's own stream makes weight `i`. */
export function drawWeights(
  seed: number,
  connection: number,
  size: number,
  distribution: ParameterDistribution,
): Float32Array {
  return draw(new RandomStream(seed, 'xyWeights', 0, connection), size, distribution);
}

/** Biases in published order, from the connection's second stream. */
export function drawBiases(
  seed: number,
  connection: number,
  size: number,
  distribution: ParameterDistribution,
): Float32Array {
  return draw(new RandomStream(seed, 'xyWeights', 1, connection), size, distribution);
}

/** Uniform in [low, high), or normal. */
function draw(stream: RandomStream, size: number, distribution: ParameterDistribution): Float32Array {
  if ('normal' in distribution) {
    const [mean, deviation] = distribution.normal;
    return Float32Array.from({ length: size }, () => mean + deviation * normalOfWord(stream.nextUint32()));
  }
  const [low, high] = distribution.uniform;
  return Float32Array.from({ length: size }, () => low + (high - low) * stream.nextFloat());
}
