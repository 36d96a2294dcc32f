/** Trains, calibrates, scores and stores one network, so that nothing done is lost when it is interrupted. */
import '../../node/engines.js';
import { LocusError } from '../../errors.js';
import {
  loadNetwork,
  type NetworkType,
  resumeTraining,
  snnClasses,
  type SnnOptions,
  type SnnParameters,
  type WatchedSnn,
  type WatchOptions,
} from '../../kinds/snn/index.js';
import type { HealthNumbers, Score, TrainingHealth } from '../../readout/index.js';
import { viewDatabase } from '../../store/index.js';
import type { CommandContext } from '../context.js';
import { chooseData } from './choose-data.js';
import { describeInterruption } from './explain-interruption.js';
import { summarizeHealth } from './tell-health.js';
import { pickEngine } from './pick-engine.js';
import { usualSet } from './stored-network.js';
import { calibrateAndSave, workAndSave } from './work-and-save.js';

/** A checkpoint costs some milliseconds, losing so many images a few seconds. */
const defaultCheckpoint = 1000;

export interface TrainingRequest {
  readonly type: NetworkType;
  readonly parameters: Partial<SnnParameters>;
  readonly training: {
    readonly nIter?: number;
    readonly interval?: readonly [from: number, to: number];
    readonly shuffle?: boolean;
    /** Images for competition alone, after XY. */
    readonly nIterCompetition?: number;
    /** Images that learn at the same time. */
    readonly batchSize?: number;
  };
  /** Whether competition is trained after XY instead of with it. */
  readonly twoSteps?: boolean;
  /** Images between two checkpoints. */
  readonly checkpoint?: number;
  /** Number of calibration images; 0: no calibration, no test; undefined: all. */
  readonly calibrate?: number;
  /** Number of test images; 0: no test; undefined: all. */
  readonly test?: number;
  /** Whether to train the linear classifier (default true). */
  readonly lc?: boolean;
  readonly name?: string;
  /** How the training is watched. */
  readonly watch?: Pick<WatchOptions, 'plot' | 'visInterval'> & { readonly health?: boolean };
  /**
   * Goes on with what an interrupted run of the same request left: its checkpoint only, or (`stored`) also the trained
   * network that lacks calibration and scores. `asked`: as `stored`, and a remark if there is neither.
   */
  readonly resume?: 'checkpoint' | 'stored' | 'asked';
  /** The command that goes on, for the message of an interruption. */
  readonly resumeHint: string;
  readonly db?: string;
  readonly data?: string;
  readonly dataDir?: string;
  readonly engine?: string;
  readonly threads?: number;
  readonly batch?: number;
}

export interface TrainingReport {
  readonly name: string;
  readonly stateHash: string;
  readonly nParameters: number;
  readonly nOutput: number;
  readonly score: Readonly<Partial<Record<string, Score>>>;
  /** Learning health at the end of the training, where it was asked for. */
  readonly health?: HealthNumbers;
  readonly seconds: { readonly train: number; readonly calibrate: number; readonly score: number };
}

/** @throws LocusError `INTERRUPTED` saying what is saved and how to go on, when the context's signal ends the work */
export async function trainNetwork(
  request: TrainingRequest,
  context: CommandContext,
): Promise<TrainingReport> {
  const given: SnnOptions = {
    threads: request.threads,
    batch: request.batch,
    database: request.db,
    dataDir: request.dataDir,
    dataset: await chooseData(request, context),
  };
  const options: SnnOptions = { ...given, engine: await chooseTrainingEngine(request, given, context) };
  const fresh = new snnClasses[request.type]({ ...request.parameters, ...options });
  const target = await fresh.nameAfter(request.training, request);
  if (request.name !== undefined) refuseForeignName(request.name, target, request.db);
  const { network, isTrained } = request.resume
    ? findUnfinished(target, fresh, options, request.resume, context)
    : { network: fresh, isTrained: false };
  try {
    if (request.name !== undefined) network.rename(request.name);
    const { train, health } = isTrained ? { train: 0 } : await trainAndSave(network, request, context);
    const { lc, resumeHint } = request;
    const isCalibrated = request.calibrate !== 0;
    const calibrate = isCalibrated
      ? await calibrateAndSave(network, { nIter: request.calibrate, lc }, context, resumeHint)
      : 0;
    const score =
      isCalibrated && request.test !== 0
        ? await workAndSave('testing', network, context, resumeHint, ({ signal, onProgress }) =>
            network.calculateAccuracy({ nIter: request.test, signal, onProgress }),
          )
        : 0;
    const { name, nParameters, nOutput } = network;
    return {
      name,
      stateHash: network.toRecord().stateHash,
      nParameters,
      nOutput,
      score: network.score,
      health,
      seconds: { train, calibrate, score },
    };
  } finally {
    network.dispose();
  }
}

