/** Votes by neuron: the label it speaks for, and how its votes fall from the best to the worst label. */
import { invalidArgument } from '../errors.js';
import { instance } from '../options.js';
import { classCount } from '../readout/spike-counts.js';

export interface VotesOfNeurons {
  readonly nNeurons: number;
  /** Label that each neuron votes for most; the lowest of equal ones. */
  readonly best: Uint16Array;
}

/** @throws LocusError `INVALID_ARGUMENT` where the votes are not whole rows of `nClasses` labels */
export function readVotes(votes: Float32Array, nClasses: number, place: string): VotesOfNeurons {
  instance(Float32Array)(place, 'votes', votes);
  classCount(place, 'nClasses', nClasses);
  const nNeurons = votes.length / nClasses;
  if (!Number.isInteger(nNeurons) || nNeurons < 1) {
    throw invalidArgument(place, `votes [label, neuron] of ${nClasses} labels`, votes.length);
  }
  const best = Uint16Array.from({ length: nNeurons }, (_, neuron) => {
    let label = 0;
    for (let other = 1; other < nClasses; other++) {
      if (votes[other * nNeurons + neuron] > votes[label * nNeurons + neuron]) label = other;
    }
    return label;
  });
  return { nNeurons, best };
}

/**
 * Shares of each neuron's votes, the highest first: `shares[rank][i]` over the neurons that vote at all.
 */
export function rankVoteShares(votes: Float32Array, nClasses: number, place: string): Float64Array[] {
  const { nNeurons } = readVotes(votes, nClasses, place);
  const ranked: Float64Array[] = [];
  for (let neuron = 0; neuron < nNeurons; neuron++) {
    const own = Float64Array.from({ length: nClasses }, (_, label) => votes[label * nNeurons + neuron]);
    const sum = own.reduce((total, vote) => total + vote, 0);
    if (sum > 0)
      ranked.push(
        own
          .map((vote) => vote / sum)
          .sort()
          .reverse(),
      );
  }
  return Array.from({ length: nClasses }, (_, rank) => Float64Array.from(ranked, (shares) => shares[rank]));
}
