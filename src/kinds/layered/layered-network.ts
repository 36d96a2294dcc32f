/** Deep networks of layers out of the database: they classify images, bear noise or not, and draw their figures. */
import {
  addNoise,
  type Dataset,
  type DatasetName,
  type ImageSet,
  loadDataset,
} from '../../datasets/index.js';
import { imageSetField } from '../../datasets/image-set.js';
import { letEventsIn } from '../../core/engine/let-events-in.js';
import { LocusError } from '../../errors.js';
import { type ImageCount, imageCountFields } from '../../datasets/image-count.js';
import { nameOneOf } from '../../figures/class-names.js';
import { findClassNames } from '../../datasets/registry.js';
import { type FigureMethods, hostFigures } from '../../figures/figures-of.js';
import type { LayeredSource } from '../../figures/sources.js';
import {
  abortSignal,
  callback,
  count,
  filledText,
  list,
  noteFormerName,
  number,
  readOptions,
  type Schema,
} from '../../options.js';
import { countCorrect } from '../../layers/losses.js';
import { Report, type ReportSection } from '../../figures/display/report.js';
import { version } from '../../version.js';
import { readDataIdentity } from '../data-identity.js';
import { loadToShow } from '../load-to-show.js';
import { describeParameterSection, describeScoreSection } from '../report-sections.js';
import type { DeepModel, TrainingEntry } from './deep-model.js';
import type { Sequential } from '../../layers/sequential.js';
import type { Tensor } from '../../layers/tensor.js';
import { scoreOf } from '../../readout/score-predictions.js';
import { type NetworkRecord, type Parameters, type Score, type Scores } from '../../store/index.js';
import { takeTestImages } from '../../datasets/take-images.js';
import { findLabelledImage } from '../../datasets/find-labelled-image.js';

export interface LayeredOptions {
  /** Database of the network; that of the project if left out. */
  readonly database?: string;
  /** Folder of the data files. */
  readonly dataDir?: string;
}

export interface ClassifyOptions extends ImageCount {
  /** Test images, from the first; all if left out. */
  readonly images?: number;
  /** Standard deviation of the noise on every pixel, as a share of the range of brightness. Default: 0. */
  readonly noise?: number;
  readonly onProgress?: (progress: { done: number; total: number }) => void;
  /** Ends the work between two batches with an error `INTERRUPTED`. */
  readonly signal?: AbortSignal;
}

export interface RobustnessOptions extends Omit<ClassifyOptions, 'noise'> {
  /** Standard deviations of the noise. Default: 0, 0.1, … 0.6. */
  readonly levels?: readonly number[];
}

const defaultLevels = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
const defaultImages = 500;

// oxlint-disable-next-line typescript/no-unsafe-declaration-merging
export interface LayeredNetwork extends FigureMethods<'layered'> {}

export const layeredSchema: Schema<LayeredOptions> = { database: filledText, dataDir: filledText };

const watchSchema: Schema<Pick<ClassifyOptions, 'onProgress' | 'signal'>> = {
  onProgress: callback(),
  signal: abortSignal,
};

const noiseField = number({ least: 0 });

const classifySchema: Schema<ClassifyOptions> = {
  ...watchSchema,
  ...imageCountFields,
  noise: noiseField,
};

const robustnessSchema: Schema<RobustnessOptions> = {
  ...watchSchema,
  ...imageCountFields,
  levels: list(noiseField, { least: 1 }),
};

const imageSchema: Schema<{ label?: number; index?: number }> = {
  label: count({ least: 0 }),
  index: count({ least: 0 }),
};

// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- `hostFigures` below gives it these methods
export class LayeredNetwork {
  /** `NNMF` or `SBS`. */
  readonly type: string;
  readonly name: string;
  /** Under their published names. */
  readonly parameters: Parameters;
  readonly scores: Scores;
  readonly #model: DeepModel;
  readonly #dataDir: string | undefined;

  constructor(record: NetworkRecord, model: DeepModel, options: LayeredOptions = {}) {
    const { dataDir } = readOptions('LayeredNetwork', layeredSchema, options);
    this.type = String(record.parameters.network_type);
    this.name = record.name;
    this.parameters = record.parameters;
    this.scores = record.scores;
    this.#model = model;
    this.#dataDir = dataDir;
  }

  /** The layers themselves. */
  get network(): Sequential {
    return this.#model.network;
  }

  /** Epoch by epoch (NNMF), or update by update (SBS). */
  get history(): readonly TrainingEntry[] {
    return this.#model.history;
  }

  /** Weights of every inference layer [neuron, channel, ky, kx]. */
  get weights(): Tensor[] {
    return this.#model.weights();
  }

  /** What people call the classes of its data set, or null where these are their numbers. */
  get classNames(): readonly string[] | null {
    const { dataset, data_hash } = readDataIdentity(this.parameters);
    return findClassNames({ name: dataset, hash: data_hash });
  }

