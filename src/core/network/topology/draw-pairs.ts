/** Pairs of neurons that are drawn from a seed. */
import { RandomStream } from '../../random/stream.js';

/** Pairs of neurons, one after the other. */
export interface Pairs {
  readonly source: Uint32Array;
  readonly target: Uint32Array;
}

/**
 * Every pair of `nSources` × `nTargets` neurons with a probability, independently; sources ascending, targets ascending. What is drawn is
 * how many pairs are passed over between one and the next.
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
  const mean = nSources * nTargets * probability;
  let source = new Uint32Array(Math.ceil(mean + 6 * Math.sqrt(mean) + 16));
  let target = new Uint32Array(source.length);
  const stream = new RandomStream(seed, 'sparsePairs', 0, connection);
  const draw = geometricDraws(probability);
  let count = 0;
  let [from, onto] = [0, -1];
  if (probability === 0) return { source: source.slice(0, 0), target: target.slice(0, 0) };
  for (;;) {
    onto += 1 + draw(stream);
    while (onto >= nTargets && from < nSources) {
      onto -= nTargets;
      from++;
    }
    if (from >= nSources) break;
    if (count === source.length) [source, target] = [source, target].map(lengthen);
    source[count] = from;
    target[count] = onto;
    count++;
  }
  return { source: source.slice(0, count), target: target.slice(0, count) };
}

function lengthen(values: Uint32Array): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(2 * values.length);
  longer.set(values);
  return longer;
}

const guideBits = 10;
const longestTable = 4096;

/**
 * Draws how many fail before one succeeds: by a table of the chances that there are so many at most. What lies beyond it begins anew, since
 * what failed before does not matter.
 */
function geometricDraws(probability: number): (stream: RandomStream) => number {
  const length = Math.min(longestTable, Math.ceil(8 / probability));
  const thresholds = new Float64Array(length);
  let rest = 1;
  for (let k = 0; k < length; k++) {
    rest *= 1 - probability;
    thresholds[k] = 0x1_0000_0000 * (1 - rest);
  }
  const guide = new Uint16Array(1 << guideBits);
  for (let upper = 0, k = 0; upper < guide.length; upper++) {
    while (k < length && upper * 2 ** (32 - guideBits) >= thresholds[k]) k++;
    guide[upper] = k;
  }
  return (stream) => {
    for (let passed = 0; ; passed += length) {
      const word = stream.nextUint32();
      let k = guide[word >>> (32 - guideBits)];
      while (k < length && word >= thresholds[k]) k++;
      if (k < length) return passed + k;
    }
  };
}
