/** The images of a presentation: which layers they are shown to, and the spikes that each becomes. */
import type { ImageSet } from '../../../datasets/image-set.js';
import { getEncoder, poisson, type PoissonStimulus } from '../../encoding/index.js';
import { type Brightness, defaultIntensity, type Encoder } from '../../encoding/encoder.js';
import { checkSpikeTrain, type SpikeTrain } from '../../encoding/spike-train.js';
import { invalidArgument, unknownName } from '../../../errors.js';
import { isObject } from '../../../options.js';
import type { Purpose } from '../../random/stream.js';
import type { Program } from '../program.js';
import { engineOrder, isInEngineOrder, toEngineSpikes } from '../shape.js';
import type { PresentImagesOptions } from './present-options.js';

/** Brightness [image, pixel] as bytes or in [0, 1], a split of a data set, or the spikes of each image. */
export type Images = ImageSet | Uint8Array | Float32Array | readonly SpikeTrain[];

/** A layer that images are shown to, and their spikes: in engine order onto an input, in published order onto neurons. */
interface ShownLayer {
  readonly index: number;
  readonly isInput: boolean;
  /** Images of the data. */
  readonly count: number;
  /** Steps of the first train, where spikes are given. */
  readonly steps: number | undefined;
  /** Bytes that an engine can encode by itself. */
  readonly bytes: Uint8Array | null;
  readonly labels: ImageSet['labels'] | undefined;
  /** @param item number that random draws depend on */
  encode(index: number, item: number): SpikeTrain;
}

/** How images become spikes. */
interface Encoding {
  readonly encoder: Encoder;
  readonly intensity: number;
  readonly dt: number;
  readonly seed: number;
  readonly purpose: Purpose;
}

const place = 'Network.present';

/** The images by number, from the first of the data on. */
export class ShownImages {
  readonly layers: readonly ShownLayer[];
  readonly steps: number;
  /** Numbers of the first image, and after the last. */
  readonly from: number;
  readonly to: number;
  readonly labels: ImageSet['labels'] | undefined;
  readonly #order: ArrayLike<number> | undefined;
  readonly #count: number;
  readonly #encoding: Encoding;

  /** @throws LocusError naming the layer or option that does not fit */
  constructor(
    program: Program,
    images: Images | Readonly<Record<string, Images>>,
    options: PresentImagesOptions,
    { seed, learn }: { readonly seed: number; readonly learn: boolean },
  ) {
    const { encoder = 'poisson', intensity = defaultIntensity, order, from = 0 } = options;
    this.#encoding = {
      encoder: typeof encoder === 'function' ? encoder : getEncoder(encoder),
      intensity,
      dt: program.dt,
      seed: options.seed ?? seed,
      purpose: options.purpose ?? (learn ? 'trainingSpikes' : 'testSpikes'),
    };
    const shown = byLayer(program, images, options.layer);
    const encode = (values: Brightness, item: number) => this.#encode(values, item, options);
    this.layers = shown.map(([name, data]) => readLayer(program, name, data, encode));
    const [first] = this.layers;
    const other = this.layers.find(({ count }) => count !== first.count);
    if (other) throw invalidArgument(place, `${first.count} images for every layer`, other.count);
    this.#count = first?.count ?? Number.POSITIVE_INFINITY;
    this.#order = order;
    checkOrder(order, this.#count);
    this.labels = this.layers.find(({ labels }) => labels)?.labels;
    this.steps = chooseSteps(options.time, first?.steps);
    this.from = from;
    this.to = options.to ?? this.#defaultEnd();
    if (this.#count === 0 && this.to > from) throw invalidArgument(place, 'at least one image', 0);
  }

  #defaultEnd(): number {
    const end = this.#order?.length ?? this.#count;
    if (Number.isFinite(end)) return Math.max(this.from, end);
    throw invalidArgument(place, 'to, the number after the last image, where there are no images', undefined);
  }

  get purpose(): Purpose {
    return this.#encoding.purpose;
  }

  /** Index in the data of the image of that number. */
  indexOf(number: number): number {
    if (this.#order) return this.#order[number % this.#order.length];
    return this.#count === Number.POSITIVE_INFINITY ? number : number % this.#count;
  }

  /** The spikes of an image, by the position of the layer among `layers`. */
  spikes(number: number, at: number): SpikeTrain {
    const { layers } = this;
    const train = layers[at].encode(this.indexOf(number), number * layers.length + at);
    if (train.steps !== this.steps) {
      throw invalidArgument(`${place}, spikes of image ${number}`, `${this.steps} steps`, train.steps);
    }
    return train;
  }

  /** Images `first` up to, not including, `end`, for an engine that encodes them; undefined where it cannot. */
  stimulus(first: number, end: number): PoissonStimulus | undefined {
    const [{ bytes, count }, ...others] = this.layers;
    const { encoder, ...encoding } = this.#encoding;
    if (!bytes || others.length > 0 || encoder !== poisson) return undefined;
    const nPixels = bytes.length / count;
    const start = this.indexOf(first) * nPixels;
    const isWhole = !this.#order && (first % count) + end - first <= count;
    const images = isWhole
      ? bytes.subarray(start, start + (end - first) * nPixels)
      : this.#gather(bytes, nPixels, first, end);
    return { ...encoding, images, nPixels, items: numbersFrom(first, end) };
  }

  #gather(bytes: Uint8Array, nPixels: number, first: number, end: number): Uint8Array {
    const images = new Uint8Array((end - first) * nPixels);
    for (let number = first; number < end; number++) {
      const start = this.indexOf(number) * nPixels;
      images.set(bytes.subarray(start, start + nPixels), (number - first) * nPixels);
    }
    return images;
  }

