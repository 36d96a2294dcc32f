/** Pairs of neurons that are drawn from a seed. */
import { log } from '../../definitions/float32.js';
import { RandomStream } from '../../random/stream.js';

/** Pairs of neurons, one after the other. */
export interface Pairs {
  readonly source: Uint32Array;
  readonly target: Uint32Array;
}

/**
 * Every pair of `nSources` × `nTargets` neurons with a probability, independently; sources ascending, targets ascending. What is drawn is
 * the number of pairs between one and the next, whose distribution is geometric.
 *
 * @param connection number of the connection, whose stream it is
 */
export function drawPairs(
  nSources: number,
  nTargets: number,
  probability: number,
  seed: number,
  connection: number,
): Pairs {
  const all = nSources * nTargets;
  const deviation = Math.sqrt(all * probability * (1 - probability));
  // Beyond eight standard deviations no seed is known to come.
  const most = Math.min(all, Math.ceil(all * probability + 8 * deviation + 8));
  const [source, target] = [new Uint32Array(most), new Uint32Array(most)];
  const stream = new RandomStream(seed, 'sparsePairs', 0, connection);
  const rate = logOfRest(probability);
  let count = 0;
  for (let pair = 0; count < most; pair++) {
    if (probability < 1) pair += Math.floor(log(Math.fround(uniform(stream))) / rate);
    if (pair >= all) break;
    source[count] = Math.floor(pair / nTargets);
    target[count] = pair - source[count] * nTargets;
    count++;
  }
  return { source: source.slice(0, count), target: target.slice(0, count) };
}

/** In (0, 1). */
function uniform(stream: RandomStream): number {
  return (stream.nextUint32() + 0.5) / 0x1_0000_0000;
}

/** log(1 − p), with the same bits wherever float64 is computed. */
function logOfRest(p: number): number {
  if (p > 0.5) return log(Math.fround(1 - p));
  // −2 artanh(z): the terms fall by a ninth or faster.
  const z = p / (2 - p);
  let sum = 0;
  for (let n = 35; n >= 1; n -= 2) sum = sum * z * z + 1 / n;
  return -2 * z * sum;
}