  /** The data set that it was trained on. Errors as `loadDataset`. */
  loadData(): Promise<Dataset> {
    return loadDataset(this.parameters.dataset as DatasetName, { dataDir: this.#dataDir });
  }

  /**
   * The data set for work whose result is not stored: that of `loadData`, or the embedded one that stands in for it where its
   * files are missing, with a warning.
   */
  loadToShow(): Promise<Dataset> {
    return loadToShow(readDataIdentity(this.parameters), () => this.loadData());
  }

  /**
   * The outputs [class] for every image of a set, in its order. They depend on the seed, and for NNMF networks, which
   * normalise over the batch, on the images beside them.
   */
  async infer(
    set: ImageSet,
    watch: Pick<ClassifyOptions, 'onProgress' | 'signal'> = {},
  ): Promise<Float32Array[]> {
    const { onProgress, signal } = readOptions(`${this.type}.infer`, watchSchema, watch);
    imageSetField(`${this.type}.infer`, 'set', set);
    const { batchSize } = this.#model;
    const outputs: Float32Array[] = [];
    for (let from = 0; from < set.count; from += batchSize) {
      await letEventsIn();
      if (signal?.aborted) throw new LocusError('INTERRUPTED', 'interrupted between two batches');
      const to = Math.min(set.count, from + batchSize);
      const output = this.#model.infer(
        set,
        Uint32Array.from({ length: to - from }, (_, i) => from + i),
      );
      const classes = output.shape[1];
      for (let at = 0; at < output.data.length; at += classes) {
        outputs.push(Float32Array.from(output.data.subarray(at, at + classes)));
      }
      onProgress?.({ done: to, total: set.count });
    }
    return outputs;
  }

  /** How many test images it classifies correctly, with noise if wanted. Errors: `INVALID_ARGUMENT`, `INTERRUPTED`. */
  async calculateAccuracy(options: ClassifyOptions = {}): Promise<Score> {
    const {
      images,
      noise = 0,
      ...watch
    } = readOptions(`${this.type}.calculateAccuracy`, classifySchema, options);
    const { test } = await this.loadData();
    const set = takeTestImages(test, images ?? test.count, `${this.type}.calculateAccuracy`);
    return this.#scoreOn(set, noise, watch);
  }

  async #scoreOn(
    set: ImageSet,
    noise: number,
    watch: Pick<ClassifyOptions, 'onProgress' | 'signal'>,
  ): Promise<Score> {
    const outputs = await this.infer(noise === 0 ? set : addNoise(set, noise, this.#seed), watch);
    const correct = outputs.filter((output, image) => isRight(output, set.labels[image])).length;
    return scoreOf(correct / set.count, set.count);
  }

  /** @deprecated Former name of `calculateAccuracy`. */
  evaluate(options: ClassifyOptions = {}): Promise<Score> {
    noteFormerName(this.type, 'evaluate', 'calculateAccuracy');
    return this.calculateAccuracy(options);
  }

  /** Accuracy by the noise on the first test images (500 if not told). Errors as `calculateAccuracy`. */
  async robustness(options: RobustnessOptions = {}): Promise<(Score & { readonly noise: number })[]> {
    const {
      levels = defaultLevels,
      images = defaultImages,
      onProgress,
      signal,
    } = readOptions(`${this.type}.robustness`, robustnessSchema, options);
    const { test } = await this.loadToShow();
    const set = takeTestImages(test, images, `${this.type}.robustness`);
    const points: (Score & { readonly noise: number })[] = [];
    for (const [index, noise] of levels.entries()) {
      const score = await this.#scoreOn(set, noise, {
        signal,
        onProgress: ({ done, total }) =>
          onProgress?.({ done: index * total + done, total: levels.length * total }),
      });
      points.push({ noise, ...score });
    }
    return points;
  }

  /** What the training counts. */
  get unit(): 'epoch' | 'update' {
    return this.#model.unit;
  }

  /** An image of a set [channel, row, column] as the network sees it, and as its first inference layer explains it. */
  reconstruct(set: ImageSet, image: number): { readonly input: Tensor; readonly reconstruction: Tensor } {
    return this.#model.reconstruct(set, image);
  }

  /** Scores, parameters, training curves, weights and a reconstructed test image on one page. */
  async report(options: { label?: number; index?: number } = {}): Promise<Report> {
    const { label = 3, index = 0 } = readOptions(`${this.type}.report`, imageSchema, options);
    const { type, name, parameters, scores, history } = this;
    const layers = this.weights.map((_, layer) => this.layerWeightsFigure({ layer }));
    return new Report({
      title: `${type} ${name}`,
      subtitle: `Deep network trained for ${history.length} ${this.#model.unit}s. Locus ${version}.`,
      sections: [
        describeScoreSection(scores),
        describeParameterSection(parameters),
        ...(history.length > 0 ? [{ heading: 'Training', figures: [this.trainingCurvesFigure()] }] : []),
        { heading: 'Weights', figures: layers },
        await this.#describeExample(label, index),
      ],
    });
  }

  /** The data set may be missing, and a control of plain convolutions reconstructs nothing. */
  async #describeExample(label: number, index: number): Promise<ReportSection> {
    const heading = `An image of ${nameOneOf(label, this.classNames)}`;
    try {
      return { heading, figures: [await this.reconstructionFigure({ label, index })] };
    } catch (error) {
      const isExpected =
        error instanceof LocusError && (error.code === 'DATA_MISSING' || !this.#model.canReconstruct);
      if (!isExpected) throw error;
      return { heading, text: `Left out: ${error.message}` };
    }
  }

  get #seed(): number {
    return Number(this.parameters.seed);
  }
}

hostFigures(
  'layered',
  LayeredNetwork,
  (network): LayeredSource => ({
    name: network.name,
    curve: network.history,
    unit: network.unit,
    classNames: network.classNames,
    get weights() {
      return network.weights.map(shaped);
    },
    reconstruct: async (label, index) => {
      const dataset = await network.loadToShow();
      const image = findLabelledImage(dataset, label, index, 'reconstructionFigure');
      const { input, reconstruction } = network.reconstruct(dataset.test, image);
      return { input: shaped(input), reconstruction: shaped(reconstruction) };
    },
    robustness: (options) => network.robustness(options),
  }),
);

/** The first of the largest outputs decides. */
function isRight(output: Float32Array, label: number): boolean {
  return countCorrect({ shape: [1, output.length], data: output }, [label]) === 1;
}

function shaped({ shape, data }: Tensor): { shape: readonly number[]; data: Float32Array } {
  return { shape, data: Float32Array.from(data) };
}