  #encode(values: Brightness, item: number, options: PresentImagesOptions): SpikeTrain {
    const { encoder, ...encoding } = this.#encoding;
    const { maxProbability, threshold } = options;
    return encoder(values, { ...encoding, time: this.steps, maxProbability, threshold, item });
  }
}

export function numbersFrom(first: number, end: number): Uint32Array {
  return Uint32Array.from({ length: end - first }, (_, i) => first + i);
}

/** What is shown to which layer. */
function byLayer(
  { layers }: Program,
  images: Images | Readonly<Record<string, Images>>,
  layer: string | undefined,
): (readonly [string, Images])[] {
  if (isObject(images) && !isImageSet(images)) {
    if (layer !== undefined) {
      throw invalidArgument(place, 'images by layer, or one layer and its images, not both', layer);
    }
    return Object.entries(images as Readonly<Record<string, Images>>);
  }
  const inputs = layers.filter(({ model, spikes }) => model.kernel === 'input' && !spikes);
  const chosen = layer ?? (inputs.length === 1 ? inputs[0].name : undefined);
  if (chosen !== undefined) return [[chosen, images as Images]];
  throw invalidArgument(
    place,
    'layer, the name of the layer that the images are shown to',
    inputs.map(({ name }) => name),
  );
}

function readLayer(
  { layers }: Program,
  name: string,
  images: Images,
  encode: (values: Brightness, item: number) => SpikeTrain,
): ShownLayer {
  const index = layers.findIndex((layer) => layer.name === name);
  if (index < 0) {
    throw unknownName(
      place,
      'layer',
      name,
      layers.map((layer) => layer.name),
    );
  }
  const { size, shape, model, spikes } = layers[index];
  const where = `${place}, images of ${name}`;
  if (spikes) throw invalidArgument(where, 'a layer without spikes of its own', name);
  const order = engineOrder(shape);
  const isInput = model.kernel === 'input';
  const check = (train: SpikeTrain, what: string) => {
    checkSpikeTrain(train, size, what);
    return isInput ? toEngineSpikes(train, shape, order) : train;
  };
  const shown = { index, isInput };
  if (Array.isArray(images)) {
    return {
      ...shown,
      count: images.length,
      steps: (images as readonly SpikeTrain[])[0]?.steps,
      bytes: null,
      labels: undefined,
      encode: (image) => check(images[image] as SpikeTrain, `${where}, image ${image}`),
    };
  }
  const { values, count, labels } = readPixels(images as Exclude<Images, readonly SpikeTrain[]>, size, where);
  return {
    ...shown,
    count,
    steps: undefined,
    bytes: isInput && isInEngineOrder(shape) && values instanceof Uint8Array ? values : null,
    labels,
    encode: (image, item) =>
      check(
        encode(values.subarray(image * size, (image + 1) * size), item),
        `${where}, spikes that the encoder makes of image ${image}`,
      ),
  };
}

function readPixels(
  images: ImageSet | Uint8Array | Float32Array,
  size: number,
  where: string,
): { values: Uint8Array | Float32Array; count: number; labels: ImageSet['labels'] | undefined } {
  const values = isImageSet(images) ? images.images : images;
  if (!(values instanceof Uint8Array || values instanceof Float32Array)) {
    const expectation =
      'a Uint8Array or Float32Array [image, pixel], a split of a data set, or a list of spike trains';
    throw invalidArgument(where, expectation, images);
  }
  const count = values.length / size;
  const ofSet = isImageSet(images) ? images.count : count;
  if (!Number.isInteger(count) || count !== ofSet) {
    const got = isImageSet(images) ? `${values.length / ofSet} pixels` : `${values.length} values`;
    throw invalidArgument(where, `images of ${size} pixels, one for each neuron`, got);
  }
  return { values, count, labels: isImageSet(images) ? images.labels : undefined };
}

function isImageSet(images: unknown): images is ImageSet {
  const { count, images: bytes } = (images ?? {}) as Partial<ImageSet>;
  return typeof count === 'number' && bytes instanceof Uint8Array;
}

function checkOrder(order: ArrayLike<number> | undefined, count: number): void {
  if (!order) return;
  if (order.length === 0) throw invalidArgument(place, 'an order of at least one image', 0);
  const wrong = Array.from(order).find((index) => !Number.isInteger(index) || index < 0 || index >= count);
  if (wrong !== undefined) throw invalidArgument(place, `order of indices below ${count}`, wrong);
}

function chooseSteps(time: number | undefined, ofTrains: number | undefined): number {
  const steps = time ?? ofTrains;
  if (steps === undefined) throw invalidArgument(place, 'time, the number of steps of an image', steps);
  return steps;
}
