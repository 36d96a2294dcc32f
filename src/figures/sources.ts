/** What figures may read of their subjects: the only door between a figure's definition and networks or databases. */
import { abortSignal, callback, custom, type Field, isObject, type Schema } from '../options.js';
import type { SpikeData } from '../analysis/index.js';
import type { Labels, Predictions, ReadoutMethod, SpikeCounts, TrainingHealth } from '../readout/index.js';
import type { AccuracyPoint } from './accuracy-lines.js';
import type { TimeCurve } from './accuracy-by-time-figure.js';
import type { CompetitionHistogram } from './competition-distribution-figure.js';
import type { DatabaseRowLike } from './database-figure.js';
import type { GridCell } from './grid-figure.js';
import type { DrawnNetwork } from './network-figure.js';
import type { RateThresholdCell } from './rate-threshold-figure.js';
import type { RatePoints } from './rates-by-activation-figure.js';
import type { OutputGrid, ShapedArray, StepRecording } from './results.js';
import type { NoisePoint } from './robustness-figure.js';
import type { StdpWindow } from './stdp-window-figure.js';
import type { TableRow } from './table-figure.js';
import type { TrainingPoint } from './training-curves-figure.js';

/** What a figure can be of: networks of five kinds, a database, a grid search, the accuracy table, recorded spikes. */
export interface FigureSources {
  readonly snn: SnnSource;
  readonly layered: LayeredSource;
  readonly relu: CurvesSource;
  readonly converted: ConvertedSource;
  readonly network: NetworkSource;
  readonly database: DatabaseSource;
  readonly search: SearchSource;
  readonly table: TableSource;
  readonly recording: SpikeData;
}

export type FigureSubject = keyof FigureSources;

/** How a drawing that takes long tells its progress, and ends with an error `INTERRUPTED`. */
export interface DrawingWatch {
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  readonly signal?: AbortSignal;
}

export const watchFields: Schema<DrawingWatch> = { onProgress: callback(), signal: abortSignal };

/** One image as a spiking network saw it. */
export interface FedImage {
  /** crop × crop bytes. */
  readonly image: Uint8Array;
  /** Its label, if known. */
  readonly label: number | null;
  /** Label that each method gives, −1: no spikes; empty before calibration. */
  readonly predictions: Readonly<Partial<Record<ReadoutMethod, number>>>;
  /** [step, neuron] of X and Y. */
  readonly inputSpikes: StepRecording;
  readonly spikes: StepRecording;
  /** Membrane potentials of Y [step, neuron], mV. */
  readonly voltages: StepRecording;
  /** Spikes per Y neuron. */
  readonly counts: Uint16Array;
}

export const fedField: Field<FedImage> = custom('to be an image that a network was fed', (value) => {
  const { image, inputSpikes, spikes, voltages, counts } = (value ?? {}) as Partial<FedImage>;
  const isArray = [image, counts].every((part) => ArrayBuffer.isView(part));
  return isArray && [inputSpikes, spikes, voltages].every(isObject);
});

/** XY weights as they were a number of training images ago. */
export interface FormerWeights {
  weights: Float32Array;
  nImages: number;
}

/** A spiking network of the table. */
export interface SnnSource {
  /** `LC_SNN`, `C_SNN` or `FC_SNN`. */
  readonly type: string;
  readonly grid: OutputGrid;
  /** Length of a step [ms]. */
  readonly dt: number;
  /** LC [filter, row, column, ky, kx], C [filter, ky, kx], FC [filter, y, x]. */
  readonly weightsXY: ShapedArray;
  /** Trained competition [position, source filter, target filter] in mV, or null where it is fixed. */
  readonly weightsYY: ShapedArray | null;
  /** Thresholds of Y with their adaptive part [mV]. */
  readonly thresholds: Float32Array;
  /** Mean spike count [label, neuron], or null before calibration. */
  readonly votes: Float32Array | null;
  /** [label, prediction; last column: none] of the best method, or null before scoring. */
  readonly confMatrix: Int32Array | null;
  /** Names of the classes, or null where they are called by their numbers. */
  readonly classNames: readonly string[] | null;
  /** Distribution of trained competition in so many bins. */
  competitionHistogram(bins?: number): CompetitionHistogram;
  /** Window of the rule by which XY, or competition, learns. Errors: `INVALID_ARGUMENT` where that does not learn. */
  stdpWindow(of: 'xy' | 'yy'): StdpWindow;
  /** Shows the network the test image `index` of a label. */
  feedLabel(label: number, options: { readonly index?: number }): Promise<FedImage>;
  /** Shows the network the test images that scoring would take; nothing learns. */
  answerTests(
    images: number,
    watch: DrawingWatch,
  ): Promise<{ readonly counts: SpikeCounts; readonly labels: Labels }>;
  /** Labels that a method gives, each neuron voting for its best `topN` classes only. */
  predict(method: ReadoutMethod, counts: SpikeCounts, topN: number): Predictions;
  health(
    options: { readonly images?: number; readonly before?: FormerWeights } & DrawingWatch,
  ): Promise<TrainingHealth>;
  /** Scores of the networks in a database (its own if left out) that differ in the number of training images only. */
  accuracyByTraining(database?: string): AccuracyPoint[];
}

/** Whatever has a learning curve. */
export interface CurvesSource {
  readonly curve: readonly TrainingPoint[];
  /** What the training counts. */
  readonly unit: 'epoch' | 'update';
}

/** A deep network of NNMF or Spike-by-Spike layers. */
export interface LayeredSource extends CurvesSource {
  readonly name: string;
  /** Names of the classes, or null where they are called by their numbers. */
  readonly classNames: readonly string[] | null;
  /** Of every inference layer [neuron, channel, ky, kx]. */
  readonly weights: readonly ShapedArray[];
  /** The test image `index` of a label [channel, row, column], and as the first inference layer explains it. */
  reconstruct(
    label: number,
    index: number,
  ): Promise<{ readonly input: ShapedArray; readonly reconstruction: ShapedArray }>;
  robustness(
    options: { readonly images?: number; readonly levels?: readonly number[] } & DrawingWatch,
  ): Promise<readonly NoisePoint[]>;
}

/** A network of integrate-and-fire neurons with the ReLU network that it was converted from. */
export interface ConvertedSource {
  /** Names of the spiking layers. */
  readonly layers: readonly string[];
  /** Curves of all stored conversions of the same ReLU network, and the accuracy of that network itself. */
  accuracyByTime(): { readonly curves: Readonly<Record<string, TimeCurve>>; readonly ann?: number };
  /** Firing rates of a layer and the activations of the ReLU network, at the first test images. */
  ratesByActivation(layer: string, options: { readonly images?: number } & DrawingWatch): Promise<RatePoints>;
  accuracyByRateAndThreshold(
    options: {
      readonly images?: number;
      readonly rates?: readonly number[];
      readonly thresholds?: readonly number[];
    } & DrawingWatch,
  ): Promise<readonly RateThresholdCell[]>;
}

/** A custom network. */
export interface NetworkSource {
  readonly outline: DrawnNetwork;
}

export interface DatabaseSource {
  readonly rows: readonly DatabaseRowLike[];
}

export interface SearchSource {
  readonly cells: readonly GridCell[];
  /** Names of its axes, with their units. */
  readonly x: string;
  readonly y: string;
}

export interface TableSource {
  readonly rows: readonly TableRow[];
}
