/** A readout as one object: fitted to spikes with labels, it predicts labels, and is saved and loaded. */
import type { SpikeTrain } from '../core/encoding/spike-train.js';
import { seedField } from '../core/random/stream.js';
import { invalidArgument } from '../errors.js';
import { count, isObject, number, oneOf, readOptions, required, type Schema } from '../options.js';
import { assignLabels, type LabelAssignment, predictByAssignment } from './assign-labels.js';
import { calibrateVotes } from './calibrate-votes.js';
import type { Labels, Predictions } from './class-numbers.js';
import { type LinearClassifier, predictByClassifier } from './linear-classifier.js';
import { countNgrams, type NgramScores, predictByNgrams } from './ngrams.js';
import { type Packed, packState, unpackState } from './pack-state.js';
import { predictByVotes } from './predict-by-votes.js';
import { votingMethods, type VotingMethod } from './readout-methods.js';
import { confusionMatrix, type Score, scorePredictions } from './score-predictions.js';
import { classCount, defaultClasses, type SpikeCounts } from './spike-counts.js';
import { trainLinearClassifier } from './train-linear-classifier.js';

/** `ngram` reads the spike trains of each image, all others spike counts. */
export const fittedMethods = ['votes', 'allActivity', 'proportionWeighting', 'ngram', 'linear'] as const;
export type FittedMethod = (typeof fittedMethods)[number];

/** Spikes of a layer at every image: `counts` or `trains` of `Network.present`. */
export type ReadoutInput = SpikeCounts | readonly SpikeTrain[];

export interface FitOptions {
  readonly method: FittedMethod;
  /** Default: 10. */
  readonly nClasses?: number;
  /** Of `votes`: how votes are added up (default `all_voting`), and how many classes a neuron votes for (default: all). */
  readonly voting?: VotingMethod;
  readonly topN?: number;
  /** Spikes of an n-gram. Default: 2. */
  readonly n?: number;
  /** Of `linear`: C (default: chosen by cross-validation), and the seed of its training (default: 0). */
  readonly regularization?: number;
  readonly seed?: number;
}

export interface ReadoutScore extends Score {
  /** [label, prediction] numbers of images; the last column is no prediction. */
  readonly confusion: Int32Array;
}

/** What of the options predictions depend on. */
type Settings = Pick<FitOptions, 'voting' | 'topN'>;

/** A readout as JSON. */
export interface ReadoutJson extends Settings {
  readonly method: FittedMethod;
  readonly nClasses: number;
  readonly state: Packed;
}

/** How a method learns and predicts. */
interface Method<Given extends ReadoutInput, State> {
  readonly own: readonly (keyof FitOptions)[];
  fit(given: Given, labels: Labels, nClasses: number, options: FitOptions): State;
  predict(given: Given, state: State, settings: Settings): Predictions;
}

const assignment = (
  method: 'all_activity' | 'proportion_weighting',
): Method<SpikeCounts, LabelAssignment> => ({
  own: [],
  fit: (counts, labels, nClasses) => assignLabels(counts, labels, { nClasses }),
  predict: (counts, state) => predictByAssignment(method, counts, state),
});

const votes: Method<SpikeCounts, { readonly votes: Float32Array }> = {
  own: ['voting', 'topN'],
  fit: (counts, labels, nClasses) => ({ votes: calibrateVotes(counts, labels, nClasses) }),
  predict: (counts, state, { voting = 'all_voting', topN }) =>
    predictByVotes(voting, counts, state.votes, { topN }),
};

const ngram: Method<readonly SpikeTrain[], NgramScores> = {
  own: ['n'],
  fit: (trains, labels, nClasses, { n }) => countNgrams(trains, labels, { n, nClasses }),
  predict: predictByNgrams,
};

const linear: Method<SpikeCounts, LinearClassifier> = {
  own: ['regularization', 'seed'],
  fit(counts, labels, nClasses, { regularization, seed }) {
    const { report: _, ...classifier } = trainLinearClassifier(counts, labels, {
      nClasses,
      regularization,
      seed,
    });
    return classifier;
  },
  predict: (counts, state) => predictByClassifier(state, counts),
};

