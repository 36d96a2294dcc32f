/** What every engine demands of the images it is to present. */
import { rateFields } from '../encoding/encoder.js';
import { checkSpikeTrain, type SpikeTrain } from '../encoding/spike-train.js';
import { invalidArgument } from '../../errors.js';
import {
  abortSignal,
  callback,
  count,
  type Field,
  flag,
  list,
  readOptions,
  required,
  type Schema,
} from '../../options.js';
import type { Program } from './program.js';
import { countedLayers, type Presentation, type PresentOptions } from './simulation.js';
import { mostCountedSteps } from './steps.js';

const wholeIndex = count({ least: 0 });
const wholeIndices = list(wholeIndex, { least: 1 });

const countedField: Field<PresentOptions['count']> = (place, name, value) =>
  Array.isArray(value) ? wholeIndices(place, name, value) : wholeIndex(place, name, value);

const schema: Schema<PresentOptions> = {
  learn: required(flag),
  count: required(countedField),
  countEvery: count({ unit: 'steps' }),
  onCounts: callback(),
  onSpikes: callback(),
  onProgress: callback(),
  signal: abortSignal,
  batchSize: count({ unit: 'images' }),
};

/** @throws LocusError for an option that there is not, or a wrong value */
export function readPresentOptions(given: PresentOptions): PresentOptions {
  return readOptions('present', schema, given);
}

/** Throws unless the presentation fits the program. */
export function checkPresentation(program: Program, presentation: Presentation, given: PresentOptions): void {
  const options = readPresentOptions(given);
  const { layer, count, steps, poisson } = presentation;
  if (program.layers[layer]?.model.kernel !== 'input') {
    throw invalidArgument('present', 'the index of an input layer to show images to', layer);
  }
  const counted = countedLayers(options);
  for (const index of counted) {
    if (program.layers[index] && program.layers[index].model.kernel !== 'input') continue;
    throw invalidArgument('present', 'the index of a layer of neurons to count spikes of', index);
  }
  if (new Set(counted).size < counted.length) {
    throw invalidArgument('present', 'every layer that is counted once', counted);
  }
  if (!Number.isInteger(count) || count < 0) {
    throw invalidArgument('present', 'a whole number of images ≥ 0', count);
  }
  if (!Number.isInteger(steps) || steps < 1)
    throw invalidArgument('present', 'a whole number of steps ≥ 1', steps);
  if (Math.min(steps, options.countEvery ?? steps) > mostCountedSteps) {
    const expectation = `at most ${mostCountedSteps} steps between two counts (countEvery)`;
    throw invalidArgument('present', expectation, options.countEvery ?? steps);
  }
  if (!poisson) return;
  rateFields.intensity('present', 'intensity', poisson.intensity);
  rateFields.dt('present', 'dt', poisson.dt);
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
