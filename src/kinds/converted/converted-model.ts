/** Converted networks out of the database, with the ReLU networks that they come from: they draw their figures. */
import { availableParallelism } from 'node:os';
import { compareRates } from './compare-rates.js';
import { ConvertedNetwork, type SpikingRunOptions } from './converted-network.js';
import { convertedType, toConvertedNetwork } from './converted-record.js';
import { readConvertedRecord } from './converted-shape.js';
import { loadReluNetwork, reluType } from '../relu/relu-record.js';
import { type Dataset, type DatasetName, type ImageSet, loadDataset } from '../../datasets/index.js';
import { LocusError } from '../../errors.js';
import { type RatePoints, type RateThresholdCell, type TimeCurve } from '../../figures/index.js';
import { type ImageCount, imageCountFields } from '../../datasets/image-count.js';
import { type FigureMethods, hostFigures } from '../../figures/figures-of.js';
import { abortSignal, callback, filledText, list, number, readOptions, type Schema } from '../../options.js';
import {
  type NetworkRecord,
  type NetworkStore,
  type Parameters,
  type Scores,
  readStore,
} from '../../store/index.js';
import { Report } from '../../figures/display/report.js';
import { version } from '../../version.js';
import { readDataIdentity } from '../data-identity.js';
import { loadToShow } from '../load-to-show.js';
import { describeParameterSection, describeScoreSection } from '../report-sections.js';
import { takeTestImages } from '../../datasets/take-images.js';

export interface ConvertedModelOptions {
  /** Database of the network; that of the project if left out. */
  readonly database?: string;
  /** Folder of the data files. */
  readonly dataDir?: string;
}

/** How conversions of one network differ, under their published names. */
const distinguishing = [
  'normalization',
  'percentile',
  'n_normalization',
  'normalize_output',
  'balance',
  'threshold',
  'reset',
  'input',
  'max_rate',
  'dt',
  'seed',
] as const;

const defaultThresholds = [0.25, 0.5, 1, 2, 4];
const defaultRates = [50, 100, 200, 500, 1000];
const defaultImages = 200;

/** Test images that are shown to the network. */
export interface ShownImages extends ImageCount {
  /** Test images, from the first (default: 200). */
  readonly images?: number;
  /** Ends the work between two images with an error `INTERRUPTED`. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

export interface RateThresholdOptions extends ShownImages {
  /** Of a pixel of full brightness [Hz], at most one spike per step. */
  readonly rates?: readonly number[];
  /** In units of that with which the network was converted. */
  readonly thresholds?: readonly number[];
}

// oxlint-disable-next-line typescript/no-unsafe-declaration-merging
export interface ConvertedModel extends FigureMethods<'converted'> {}

const modelSchema: Schema<ConvertedModelOptions> = { database: filledText, dataDir: filledText };

const imagesSchema: Schema<ShownImages> = {
  ...imageCountFields,
  signal: abortSignal,
  onProgress: callback(),
};

const gridSchema: Schema<RateThresholdOptions> = {
  ...imagesSchema,
  rates: list(number({ above: 0, unit: 'Hz' }), { least: 1 }),
  thresholds: list(number({ above: 0 }), { least: 1 }),
};

// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- `hostFigures` below gives it these methods
export class ConvertedModel {
  readonly name: string;
  /** Under their published names. */
  readonly parameters: Parameters;
  readonly scores: Scores;
  readonly network: ConvertedNetwork;
  readonly #identity: ReturnType<typeof readConvertedRecord>['parameters'];
  readonly #parent: string | null;
  readonly #options: ConvertedModelOptions;

  /** Errors: `INVALID_ARGUMENT` for a record of another type, `STORE_CORRUPT`. */
  constructor(record: NetworkRecord, given: ConvertedModelOptions = {}) {
    const options = readOptions('ConvertedModel', modelSchema, given);
    const { parameters, meta, arrays } = readConvertedRecord(record);
    this.network = toConvertedNetwork(meta, arrays);
    this.#identity = parameters;
    this.name = record.name;
    this.parameters = record.parameters;
    this.scores = record.scores;
    this.#parent = record.parent;
    this.#options = options;
  }

