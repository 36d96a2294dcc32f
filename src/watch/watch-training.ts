/** Lets somebody watch a training: on a display, by its learning health, or both; what is learned does not depend on that. */
import type { LiveDisplay } from '../figures/index.js';
import type { Snn } from '../kinds/snn/snn.js';
import type { ContinueOptions, Trained } from '../kinds/snn/snn-options.js';
import type { TrainingHealth } from '../readout/index.js';
import { LiveTraining } from './live-training.js';
import { bothObservers } from './training-observer.js';

/** Images between two views, and between two calls of `onHealth`, if nothing else is said. */
const defaultVisInterval = 30;
const defaultHealthInterval = 1000;

/** How a training is watched. */
export interface WatchOptions {
  /**
   * Shows the training while it runs: in a notebook in the cell's output, else on a page that this process serves to this
   * machine; or on a display that you give.
   */
  plot?: boolean | LiveDisplay;
  /** Training images between two updates of the views, where that costs no more than 3.5 % of the time (default 30); the
   * first after some seconds. */
  visInterval?: number;
  /** Called with the learning health after every `healthInterval` (default 1000) training images, and at the end. */
  onHealth?: (health: TrainingHealth, nIter: number) => void;
  healthInterval?: number;
}

/** Runs `train` with an observer that shows `network` as `options` ask for. */
export async function watchTraining<Options extends ContinueOptions>(
  network: Snn,
  options: Options & WatchOptions,
  train: (options: Options) => Promise<Trained>,
): Promise<Trained> {
  const {
    plot = false,
    visInterval = defaultVisInterval,
    onHealth,
    healthInterval = defaultHealthInterval,
  } = options;
  if (plot === false && !onHealth) return train(options);
  const display = plot === true ? await chooseDisplay() : plot || undefined;
  const { votes } = network;
  const live = new LiveTraining(network, { display, visInterval, onHealth, healthInterval, votes });
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

async function chooseDisplay(): Promise<LiveDisplay> {
  // Loaded here: most trainings are not watched, and a browser has no server.
  const { chooseLiveDisplay } = await import('./live/choose-live-display.js');
  return chooseLiveDisplay();
}
