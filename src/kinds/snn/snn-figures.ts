/** The figures of a network, each a thin method named like the figure it gives. */
import { invalidArgument, LocusError } from '../../errors.js';
import {
  accuracyByTopNFigure,
  accuracyByTrainingFigure,
  accuracyDistributionFigure,
  bestSpikesFigure,
  type BestSpikesOptions,
  bestVotersFigure,
  type BestVotersOptions,
  type ClassOptions,
  competitionDistributionFigure,
  competitionMapFigure,
  type CompetitionMapOptions,
  confusionFigure,
  type Figure,
  type FigureOptions,
  healthFigure,
  inputFigure,
  spikesFigure,
  stdpWindowFigure,
  voltageFigure,
  votesDistributionFigure,
  votesFigure,
  type VotesFigureOptions,
  weightsXYFigure,
  weightsYYFigure,
} from '../../figures/index.js';
import {
  describeHealth,
  scorePredictions,
  type TrainingHealth,
  trainingHealth,
  votingMethods,
} from '../../readout/index.js';
import { viewDatabase } from '../../store/index.js';
import { checkCount } from './check-count.js';
import { competitionDistribution } from './competition.js';
import { Snn } from './snn.js';
import type { Fed } from './snn-options.js';
import type { Answers } from './snn-readout.js';

/** How many images the figures that simulate look at, if nothing else is said. */
const defaultImages = 1000;

export abstract class SnnWithFigures extends Snn {
  weightsXYFigure(options?: FigureOptions): Figure {
    return weightsXYFigure(this.weightsXY, options);
  }

