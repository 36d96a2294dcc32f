/** The life cycle of every network: resume, train, calibrate, score, save; an interruption loses nothing that was reached. */
import { letEventsIn } from '../core/engine/let-events-in.js';
import { LocusError } from '../errors.js';
import { networkName, withStore } from '../store/index.js';
import type { Watch } from '../watch/watch.js';
import type { NetworkRun } from './kind.js';
import { claimName } from './save-network.js';
import { countOf } from '../wording.js';

export interface LifecycleOptions {
  /** Database file. Default: that of the project. */
  readonly database?: string;
  /** Name to store the network under. Default: the hash of its published parameters. */
  readonly name?: string;
  /** Replaces whatever has that name. Default: false. */
  readonly overwrite?: boolean;
  /**
   * Goes on where the same run was interrupted: from its checkpoint (`checkpoint`), or also with the trained network that still
   * lacks calibration or scores (`stored`); `true` as `stored`, with a remark where there is neither. Default: false.
   */
  readonly resume?: boolean | 'checkpoint' | 'stored';
  /** How to go on, for the message of an interruption. */
  readonly resumeHint?: string;
}

/** The result of a life cycle. */
export interface Outcome {
  readonly name: string;
  /** Time that each step took [s]; 0 where it was left out or done before. */
  readonly seconds: { readonly train: number; readonly calibrate: number; readonly score: number };
}

const defaultHint = 'the same call with resume: true';

/**
 * Trains a network, calibrates and scores it as far as its run asks for, and stores it after every step.
 *
 * @throws LocusError `NAME_TAKEN` before any work, where another kind or lineage bears the name, or after the training, saying
 *   where the network is stored, where one took it meanwhile; `INTERRUPTED`, saying what is kept and how to go on, when the
 *   watch's signal ends the work
 */
export async function runLifecycle(
  run: NetworkRun,
  { database, name, overwrite, resume = false, resumeHint = defaultHint }: LifecycleOptions,
  watch: Watch,
): Promise<Outcome> {
  const isTrained = resume !== false && findUnfinished(run, database, resume, watch);
  // A database that cannot be made or written is found out now, not after the training.
  withStore(database, (store) => {
    if (name !== undefined) claimName(store, run.kind, { name, next: run.target, overwrite, place: 'train' });
  });
  await run.prepare?.(watch);
  const save = () => withStore(database, (store) => run.save(store, { name, overwrite }));
  const train = isTrained ? 0 : await timed(() => trainAndKeep(run, database, resumeHint, watch));
  // Stored as soon as it is trained: an interruption of what follows must not lose the training.
  let stored = orUnnamed(run, database, save);
  const step = async (task: string, work: NetworkRun['calibrate']) => {
    if (!work) return 0;
    const seconds = await timed(() => explainStep(task, stored, resumeHint, () => work(watch)));
    stored = save();
    return seconds;
  };
  const calibrate = await step('calibrating', run.calibrate);
  const score = await step('testing', run.score);
  return { name: stored, seconds: { train, calibrate, score } };
}

/**
 * Runs one step on a stored network; an interruption says that the database keeps the network as it was.
 *
 * @throws LocusError as `work`
 */
export async function explainStep<T>(
  task: string,
  name: string,
  hint: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isInterruption(error)) throw error;
    throw new LocusError(
      'INTERRUPTED',
      `${task}: ${error.message}. The network ${name} is stored as it was before. To go on: ${hint}`,
      { cause: error },
    );
  }
}

/** Takes up an interrupted run; whether the network is trained already. */
function findUnfinished(
  run: NetworkRun,
  database: string | undefined,
  resume: true | 'checkpoint' | 'stored',
  watch: Watch,
): boolean {
  const checkpoint = withStore(database, (store) => store.loadCheckpoint(run.checkpointKey));
  if (run.resume(checkpoint, watch)) {
    watch.note(`Resuming after ${describeSaved(run) ?? `0 ${run.unit}s`}.`);
    return false;
  }
  const hash = networkName(run.target.parameters);
  const [trained] =
    run.recall && resume !== 'checkpoint'
      ? withStore(database, (store) => store.list({ filter: { hash } }))
      : [];
  if (trained && run.recall?.(trained.name)) {
    watch.note('This network is trained already; calibrating and scoring it.');
    return true;
  }
  if (resume === true)
    watch.note(`There is no checkpoint of this training; beginning with the first ${run.unit}.`);
  return false;
}

async function trainAndKeep(
  run: NetworkRun,
  database: string | undefined,
  hint: string,
  watch: Watch,
): Promise<void> {
  const saveCheckpoint = () =>
    withStore(database, (store) => store.saveCheckpoint(run.checkpointKey, run.toCheckpoint()));
  // A Ctrl-C that came while everything was made ready counts before the first image.
  await letEventsIn();
  try {
    await run.train(watch, saveCheckpoint);
  } catch (error) {
    if (!isInterruption(error)) throw error;
    const saved = describeSaved(run);
    const message =
      saved === null
        ? `interrupted ${run.unit === 'image' ? 'before' : 'in'} the first ${run.unit}`
        : `interrupted after ${saved}, which are saved as a checkpoint. To go on: ${hint}`;
    throw new LocusError('INTERRUPTED', message, { cause: error });
  }
}

/** `2 epochs and 13450 images`; null where nothing is saved. */
function describeSaved({ saved, savedImages = 0, unit }: NetworkRun): string | null {
  const parts = [
    ...(saved > 0 ? [countOf(saved, unit)] : []),
    ...(savedImages > 0 ? [countOf(savedImages, 'image')] : []),
  ];
  return parts.length === 0 ? null : parts.join(' and ');
}

/** Stores a trained network; where its name was taken while it was trained, under its hash, which the error tells. */
function orUnnamed(run: NetworkRun, database: string | undefined, save: () => string): string {
  try {
    return save();
  } catch (error) {
    if (!(error instanceof LocusError) || error.code !== 'NAME_TAKEN') throw error;
    const kept = withStore(database, (store) => run.save(store, {}));
    throw new LocusError('NAME_TAKEN', `${error.message} The trained network is stored as ${kept}.`, {
      cause: error,
    });
  }
}

function isInterruption(error: unknown): error is LocusError {
  return error instanceof LocusError && error.code === 'INTERRUPTED';
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
