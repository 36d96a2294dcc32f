/** Trains a network of any kind from the beginning to the database: the API of the life cycle. */
import { invalidArgument } from '../errors.js';
import {
  abortSignal,
  callback,
  filledText,
  flag,
  isObject,
  oneOf,
  readOptions,
  type Schema,
  text,
} from '../options.js';
import { checkName } from '../store/index.js';
import { type Watch, watchBy, type WatchCallbacks } from '../watch/watch.js';
import type { KindOptions } from './kind.js';
import { type LifecycleOptions, type Outcome, runLifecycle } from './lifecycle.js';
import { loadKind } from './registry.js';

/** The result of a training: name, seconds, and what the kind reports of itself (scores, history, …). */
export type TrainedNetwork = Outcome & Readonly<Record<string, unknown>>;

const runSchema: Schema<LifecycleOptions & WatchCallbacks> = {
  database: filledText,
  name: filledText,
  overwrite: flag,
  resume: (place, name, value) =>
    typeof value === 'boolean' ? value : oneOf(['checkpoint', 'stored'])(place, name, value),
  resumeHint: text,
  signal: abortSignal,
  onNote: callback(),
  onProgress: callback(),
};

/**
 * Trains, calibrates, scores and stores a network.
 *
 * @param type `LC_SNN`, `C_SNN`, `FC_SNN`, `NNMF`, `SBS`, `ReLU`, `ReLU_SNN`, or that of a registered kind
 * @param options the kind's own: parameters, data, training (as those of its command, in camelCase)
 * @example await trainNetwork('NNMF', { dataset: 'mnist-10k', epochs: 2 }, { name: 'digits', resume: true })
 * @throws LocusError `INVALID_ARGUMENT` for a name that cannot be shown on one line; `NAME_TAKEN` before any work where another
 *   kind or lineage bears the name; `INTERRUPTED` saying what is kept; those of the kind
 */
export async function trainNetwork(
  type: string,
  options: KindOptions = {},
  run: LifecycleOptions & WatchCallbacks = {},
): Promise<TrainedNetwork> {
  const { signal, onNote, onProgress, ...lifecycle } = readOptions('trainNetwork', runSchema, run);
  if (!isObject(options)) throw invalidArgument('trainNetwork', 'options of the kind as an object', options);
  return (await trainWatched(type, options, lifecycle, watchBy({ signal, onNote, onProgress }))).report;
}

/** As `trainNetwork`, with the result as lines for people too. */
export async function trainWatched(
  type: string,
  options: KindOptions,
  lifecycle: LifecycleOptions,
  watch: Watch,
): Promise<{ readonly report: TrainedNetwork; readonly lines: readonly string[] }> {
  if (lifecycle.name !== undefined) checkName(lifecycle.name, 'train');
  const kind = await loadKind(type);
  const { database = lifecycle.database } = options;
  const run = await kind.begin(type, { ...options, database }, watch);
  try {
    const outcome = await runLifecycle(run, lifecycle, watch);
    const { seconds } = outcome;
    const times = [
      `${seconds.train.toFixed(1)} s training`,
      ...(run.calibrate ? [`${seconds.calibrate.toFixed(1)} s calibration`] : []),
      ...(run.score ? [`${seconds.score.toFixed(1)} s test`] : []),
    ];
    return {
      report: { ...run.toDocument(), ...outcome },
      lines: [...run.describe(outcome.name), times.join(', ')],
    };
  } finally {
    run.dispose?.();
  }
}
