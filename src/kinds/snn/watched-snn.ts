/** A network whose training can be watched, and that reports on itself: what the classes of the table are made of. */
import type { LiveDisplay } from '../../figures/index.js';
import type { TrainingHealth } from '../../readout/index.js';
import type { Report } from '../../report/index.js';
import { checkCount } from './check-count.js';
import { LiveTraining } from '../../watch/live-training.js';
import { SnnWithFigures } from './snn-figures.js';
import type { ContinueOptions, Trained, TrainOptions, TwoStepOptions } from './snn-options.js';
import { reportNetwork } from './snn-report.js';
import { bothObservers } from '../../watch/training-observer.js';

/** Images between two views, and between two calls of `onHealth`, if nothing else is said. */
const defaultVisInterval = 30;
const defaultHealthInterval = 1000;

/** How a training is watched. */
export interface WatchOptions {
  /**
   * Shows the training while it runs: in a notebook in the cell's output, else on a page that this process serves to this
   * machine; or on a display of one's own.
   */
  plot?: boolean | LiveDisplay;
  /** Training images between two updates of the views, where that costs no more than 3.5 % of the time (default 30); the
   * first after some seconds. */
  visInterval?: number;
  /** Called with the learning health after every `healthInterval` (default 1000) training images, and at the end. */
  onHealth?: (health: TrainingHealth, nIter: number) => void;
  healthInterval?: number;
}

export abstract class WatchedSnn extends SnnWithFigures {
  /** As `Snn.train`, and shows the training while it runs; what is learned does not depend on that. */
  override async train(options: TrainOptions & WatchOptions): Promise<Trained> {
    return this.#watch(options, (watched) => super.train(watched));
  }

  override async trainTwoSteps(options: TwoStepOptions & WatchOptions): Promise<Trained> {
    return this.#watch(options, (watched) => super.trainTwoSteps(watched));
  }

  override async continueTraining(options: ContinueOptions & WatchOptions = {}): Promise<Trained> {
    return this.#watch(options, (watched) => super.continueTraining(watched));
  }

  /** One page with everything about this network; `write` it as HTML or PDF, or `show` it. */
  async report(options: { label?: number; index?: number } = {}): Promise<Report> {
    return reportNetwork(this, options);
  }

  async #watch<Options extends ContinueOptions>(
    options: Options & WatchOptions,
    train: (options: Options) => Promise<Trained>,
  ): Promise<Trained> {
    const {
      plot = false,
      visInterval = defaultVisInterval,
      onHealth,
      healthInterval = defaultHealthInterval,
    } = options;
    checkCount(visInterval, `${this.type}.train`, 'visInterval');
    checkCount(healthInterval, `${this.type}.train`, 'healthInterval');
    if (plot === false && !onHealth) return train(options);
    const display = plot === true ? await chooseDisplay() : plot || undefined;
    const live = new LiveTraining(this, {
      display,
      visInterval,
      onHealth,
      healthInterval,
      votes: this.votes,
    });
    const observer = options.observer ? bothObservers(options.observer, live) : live;
    try {
      return await train({ ...options, observer });
    } catch (error) {
      display?.update({ state: 'failed', text: `training failed: ${(error as Error).message}` });
      throw error;
    } finally {
      await display?.delivered();
    }
  }
}

async function chooseDisplay(): Promise<LiveDisplay> {
  // Loaded here: most trainings are not watched, and a browser has no server.
  const { chooseLiveDisplay } = await import('../../watch/live/choose-live-display.js');
  return chooseLiveDisplay();
}
