/** Readout by the order in which neurons spike: how often n of them follow one another at images of each label. */
import { count, instance, list, objectWith, readOptions, type Schema } from '../options.js';
import type { SpikeTrain } from '../core/encoding/spike-train.js';
import { type Labels, makePredictions, type Predictions } from './class-numbers.js';
import { findLargest } from './predict-by-votes.js';
import { checkLabels, classCount, defaultClasses } from './spike-counts.js';

/** Scores of the n-grams that were seen. */
export interface NgramScores {
  /** Neurons of an n-gram. */
  readonly n: number;
  readonly nClasses: number;
  /** By the neurons of an n-gram in their order, with commas between them: [label], how often it was seen. */
  readonly scores: ReadonlyMap<string, Float32Array>;
}

export interface NgramOptions {
  /** Spikes of an n-gram. Default: 2. */
  readonly n?: number;
  /** Default: 10. */
  readonly nClasses?: number;
}

const ngramLength = count({ most: 64 });
const schema: Schema<NgramOptions> = { n: ngramLength, nClasses: classCount };
const trains = list<SpikeTrain>(objectWith('steps', 'size', 'offsets', 'neurons'));
const scoresField = objectWith<NgramScores>('n', 'nClasses', 'scores');

/**
 * Counts every n-gram of the spikes of each image, the last one included, for the image's label. Spikes are in the order of their
 * steps, those of one step in the order of their neurons.
 *
 * @param spikes of the readout's layer, a train for each image
 * @throws LocusError `INVALID_ARGUMENT` where there are not as many labels as images, or a label is no class
 */
export function countNgrams(
  spikes: readonly SpikeTrain[],
  labels: Labels,
  options: NgramOptions = {},
): NgramScores {
  const { n = 2, nClasses = defaultClasses } = readOptions('countNgrams', schema, options);
  trains('countNgrams', 'spikes', spikes);
  checkLabels(labels, spikes.length, nClasses, 'countNgrams');
  const scores = new Map<string, Float32Array>();
  spikes.forEach((train, image) => {
    for (const ngram of ngramsOf(train, n)) {
      const known = scores.get(ngram) ?? new Float32Array(nClasses);
      known[labels[image]]++;
      scores.set(ngram, known);
    }
  });
  return { n, nClasses, scores };
}

/**
 * Predicts the label with the highest sum of scores over all n-grams of an image; −1 where none was seen before. Of equal sums
 * the lowest label wins.
 */
export function predictByNgrams(spikes: readonly SpikeTrain[], given: NgramScores): Predictions {
  trains('predictByNgrams', 'spikes', spikes);
  const { n, nClasses, scores } = scoresField('predictByNgrams', 'scores', given);
  instance(Map)('predictByNgrams', 'scores', scores);
  classCount('predictByNgrams', 'nClasses', nClasses);
  ngramLength('predictByNgrams', 'n', n);
  return makePredictions(nClasses, spikes.length, (image) => {
    const sums = new Float64Array(nClasses);
    for (const ngram of ngramsOf(spikes[image], n)) {
      scores.get(ngram)?.forEach((score, label) => {
        sums[label] += score;
      });
    }
    const best = findLargest(sums);
    return sums[best] > 0 ? best : -1;
  });
}

/** The neurons of every n spikes that follow one another. */
function* ngramsOf({ neurons }: SpikeTrain, n: number): Generator<string> {
  for (let first = 0; first + n <= neurons.length; first++) yield neurons.subarray(first, first + n).join();
}
