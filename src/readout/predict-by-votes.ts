/** Reads classes from spike counts by the votes of the neurons: the three published algorithms. */
import { invalidArgument, unknownName } from '../errors.js';
import { count, instance, readOptions, type Schema } from '../options.js';
import { makePredictions, type Predictions } from './class-numbers.js';
import { votingMethods, type VotingMethod } from './readout-methods.js';
import { checkClasses, checkSpikeCounts, classCount, type SpikeCounts } from './spike-counts.js';

export interface VotingOptions {
  /** Only the n classes a neuron votes for most count (of equal votes the lower label); all of them by default. */
  readonly topN?: number;
  /** By default as many as `votes` has rows. */
  readonly nClasses?: number;
}

const schema: Schema<VotingOptions> = { topN: count(), nClasses: classCount };

/** The neurons that spiked at one image, ascending, and how often. */
interface Spikes {
  readonly neurons: Uint32Array;
  readonly counts: Uint16Array;
}

/** Adds to `scores` (one per class) what the spikes of one image say, `ballots` being `nNeurons × nClasses`. */
type Tally = (spikes: Spikes, ballots: Float64Array, scores: Float64Array) => void;

/**
 * Predicted labels; −1 where the image has no spikes at all. Of equal scores (`tallyVotes`) the lowest label wins.
 *
 * @throws as `tallyVotes`
 */
export function predictByVotes(
  method: VotingMethod,
  counts: SpikeCounts,
  votes: Float32Array,
  options: VotingOptions = {},
): Predictions {
  const { nClasses, scores } = tallyVotes(method, counts, votes, options);
  return makePredictions(nClasses, counts.nImages, (image) =>
    counts.offsets[image] === counts.offsets[image + 1]
      ? -1
      : findLargest(scores.subarray(image * nClasses, (image + 1) * nClasses)),
  );
}

/** How much speaks for every label. */
export interface LabelScores {
  readonly nClasses: number;
  /** [image, label] */
  readonly scores: Float64Array;
}

/**
 * The scores of all labels.
 *
 * With n_y the spike count of neuron y (filter f, position p), the score of a label is
 * - `all_voting`: Σ_y n_y · votes[label, y];
 * - `patch_voting`: Σ_p max_f n_y · votes[label, y];
 * - `spikes_first`: Σ_p n_y · votes[label, y] of the filter with the most spikes there (of equal ones the lowest).
 *
 * @param votes `nClasses × nNeurons`, as `calibrateVotes` gives them.
 * @throws UNKNOWN_NAME for another method, INVALID_ARGUMENT where lengths disagree or a vote is negative.
 */
export function tallyVotes(
  method: VotingMethod,
  counts: SpikeCounts,
  votes: Float32Array,
  options: VotingOptions = {},
): LabelScores {
  const { topN, nClasses } = readOptions('predictByVotes', schema, options);
  if (!votingMethods.includes(method)) {
    throw unknownName('predictByVotes', 'voting method', method, votingMethods);
  }
  checkSpikeCounts(counts, 'predictByVotes');
  instance(Float32Array)('predictByVotes', 'votes', votes);
  const { nImages, nPositions } = counts;
  const nNeurons = counts.nFilters * nPositions;
  const classes = nClasses ?? votes.length / nNeurons;
  if (votes.length !== classes * nNeurons || !Number.isInteger(classes) || classes < 1) {
    throw invalidArgument('predictByVotes', `${nClasses ?? 'n'} classes × ${nNeurons} votes`, votes.length);
  }
  checkClasses(classes, 'predictByVotes');
  const wrong = votes.find((vote) => !(vote >= 0));
  if (wrong !== undefined) throw invalidArgument('predictByVotes', 'votes ≥ 0', wrong);

  const ballots = fillBallots(votes, nNeurons, classes, Math.min(topN ?? classes, classes));
  const tally = tallies[method](nPositions, classes);
  const scores = new Float64Array(nImages * classes);
  for (let image = 0; image < nImages; image++) {
    const first = counts.offsets[image];
    const end = counts.offsets[image + 1];
    const spikes = {
      neurons: counts.neurons.subarray(first, end),
      counts: counts.counts.subarray(first, end),
    };
    tally(spikes, ballots, scores.subarray(image * classes, (image + 1) * classes));
  }
  return { nClasses: classes, scores };
}

const tallies: Readonly<Record<VotingMethod, (nPositions: number, nClasses: number) => Tally>> = {
  all_voting: (_, nClasses) => (spikes, ballots, scores) => {
    for (let at = 0; at < spikes.neurons.length; at++) {
      addBallot(spikes.counts[at], ballots, spikes.neurons[at] * nClasses, scores);
    }
  },

  patch_voting: (nPositions, nClasses) => {
    const best = new Float64Array(nPositions * nClasses);
    return (spikes, ballots, scores) => {
      best.fill(0);
      for (let at = 0; at < spikes.neurons.length; at++) {
        const ballot = spikes.neurons[at] * nClasses;
        const patch = (spikes.neurons[at] % nPositions) * nClasses;
        for (let label = 0; label < nClasses; label++) {
          const strength = spikes.counts[at] * ballots[ballot + label];
          if (strength > best[patch + label]) best[patch + label] = strength;
        }
      }
      for (let patch = 0; patch < best.length; patch += nClasses) addBallot(1, best, patch, scores);
    };
  },

  spikes_first: (nPositions, nClasses) => {
    const winner = new Uint32Array(nPositions);
    const most = new Uint16Array(nPositions);
    return (spikes, ballots, scores) => {
      most.fill(0);
      for (let at = 0; at < spikes.neurons.length; at++) {
        const position = spikes.neurons[at] % nPositions;
        if (spikes.counts[at] <= most[position]) continue;
        most[position] = spikes.counts[at];
        winner[position] = spikes.neurons[at];
      }
      for (let position = 0; position < nPositions; position++) {
        addBallot(most[position], ballots, winner[position] * nClasses, scores);
      }
    };
  },
};

function addBallot(weight: number, ballots: Float64Array, from: number, scores: Float64Array): void {
  for (let label = 0; label < scores.length; label++) scores[label] += weight * ballots[from + label];
}

/** Votes by neuron, `nNeurons × nClasses`, all but every neuron's `topN` highest set to 0. */
function fillBallots(votes: Float32Array, nNeurons: number, nClasses: number, topN: number): Float64Array {
  const ballots = new Float64Array(nNeurons * nClasses);
  for (let y = 0; y < nNeurons; y++) {
    const voteFor = (label: number) => votes[label * nNeurons + y];
    const ranked = Array.from({ length: nClasses }, (_, label) => label);
    // A stable sort: of equal votes the lower label stays ahead.
    if (topN < nClasses) ranked.sort((a, b) => voteFor(b) - voteFor(a));
    for (const label of ranked.slice(0, topN)) ballots[y * nClasses + label] = voteFor(label);
  }
  return ballots;
}

/** Index of the largest value, the first of equal ones. */
export function findLargest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
