/** What a converted network has answered so far: correct images after every readout, spikes by layer. */
import { invalidArgument } from '../../errors.js';
import { count, filledText, instance, list, readOptions, required, type Schema } from '../../options.js';
import { type Labels, makeLabels } from '../../readout/class-numbers.js';
import { classCount } from '../../readout/spike-counts.js';

export interface SpikingResult {
  readonly images: number;
  /** Time of every readout [ms]. */
  readonly times: Float64Array;
  /** Share of the images that the most active output neuron classified correctly, by readout. */
  readonly accuracy: Float64Array;
  /** Of all layers, input included. */
  readonly spikesPerImage: number;
  readonly spikesByLayer: Readonly<Record<string, number>>;
  /** Class of every image at the end. */
  readonly predictions: Labels;
}

/** What changes, for checkpoints. */
export interface SpikeTallyState {
  readonly done: number;
  readonly correct: Uint32Array;
  readonly spikes: Float64Array;
  readonly predictions: Labels;
}

export interface SpikeTallyDescription {
  readonly nImages: number;
  /** Time of every readout [ms]. */
  readonly times: Float64Array;
  /** Names of all layers, input included. */
  readonly layers: readonly string[];
  readonly nClasses: number;
}

const schema: Schema<SpikeTallyDescription> = {
  nImages: required(count({ least: 0, most: 2 ** 30, unit: 'images' })),
  times: required(instance(Float64Array)),
  layers: required(list(filledText, { least: 1 })),
  nClasses: required(classCount),
};

export class SpikeTally {
  /** Images seen. */
  done = 0;
  readonly #times: Float64Array;
  readonly #layers: readonly string[];
  readonly #nClasses: number;
  readonly #correct: Uint32Array;
  readonly #spikes: Float64Array;
  readonly #predictions: Labels;

  constructor(description: SpikeTallyDescription) {
    const { nImages, times, layers, nClasses } = readOptions('SpikeTally', schema, description);
    this.#times = times;
    this.#layers = layers;
    this.#nClasses = nClasses;
    this.#correct = new Uint32Array(times.length);
    this.#spikes = new Float64Array(layers.length);
    this.#predictions = makeLabels(nClasses, new Uint8Array(nImages));
  }

  /** @param spikes [image, layer] */
  addSpikes(spikes: Uint32Array): void {
    spikes.forEach((count, i) => {
      this.#spikes[i % this.#layers.length] += count;
    });
  }

  /**
   * The class is that of the neuron with the most spikes so far; the first of equals.
   *
   * @param counts [image, readout, class] spikes since the readout before
   * @param first number of the first of these images
   */
  addCounts(counts: Uint16Array, labels: ArrayLike<number>, first: number): void {
    const n = this.#nClasses;
    const perImage = n * this.#times.length;
    for (let image = 0; image < counts.length / perImage; image++) {
      const total = new Uint32Array(n);
      let winner = 0;
      for (let readout = 0; readout < this.#times.length; readout++) {
        const base = image * perImage + readout * n;
        for (let k = 0; k < n; k++) total[k] += counts[base + k];
        winner = 0;
        for (let k = 1; k < n; k++) if (total[k] > total[winner]) winner = k;
        if (winner === labels[first + image]) this.#correct[readout]++;
      }
      this.#predictions[first + image] = winner;
      this.done++;
    }
  }

  result(): SpikingResult {
    const { done } = this;
    const perImage = (count: number) => (done === 0 ? 0 : count / done);
    return {
      images: done,
      times: this.#times,
      accuracy: Float64Array.from(this.#correct, perImage),
      spikesPerImage: perImage(this.#spikes.reduce((sum, count) => sum + count, 0)),
      spikesByLayer: Object.fromEntries(this.#layers.map((name, i) => [name, perImage(this.#spikes[i])])),
      predictions: this.#predictions.subarray(0, done),
    };
  }

  save(): SpikeTallyState {
    return {
      done: this.done,
      correct: this.#correct.slice(),
      spikes: this.#spikes.slice(),
      predictions: this.#predictions.slice(),
    };
  }

  /** Goes on from a state of the same run. Errors: `INVALID_ARGUMENT` for the state of another one. */
  restore({ done, correct, spikes, predictions }: SpikeTallyState): void {
    const nImages = this.#predictions.length;
    if (predictions.length !== nImages || done > nImages)
      throw invalidArgument('SpikeTally', `a state of ${nImages} images`, `${done} of ${predictions.length}`);
    this.done = done;
    this.#correct.set(correct);
    this.#spikes.set(spikes);
    this.#predictions.set(predictions);
  }
}
