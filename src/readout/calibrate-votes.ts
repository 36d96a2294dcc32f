/** Learns from labelled images what the firing of a neuron speaks for. */
import type { Labels } from './class-numbers.js';
import {
  checkClasses,
  checkLabels,
  checkSpikeCounts,
  defaultClasses,
  type SpikeCounts,
} from './spike-counts.js';

/**
 * `votes[label · nNeurons + y]` = mean spike count of neuron y over the images of that label, `nClasses × nNeurons`.
 * A class without images has votes of 0.
 * @throws INVALID_ARGUMENT where lengths disagree or a label is no class.
 */
export function calibrateVotes(
  counts: SpikeCounts,
  labels: Labels,
  nClasses: number = defaultClasses,
): Float32Array {
  checkClasses(nClasses, 'calibrateVotes');
  checkSpikeCounts(counts, 'calibrateVotes');
  checkLabels(labels, counts.nImages, nClasses, 'calibrateVotes');
  const nNeurons = counts.nFilters * counts.nPositions;
  const sums = new Float64Array(nClasses * nNeurons);
  const nImagesOf = new Float64Array(nClasses);
  for (let image = 0; image < counts.nImages; image++) {
    nImagesOf[labels[image]]++;
    const row = labels[image] * nNeurons;
    for (let e = counts.offsets[image]; e < counts.offsets[image + 1]; e++) {
      sums[row + counts.neurons[e]] += counts.counts[e];
    }
  }
  return Float32Array.from(sums, (sum, at) => sum / Math.max(1, nImagesOf[Math.floor(at / nNeurons)]));
}