  /** The data set that it was tested on. Errors as `loadDataset`. */
  loadData(): Promise<Dataset> {
    return loadDataset(this.parameters.dataset as DatasetName, { dataDir: this.#options.dataDir });
  }

  /** Accuracy after every millisecond of this and of all stored conversions of the same ReLU network, and the accuracy of that network itself. */
  accuracyByTime(): { readonly curves: Readonly<Record<string, TimeCurve>>; readonly ann?: number } {
    return readStore(this.#options.database, (store) => {
      const records = this.#siblings(store);
      const curves = Object.fromEntries(
        records.map((record) => [nameCurve(record, records), readCurve(record)]),
      );
      const relu = store.list({ filter: { network_type: reluType } });
      const ann = relu.find(({ name }) => name === this.#parent)?.scores.output?.accuracy;
      return { curves, ann };
    });
  }

  /**
   * Firing rates of a layer by the activations of the ReLU network, at test images.
   *
   * @param layer name of the layer
   * @throws LocusError `NOT_FOUND` where the ReLU network is not stored any more; `UNKNOWN_NAME` for the layer
   */
  async ratesByActivation(layer: string, options: ShownImages = {}): Promise<RatePoints> {
    const place = 'ConvertedModel.ratesByActivation';
    const { images = defaultImages, ...watch } = readOptions(place, imagesSchema, options);
    const parent = this.#parent;
    if (parent === null)
      throw new LocusError('NOT_FOUND', `network "${this.name}": its ReLU network is not known`);
    const { network: ann } = readStore(this.#options.database, (store) =>
      loadReluNetwork(store.load(parent)),
    );
    const set = await this.#takeFirst(images);
    const points = await compareRates(ann, this.network, layer, set, { ...this.#runOptions, ...watch });
    if (watch.signal?.aborted) throw interrupted();
    return points;
  }

  /**
   * Accuracy at test images over the rate of the input and the threshold.
   *
   * @throws LocusError `INVALID_ARGUMENT` for more than one spike per step, or a threshold that is none
   */
  async accuracyByRateAndThreshold(options: RateThresholdOptions = {}): Promise<RateThresholdCell[]> {
    const {
      rates = defaultRates,
      thresholds = defaultThresholds,
      images = defaultImages,
      onProgress,
      signal,
    } = readOptions('ConvertedModel.accuracyByRateAndThreshold', gridSchema, options);
    const set = await this.#takeFirst(images);
    const total = rates.length * thresholds.length * set.count;
    const cells: RateThresholdCell[] = [];
    for (const factor of thresholds) {
      const network = scaleThresholds(this.network, factor);
      for (const maxRate of rates) {
        const from = cells.length * set.count;
        const { accuracy } = await network.run(set, {
          ...this.#runOptions,
          maxRate,
          signal,
          onProgress: ({ done }) => onProgress?.({ done: from + done, total }),
        });
        if (signal?.aborted) throw interrupted();
        const threshold = factor * this.#identity.threshold;
        cells.push({ maxRate, threshold, accuracy: accuracy[accuracy.length - 1] });
      }
    }
    return cells;
  }

  /** Scores, parameters and accuracy by time on one page. */
  async report(): Promise<Report> {
    const { name, parameters, scores } = this;
    return new Report({
      title: `${convertedType} ${name}`,
      subtitle: `Spiking network converted from the ReLU network ${this.#parent}, ${String(parameters.architecture)}. Locus ${version}.`,
      sections: [
        describeScoreSection(scores),
        describeParameterSection(parameters),
        { heading: 'Accuracy by time', figures: [this.accuracyByTimeFigure()] },
      ],
    });
  }

  /** The run that was stored. */
  get #runOptions(): SpikingRunOptions {
    return { ...this.#identity.run, threads: availableParallelism() };
  }

  async #takeFirst(images: number): Promise<ImageSet> {
    const { test } = await loadToShow(readDataIdentity(this.parameters), () => this.loadData());
    return takeTestImages(test, images, 'ConvertedModel');
  }

  /** Stored conversions of the same weights on the same data, this one included. */
  #siblings(store: NetworkStore): NetworkRecord[] {
    const { annHash: ann_hash, dataset } = this.#identity;
    const rows = store.list({ filter: { network_type: convertedType, ann_hash, dataset } });
    return rows.map(({ name }) => store.load(name));
  }
}

hostFigures('converted', ConvertedModel, (model) => ({
  layers: model.network.layers.map(({ name }) => name),
  accuracyByTime: () => model.accuracyByTime(),
  ratesByActivation: (layer, options) => model.ratesByActivation(layer, options),
  accuracyByRateAndThreshold: (options) => model.accuracyByRateAndThreshold(options),
}));

/**
 * The converted network of that name, hash or unambiguous beginning of either.
 *
 * @throws LocusError `NOT_FOUND`, `STORE_CORRUPT`; `INVALID_ARGUMENT` for a network of another type
 */
export function loadConvertedModel(name: string, given: ConvertedModelOptions = {}): ConvertedModel {
  const options = readOptions('loadConvertedModel', modelSchema, given);
  filledText('loadConvertedModel', 'name', name);
  return new ConvertedModel(
    readStore(options.database, (store) => store.load(name)),
    options,
  );
}

/** In what it differs from the others; its name where there are no others. */
function nameCurve({ name, parameters }: NetworkRecord, all: readonly NetworkRecord[]): string {
  const differing = distinguishing.filter((key) => {
    const values = new Set(all.map((each) => each.parameters[key]));
    // What only one way to normalise has, does not tell it apart.
    values.delete(null);
    return values.size > 1 && parameters[key] !== null;
  });
  if (differing.length === 0) return name;
  return differing.map((key) => `${key.replaceAll('_', ' ')}: ${String(parameters[key])}`).join(', ');
}

function readCurve(record: NetworkRecord): TimeCurve {
  const { times, accuracy } = readConvertedRecord(record).arrays;
  return { times: times.data, accuracy: accuracy.data };
}

function scaleThresholds(network: ConvertedNetwork, factor: number): ConvertedNetwork {
  const { inputShape, reset, scales } = network;
  const layers = network.layers.map((layer) => ({ ...layer, threshold: factor * layer.threshold }));
  return new ConvertedNetwork({ inputShape, reset, scales, layers });
}

function interrupted(): LocusError {
  return new LocusError('INTERRUPTED', 'interrupted between two images');
}
