/** Shows a training while it runs: makes the views of a moment, when somebody looks and the training can spare the time. */
import {
  bestVotersFigure,
  type Figure,
  healthFigure,
  type LiveDisplay,
  type LiveStatus,
} from '../figures/index.js';
import { withNames } from '../figures/class-names.js';
import { RandomStream } from '../core/random/stream.js';
import { describeHealth, packSpikeCounts, predictByVotes, type TrainingHealth } from '../readout/index.js';
import { HealthWatch } from './health-watch.js';
import { LookSchedule } from './look-schedule.js';
import type { Snn } from '../kinds/snn/snn.js';
import type { Fed } from '../kinds/snn/snn-options.js';
import type { LearnedImage, TrainingMoment, TrainingObserver } from './training-observer.js';
import { countOf } from '../wording.js';

/** Between two updates of the status, and what drawing one takes from the machine [ms]. */
const updateInterval = 1000;
const updateCost = 10;

export interface LiveTrainingOptions {
  /** Where the views are shown. */
  readonly display?: LiveDisplay;
  /** Images between two views, where that leaves the training its time. */
  readonly visInterval: number;
  /** Called with the health after every so many images, and at the end. */
  readonly onHealth?: (health: TrainingHealth, nIter: number) => void;
  readonly healthInterval: number;
  /** Votes of a calibration before this training [label, neuron], or null. */
  readonly votes: Float32Array | null;
}

export class LiveTraining implements TrainingObserver {
  readonly #network: Snn;
  readonly #options: LiveTrainingOptions;
  readonly #health: HealthWatch;
  readonly #schedule: LookSchedule;
  #begun = 0;
  #end = 0;
  #done = 0;
  #updated = 0;
  /** Intervals of `healthInterval` that had passed when health was told last. */
  #told = 0;
  /** When weights are to be kept, so that the next health can tell their change. */
  #rememberAt: readonly number[] = [];

  constructor(network: Snn, options: LiveTrainingOptions) {
    this.#network = network;
    this.#options = options;
    this.#health = new HealthWatch(network);
    this.#schedule = new LookSchedule(options.visInterval);
  }

  begin(nIter: number, end: number): void {
    this.#begun = nIter;
    this.#done = nIter;
    this.#told = 0;
    this.#end = end;
    this.#health.remember();
    const { display } = this.#options;
    this.#schedule.begin(nIter, display?.expectedDrawingTime);
    this.#updated = performance.now();
    display?.update(this.#status('running'));
  }

  nextLook(nIter: number): number {
    const { display, onHealth, healthInterval } = this.#options;
    this.#chargeDrawing();
    const looks = [this.#end];
    if (display) looks.push(this.#schedule.next(nIter, display.isWatched));
    if (onHealth) looks.push(this.#begun + healthInterval * (this.#told + 1));
    const wanted = display?.isWatched || onHealth ? looks : [this.#end];
    this.#rememberAt = wanted.map((look) => HealthWatch.rememberAt(look)).filter((at) => at > nIter);
    return Math.min(...looks, ...this.#rememberAt);
  }

  count(counts: Uint16Array): void {
    this.#health.count(counts);
    this.#done += counts.length / this.#network.nOutput;
    const now = performance.now();
    if (now - this.#updated < updateInterval) return;
    this.#updated = now;
    const { display } = this.#options;
    display?.update(this.#status('running'));
    if (display?.isWatched) this.#schedule.charge(updateCost);
  }

  async look(moment: TrainingMoment): Promise<void> {
    const began = performance.now();
    this.#chargeDrawing();
    const { display, onHealth, healthInterval } = this.#options;
    const { nIter, state } = moment;
    const isEnd = state !== 'running';
    const isShown = display && (isEnd || (display.isWatched && this.#schedule.isDue(nIter)));
    const healthIntervals = Math.floor((nIter - this.#begun) / healthInterval);
    const isTold = onHealth && (isEnd || healthIntervals > this.#told);
    const health = isShown || isTold ? this.#health.measure() : null;
    this.#told = healthIntervals;
    if (isTold && health) onHealth(health, nIter);
    if (isShown) {
      display.show(await this.#draw(moment, health));
      this.#schedule.looked(nIter);
    }
    if (isShown || this.#rememberAt.some((at) => at <= nIter)) this.#health.remember();
    this.#schedule.spend(performance.now() - began);
  }

  /** What was drawn since this was asked last belongs to the latest look. */
  #chargeDrawing(): void {
    const { display } = this.#options;
    if (display) this.#schedule.spend(0, display.takeDrawingTime());
  }

  async #draw(moment: TrainingMoment, health: TrainingHealth | null) {
    const network = this.#network;
    const { nFilters, cW, cL, seed } = network.parameters;
    const figures: Record<string, Figure> = { weights: network.weightsXYFigure() };
    const last = moment.last();
    if (last) Object.assign(figures, await this.#drawImage(last, moment.nIter));
    if (cL) figures.competition = network.competitionDistributionFigure();
    if (health) figures.health = healthFigure(health, describeHealth(health));
    return {
      title: `${network.type}: ${countOf(nFilters, 'filter')}, ${countOf(network.nOutput, 'neuron')}, competition ${String(cW).replace('-', '−')} mV (${cL ? 'trained' : 'fixed'}), seed ${seed}`,
      status: this.#status(moment.state),
      figures,
    };
  }

  /** The image learned last, shown again to the network as it is now. */
  async #drawImage({ image, label, spikes }: LearnedImage, nIter: number): Promise<Record<string, Figure>> {
    const network = this.#network;
    const { seed } = network.parameters;
    const fed: Fed = { image, inverted: false, label, predictions: {}, ...(await network.record(spikes)) };
    const neuron = new RandomStream(seed, 'viewedNeuron', nIter).nextBelow(network.nOutput);
    return {
      input: network.inputFigure(fed),
      bestSpikes: network.bestSpikesFigure(fed),
      bestVoters: this.#drawVoters(fed),
      voltage: network.voltageFigure(fed, neuron, {
        title: `Membrane potential of neuron ${neuron}, drawn at random`,
      }),
    };
  }

  #drawVoters(fed: Fed): Figure {
    const network = this.#network;
    const { nFilters, dt } = network.parameters;
    const { nPositions, weightsXY, thresholds, classNames } = network;
    const { votes } = this.#options;
    const grid = { nFilters, nPositions };
    const label = votes ? predictByVotes('patch_voting', packSpikeCounts(fed.counts, grid), votes)[0] : null;
    const voted = { ...grid, ...fed, weightsXY, thresholds, votes, label };
    return bestVotersFigure(voted, withNames({ classNames }, { dt }));
  }

  #status(state: LiveStatus['state']): LiveStatus {
    const text = {
      running: 'training',
      done: 'training is done',
      interrupted: 'training was interrupted',
      failed: 'training failed',
    }[state];
    return { state, text, done: this.#done, total: this.#end };
  }
}