  weightsYYFigure(options?: FigureOptions): Figure {
    return weightsYYFigure(this.#trainedCompetition('weightsYYFigure'), options);
  }

  votesFigure(options?: VotesFigureOptions): Figure {
    return votesFigure(this.#calibratedVotes('votesFigure'), this.#nClasses, options);
  }

  votesDistributionFigure(options?: FigureOptions): Figure {
    return votesDistributionFigure(this.#calibratedVotes('votesDistributionFigure'), this.#nClasses, options);
  }

  confusionFigure(options?: ClassOptions): Figure {
    return confusionFigure(this.#scoredMatrix('confusionFigure'), options);
  }

  accuracyDistributionFigure(options?: ClassOptions): Figure {
    return accuracyDistributionFigure(this.#scoredMatrix('accuracyDistributionFigure'), options);
  }

  /** Histogram of trained competition weights. */
  competitionDistributionFigure({ bins, ...options }: FigureOptions & { bins?: number } = {}): Figure {
    const { data } = this.#trainedCompetition('competitionDistributionFigure');
    return competitionDistributionFigure(
      competitionDistribution(data, this.parameters.nFilters, bins),
      options,
    );
  }

  competitionMapFigure(options?: CompetitionMapOptions): Figure {
    return competitionMapFigure(this.weightsXY, this.#trainedCompetition('competitionMapFigure'), options);
  }

  /** Window of XY's learning rule (`xy`, default), or of trained competition (`yy`). */
  stdpWindowFigure({ of = 'xy', ...options }: FigureOptions & { of?: 'xy' | 'yy' } = {}): Figure {
    const { dt, tauPos, tauNeg } = this.parameters;
    const { connections, layers } = this.network.simulation.program;
    if (of === 'yy') this.#trainedCompetition('stdpWindowFigure');
    const connection = connections.find(({ source }) => layers[source].name === (of === 'xy' ? 'X' : 'Y'));
    if (connection?.kind !== 'synapses') {
      throw invalidArgument(`${this.type}.stdpWindowFigure`, 'a connection that learns', of);
    }
    const { nuPre, nuPost } = connection.rule.constants;
    const decay = layers[connection.source].tracePreDecay;
    return stdpWindowFigure(
      {
        nuPre,
        nuPost,
        tauSource: of === 'xy' ? Math.round((-dt / Math.log(decay)) * 1e4) / 1e4 : tauPos,
        tauTarget: tauNeg,
      },
      { title: of === 'xy' ? 'STDP window of the weights' : 'STDP window of competition', ...options },
    );
  }

  /** Spikes of Y at an image that `feed` gave. */
  spikesFigure(fed: Fed, options?: FigureOptions): Figure {
    return spikesFigure(fed.spikes, { dt: this.parameters.dt, ...options });
  }

  bestSpikesFigure(fed: Fed, options?: BestSpikesOptions): Figure {
    return bestSpikesFigure(fed.spikes, this.#grid, { dt: this.parameters.dt, ...options });
  }

  /** Weights and potentials of those who voted most for what patch voting predicts (or for `label`). */
  bestVotersFigure(
    fed: Fed,
    {
      label = fed.predictions.patch_voting ?? null,
      ...options
    }: BestVotersOptions & { label?: number | null } = {},
  ): Figure {
    return bestVotersFigure(
      {
        ...this.#grid,
        weightsXY: this.weightsXY,
        spikes: fed.spikes,
        voltages: fed.voltages,
        thresholds: this.thresholds,
        votes: this.votes,
        label,
      },
      { dt: this.parameters.dt, ...options },
    );
  }

  /** A neuron of Y at an image that `feed` gave; the one with the most spikes if left out. */
  voltageFigure(fed: Fed, neuron: number = busiest(fed.counts), options?: FigureOptions): Figure {
    const threshold = this.thresholds[neuron];
    return voltageFigure(
      fed.voltages,
      fed.spikes,
      { neuron, threshold },
      { dt: this.parameters.dt, ...options },
    );
  }

  inputFigure(fed: Fed, options?: FigureOptions): Figure {
    return inputFigure(fed.image, { spikes: fed.inputSpikes, label: fed.label, ...options });
  }

  /** Accuracy of the stored networks that differ from this one in the number of training images only. */
  accuracyByTrainingFigure({ database, ...options }: FigureOptions & { database?: string } = {}): Figure {
    const { n_iter: _, train_order: __, ...same } = this.publishedParameters;
    const rows = viewDatabase({
      filter: same as Record<string, number | string | boolean | null>,
      path: database,
    });
    const points = rows.map((row) => ({ x: row.n_iter as number, scores: scoresOfRow(row) }));
    return accuracyByTrainingFigure(points, options);
  }

  /** Accuracy of every voting method on test images, by the number of classes that a neuron votes for. */
  async accuracyByTopNFigure({
    nIter = defaultImages,
    ...options
  }: FigureOptions & { nIter?: number } = {}): Promise<Figure> {
    this.#calibratedVotes('accuracyByTopNFigure');
    const { nClasses } = await this.loadData();
    const { counts, labels } = await this.#look('test', nIter);
    const points = Array.from({ length: nClasses }, (_, i) => {
      const topN = i + 1;
      const scores = votingMethods.map((method) => [
        method,
        scorePredictions(this.predict(method, counts, topN), labels),
      ]);
      return { x: topN, scores: Object.fromEntries(scores) };
    });
    return accuracyByTopNFigure(points, options);
  }

  /**
   * How well training goes, without labels, from calibration images.
   *
   * @param options.before XY weights as they were a number of training images ago, for the change of the filters
   */
  async health({
    nIter = 200,
    before,
  }: {
    nIter?: number;
    before?: { weights: Float32Array; nImages: number };
  } = {}): Promise<TrainingHealth> {
    const { counts } = await this.#look('calibration', nIter);
    const { timeMax } = this.parameters;
    return trainingHealth({ counts, timeMax, weights: this.weightsXY.data, theta: this.theta, before });
  }

  async healthFigure(
    options: FigureOptions & { nIter?: number; before?: { weights: Float32Array; nImages: number } } = {},
  ): Promise<Figure> {
    const health = await this.health(options);
    return healthFigure(health, describeHealth(health), options);
  }

  /** Thresholds of Y with their adaptive part [mV]. */
  get thresholds(): Float32Array {
    const { layers } = this.network.simulation.program;
    const { thresh } = layers.find(({ name }) => name === 'Y')?.constants ?? { thresh: Number.NaN };
    return this.theta.map((theta) => thresh + theta);
  }

  get #grid() {
    return { nFilters: this.parameters.nFilters, nPositions: this.nPositions };
  }

  get #nClasses(): number {
    return (this.votes?.length ?? 0) / this.nOutput;
  }

  #calibratedVotes(method: string): Float32Array {
    if (this.votes) return this.votes;
    throw new LocusError('NOT_CALIBRATED', `${this.type}: ${method} needs calibrate() first`);
  }

  #scoredMatrix(method: string): Int32Array {
    if (this.confMatrix) return this.confMatrix;
    throw new LocusError('NOT_CALIBRATED', `${this.type}: ${method} needs calculateAccuracy() first`);
  }

  #trainedCompetition(method: string) {
    if (this.weightsYY) return this.weightsYY;
    throw invalidArgument(`${this.type}.${method}`, 'trained competition (cL: true)', this.parameters.cL);
  }

  /** Spike counts and labels of the images that `calculateAccuracy` (or `calibrate`) would take. */
  async #look(split: 'test' | 'calibration', nIter: number): Promise<Answers> {
    const dataset = await this.loadData();
    return this.answerSplit(dataset[split], split, checkCount(nIter, `${this.type}.figures`));
  }
}

function busiest(counts: Uint16Array): number {
  return counts.reduce((best, count, neuron) => (count > counts[best] ? neuron : best), 0);
}

/** Scores by method out of a row of the database. */
function scoresOfRow(row: Readonly<Record<string, unknown>>) {
  const methods = [...votingMethods, 'lc'].flatMap((method) => {
    const [accuracy, error] = [row[`${method}_accuracy`], row[`${method}_error`]];
    return typeof accuracy === 'number' && typeof error === 'number'
      ? [[method, { accuracy, error }] as const]
      : [];
  });
  return Object.fromEntries(methods);
}
