/** Presents images step by step: what engines cannot take in batches. */
import { letEventsIn } from '../../engine/let-events-in.js';
import { type SpikeTrain, spikesAt } from '../../encoding/spike-train.js';
import { invalidArgument, LocusError, unknownName } from '../../../errors.js';
import { readOptions } from '../../../options.js';
import type { Precision } from '../../precision.js';
import { purposes } from '../../random/stream.js';
import type { Program } from '../program.js';
import { type GivenInputs, type GivenLayer, givenSchema, RunInputs } from '../run-inputs.js';
import { engineOrder } from '../shape.js';
import type { Simulation } from '../simulation.js';
import { listSpikes, longestBlockOf, makeBlock } from '../make-steps.js';
import type { GivenOfImages, PresentImagesOptions } from './present-options.js';
import type { ShownImages } from './shown-images.js';
import type { Tally } from './tally.js';

const place = 'Network.present';

/** What every image is given, by its number. */
export interface ImageSteps {
  readonly shown: ShownImages;
  readonly tally: Tally;
  readonly learn: boolean;
  readonly signals: (number: number) => Readonly<Record<string, number | ArrayLike<number>>>;
}

const givenNames = ['currents', 'voltages', 'clamp', 'unclamp'] as const;

/** What of a presentation needs steps one by one; null: nothing. */
export function findReasonForSteps(
  { layers }: Program,
  shown: ShownImages,
  options: PresentImagesOptions,
): string | null {
  const given = givenNames.find((name) => options[name] !== undefined);
  if (given) return given;
  if (options.reset === false) return 'reset: false';
  if (shown.layers.length !== 1) return `${shown.layers.length} layers that images are shown to`;
  if (!shown.layers[0].isInput) return 'a layer of neurons that images are shown to';
  const source = layers.find(({ spikes }) => spikes);
  return source ? `spikes that the layer ${source.name} brings` : null;
}

/** Images that are shown step by step, and why. */
interface StepwiseImages {
  readonly reason: string;
  readonly first: number;
  readonly end: number;
}

/**
 * Shows the images one by one; returns the number of the next, which is the end unless the signal came.
 *
 * @throws LocusError `ENGINE_UNAVAILABLE` for an engine that makes no single steps
 */
export async function presentStepByStep(
  simulation: Simulation<Precision>,
  { shown, tally, learn, signals }: ImageSteps,
  options: PresentImagesOptions,
  { reason, first, end }: StepwiseImages,
): Promise<number> {
  checkSteps(simulation, options, reason);
  const { reset = true, onProgress } = options;
  let number = first;
  try {
    while (number < end && !options.signal?.aborted) {
      const outside = readGiven(simulation.program, shown, options, number);
      outside.check(shown.steps, simulation);
      if (reset) simulation.resetState({ purpose: purposes[shown.purpose], item: number });
      showImage(simulation, { shown, tally, learn, signals }, outside, number);
      if (learn) simulation.normalize();
      number++;
      onProgress?.(number - shown.from, shown.to - shown.from);
      await letEventsIn();
    }
  } finally {
    if (reset) simulation.resetState();
  }
  return number;
}

function checkSteps(simulation: Simulation<Precision>, options: PresentImagesOptions, reason: string) {
  if (!simulation.inject) {
    throw new LocusError(
      'ENGINE_UNAVAILABLE',
      `${place}: ${reason}: the engine ${simulation.engine} makes no single steps; "reference" and "wasm" do`,
    );
  }
  const { batchSize = 1 } = options;
  if (batchSize > 1) {
    throw invalidArgument(place, `batchSize 1, because of ${reason}: images are shown one by one`, batchSize);
  }
}