/** The engine that was asked for; `auto`: the one that is fastest for this training, calibration and test. */
function chooseTrainingEngine(
  { engine, type, parameters, training, twoSteps, calibrate, test }: TrainingRequest,
  options: SnnOptions,
  context: CommandContext,
): Promise<string | undefined> {
  const { interval, batchSize, nIter = interval ? interval[1] - interval[0] : usualSet } = training;
  const images = (asked: number | undefined) => asked ?? usualSet;
  return pickEngine(
    engine,
    (candidate) => new snnClasses[type]({ ...parameters, ...options, engine: candidate }),
    {
      training: nIter + (twoSteps ? (training.nIterCompetition ?? nIter) : 0),
      evaluation: calibrate === 0 ? 0 : images(calibrate) + images(test),
      batchSize,
    },
    context,
  );
}

/** Saving replaces a network of the same name: that must be the same network. */
function refuseForeignName(name: string, target: string, database: string | undefined): void {
  const other = viewDatabase({ filter: { name }, path: database }).find(({ hash }) => hash !== target);
  if (other) {
    throw new LocusError(
      'NAME_TAKEN',
      `train: the name "${name}" belongs to another network (${String(other.hash).slice(0, 12)}); choose another, or rename that one`,
    );
  }
}

/** What an interrupted run left: a checkpoint, or a network that only lacks calibration and scores. */
function findUnfinished(
  target: string,
  fresh: WatchedSnn,
  options: SnnOptions,
  resume: TrainingRequest['resume'],
  context: CommandContext,
): { network: WatchedSnn; isTrained: boolean } {
  const begun = resumeTraining(target, options);
  if (begun) {
    context.note(`Resuming after ${begun.nIter} images.`);
    return { network: begun, isTrained: false };
  }
  if (
    resume !== 'checkpoint' &&
    viewDatabase({ filter: { hash: target }, path: options.database }).length > 0
  ) {
    context.note('This network is trained already; calibrating and scoring it.');
    return { network: loadNetwork(target, options), isTrained: true };
  }
  if (resume === 'asked')
    context.note('There is no checkpoint of this training; beginning with the first image.');
  return { network: fresh, isTrained: false };
}

/** Seconds of training, and the health at its end where it was asked for. */
async function trainAndSave(
  network: WatchedSnn,
  request: TrainingRequest,
  context: CommandContext,
): Promise<{ train: number; health?: HealthNumbers }> {
  const progress = context.progress('training', { from: network.nIter });
  const { checkpoint = defaultCheckpoint, training, watch } = request;
  let endHealth: HealthNumbers | undefined;
  const tellHealth = (health: TrainingHealth, nIter: number) => {
    const { spikesPerNeuron: _, thetas: __, weightHistogram: ___, ...numbers } = health;
    endHealth = numbers;
    progress.log(summarizeHealth(health, nIter));
  };
  const watched = {
    checkpoint,
    plot: watch?.plot,
    visInterval: watch?.visInterval,
    onHealth: watch?.health ? tellHealth : undefined,
    signal: context.signal,
    onProgress: progress.update,
  };
  const isBegun = network.nIter > 0;
  const trained = await (isBegun
    ? network.continueTraining(watched)
    : request.twoSteps
      ? network.trainTwoSteps({ ...training, ...watched })
      : network.train({ ...training, ...watched })
  ).finally(progress.stop);
  if (trained.interrupted) {
    throw new LocusError(
      'INTERRUPTED',
      network.nIter === 0
        ? 'interrupted before the first image'
        : describeInterruption(`${network.nIter} images`, request.resumeHint),
    );
  }
  network.save();
  return { train: trained.seconds, health: endHealth };
}
