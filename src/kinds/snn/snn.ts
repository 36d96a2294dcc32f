/** What all spiking networks of the table share: train without labels, calibrate, score, feed, save. */
import '../../node/engines.js';
import { availableParallelism } from 'node:os';
import type { Dataset, ImageSet } from '../../datasets/index.js';
import { type ImageOptions, imageSchema, prepareImage } from '../../datasets/load-image.js';
import { namesInFiles } from '../../datasets/dataset.js';
import { findClassNames } from '../../datasets/registry.js';
import { findLabelledImage } from '../../datasets/find-labelled-image.js';
import { poisson } from '../../core/encoding/index.js';
import type { SpikeTrain } from '../../core/encoding/spike-train.js';
import { Turns } from '../../core/engine/turns.js';
import { invalidArgument, LocusError, suggestName } from '../../errors.js';
import { custom, instance, isObject, list, listOptions, readOptions, text } from '../../options.js';
import type { Report } from '../../figures/index.js';
import { hostFigures } from '../../figures/figures-of.js';
import type { Network } from '../../core/network/network.js';
import { getEngine } from '../../core/network/simulation.js';
import {
  type LinearClassifier,
  packSpikeCounts,
  pickLabels,
  type Predictions,
  type ReadoutMethod,
  readoutMethods,
  type Score,
  sliceSpikeCounts,
  type SpikeCounts,
  type TrainingHealth,
} from '../../readout/index.js';
import {
  type CheckpointInput,
  networkName,
  type NetworkStore,
  type Parameters,
  withStore,
} from '../../store/index.js';
import type { Identity } from '../kind.js';
import { saveNetwork } from '../save-network.js';
import { checkCount, checkShown } from './check-count.js';
import { countShown, yLayer } from './count-shown.js';
import { ImageSource } from './image-source.js';
import { type DataIdentity, identifyData, labelData } from '../data-identity.js';
import { loadToShow } from '../load-to-show.js';
import { addStateSet, describeHistory, type History } from './history.js';
import {
  countIterations,
  currentSegment,
  segmentsUntil,
  selectImages,
  type TrainingPlan,
  type TrainingSegment,
  trainingImages,
  wholeBatches,
  withData,
} from './image-order.js';
import type { Origin } from './original/origin.js';
import {
  convSize,
  type GivenParameters,
  type NetworkType,
  parseParameters,
  type SnnParameters,
  snnParameterNames,
  stepsPerImage,
  toPublished,
} from './parameters.js';
import { modelNames } from '../../published-networks.js';
import { snnLineage } from './lineage.js';
import {
  accuracySchema,
  calibrateSchema,
  continueSchema,
  feedLabelSchema,
  feedSchema,
  interruptibleSchema,
  saveSchema,
  snnOptionsSchema,
  stepsSchema,
  trainSchema,
  twoStepSchema,
  validateSchema,
} from './option-schemas.js';
import { beginSegment, holdConnections, planTraining, planTwoSteps } from './plan-training.js';
import {
  type AccuracyOptions,
  type CalibrateOptions,
  type ContinueOptions,
  type Fed,
  type FeedOptions,
  type Interruptible,
  type Recorded,
  type SnnOptions,
  type Trained,
  type TrainOptions,
  type TwoStepOptions,
  type ValidateOptions,
} from './snn-options.js';
import { type SnnFigures, snnFigureSource } from './snn-figures.js';
import {
  buildSnnNetwork,
  checkModels,
  countParameters,
  type EngineChoice,
  readThreshold,
  voltageVariable,
  xyName,
  yyName,
} from './snn-network.js';
import { type Answers, scoreApart, SnnReadout } from './snn-readout.js';
import { hashLearned, toNetworkInput } from './snn-record.js';
import { reportNetwork, type SnnReportOptions } from './snn-report.js';
import { readTheta, readVariables, type SnnState, writeSnnState } from './snn-state.js';
import { SpikeRecorder } from './spike-recorder.js';
import { WriteWatch } from './write-watch.js';
import { type HealthOptions, measureHealth } from '../../watch/measure-health.js';
import type { LearnedImage } from '../../watch/training-observer.js';
import { type WatchOptions, watchTraining } from '../../watch/watch-training.js';
import { countOf } from '../../wording.js';