function showImage(
  simulation: Simulation<Precision>,
  { shown, tally, learn, signals }: ImageSteps,
  outside: RunInputs,
  number: number,
): void {
  const { program } = simulation;
  const trains = new Map(
    shown.layers.flatMap(({ index, isInput }, at): [number, SpikeTrain][] =>
      isInput ? [[index, shown.spikes(number, at)]] : [],
    ),
  );
  const given = Object.entries(signals(number));
  const setSignals = (t: number) => {
    for (const [name, values] of given)
      simulation.setSignal(name, typeof values === 'number' ? values : values[t]);
  };
  const advance = outside.isEmpty && simulation.advance?.bind(simulation);
  const layers = [...program.layers.keys()];
  const longest = advance ? longestBlockOf(program, layers) : 1;
  const counter = new ImageCounter(program, tally);
  for (let t = 0; t < shown.steps; t += longest) {
    if (advance) {
      const steps = Math.min(longest, shown.steps - t);
      const setOf = (step: number) => setSignals(t + step);
      counter.add(makeBlock(advance, setOf, { trains, learn }, layers, t, steps), t);
      continue;
    }
    setSignals(t);
    outside.give(simulation, t);
    simulation.step(new Map([...trains].map(([layer, train]) => [layer, spikesAt(train, t)])), learn);
    counter.add(
      layers.map((layer) => listSpikes(simulation, layer)),
      t,
    );
  }
  tally.addCounts(counter.counts, number);
  tally.addSpikes(counter.spikes);
}

/** Counts the spikes of an image. */
class ImageCounter {
  /** [window, neuron] of the layers that are counted. */
  readonly counts: Uint16Array;
  /** Of every layer. */
  readonly spikes: Uint32Array;
  readonly #every: number;
  readonly #windowSize: number;
  /** Where the counts of a layer begin in a window, of those that are counted. */
  readonly #offsets = new Map<number, number>();

  constructor({ layers }: Program, tally: Tally) {
    this.counts = new Uint16Array(tally.imageSize);
    this.spikes = new Uint32Array(layers.length);
    this.#every = tally.every;
    let size = 0;
    for (const layer of tally.layers) {
      this.#offsets.set(layer, size);
      size += layers[layer].size;
    }
    this.#windowSize = size;
  }

  /** @param trains of all layers, engine order; they begin at step `first` of the image */
  add(trains: readonly SpikeTrain[], first: number): void {
    trains.forEach(({ steps, offsets, neurons }, layer) => {
      this.spikes[layer] += neurons.length;
      const offset = this.#offsets.get(layer);
      if (offset === undefined) return;
      for (let t = 0; t < steps; t++) {
        const window = this.#windowSize * Math.floor((first + t) / this.#every) + offset;
        for (let e = offsets[t]; e < offsets[t + 1]; e++) this.counts[window + neurons[e]]++;
      }
    });
  }
}

/** What layers of neurons are given at an image. */
function readGiven(
  program: Program,
  shown: ShownImages,
  options: PresentImagesOptions,
  number: number,
): RunInputs {
  const given = readOptions(place, givenSchema, resolve(options, number, shown.indexOf(number)));
  const forced: Record<string, SpikeTrain> = {};
  shown.layers.forEach(({ index, isInput }, at) => {
    if (isInput) return;
    const { name } = program.layers[index];
    if (Object.hasOwn(given.clamp ?? {}, name)) {
      throw invalidArgument(place, `images or clamp for ${name}, not both`, 'both');
    }
    forced[name] = shown.spikes(number, at);
  });
  return new RunInputs(
    { ...given, clamp: { ...given.clamp, ...forced } },
    (name) => findLayer(program, name),
    place,
  );
}

function resolve(options: GivenOfImages, number: number, index: number): GivenInputs {
  return Object.fromEntries(
    givenNames.flatMap((name) => {
      const { [name]: value } = options;
      return value === undefined ? [] : [[name, typeof value === 'function' ? value(number, index) : value]];
    }),
  );
}

function findLayer({ layers }: Program, name: string): GivenLayer {
  const index = layers.findIndex((layer) => layer.name === name);
  const layer = layers[index];
  if (layer) return { index, layer, order: engineOrder(layer.shape) };
  throw unknownName(
    place,
    'layer',
    name,
    layers.map((each) => each.name),
  );
}
