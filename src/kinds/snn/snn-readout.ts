/** What a network has learned of labels: votes, classifier, and how well they did. */
import { LocusError, unknownName } from '../../errors.js';
import { areNumbers } from '../../readout/class-numbers.js';
import type { Labels, Predictions } from '../../readout/class-numbers.js';
import {
  calibrateVotes,
  computeOutputs,
  confusionMatrix,
  type LinearClassifier,
  predictByClassifier,
  predictByVotes,
  type ReadoutMethod,
  readoutMethods,
  type Score,
  scorePredictions,
  type SpikeCounts,
  tallyVotes,
  trainLinearClassifierInParts,
  votingMethods,
} from '../../readout/index.js';

/** Images with their spike counts and labels. */
export interface Answers {
  readonly counts: SpikeCounts;
  readonly labels: Labels;
  /** Which image of the set each is: the same image can come twice. */
  readonly images: Uint32Array;
}

/** What of a readout is stored. */
export interface ReadoutState {
  /** Mean spike count [label, neuron] of the calibration images. */
  readonly votes: Float32Array | null;
  /** Of the classes in the order of their numbers; null where they are called by their numbers. */
  readonly classNames: readonly string[] | null;
  readonly classifier: LinearClassifier | null;
  readonly calibrationImages: number;
  /** By method: [label, prediction]; the last column counts images without a prediction. */
  readonly confusion: Readonly<Partial<Record<ReadoutMethod, Int32Array>>>;
  readonly scores: Readonly<Partial<Record<ReadoutMethod, Score>>>;
}

const untrained: ReadoutState = {
  votes: null,
  classNames: null,
  classifier: null,
  calibrationImages: 0,
  confusion: {},
  scores: {},
};

export class SnnReadout {
  #state: ReadoutState = untrained;
  /** The calibration images, as long as the network has not changed. */
  #calibration: Answers | null = null;

  /** @param place names the network in errors */
  constructor(readonly place: string) {}

  get state(): ReadoutState {
    return this.#state;
  }

  get calibration(): Answers | null {
    return this.#calibration;
  }

  /** Methods that can predict. */
  get methods(): ReadoutMethod[] {
    const { votes, classifier } = this.#state;
    return [...(votes ? votingMethods : []), ...(classifier ? (['lc'] as const) : [])];
  }

  /** The method with the best accuracy so far. */
  get best(): { readonly method: ReadoutMethod; readonly score: Score } | null {
    let best: { method: ReadoutMethod; score: Score } | null = null;
    for (const method of readoutMethods) {
      const score = this.#state.scores[method];
      if (score && (!best || score.accuracy > best.score.accuracy)) best = { method, score };
    }
    return best;
  }

  restore(state: ReadoutState): void {
    this.#state = state;
    this.#calibration = null;
  }

  /** Forgets everything: the network is about to change. */
  forget(): void {
    this.restore(untrained);
  }

