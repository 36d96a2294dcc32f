/** What a readout reads: how often every Y neuron fired at every image, and the labels that belong to the images. */
import { invalidArgument } from '../errors.js';
import { count, custom, type Field, instance, numbers } from '../options.js';
import { type SpikeCounts, SpikeCountsBuilder, type SpikeCountsShape } from '../core/network/spike-counts.js';
import { mostClasses } from './class-numbers.js';

export { type SpikeCounts, SpikeCountsBuilder, type SpikeCountsShape };

const wholeNumber = count();

/**
 * From all counts, in the form that the readout takes.
 *
 * @param counts [image, neuron] spikes per image, neurons in the order filter · nPositions + position
 * @throws LocusError `INVALID_ARGUMENT` where they are no whole number of images
 */
export function packSpikeCounts(counts: Uint16Array, shape: SpikeCountsShape): SpikeCounts {
  // Other counts may be the shape, so it may have more than these.
  for (const name of ['nFilters', 'nPositions'] as const)
    wholeNumber('packSpikeCounts', name, (shape as SpikeCountsShape | null)?.[name]);
  instance(Uint16Array)('packSpikeCounts', 'counts', counts);
  const nNeurons = shape.nFilters * shape.nPositions;
  if (counts.length % nNeurons !== 0) {
    throw invalidArgument('packSpikeCounts', `a multiple of ${nNeurons} counts`, counts.length);
  }
  const builder = new SpikeCountsBuilder(shape);
  for (let from = 0; from < counts.length; from += nNeurons)
    builder.add(counts.subarray(from, from + nNeurons));
  return builder.build();
}

/** The images from `from` up to, not including, `to`. */
export function sliceSpikeCounts(counts: SpikeCounts, from: number, to: number): SpikeCounts {
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to < from || to > counts.nImages) {
    throw invalidArgument('sliceSpikeCounts', `0 ≤ from ≤ to ≤ ${counts.nImages} images`, [from, to]);
  }
  const first = counts.offsets[from];
  const end = counts.offsets[to];
  return {
    ...counts,
    nImages: to - from,
    offsets: counts.offsets.subarray(from, to + 1).map((offset) => offset - first),
    neurons: counts.neurons.subarray(first, end),
    counts: counts.counts.subarray(first, end),
  };
}

const spikeCounts: Field<SpikeCounts> = custom(
  'to be spike counts as packSpikeCounts makes them',
  (value) => {
    const { offsets, neurons, counts } = (value ?? {}) as Partial<SpikeCounts>;
    return [offsets, neurons, counts].every((part) => ArrayBuffer.isView(part));
  },
);

/** Classes where nothing else is said: the ten digits. */
export const defaultClasses = 10;

export function checkSpikeCounts(given: SpikeCounts, place: string): void {
  const { nImages, nFilters, nPositions, offsets, neurons, counts } = spikeCounts(place, 'counts', given);
  checkWhole(nImages, 0, 'nImages', place);
  checkWhole(nFilters, 1, 'nFilters', place);
  checkWhole(nPositions, 1, 'nPositions', place);
  if (offsets.length !== nImages + 1 || offsets[0] !== 0) {
    throw invalidArgument(place, `${nImages} images with ${nImages + 1} offsets from 0 on`, offsets.length);
  }
  const falling = offsets.findIndex((offset, image) => offset < offsets[image - 1]);
  if (falling >= 0) {
    throw invalidArgument(
      place,
      `offsets that never fall, ${offsets[falling - 1]} or more`,
      offsets[falling],
    );
  }
  const nEntries = offsets[nImages];
  if (neurons.length !== nEntries || counts.length !== nEntries) {
    throw invalidArgument(
      place,
      `${nEntries} neurons and counts, as the last offset says`,
      `${neurons.length} and ${counts.length}`,
    );
  }
  const foreign = neurons.find((neuron) => neuron >= nFilters * nPositions);
  if (foreign !== undefined) {
    throw invalidArgument(
      place,
      `neurons below ${nFilters} filters × ${nPositions} positions = ${nFilters * nPositions}`,
      foreign,
    );
  }
  if (counts.includes(0)) throw invalidArgument(place, 'counts > 0 (silent neurons have no entry)', 0);
  for (let image = 0; image < nImages; image++) {
    for (let e = offsets[image] + 1; e < offsets[image + 1]; e++) {
      if (neurons[e] > neurons[e - 1]) continue;
      throw invalidArgument(
        place,
        `neurons of image ${image} ascending, above ${neurons[e - 1]}`,
        neurons[e],
      );
    }
  }
}

export const classCount = count({ most: mostClasses });

export function checkClasses(nClasses: number, place: string): void {
  classCount(place, 'nClasses', nClasses);
}

/** Labels: one per image, each a class. */
export function checkLabels(
  labels: ArrayLike<number>,
  nImages: number,
  nClasses: number,
  place: string,
): void {
  numbers(place, 'labels', labels);
  if (labels.length !== nImages)
    throw invalidArgument(place, `${nImages} labels, one per image`, labels.length);
  for (let i = 0; i < nImages; i++) {
    const label = labels[i];
    if (!Number.isInteger(label) || label < 0 || label >= nClasses)
      throw invalidArgument(place, `labels from 0 to ${nClasses - 1}`, label);
  }
}

export function checkWhole(value: number, least: number, name: string, place: string): void {
  if (!Number.isInteger(value) || value < least) {
    throw invalidArgument(place, `${name} to be a whole number ≥ ${least}`, value);
  }
}
