/** Spike counts for tests of the readout: arbitrary small ones, and Poisson ones of a layer with known preferences. */
import fc from 'fast-check';
import { RandomStream } from '../../src/core/random/stream.js';
import { packSpikeCounts, type SpikeCounts } from '../../src/readout/index.js';

/** All counts, `nImages × nNeurons`, zeros included. */
export function unpackSpikeCounts(packed: SpikeCounts): Uint16Array {
  const { nImages, nFilters, nPositions, offsets, neurons, counts } = packed;
  const dense = new Uint16Array(nImages * nFilters * nPositions);
  for (let image = 0; image < nImages; image++) {
    for (let e = offsets[image]; e < offsets[image + 1]; e++) {
      dense[image * nFilters * nPositions + neurons[e]] = counts[e];
    }
  }
  return dense;
}

export interface LabelledCounts {
  readonly counts: SpikeCounts;
  readonly labels: Uint8Array;
  readonly nClasses: number;
  readonly nNeurons: number;
  readonly countOf: (image: number, y: number) => number;
}

/** Small layers with counts that are often zero and often equal. */
export function labelledCounts(): fc.Arbitrary<LabelledCounts> {
  const sizes = fc.record({
    nImages: fc.integer({ min: 1, max: 8 }),
    nFilters: fc.integer({ min: 1, max: 4 }),
    nPositions: fc.integer({ min: 1, max: 4 }),
    nClasses: fc.integer({ min: 1, max: 4 }),
  });
  return sizes.chain(({ nImages, nFilters, nPositions, nClasses }) => {
    const nNeurons = nFilters * nPositions;
    const nCounts = nImages * nNeurons;
    return fc
      .record({
        counts: fc.array(fc.constantFrom(0, 0, 1, 2, 3, 40_000), { minLength: nCounts, maxLength: nCounts }),
        labels: fc.array(fc.nat(nClasses - 1), { minLength: nImages, maxLength: nImages }),
      })
      .map(({ counts, labels }) => ({
        counts: packSpikeCounts(Uint16Array.from(counts), { nFilters, nPositions }),
        labels: Uint8Array.from(labels),
        nClasses,
        nNeurons,
        countOf: (image: number, y: number) => counts[image * nNeurons + y],
      }));
  });
}

/**
 * Counts of a layer whose every neuron fires with a rate of its own to each class, on `nImages` images of classes in turn.
 * The rates are the same for every `draw`; the larger `spread`, the easier are the classes to tell apart.
 */
export function poissonCounts(
  shape: { nImages: number; nFilters: number; nPositions: number; nClasses: number },
  { spread, draw }: { spread: number; draw: number },
): { counts: SpikeCounts; labels: Uint8Array } {
  const { nImages, nFilters, nPositions, nClasses } = shape;
  const nNeurons = nFilters * nPositions;
  const preferences = new RandomStream(1, 'user');
  const rates = Array.from(
    { length: nClasses * nNeurons },
    () => Math.exp(spread * preferences.nextFloat()) / 4,
  );
  const noise = new RandomStream(2, 'user', draw);
  const labels = Uint8Array.from({ length: nImages }, (_, image) => image % nClasses);
  const counts = Uint16Array.from({ length: nImages * nNeurons }, (_, at) => {
    const rate = rates[labels[Math.floor(at / nNeurons)] * nNeurons + (at % nNeurons)];
    let count = -1;
    for (let product = 1; product > Math.exp(-rate); count++) product *= noise.nextFloat();
    return count;
  });
  return { counts: packSpikeCounts(counts, { nFilters, nPositions }), labels };
}
