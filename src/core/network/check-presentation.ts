/** What every engine demands of the images it is to present. */
import { checkRate } from '../encoding/encoder.js';
import { checkSpikeTrain, type SpikeTrain } from '../encoding/spike-train.js';
import { invalidArgument } from '../../errors.js';
import type { Program } from './program.js';
import type { Presentation, PresentOptions } from './simulation.js';

/** Throws unless the presentation fits the program. */
export function checkPresentation(
  program: Program,
  presentation: Presentation,
  options: PresentOptions,
): void {
  const { layer, count, steps, poisson } = presentation;
  if (program.layers[layer]?.model.kernel !== 'input') {
    throw invalidArgument('present', 'the index of an input layer to show images to', layer);
  }
  if (!program.layers[options.count] || program.layers[options.count].model.kernel === 'input') {
    throw invalidArgument('present', 'the index of a layer of neurons to count spikes of', options.count);
  }
  if (!Number.isInteger(count) || count < 0) {
    throw invalidArgument('present', 'a whole number of images ≥ 0', count);
  }
  if (!Number.isInteger(steps) || steps < 1)
    throw invalidArgument('present', 'a whole number of steps ≥ 1', steps);
  const { countEvery = steps } = options;
  if (!Number.isInteger(countEvery) || countEvery < 1)
    throw invalidArgument('present', 'countEvery to be a whole number of steps ≥ 1', countEvery);
  if (!poisson) return;
  checkRate(poisson.intensity, poisson.dt, 'present');
  const { size } = program.layers[layer];
  if (poisson.nPixels !== size) throw invalidArgument('present', `images of ${size} pixels`, poisson.nPixels);
  if (poisson.images.length !== count * size || poisson.items.length !== count) {
    throw invalidArgument('present', `${count} × ${size} pixels and ${count} items`, [
      poisson.images.length,
      poisson.items.length,
    ]);
  }
}

/** The spikes of an image; throws unless they fit the layer and the number of steps. */
export function readSpikes(program: Program, presentation: Presentation, image: number): SpikeTrain {
  const train = presentation.spikes(image);
  const place = `spikes of image ${image}`;
  checkSpikeTrain(train, program.layers[presentation.layer].size, place);
  if (train.steps !== presentation.steps)
    throw invalidArgument(place, `${presentation.steps} steps`, train.steps);
  return train;
}

/** @throws LocusError unless a number of images that learn at once is one */
export function checkBatchSize(batchSize: number, place: string): number {
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw invalidArgument(place, 'batchSize to be a whole number of images ≥ 1', batchSize);
  }
  return batchSize;
}
