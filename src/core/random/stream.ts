/** Random numbers by purpose: every draw is a function of (seed, purpose, item, element, index). */
import { invalidArgument } from '../../errors.js';
import { count, type Field, oneOf } from '../../options.js';
import { philox4x32 } from './philox.js';

/** What a random number is for. The numbers are part of the stored results: append, never renumber. */
export const purposes = {
  trainingOrder: 1,
  trainingSpikes: 2,
  calibrationOrder: 3,
  calibrationSpikes: 4,
  testOrder: 5,
  testSpikes: 6,
  feedSpikes: 7,
  xyWeights: 8,
  yyWeights: 9,
  linearClassifier: 10,
  datasetOrder: 11,
  search: 12,
  user: 13,
  layerWeights: 14,
  dropout: 15,
  augmentation: 16,
  inferenceTrainingSpikes: 17,
  inferenceTestSpikes: 18,
  viewedNeuron: 19,
  addedNoise: 20,
  neuronDraws: 21,
  neuronParameters: 22,
  synapseDraws: 23,
  synapticDelays: 24,
  sparsePairs: 25,
} as const;

export type Purpose = keyof typeof purposes;

export const purposeField: Field<Purpose> = oneOf(Object.keys(purposes) as Purpose[]);

/** A seed is a whole number in [0, 2⁵³). */
export function checkSeed(seed: number, place: string): void {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw invalidArgument(place, 'seed to be a whole number from 0 to 2⁵³ − 1', seed);
  }
}

export const seedField: Field<number> = (place, _, value) => {
  checkSeed(value as number, place);
  return value as number;
};

export const largestItem = 2 ** 32 - 1;

/** Number of an item, such as an image, among those of one purpose: one word of the counter. */
export const itemField = count({ least: 0, most: largestItem });

function isWord(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < 0x1_0000_0000;
}

/** The two key words of a seed. */
export function seedKey(seed: number): readonly [number, number] {
  checkSeed(seed, 'seed');
  return [seed >>> 0, Math.floor(seed / 0x1_0000_0000) >>> 0];
}

/**
 * The stream of one (seed, purpose, item, element): word `i` is word `i mod 4` of the block with counter
 * (⌊i / 4⌋, element, item, purpose).
 */
export class RandomStream {
  readonly #block = new Uint32Array(4);
  readonly #key: readonly [number, number];
  #position = 0;

  /**
   * @param seed whole number from 0 to 2⁵³ − 1
   * @param purpose what the numbers are for
   * @param item whole number below 2³², such as the number of an image
   * @param element whole number below 2³², such as the number of a pixel
   */
  constructor(
    seed: number,
    readonly purpose: Purpose,
    readonly item = 0,
    readonly element = 0,
  ) {
    // Streams are made by the pixel, so the checks are plain comparisons until one fails.
    if (!Object.hasOwn(purposes, purpose)) purposeField('RandomStream', 'purpose', purpose);
    if (!isWord(item)) itemField('RandomStream', 'item', item);
    if (!isWord(element)) itemField('RandomStream', 'element', element);
    this.#key = seedKey(seed);
  }

  /** Next word, uniform in [0, 2³²). */
  nextUint32(): number {
    const lane = this.#position & 3;
    if (lane === 0) {
      philox4x32(
        this.#position >>> 2,
        this.element,
        this.item,
        purposes[this.purpose],
        this.#key[0],
        this.#key[1],
        this.#block,
      );
    }
    this.#position++;
    return this.#block[lane];
  }

  /** Next number in [0, 1) with 24 random bits: exact in float32. */
  nextFloat(): number {
    return (this.nextUint32() >>> 8) * 2 ** -24;
  }

  /** Next whole number in [0, bound), bound ≤ 2³², without bias (rejection). */
  nextBelow(bound: number): number {
    if (!(Number.isInteger(bound) && bound >= 1 && bound <= 0x1_0000_0000))
      throw invalidArgument('RandomStream.nextBelow', 'a whole bound from 1 to 2³²', bound);
    const limit = 0x1_0000_0000 - (0x1_0000_0000 % bound);
    let word = this.nextUint32();
    while (word >= limit) word = this.nextUint32();
    return word % bound;
  }

  /** Shuffles in place (Fisher–Yates). */
  shuffle<T extends { [index: number]: number; length: number }>(values: T): T {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.nextBelow(i + 1);
      const value = values[i];
      values[i] = values[j];
      values[j] = value;
    }
    return values;
  }
}