  /** Makes votes; a classifier and scores of earlier images are forgotten. */
  calibrate(answers: Answers, classNames: readonly string[]): void {
    this.#state = {
      ...untrained,
      votes: calibrateVotes(answers.counts, answers.labels, classNames.length),
      classNames: areNumbers(classNames) ? null : classNames,
      calibrationImages: answers.labels.length,
    };
    this.#calibration = answers;
  }

  /** Has the images at hand again that the votes of a stored network came from; votes and scores stay. */
  recall(answers: Answers): void {
    this.#calibration = answers;
  }

  /** Work on this readout; where it fails or is interrupted, nothing has changed. */
  async orAsBefore<T>(work: () => Promise<T>): Promise<T> {
    const [state, calibration] = [this.#state, this.#calibration];
    try {
      return await work();
    } catch (error) {
      this.#state = state;
      this.#calibration = calibration;
      throw error;
    }
  }

  /**
   * Trains the classifier on the calibration images.
   *
   * @throws LocusError `INTERRUPTED` where the signal ends it; nothing has changed then
   */
  async calibrateLc(nClasses: number, seed: number, signal?: AbortSignal): Promise<void> {
    if (!this.#calibration) throw this.#notCalibrated('lc', 'calibrate()');
    const classifier = await trainLc(this.#calibration, nClasses, seed, signal);
    this.#state = { ...this.#state, classifier };
  }

  /** Labels that a method gives; −1: no spikes at all. */
  predict(method: ReadoutMethod, counts: SpikeCounts, topN?: number): Predictions {
    const { votes, classifier } = this.#state;
    if (method === 'lc') {
      if (!classifier) throw this.#notCalibrated('lc', 'calibrate() or calibrateLc()');
      return predictByClassifier(classifier, counts);
    }
    if (!votes) throw this.#notCalibrated(method, 'calibrate()');
    return predictByVotes(method, counts, votes, { topN });
  }

  /** What speaks for every label [image, label]: votes, or outputs of the classifier; `predict` takes the highest. */
  scoreLabels(method: ReadoutMethod, counts: SpikeCounts): Float64Array {
    const { votes, classifier } = this.#state;
    if (method === 'lc') {
      if (!classifier) throw this.#notCalibrated('lc', 'calibrate() or calibrateLc()');
      return computeOutputs(classifier, counts);
    }
    if (!votes) throw this.#notCalibrated(method, 'calibrate()');
    return tallyVotes(method, counts, votes).scores;
  }

  /** The methods that `method` stands for, if they are calibrated. */
  choose(method: ReadoutMethod | 'all'): ReadoutMethod[] {
    if (method !== 'all' && !readoutMethods.includes(method)) {
      throw unknownName('calculateAccuracy', 'method', method, [...readoutMethods, 'all']);
    }
    const { methods } = this;
    if (methods.length === 0) throw this.#notCalibrated(method, 'calibrate()');
    if (method === 'all') return methods;
    if (!methods.includes(method)) throw this.#notCalibrated(method, 'calibrateLc()');
    return [method];
  }

  /** Scores methods on test images and keeps the result. Errors: `NOT_CALIBRATED` where the votes are for other classes. */
  score(methods: readonly ReadoutMethod[], { counts, labels }: Answers, classNames: readonly string[]): void {
    const known = this.#state.classNames;
    const other = classNames.findIndex((name, i) => name !== (known ? known[i] : String(i)));
    if (other >= 0) {
      const called = known ? known[other] : other;
      throw new LocusError(
        'NOT_CALIBRATED',
        `${this.place}: class ${other} was ${called} at calibrate(), and is ${classNames[other]} in the data: calibrate() again`,
      );
    }
    const scores = { ...this.#state.scores };
    const confusion = { ...this.#state.confusion };
    for (const method of methods) {
      const predictions = this.predict(method, counts);
      scores[method] = scorePredictions(predictions, labels);
      confusion[method] = confusionMatrix(predictions, labels, classNames.length);
    }
    this.#state = { ...this.#state, scores, confusion };
  }

  #notCalibrated(method: string, call: string): LocusError {
    return new LocusError('NOT_CALIBRATED', `${this.place}: ${method} needs ${call} first`);
  }
}

interface ScoringOptions {
  readonly classNames: readonly string[];
  readonly seed: number;
  /** Whether the linear classifier is trained and scored too. */
  readonly linear: boolean;
  readonly signal?: AbortSignal;
}

/** Scores of all methods on `test`, calibrated on `calibration` for the purpose. */
export async function scoreApart(
  calibration: Answers,
  test: Answers,
  { classNames, seed, linear, signal }: ScoringOptions,
): Promise<Partial<Record<ReadoutMethod, Score>>> {
  const readout = new SnnReadout('validate');
  readout.calibrate(calibration, classNames);
  if (linear) await readout.calibrateLc(classNames.length, seed, signal);
  readout.score(readout.methods, test, classNames);
  return readout.state.scores;
}

async function trainLc(
  { counts, labels, images }: Answers,
  nClasses: number,
  seed: number,
  signal: AbortSignal | undefined,
): Promise<LinearClassifier> {
  const options = { nClasses, seed, imageIds: images };
  const { report: _report, ...classifier } = await trainLinearClassifierInParts(
    counts,
    labels,
    options,
    signal,
  );
  return classifier;
}
