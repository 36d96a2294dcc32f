/** The images of a network: its data set, cropped, and the spikes that an engine is to be shown. */
import {
  cropCentre,
  type Dataset,
  type DatasetName,
  findBestMnist,
  type ImageSet,
  loadDataset,
} from '../../datasets/index.js';
import { poisson, type PoissonStimulus } from '../../core/encoding/index.js';
import type { Presentation } from '../../core/network/simulation.js';
import type { Purpose } from '../../core/random/stream.js';
import { type SnnParameters, stepsPerImage } from './parameters.js';

export interface ImageSourceOptions {
  /** The best MNIST at hand if left out. */
  readonly dataset?: DatasetName;
  readonly dataDir?: string;
}

export class ImageSource {
  #dataset: Dataset | undefined;
  readonly #cropped = new Map<ImageSet, Uint8Array>();

  constructor(
    readonly parameters: SnnParameters,
    readonly options: ImageSourceOptions,
  ) {}

  /** The data set if it has been loaded. */
  get loaded(): Dataset | undefined {
    return this.#dataset;
  }

  /** Name of the data set, as far as it is decided. */
  get datasetName(): DatasetName | null {
    return this.#dataset?.name ?? this.options.dataset ?? null;
  }

  async load(): Promise<Dataset> {
    if (!this.#dataset) {
      const { dataDir } = this.options;
      const name = this.options.dataset ?? (await findBestMnist({ dataDir })).name;
      this.#dataset = await loadDataset(name, { dataDir });
    }
    return this.#dataset;
  }

  /** The chosen images of a set, cropped: [image, pixel]. */
  crop(set: ImageSet, chosen: ArrayLike<number>): Uint8Array {
    let all = this.#cropped.get(set);
    if (!all) {
      all = cropCentre(set, this.parameters.crop);
      this.#cropped.set(set, all);
    }
    const nPixels = this.parameters.crop ** 2;
    const images = new Uint8Array(chosen.length * nPixels);
    for (let at = 0; at < chosen.length; at++) {
      images.set(all.subarray(chosen[at] * nPixels, (chosen[at] + 1) * nPixels), at * nPixels);
    }
    return images;
  }

  /** The chosen images as an engine is shown them; `items` are the random items of their spikes. */
  present(
    set: ImageSet,
    chosen: Uint32Array,
    purpose: Purpose,
    items: Uint32Array,
  ): Presentation & { readonly poisson: PoissonStimulus } {
    const { crop, intensity, dt, seed } = this.parameters;
    const nPixels = crop * crop;
    const steps = stepsPerImage(this.parameters);
    const images = this.crop(set, chosen);
    return {
      layer: 0,
      count: chosen.length,
      steps,
      spikes: (index) =>
        poisson(images.subarray(index * nPixels, (index + 1) * nPixels), {
          time: steps,
          dt,
          intensity,
          seed,
          purpose,
          item: items[index],
        }),
      poisson: { images, nPixels, intensity, dt, seed, purpose, items },
    };
  }
}
