/** Weights and biases that are drawn from the network's seed. */
import { RandomStream } from '../random/stream.js';

/** Uniform weights in [low, high), published order: word `i` of the connection's own stream makes weight `i`. */
export function drawUniformWeights(
  seed: number,
  connection: number,
  size: number,
  low: number,
  high: number,
): Float32Array {
  return drawUniform(new RandomStream(seed, 'xyWeights', 0, connection), size, low, high);
}

/** Uniform biases in [low, high), published order, from the connection's second stream. */
export function drawUniformBiases(
  seed: number,
  connection: number,
  size: number,
  low: number,
  high: number,
): Float32Array {
  return drawUniform(new RandomStream(seed, 'xyWeights', 1, connection), size, low, high);
}

function drawUniform(stream: RandomStream, size: number, low: number, high: number): Float32Array {
  return Float32Array.from({ length: size }, () => low + (high - low) * stream.nextFloat());
}