// oxlint-disable-next-line typescript/no-unsafe-declaration-merging
export interface Snn extends SnnFigures {}

/** A spiking network of published parameters. The classes `LC_SNN`, `C_SNN`, `FC_SNN` differ in their topology only. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- `hostFigures` below gives it these methods
export abstract class Snn {
  readonly type: NetworkType;
  readonly parameters: Readonly<SnnParameters>;
  readonly #options: SnnOptions;
  readonly #engine: EngineChoice;
  #givenName: string | null = null;
  #network: Network | undefined;
  /** Tells what others write into the network. */
  #writes: WriteWatch | undefined;
  /** A copy of the network that single images are shown to. */
  #recorder: SpikeRecorder | undefined;
  /** State for the network when it is built (again). */
  #parked: SnnState | null = null;
  readonly #images: ImageSource;
  #history: History = { segments: [], sets: [] };
  /** The training that has begun and not ended. */
  #plan: TrainingPlan | null = null;
  #trainingSetSize = 0;
  readonly #readout: SnnReadout;
  readonly #turns = new Turns();
  #parent: string | null = null;
  #origin: Origin | null = null;
  /** Name under which the present weights are in the database, if they are. */
  #savedAs: string | null = null;
  #datasetHash: string | null = null;
  /** Content hash that the stored network's data set enters its name with, if that is not a published one. */
  #dataHash: string | null = null;
  /** Hash of the data set that a resumed training began with. */
  #resumedData: string | null = null;

  constructor(type: NetworkType, given: GivenParameters & SnnOptions) {
    this.type = type;
    if (!isObject(given)) throw invalidArgument(type, 'parameters and options as an object', given);
    const isOption = (name: string) => Object.hasOwn(snnOptionsSchema, name);
    const known: string[] = [...snnParameterNames, ...modelNames, ...listOptions(snnOptionsSchema)];
    for (const name of Object.keys(given)) {
      if (known.includes(name) || isOption(name)) continue;
      const message = `${type}: unknown parameter "${name}".${suggestName(name, known)}`;
      throw new LocusError('UNKNOWN_NAME', message);
    }
    const entries = Object.entries(given);
    this.parameters = parseParameters(type, Object.fromEntries(entries.filter(([name]) => !isOption(name))));
    const options = Object.fromEntries(entries.filter(([name]) => isOption(name)));
    // Parameters of definitions are checked before anything else is done.
    checkModels(this.parameters);
    this.#options = readOptions(type, snnOptionsSchema, options);
    this.#engine = {
      engine: this.#options.engine ?? 'wasm',
      threads: this.#options.threads ?? availableParallelism(),
      gpuBatch: this.#options.gpuBatch,
    };
    getEngine(this.#engine.engine);
    this.#images = new ImageSource(this.parameters, this.#options);
    this.#readout = new SnnReadout(type);
  }

  /** Name in the database: the one it was given, or the sha-224 of its published parameters. */
  get name(): string {
    return this.#givenName ?? networkName(this.publishedParameters);
  }

  /** Database file that it was given; undefined: that of the project. */
  get database(): string | undefined {
    return this.#options.database;
  }

  /** Number of images trained on. */
  get nIter(): number {
    return countIterations(this.#history.segments);
  }

  /** Number of positions of the receptive field. */
  get nPositions(): number {
    return convSize(this.parameters) ** 2;
  }

  /** Number of Y neurons. */
  get nOutput(): number {
    return this.parameters.nFilters * this.nPositions;
  }

  /** Trainable or set synapses, XY and YY. */
  get nParameters(): number {
    return countParameters(this.type, this.parameters);
  }

  /** Everything that makes this network what it is, under published names; its name is their hash. */
  get publishedParameters(): Parameters {
    this.#notice();
    return this.#publishedAfter(this.#history.segments);
  }

  /** Mean spike count [label, neuron] of the calibration images, or null before calibration. */
  get votes(): Float32Array | null {
    return this.#readout.state.votes;
  }

  get classifier(): LinearClassifier | null {
    return this.#readout.state.classifier;
  }

  /** Scores by readout method. */
  get score(): Readonly<Partial<Record<ReadoutMethod, Score>>> {
    return this.#readout.state.scores;
  }

  /** The best accuracy of all methods scored so far, or null. */
  get accuracy(): number | null {
    return this.#readout.best?.score.accuracy ?? null;
  }

  /** Standard error of `accuracy`. */
  get error(): number | null {
    return this.#readout.best?.score.error ?? null;
  }

  /** Confusion matrix [label, prediction] of the best method; the last column counts images without a prediction. */
  get confMatrix(): Int32Array | null {
    const { best, state } = this.#readout;
    return best ? (state.confusion[best.method] ?? null) : null;
  }

  /** Names of the classes: those of the votes, or what people call those of the data set; null where they are their numbers. */
  get classNames(): readonly string[] | null {
    const { loaded, datasetName } = this.#images;
    const hash = loaded?.hash ?? this.#dataHash ?? undefined;
    return this.#readout.state.classNames ?? findClassNames({ name: datasetName, hash });
  }

  /** What it was imported from, or null where it was trained here from the start. */
  get origin(): Origin | null {
    return this.#origin;
  }

  /**
   * The simulator's network. Weights or thresholds that are set (or learned) through it become a part of this network's history,
   * and so of its name; after the next training image all weights are normalised. Which connections learn, `train` decides.
   */
  get network(): Network {
    return this.#built().writes.handOut();
  }

  /** Layers and connections with their sizes, and notes on what float32 cannot keep. */
  summary(): string {
    return this.#built().network.summary();
  }

  /** XY weights: LC [filter, row, column, ky, kx], C [filter, ky, kx], FC [filter, y, x]. */
  get weightsXY(): { shape: readonly number[]; data: Float32Array } {
    return this.#built().network.getWeights(xyName);
  }

  /** Trained competition [position, source filter, target filter], or null where it is fixed. */
  get weightsYY(): { shape: readonly number[]; data: Float32Array } | null {
    return this.parameters.cL ? this.#built().network.getWeights(yyName) : null;
  }

  /** Adaptive part of the thresholds of Y [mV]. */
  get theta(): Float32Array {
    return readTheta(this.#built().network, this.parameters);
  }

  /** Thresholds of Y with their adaptive part [mV]; NaN for neurons without a parameter `thresh`. */
  get thresholds(): Float32Array {
    const thresh = readThreshold(this.parameters);
    return this.theta.map((theta) => thresh + theta);
  }

  /** The data set, loaded at the first use; the best MNIST at hand if none was chosen. */
  async loadData(): Promise<Dataset> {
    const dataset = await this.#images.load();
    this.#trainingSetSize = dataset.train.count;
    return dataset;
  }

  /**
   * The data set for work whose result is not stored: that of `loadData`, or the embedded one that stands in for it where its
   * files are missing, with a warning.
   */
  async loadToShow(): Promise<Dataset> {
    return loadToShow(this.#data, () => this.loadData());
  }

  /**
   * Trains on images without their labels. Whatever was calibrated or scored before is forgotten.
   * `plot` and `onHealth` let somebody watch; what is learned does not depend on that.
   *
   * What a network is asked to do (train, calibrate, score) it does one after another.
   */
  async train(options: TrainOptions & WatchOptions): Promise<Trained> {
    const given = readOptions(`${this.type}.train`, trainSchema, options);
    return watchTraining(this, given, (watched: TrainOptions) =>
      this.#turns.take(async () =>
        this.#startTraining(await this.#plannedBy(planTraining, watched), watched),
      ),
    );
  }

  /** Trains XY first with competition fixed at cW, then (XY held) competition alone, from 0 on. */
  async trainTwoSteps(options: TwoStepOptions & WatchOptions): Promise<Trained> {
    const given = readOptions(`${this.type}.trainTwoSteps`, twoStepSchema, options);
    return watchTraining(this, given, (watched: TwoStepOptions) =>
      this.#turns.take(async () =>
        this.#startTraining(await this.#plannedBy(planTwoSteps, watched), watched),
      ),
    );
  }

  /** Goes on with a training that was interrupted, here or (after `resumeTraining`) in another process. */
  async continueTraining(options: ContinueOptions & WatchOptions = {}): Promise<Trained> {
    const given = readOptions(`${this.type}.continueTraining`, continueSchema, options);
    return watchTraining(this, given, (watched: ContinueOptions) =>
      this.#turns.take(() => this.#continueTraining(watched)),
    );
  }

  /** Hash of the network after `train` (or `trainTwoSteps`) with these options: its name if it was given none, and its checkpoint's. */
  async nameAfter(options: TwoStepOptions, steps: { twoSteps?: boolean } = {}): Promise<string> {
    return (await this.identityAfter(options, steps)).name;
  }

  /** Published parameters and history after `train` (or `trainTwoSteps`) with these options, and the hash that follows. */
  async identityAfter(
    options: TwoStepOptions,
    steps: { twoSteps?: boolean } = {},
  ): Promise<Identity & { readonly name: string }> {
    const place = `${this.type}.identityAfter`;
    const { twoSteps = false } = readOptions(place, stepsSchema, steps);
    const given = readOptions(place, twoStepSchema, options);
    const planned = await this.#plannedBy(twoSteps ? planTwoSteps : planTraining, given);
    this.#notice();
    const { segments: before, sets } = this.#history;
    const segments = segmentsUntil({ before, segments: planned }, Number.POSITIVE_INFINITY);
    const parameters = this.#publishedAfter(segments);
    return { parameters, meta: { segments, sets }, name: networkName(parameters) };
  }

  /** Counts spikes of calibration images, and makes votes and (unless `linear` is false) the linear classifier from them. */
  async calibrate(options: CalibrateOptions = {}): Promise<void> {
    const given = readOptions('calibrate', calibrateSchema, options);
    return this.#turns.take(() => this.#readout.orAsBefore(() => this.#calibrate(given)));
  }

  /** Trains the linear classifier on the calibration images (those of `calibrate`, or as many as asked for). */
  async calibrateLc(options: CalibrateOptions = {}): Promise<void> {
    const given = readOptions('calibrateLc', calibrateSchema, options);
    return this.#turns.take(() => this.#readout.orAsBefore(() => this.#calibrateLc(given)));
  }

  /** Scores test images with one method or all; `score`, `accuracy`, `error` and `confMatrix` follow. */
  async calculateAccuracy(given: AccuracyOptions = {}): Promise<Partial<Record<ReadoutMethod, Score>>> {
    const options = readOptions('calculateAccuracy', accuracySchema, given);
    return this.#turns.take(async () => {
      const methods = this.#readout.choose(options.method ?? 'all');
      const dataset = await this.loadData();
      const { test } = dataset;
      const images = checkShown(options.images ?? test.count, this.parameters.crop, 'calculateAccuracy');
      const answers = await this.answerSplit(test, 'test', images, options);
      this.#readout.score(methods, answers, namesInFiles(dataset));
      return Object.fromEntries(methods.map((method) => [method, this.score[method]]));
    });
  }

  /**
   * Scores on calibration images alone, for choosing parameters: votes and classifier come from the first `nCalibrate`
   * images, the scores from the `nTest` that follow. The network's own readout stays as it is.
   */
  async validate(given: ValidateOptions): Promise<Partial<Record<ReadoutMethod, Score>>> {
    const place = `${this.type}.validate`;
    const { nCalibrate, nTest, linear = true, ...options } = readOptions(place, validateSchema, given);
    const dataset = await this.loadData();
    const { calibration } = dataset;
    const total = nCalibrate + nTest;
    if (total > calibration.count) {
      throw invalidArgument(place, `nCalibrate + nTest ≤ ${calibration.count} calibration images`, total);
    }
    const answers = await this.answerSplit(calibration, 'calibration', total, options);
    const part = (from: number, to: number): Answers => ({
      counts: sliceSpikeCounts(answers.counts, from, to),
      labels: answers.labels.subarray(from, to),
      images: answers.images.subarray(from, to),
    });
    const { seed } = this.parameters;
    return scoreApart(part(0, nCalibrate), part(nCalibrate, total), {
      classNames: namesInFiles(dataset),
      seed,
      linear,
      signal: options.signal,
    });
  }

  /** How well training goes, without labels, from calibration images. */
  health(options?: HealthOptions): Promise<TrainingHealth> {
    return measureHealth(this, options);
  }

  /** One page with everything about this network; `write` it as HTML or PDF, or `show` it. */
  report(options?: SnnReportOptions): Promise<Report> {
    return reportNetwork(this, options);
  }

  /**
   * How often every Y neuron spikes at given input spikes; nothing learns.
   *
   * @param trains one per image: crop × crop neurons, as many steps as an image is shown
   */
  async countSpikes(trains: readonly SpikeTrain[], given: Interruptible = {}): Promise<SpikeCounts> {
    const options = readOptions('countSpikes', interruptibleSchema, given);
    list(spikesField)('countSpikes', 'trains', trains);
    const steps = stepsPerImage(this.parameters);
    const spikes = (image: number) => trains[image];
    return countShown(this.#built().network, { layer: 0, count: trains.length, steps, spikes }, options);
  }

  /**
   * Labels that a method gives to images of known spike counts; −1: no spikes at all.
   *
   * @param topN only the n classes that a neuron votes for most count (voting methods)
   */
  predict(method: ReadoutMethod, counts: SpikeCounts, topN?: number): Predictions {
    return this.#readout.predict(method, counts, topN);
  }

  /** Shows the network a test image of that label. */
  async feedLabel(label: number, options: FeedOptions = {}): Promise<Fed> {
    const { index = 0 } = readOptions('feedLabel', feedLabelSchema, options);
    const dataset = await this.loadToShow();
    const item = findLabelledImage(dataset, label, index, 'feedLabel');
    return this.feed(this.#images.crop(dataset.test, [item]), { label, item });
  }

  /**
   * Shows the network a PNG or JPEG, resized to its crop. A picture with a light border is taken for dark strokes on a light ground
   * and inverted, unless `invert` says otherwise; `inverted` of the result tells which.
   */
  async feedImage(path: string, options: ImageOptions = {}): Promise<Fed> {
    const given = readOptions('feedImage', imageSchema, options);
    const { pixels, inverted } = await prepareImage(path, this.parameters.crop, given);
    return { ...(await this.feed(pixels)), inverted };
  }

  /** Shows the network crop × crop bytes, records every step, and asks all methods that are calibrated. */
  async feed(image: Uint8Array, options: { label?: number | null; item?: number } = {}): Promise<Fed> {
    const { label = null, item = 0 } = readOptions('feed', feedSchema, options);
    instance(Uint8Array)('feed', 'image', image);
    const { crop, intensity, dt, seed } = this.parameters;
    if (image.length !== crop * crop) throw invalidArgument('feed', `${crop} × ${crop} bytes`, image.length);
    const train = poisson(image, {
      time: stepsPerImage(this.parameters),
      dt,
      intensity,
      seed,
      purpose: 'feedSpikes',
      item,
    });
    const recorded = await this.record(train);
    const spikeCounts = packSpikeCounts(recorded.counts, {
      nFilters: this.parameters.nFilters,
      nPositions: this.nPositions,
    });
    const predictions = Object.fromEntries(
      this.#readout.methods.map((method) => [method, this.predict(method, spikeCounts)[0]]),
    );
    return { image, inverted: false, label, predictions, ...recorded };
  }

  /** Shows the network spikes of crop × crop input neurons and records every step; nothing learns. */
  async record(train: SpikeTrain): Promise<Recorded> {
    this.#recorder ??= new SpikeRecorder(
      buildSnnNetwork(this.type, this.parameters, { ...this.#engine, threads: 1 }),
      voltageVariable(this.parameters),
    );
    return this.#recorder.record(train, (copy) => writeSnnState(copy, this.type, this.#state()));
  }

  /** Back to the untrained network of the same parameters. */
  reset(): void {
    this.#disposeNetworks();
    this.#parked = null;
    this.#history = { segments: [], sets: [] };
    this.#plan = null;
    this.#savedAs = null;
    this.#resumedData = null;
    this.#dataHash = null;
    this.#parent = null;
    this.#origin = null;
    this.#givenName = null;
    this.#readout.forget();
  }

  /** Gives the network a name of its own, here and at the next `save`. */
  rename(name: string): void {
    text('rename', 'name', name);
    this.#givenName = name;
  }

  /**
   * Saves everything that is needed to go on, and returns the name. A network of the same name is replaced if it is this one, or
   * one whose training this one continues; so is this one under the name that it was saved or loaded with before `rename`.
   *
   * @param options.overwrite replaces any network of the same name (default: false)
   * @throws LocusError `NAME_TAKEN`, saying what bears the name; `STORE_…`. The database is unchanged then.
   */
  save(options: { overwrite?: boolean } = {}): string {
    return withStore(this.#options.database, (store) => this.saveTo(store, options));
  }

  /** As `save`, into an open database. */
  saveTo(store: NetworkStore, options: { overwrite?: boolean } = {}): string {
    const { overwrite } = readOptions('save', saveSchema, options);
    const input = this.toRecord();
    this.#savedAs = saveNetwork(store, snnLineage, input, {
      overwrite,
      finishes: networkName(input.parameters),
      replaces: this.#savedAs,
    });
    return this.#savedAs;
  }

  /** What `save` stores. */
  toRecord() {
    const { name, publishedParameters: parameters } = this;
    return toNetworkInput(
      {
        parameters,
        name: this.#givenName,
        nParameters: this.nParameters,
        nOutput: this.nOutput,
        datasetHash: this.#images.loaded?.hash ?? this.#datasetHash,
        // What was set by hand may have been set back to what the parent has.
        parent: this.#parent === name ? null : this.#parent,
      },
      this.#state(),
    );
  }

  /** One paragraph for people. */
  toString(): string {
    const { nFilters, kernelSize, stride, crop, meanWeight, cW, cL, seed } = this.parameters;
    const lines = [
      `${this.type} ${this.name.slice(0, 12)}: ${countOf(nFilters, 'filter')}, kernel ${kernelSize}, stride ${stride}, crop ${crop}, ` +
        `mean weight ${meanWeight}, competition ${cW} mV (${cL ? 'trained' : 'fixed'}), seed ${seed}`,
      `${countOf(this.nOutput, 'neuron')}, ${this.nParameters} synapses; trained on ${countOf(this.nIter, 'image')}`,
      ...readoutMethods.flatMap((method) => {
        const score = this.score[method];
        if (!score) return [];
        const { accuracy, error, nIter } = score;
        return `${method}: ${(100 * accuracy).toFixed(2)} ± ${(100 * error).toFixed(2)} % of ${countOf(nIter, 'image')}`;
      }),
    ];
    return lines.join('\n');
  }

  /** Frees the engine's memory and threads; the network can still be read and used again. */
  dispose(): void {
    this.#turns.checkIdle(`${this.type}.dispose`);
    this.#notice();
    if (this.#network) this.#parked = this.#state();
    this.#disposeNetworks();
  }

  /** Takes over a stored state; used by `loadNetwork` and by resuming. */
  restore(state: SnnState, origin: RestoredFrom): void {
    this.#history = { segments: state.segments, sets: state.sets };
    this.#trainingSetSize = state.trainingSetSize;
    this.#origin = state.origin;
    this.#readout.restore(state.readout);
    this.#givenName = origin.givenName;
    this.#parent = origin.parent;
    this.#datasetHash = origin.datasetHash;
    this.#dataHash = origin.dataHash;
    this.#disposeNetworks();
    this.#parked = state;
    this.#savedAs = origin.plan === null ? this.name : null;
    this.#resumedData = origin.plan === null ? null : origin.datasetHash;
    this.#plan = origin.plan;
  }

  #disposeNetworks(): void {
    this.#network?.dispose();
    this.#network = undefined;
    this.#writes = undefined;
    this.#recorder?.dispose();
    this.#recorder = undefined;
  }

  #state(): SnnState {
    return {
      weightsXY: this.weightsXY,
      weightsYY: this.weightsYY,
      theta: this.theta,
      variables: readVariables(this.#built().network, this.parameters),
      thetaCarry:
        this.parameters.thetaDecay === 'exact' ? this.#built().network.getVariable('Y', 'thetaCarry') : null,
      readout: this.#readout.state,
      ...this.#history,
      trainingSetSize: this.#trainingSetSize,
      origin: this.#origin,
    };
  }

  #built(): { network: Network; writes: WriteWatch } {
    if (!this.#network || !this.#writes) {
      this.#network = buildSnnNetwork(this.type, this.parameters, this.#engine);
      if (this.#parked) writeSnnState(this.#network, this.type, this.#parked);
      this.#parked = null;
      this.#writes = new WriteWatch(this.#network, (network) => hashLearned(network, this.parameters));
    }
    return { network: this.#network, writes: this.#writes };
  }

  /** Takes what others wrote into the network since then into its history. */
  #notice(): void {
    const written = this.#writes?.look();
    if (!written || !this.#network) return;
    const history = addStateSet(this.#history, written);
    if (written.before !== written.state) this.#leaveSaved();
    this.#history = history;
    // Set as it will be after it was stored and loaded: whether weights count as normalised is no part of the record.
    writeSnnState(this.#network, this.type, this.#state());
    this.#writes?.settle();
  }

  /** The network becomes another one than that in the database. */
  #leaveSaved(): void {
    // The original's name stands for what the original trained: with more training the network takes its own.
    if (this.#origin !== null && this.#givenName === this.#origin.name) this.#givenName = null;
    // One that keeps its given name takes the place of what was saved, and goes back to where that went back to.
    if (this.#savedAs !== null && this.#savedAs !== this.#givenName) this.#parent = this.#savedAs;
    this.#savedAs = null;
  }

  get #data(): DataIdentity {
    const { loaded, datasetName } = this.#images;
    if (loaded) return identifyData(loaded);
    return { dataset: datasetName, ...(this.#dataHash === null ? {} : { data_hash: this.#dataHash }) };
  }

  #publishedAfter(segments: readonly TrainingSegment[]): Parameters {
    const data = this.#data;
    return {
      network_type: this.type,
      ...toPublished(this.parameters),
      ...describeHistory(
        { segments, sets: this.#history.sets },
        { data: labelData(data), setSize: this.#trainingSetSize, nImported: this.#origin?.nIter ?? 0 },
      ),
      ...data,
      ...(this.#origin ? { origin_state: this.#origin.state } : {}),
    };
  }

  async #plannedBy(makePlan: typeof planTwoSteps, options: TwoStepOptions): Promise<TrainingSegment[]> {
    const { train } = await this.loadData();
    return withData(makePlan(this, options, train.count), labelData(this.#data));
  }

  async #startTraining(segments: TrainingSegment[], options: TrainOptions): Promise<Trained> {
    checkCheckpoint(options.checkpoint, `${this.type}.train`);
    this.#notice();
    this.#leaveSaved();
    this.#resumedData = null;
    this.#plan = { before: this.#history.segments, segments };
    return this.#continueTraining(options);
  }

  async #continueTraining(options: ContinueOptions): Promise<Trained> {
    const { observer } = options;
    const plan = this.#plan;
    if (!plan) throw invalidArgument(`${this.type}.continueTraining`, 'an interrupted training', 'none');
    const { train, hash } = await this.loadData();
    if (this.#resumedData !== null && this.#resumedData !== hash) {
      const expected = `${this.type}.continueTraining: expected the data set that the training began with`;
      throw new LocusError('DATA_CORRUPT', `${expected} (sha-256 ${this.#resumedData}), got ${hash}`);
    }
    const checkpoint = checkCheckpoint(options.checkpoint, `${this.type}.continueTraining`);
    const start = performance.now();
    const startIter = this.nIter;
    const planBegan = countIterations(plan.before);
    const total = countIterations(plan.segments);
    this.#notice();
    this.#savedAs = null;
    this.#readout.forget();
    const end = planBegan + total;
    observer?.begin(startIter, end);
    let last: () => LearnedImage | null = () => null;
    let current = currentSegment(plan, this.nIter);
    let nextCheckpoint = startIter + (checkpoint ?? Number.POSITIVE_INFINITY);
    while (current && !options.signal?.aborted) {
      const segment = plan.segments[current.index];
      const from = this.nIter;
      this.#notice();
      const { network, writes } = this.#built();
      const undo = from === current.began ? beginSegment(network, this, segment) : undefined;
      holdConnections(network, this, segment);
      const milestone = Math.min(nextCheckpoint, current.began + segment.nIter);
      const stop = Math.min(milestone, observer?.nextLook(from) ?? milestone);
      const count = wholeBatches(segment, from - current.began, stop - from);
      const images = trainingImages(segment, current.began, from, count, this.parameters.seed);
      const items = Uint32Array.from({ length: count }, (_, i) => from + i);
      const shown = this.#images.present(train, images, 'trainingSpikes', items);
      const done = await writes.during(() =>
        network.simulation.present(shown, {
          learn: true,
          count: yLayer,
          batchSize: segment.batchSize,
          signal: options.signal,
          onCounts: observer && ((counts) => observer.count(counts)),
          onProgress: (n) => options.onProgress?.({ done: from - planBegan + n, total }),
        }),
      );
      if (done === 0 && undo) {
        undo();
        writes.settle();
      }
      this.#history = { ...this.#history, segments: segmentsUntil(plan, from + done) };
      current = currentSegment(plan, this.nIter);
      if (checkpoint !== undefined && current && (this.nIter >= milestone || options.signal?.aborted)) {
        this.#saveCheckpoint(plan);
        nextCheckpoint = this.nIter + checkpoint;
      }
      if (done > 0) last = () => learnedImage(shown, done - 1, train.labels[images[done - 1]]);
      if (current && !options.signal?.aborted)
        await observer?.look({ nIter: this.nIter, end, state: 'running', last });
    }
    if (!current) this.#plan = null;
    const seconds = (performance.now() - start) / 1000;
    await observer?.look({ nIter: this.nIter, end, state: current ? 'interrupted' : 'done', last });
    return { nIter: this.nIter - startIter, seconds, interrupted: current !== null };
  }

  #nameAtEnd(plan: TrainingPlan): string {
    return networkName(this.#publishedAfter(segmentsUntil(plan, Number.POSITIVE_INFINITY)));
  }

  #saveCheckpoint(plan: TrainingPlan): void {
    const record = this.toRecord();
    const checkpoint: CheckpointInput = {
      parameters: record.parameters,
      datasetHash: record.datasetHash,
      codeVersion: record.codeVersion,
      arrays: record.arrays,
      meta: { ...record.meta, plan, parent: this.#parent, givenName: this.#givenName },
    };
    withStore(this.#options.database, (store) => store.saveCheckpoint(this.#nameAtEnd(plan), checkpoint));
  }

  async #calibrate(options: CalibrateOptions): Promise<void> {
    const dataset = await this.loadData();
    const { calibration } = dataset;
    const images = checkShown(options.images ?? calibration.count, this.parameters.crop, 'calibrate');
    const answers = await this.answerSplit(calibration, 'calibration', images, options);
    this.#readout.calibrate(answers, namesInFiles(dataset));
    if (options.linear ?? true) await this.#calibrateLc({ signal: options.signal });
  }

  async #calibrateLc(options: CalibrateOptions): Promise<void> {
    const { calibration, state } = this.#readout;
    const images = options.images ?? (state.calibrationImages || undefined);
    if (state.calibrationImages === 0 || images !== state.calibrationImages) {
      await this.#calibrate({ ...options, images, linear: false });
    } else if (!calibration) {
      const { calibration: set } = await this.loadData();
      this.#readout.recall(await this.answerSplit(set, 'calibration', images, options));
    }
    const { nClasses } = await this.loadData();
    await this.#readout.calibrateLc(nClasses, this.parameters.seed, options.signal);
  }

  /** Shows the frozen network `count` images of a split, always the same ones. */
  async answerSplit(
    set: ImageSet,
    split: 'calibration' | 'test',
    count: number,
    options: Interruptible = {},
  ): Promise<Answers> {
    const { images, items } = selectImages(`${split}Order`, this.parameters.seed, count, set.count);
    const shown = this.#images.present(set, images, `${split}Spikes`, items);
    const counts = await countShown(this.#built().network, shown, options);
    return { counts, labels: pickLabels(set.labels, images), images };
  }
}

hostFigures('snn', Snn, snnFigureSource);

const spikesField = custom<SpikeTrain>('to be spikes as encoders make them', isObject);

/** Where a restored state comes from. */
export interface RestoredFrom {
  /** Name that a user gave; null: named by its parameters. */
  readonly givenName: string | null;
  readonly parent: string | null;
  readonly datasetHash: string | null;
  /** The published parameter `data_hash`. */
  readonly dataHash: string | null;
  /** The training that a checkpoint belongs to; null: a stored network. */
  readonly plan: TrainingPlan | null;
}

function learnedImage(shown: ReturnType<ImageSource['present']>, index: number, label: number): LearnedImage {
  const { images, nPixels } = shown.poisson;
  return { image: images.slice(index * nPixels, (index + 1) * nPixels), label, spikes: shown.spikes(index) };
}

function checkCheckpoint(checkpoint: number | undefined, place: string): number | undefined {
  return checkpoint === undefined ? undefined : checkCount(checkpoint, place, 'checkpoint');
}