const methods = {
  votes,
  allActivity: assignment('all_activity'),
  proportionWeighting: assignment('proportion_weighting'),
  ngram,
  linear,
} as unknown as Readonly<Record<FittedMethod, Method<ReadoutInput, unknown>>>;

const settingsSchema: Schema<Settings> = { voting: oneOf(votingMethods), topN: count() };

const schema: Schema<FitOptions> = {
  method: required(oneOf(fittedMethods)),
  nClasses: classCount,
  ...settingsSchema,
  n: count({ most: 64 }),
  regularization: number({ above: 0 }),
  seed: seedField,
};

const jsonSchema: Schema<ReadoutJson> = {
  method: required(oneOf(fittedMethods)),
  nClasses: required(classCount),
  ...settingsSchema,
  state: required((place, name, value) => {
    if (!isObject(value)) throw invalidArgument(place, `${name} as Readout.toJSON gives it`, value);
    return value as Packed;
  }),
};

export class Readout {
  readonly method: FittedMethod;
  readonly nClasses: number;
  readonly #settings: Settings;
  readonly #state: unknown;

  private constructor(method: FittedMethod, nClasses: number, settings: Settings, state: unknown) {
    this.method = method;
    this.nClasses = nClasses;
    this.#settings = settings;
    this.#state = state;
  }

  /**
   * Learns what the spikes of neurons speak for.
   *
   * @param labels [image]
   * @throws LocusError for an option that the method does not take, lengths that disagree, a label that is no class
   */
  static fit(given: ReadoutInput, labels: Labels, options: FitOptions): Readout {
    const place = 'Readout.fit';
    const read = readFitOptions(place, options);
    const { method, nClasses = defaultClasses, voting, topN } = read;
    checkInput(given, method, place);
    const state = methods[method].fit(given, labels, nClasses, read);
    return new Readout(method, nClasses, { voting, topN }, state);
  }

  /** The readout that `toJSON` gave: the same predictions. */
  static fromJSON(json: ReadoutJson): Readout {
    const place = 'Readout.fromJSON';
    const { method, nClasses, state, ...settings } = readOptions(place, jsonSchema, json);
    return new Readout(method, nClasses, settings, unpackState(state));
  }

  /** A label for each image; −1 where nothing speaks for any. */
  predict(given: ReadoutInput): Predictions {
    checkInput(given, this.method, 'Readout.predict');
    return methods[this.method].predict(given, this.#state, this.#settings);
  }

  /** Accuracy with its standard error, and the confusion matrix. */
  score(given: ReadoutInput, labels: Labels): ReadoutScore {
    const predictions = this.predict(given);
    const confusion = confusionMatrix(predictions, labels, this.nClasses);
    return { ...scorePredictions(predictions, labels), confusion };
  }

  /** Plain JSON: `JSON.stringify` takes a readout as it is. */
  toJSON(): ReadoutJson {
    const { method, nClasses } = this;
    const settings = Object.entries(this.#settings).filter(([, value]) => value !== undefined);
    return { method, nClasses, ...Object.fromEntries(settings), state: packState(this.#state) };
  }
}

/** @throws LocusError for an option that the method does not take */
function readFitOptions(place: string, options: FitOptions): FitOptions {
  // What is no object, `readOptions` refuses.
  const { method } = isObject(options) ? options : { method: 'votes' };
  const { own } = methods[schema.method(place, 'method', method)];
  const known = new Set<string>(['method', 'nClasses', ...own]);
  const taken = Object.entries(schema).filter(([name]) => known.has(name));
  return readOptions(place, Object.fromEntries(taken) as Schema<FitOptions>, options);
}

function checkInput(given: ReadoutInput, method: FittedMethod, place: string): void {
  if (Array.isArray(given) === (method === 'ngram')) return;
  const expectation =
    method === 'ngram' ? 'a list of spike trains, as of Network.present with trains' : 'spike counts';
  throw invalidArgument(place, `${expectation} (method ${method})`, given);
}
