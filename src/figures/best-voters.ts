/** Which neurons decided: in every receptive field the one whose spikes spoke most for a label. */
import { invalidArgument } from '../errors.js';
import { count, instance, nullable, numbers, readOptions, required, type Schema } from '../options.js';
import type { OutputGrid } from './results.js';

export interface Voter {
  readonly position: number;
  readonly filter: number;
  /** filter · nPositions + position. */
  readonly neuron: number;
  /** Spikes of this image. */
  readonly count: number;
  /** count · vote for the label; without votes, count. */
  readonly strength: number;
}

export interface VoterQuery extends OutputGrid {
  /** Spikes of every neuron at one image. */
  readonly counts: ArrayLike<number>;
  /** Mean spike count [label, neuron]; without them the neurons with the most spikes are taken. */
  readonly votes?: Float32Array | null;
  /** The label that is voted for. */
  readonly label?: number | null;
  /** Voters of each receptive field (default 1). */
  readonly perPosition?: number;
}

const schema: Schema<VoterQuery> = {
  nFilters: required(count()),
  nPositions: required(count()),
  counts: required(numbers),
  votes: nullable(instance(Float32Array)),
  label: nullable(count({ least: -1 })),
  perPosition: count(),
};

/**
 * The strongest voters of each receptive field, position by position, the strongest first, of equal ones the lowest
 * filter; neurons without a spike are none.
 */
export function findBestVoters(given: VoterQuery): Voter[] {
  const query = readOptions('findBestVoters', schema, given);
  const { counts, votes, label, nFilters, nPositions, perPosition = 1 } = query;
  const nNeurons = nFilters * nPositions;
  if (counts.length !== nNeurons) {
    throw invalidArgument('findBestVoters', `${nFilters} × ${nPositions} spike counts`, counts.length);
  }
  const byVotes = votes != null && label != null && label >= 0;
  if (byVotes && (label + 1) * nNeurons > votes.length) {
    throw invalidArgument('findBestVoters', `a label from 0 to ${votes.length / nNeurons - 1}`, label);
  }
  return Array.from({ length: nPositions }, (_, position) =>
    Array.from({ length: nFilters }, (_, filter): Voter => {
      const neuron = filter * nPositions + position;
      const count = counts[neuron];
      return {
        position,
        filter,
        neuron,
        count,
        strength: byVotes ? count * votes[label * nNeurons + neuron] : count,
      };
    })
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.strength - a.strength || a.filter - b.filter)
      .slice(0, perPosition),
  ).flat();
}

/** "row, column" of a position. */
export function namePosition(position: number, nPositions: number): string {
  const side = Math.round(Math.sqrt(nPositions));
  return `${Math.floor(position / side)}, ${position % side}`;
}
