/** What a readout reads: how often every Y neuron fired at every image, and the labels that belong to the images. */
import { invalidArgument } from '../errors.js';

/** Spike counts of Y: `nImages × nNeurons`, image-major, neuron order (filter · nPositions + position). */
export interface SpikeCounts {
  readonly counts: Uint16Array;
  readonly nImages: number;
  readonly nFilters: number;
  /** Positions of Y's grid, each seeing one receptive field; 1 where Y is fully connected. */
  readonly nPositions: number;
}

/** Classes where nothing else is said: the ten digits. */
export const defaultClasses = 10;

export function checkSpikeCounts(
  { counts, nImages, nFilters, nPositions }: SpikeCounts,
  place: string,
): void {
  checkWhole(nImages, 0, 'nImages', place);
  checkWhole(nFilters, 1, 'nFilters', place);
  checkWhole(nPositions, 1, 'nPositions', place);
  const expected = nImages * nFilters * nPositions;
  if (counts.length !== expected) {
    throw invalidArgument(
      place,
      `${nImages} images × ${nFilters} filters × ${nPositions} positions = ${expected} counts`,
      counts.length,
    );
  }
}

/** Predictions are Int8, so there can be no more than 128 classes. */
export function checkClasses(nClasses: number, place: string): void {
  checkWhole(nClasses, 1, 'nClasses', place);
  if (nClasses > 128) throw invalidArgument(place, 'nClasses ≤ 128', nClasses);
}

/** Labels: one per image, each a class. */
export function checkLabels(labels: Uint8Array, nImages: number, nClasses: number, place: string): void {
  if (labels.length !== nImages)
    throw invalidArgument(place, `${nImages} labels, one per image`, labels.length);
  const foreign = labels.find((label) => label >= nClasses);
  if (foreign !== undefined) throw invalidArgument(place, `labels from 0 to ${nClasses - 1}`, foreign);
}

export function checkWhole(value: number, least: number, name: string, place: string): void {
  if (!Number.isInteger(value) || value < least) {
    throw invalidArgument(place, `${name} to be a whole number ≥ ${least}`, value);
  }
}
