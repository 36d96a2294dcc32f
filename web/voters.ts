/** The filters of the neurons that decided, one per receptive field, where it lies. */
import type { StoredSnn } from '../src/browser.js';
import { findBestVoters, type Voter } from '../src/figures/best-voters.js';
import { viridis } from '../src/figures/palette.js';
import { drawMatrix } from './canvas.js';

/** Voters of a network that has one receptive field only. */
const votersOfOneField = 6;

export function chooseVoters(
  { state, parameters }: StoredSnn,
  counts: Uint16Array,
  label: number,
): readonly Voter[] {
  const nPositions = counts.length / parameters.nFilters;
  return findBestVoters({
    counts,
    nFilters: parameters.nFilters,
    nPositions,
    votes: state.readout.votes,
    label,
    perPosition: nPositions === 1 ? votersOfOneField : 1,
  });
}

export function showVoters(
  element: HTMLElement,
  { state, parameters }: StoredSnn,
  voters: readonly Voter[],
): void {
  const { nFilters } = parameters;
  const nPositions = state.theta.length / nFilters;
  const side = Math.round(Math.sqrt(nPositions));
  element.style.gridTemplateColumns = `repeat(${nPositions === 1 ? 3 : side}, minmax(0, 84px))`;
  const filter = readFilters(state.weightsXY, nPositions);
  const tiles =
    nPositions === 1
      ? voters.map((voter) => drawVoter(voter, filter))
      : Array.from({ length: nPositions }, (_, position) => {
          const voter = voters.find((each) => each.position === position);
          return voter ? drawVoter(voter, filter) : drawSilence();
        });
  element.replaceChildren(...tiles);
}

interface Filter {
  readonly weights: Float32Array;
  readonly size: number;
}

/** LC [filter, row, column, ky, kx]; C and FC [filter, ky, kx]. */
function readFilters(
  { shape, data }: StoredSnn['state']['weightsXY'],
  nPositions: number,
): (voter: Voter) => Filter {
  const size = shape[shape.length - 1];
  const isLocal = shape.length === 5;
  return ({ filter, position }) => {
    const at = (isLocal ? filter * nPositions + position : filter) * size * size;
    return { weights: data.subarray(at, at + size * size), size };
  };
}

function drawVoter(voter: Voter, read: (voter: Voter) => Filter): HTMLElement {
  const figure = document.createElement('figure');
  figure.className = 'voter';
  const canvas = document.createElement('canvas');
  const { weights, size } = read(voter);
  drawMatrix(canvas, weights, size, viridis);
  const caption = document.createElement('figcaption');
  caption.textContent = `filter ${voter.filter}\n${voter.count} ${voter.count === 1 ? 'spike' : 'spikes'}`;
  figure.append(canvas, caption);
  return figure;
}

function drawSilence(): HTMLElement {
  const figure = document.createElement('figure');
  figure.className = 'voter silent';
  figure.textContent = 'no spikes';
  return figure;
}
