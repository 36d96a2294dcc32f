/** Weights that are drawn from the network's seed. */
import { RandomStream } from '../random/stream.js';

/** Uniform weights in [low, high), published order: word `i` of the connection's own stream makes weight `i`. */
export function drawUniformWeights(
  seed: number,
  connection: number,
  size: number,
  low: number,
  high: number,
): Float32Array {
  const stream = new RandomStream(seed, 'xyWeights', 0, connection);
  return Float32Array.from({ length: size }, () => low + (high - low) * stream.nextFloat());
}
