/** `Network.present`: shows many images to a network, by the names of its layers. */
import { invalidArgument, unknownName } from '../../../errors.js';
import type { Precision } from '../../precision.js';
import type { GuardedSimulation } from '../guard-simulation.js';
import type { Program } from '../program.js';
import { checkSignals, listSignals, signalField } from '../rule-inputs.js';
import type { Presentation } from '../simulation.js';
import { type ImageSteps, findReasonForSteps, presentStepByStep } from './image-steps.js';
import {
  type Checkpoint,
  type Presented,
  type PresentImagesOptions,
  readImagesOptions,
} from './present-options.js';
import { type Images, numbersFrom, ShownImages } from './shown-images.js';
import { isNeurons, Tally } from './tally.js';

const place = 'Network.present';

/** Images that an engine is handed at once, so that their copies stay small. */
const imagesAtOnce = 8192;

/**
 * Shows the images; see `Network.present`.
 *
 * @param seed of the encoder, where the options give none
 */
export async function presentImages(
  simulation: GuardedSimulation<Precision>,
  seed: number,
  images: Images | Readonly<Record<string, Images>>,
  given: PresentImagesOptions,
): Promise<Presented> {
  const options = readImagesOptions(given);
  const { program } = simulation;
  const learn = options.learn !== false;
  const shown = new ShownImages(program, images, options, { seed, learn });
  const { steps, from, to } = shown;
  const tally = new Tally(
    program,
    {
      counts: findCounted(program, options.count),
      trains: findSpiking(program, options.trains ?? [], 'trains'),
      steps,
      countEvery: options.countEvery,
    },
    options.onCounts,
  );
  const parts = { shown, tally, learn, signals: readSignals(program, shown, options) };
  const reason = findReasonForSteps(program, shown, options);
  const next = await withPlasticity(simulation, options.learn, () =>
    saveOnTheWay(options.checkpoint, shown, (first, end) =>
      reason === null
        ? presentInBatches(simulation, parts, options, [first, end])
        : simulation.exclusively(learn, (engine) =>
            presentStepByStep(engine, parts, options, { reason, first, end }),
          ),
    ),
  );
  return {
    images: next - from,
    next,
    isDone: next === to,
    ...tally.result,
    labels: pickLabels(shown, next),
  };
}

/** Presents the images from one checkpoint to the next; returns the number of the image that is next. */
async function saveOnTheWay(
  checkpoint: Checkpoint | undefined,
  { from, to }: ShownImages,
  present: (first: number, end: number) => Promise<number>,
): Promise<number> {
  if (!checkpoint) return present(from, to);
  let next = from;
  while (next < to) {
    const end = Math.min(to, next + checkpoint.every);
    const reached = await present(next, end);
    if (reached > next) await checkpoint.save(reached);
    next = reached;
    if (next < end) break;
  }
  return next;
}

/** Hands images to the engine; returns the number of the next. */
async function presentInBatches(
  simulation: GuardedSimulation<Precision>,
  { shown, tally, learn, signals }: ImageSteps,
  { batchSize = 1, onProgress, signal, signals: given }: PresentImagesOptions,
  [begin, stop]: readonly [number, number],
): Promise<number> {
  const { from, to, steps, purpose } = shown;
  const [{ index: layer }] = shown.layers;
  const atOnce = batchSize * Math.max(1, Math.floor(imagesAtOnce / batchSize));
  let number = begin;
  while (number < stop) {
    const first = number;
    const end = Math.min(stop, first + atOnce);
    const presentation: Presentation = {
      layer,
      count: end - first,
      steps,
      spikes: (image) => shown.spikes(first + image, 0),
      ...(given && { signals: (image: number) => signals(first + image) }),
      poisson: shown.stimulus(first, end),
      draws: { purpose, items: numbersFrom(first, end) },
    };
    number += await simulation.present(presentation, {
      learn,
      batchSize,
      signal,
      count: tally.layers,
      countEvery: tally.every,
      onCounts: (counts, done) => tally.addCounts(counts, first + done),
      onSpikes: (spikes) => tally.addSpikes(spikes),
      onProgress: (done) => onProgress?.(first + done - from, to - from),
    });
    if (number < end) break;
  }
  return number;
}

/** Lets connections learn, or not, while `work` is done, and then as before. */
async function withPlasticity<T>(
  simulation: GuardedSimulation<Precision>,
  learn: PresentImagesOptions['learn'],
  work: () => Promise<T>,
): Promise<T> {
  if (typeof learn !== 'object') return work();
  const { connections } = simulation.program;
  const known = connections.filter(({ kind }) => kind === 'synapses').map(({ name }) => name);
  const chosen = Object.entries(learn).map(([name, plastic]) => {
    if (!known.includes(name)) throw unknownName(`${place}, learn`, 'connection with weights', name, known);
    const index = connections.findIndex((connection) => connection.name === name);
    return { index, plastic, before: simulation.isPlastic(index) };
  });
  for (const { index, plastic } of chosen) simulation.setPlastic(index, plastic);
  try {
    return await work();
  } finally {
    for (const { index, before } of chosen) simulation.setPlastic(index, before);
  }
}

function readSignals(
  program: Program,
  shown: ShownImages,
  { signals = {} }: PresentImagesOptions,
): ImageSteps['signals'] {
  const { steps, from, to } = shown;
  const known = listSignals(program);
  for (const [name, values] of Object.entries(signals)) {
    if (!known.includes(name)) throw unknownName(place, 'signal', name, known);
    if (typeof values === 'object' && to > from && values.length < to) {
      throw invalidArgument(place, `signal ${name} of at least ${to} images`, values.length);
    }
  }
  return (number) => {
    const given = Object.entries(signals).map(([name, values]) => {
      if (typeof values === 'number') return [name, values] as const;
      if (typeof values === 'object') return [name, values[number]] as const;
      const where = `${place}, signals of image ${number}`;
      return [name, signalField(where, name, values(number, shown.indexOf(number)))] as const;
    });
    const all = Object.fromEntries(given);
    checkSignals(all, known, steps, place);
    return all;
  };
}

function findCounted(program: Program, names: PresentImagesOptions['count']): number[] {
  if (names !== undefined) return findSpiking(program, names, 'count');
  return program.layers.flatMap((layer, index) =>
    isNeurons(layer) && layer.model.emits === undefined ? [index] : [],
  );
}

/** Indices of layers of neurons that spike. */
function findSpiking(program: Program, names: string | readonly string[], option: string): number[] {
  return [...new Set([names].flat())].map((name) => {
    const index = program.layers.findIndex((layer) => layer.name === name);
    const layer = program.layers[index];
    const where = `${place}, ${option}`;
    if (!layer) {
      throw unknownName(
        where,
        'layer',
        name,
        program.layers.map((each) => each.name),
      );
    }
    if (isNeurons(layer) && layer.model.emits === undefined) return index;
    throw invalidArgument(where, 'a layer of neurons that spike', name);
  });
}

/** Labels of the images that were shown. */
function pickLabels(shown: ShownImages, next: number): Presented['labels'] {
  const { labels, from } = shown;
  if (!labels) return new Uint8Array();
  const picked = new (labels instanceof Uint8Array ? Uint8Array : Uint16Array)(next - from);
  return picked.map((_, image) => labels[shown.indexOf(from + image)]);
}
