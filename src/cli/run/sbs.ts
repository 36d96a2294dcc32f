/** Runs `locus sbs`: Spike-by-Spike networks by their configuration file. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { ImageSet } from '../../datasets/image-set.js';
import { type Dataset, loadDataset } from '../../datasets/index.js';
import { LocusError } from '../../errors.js';
import { setLayerThreads } from '../../layers/kernels/select-kernels.js';
import { parseSbsConfig, type SbsConfig } from '../../kinds/sbs/sbs-config.js';
import {
  agreesWithSbsFiles,
  loadSbsFiles,
  overloadSbsFiles,
  saveSbsFiles,
  type SbsFolders,
} from '../../kinds/sbs/sbs-files.js';
import { loadSbsRecord, publishSbs, sbsType, toSbsRecord } from '../../kinds/sbs/sbs-record.js';
import { type SbsStep, type SbsTestOptions, SbsTraining } from '../../kinds/sbs/sbs-training.js';
import { readCheckpoint, toCheckpoint } from '../../kinds/layered/training-state.js';
import { type Checkpoint, networkName, openStore, withStore } from '../../store/index.js';
import type { CommandContext } from '../context.js';
import { explainInterruption } from './explain-interruption.js';
import { formatAccuracy } from './format-accuracy.js';
import { takeFirst } from './take-images.js';

export interface SbsArguments {
  readonly config: string;
  readonly dataDir?: string;
  readonly seed?: number;
  readonly test?: number;
  readonly db?: string;
  readonly threads?: number;
}

export interface SbsTrainArguments extends SbsArguments {
  readonly steps?: number;
  readonly train?: number;
  readonly resume?: boolean;
  readonly name?: string;
}

export interface SbsEvalArguments extends SbsArguments {
  readonly step?: number;
  readonly network?: string;
}

const datasetOfMode = { MNIST: 'mnist', MNIST_FASHION: 'fashion-mnist', CIFAR10: 'cifar10' } as const;

export async function runSbsTrain(args: SbsTrainArguments, context: CommandContext): Promise<void> {
  const config = readConfig(args);
  const dataset = await loadData(config, args);
  const train = takeFirst(dataset.train, args.train);
  const test = takeFirst(dataset.test, args.test);
  const training = new SbsTraining(config, train, args.seed);
  const run = { dataset: dataset.name, seed: args.seed ?? 0, nTrain: train.count };
  const identity = { parameters: publishSbs(training.config, run), datasetHash: dataset.hash };
  const key = `${sbsType} ${networkName(identity.parameters)}`;
  const store = openStore(args.db);
  try {
    if (args.resume) resume(training, store.loadCheckpoint(key), context);
    else begin(training, context);
    const tested = await runSteps(training, test, args, context, () =>
      store.saveCheckpoint(key, toCheckpoint(training.save(), identity)),
    ).catch((error: unknown) => {
      const hint = context.commandWith('--resume');
      throw explainInterruption(error, { done: training.step, unit: 'update', hint });
    });
    const record = toSbsRecord(
      training,
      {
        ...run,
        datasetHash: dataset.hash,
        test: tested === null ? null : { accuracy: tested, nIter: test.count },
      },
      args.name,
    );
    const isFinished = training.step >= config.learning_step_max;
    const name = store.save(record, { overwrite: true, finishes: isFinished ? key : undefined });
    context.report(
      { name, nParameters: record.nParameters, score: record.scores, history: training.history },
      () => {
        const score = tested === null ? 'not tested' : formatAccuracy(tested, test.count);
        return `Stored as ${name}: ${training.step} updates, ${score}`;
      },
    );
  } finally {
    store.close();
  }
}

/** From the start, or from the files of the step that the configuration names. */
function begin(training: SbsTraining, context: CommandContext): void {
  const { config, built } = training;
  if (config.learning_step > 0) {
    const files = loadSbsFiles(built, foldersOf(config), config.learning_step - 1);
    context.note(`Going on from ${files.join(', ')}`);
  }
  const overloaded = overloadSbsFiles(built, config.learning_parameters.overload_path);
  if (overloaded.length > 0) context.note(`Overloaded from ${overloaded.join(', ')}`);
}

/** From the checkpoint if it belongs to the files, else from the last files alone. */
function resume(training: SbsTraining, checkpoint: Checkpoint | undefined, context: CommandContext): void {
  const folders = foldersOf(training.config);
  const state = checkpoint && readCheckpoint<SbsStep>(checkpoint.arrays, checkpoint.meta);
  const step = state?.history.at(-1)?.step;
  if (state && step !== undefined && agreesWithSbsFiles(training.built, folders, step, state.parameters)) {
    training.restore(state);
    context.note(`Resuming after ${training.step} updates.`);
    return;
  }
  const last = findLastStep(folders);
  const files = loadSbsFiles(training.built, folders, last);
  training.step = last + 1;
  context.note(
    `Resuming from ${files.join(', ')}. The database has no checkpoint of them: the optimiser starts anew.`,
  );
}

/** Trains up to the last update; returns the share of correct test images after it, null where it was not tested. */
async function runSteps(
  training: SbsTraining,
  test: ImageSet,
  args: SbsTrainArguments,
  context: CommandContext,
  saveCheckpoint: () => void,
): Promise<number | null> {
  const { config } = training;
  const { learning_parameters: learning } = config;
  const last = args.steps ?? config.learning_step_max;
  let tested: number | null = null;
  const runTest = async () => {
    tested = await watchTest(context, (watch) => training.testStep(test, watch), config);
    context.note(`Testing: Correct=${(100 * tested).toFixed(2)}%`);
    saveCheckpoint();
  };
  while (learning.learning_active && training.step < last) {
    const step = await watchStep(training, context);
    tested = null;
    context.note(formatStep(step));
    // Files before the checkpoint: whatever interrupts, the checkpoint's own files are there.
    saveSbsFiles(training.built, foldersOf(config), step.step, (layer) => training.trains(layer));
    saveCheckpoint();
    const isDue = training.step % learning.test_every_x_learning_steps === 0 && training.step < last;
    if (isDue && learning.test_during_learning) await runTest();
  }
  if (learning.test_during_learning) await runTest();
  return tested;
}

export async function runSbsEval(args: SbsEvalArguments, context: CommandContext): Promise<void> {
  const config = readConfig(args);
  const dataset = await loadData(config, args);
  const training = new SbsTraining(config, dataset.train, args.seed);
  if (args.network === undefined) {
    const folders = foldersOf(config);
    const step = args.step ?? findLastStep(folders);
    context.note(`Weights of ${loadSbsFiles(training.built, folders, step).join(', ')}`);
  } else {
    const { network: name } = args;
    const record = withStore(args.db, (store) => store.load(name), { readonly: true });
    loadSbsRecord(training.built, record);
  }
  const test = takeFirst(dataset.test, args.test);
  const accuracy = await watchTest(context, (watch) => training.test(test, watch), config);
  context.report({ accuracy, nIter: test.count }, () => formatAccuracy(accuracy, test.count));
}

function readConfig(args: SbsArguments): SbsConfig {
  if (!existsSync(args.config)) {
    throw new LocusError('DATA_MISSING', `sbs: expected a configuration file, found no ${args.config}`);
  }
  const config = parseSbsConfig(readFileSync(args.config, 'utf8'), args.config);
  const threads = args.threads ?? config.number_of_cpu_processes;
  if (threads > 0) setLayerThreads(threads);
  return config;
}

async function loadData(config: SbsConfig, args: SbsArguments): Promise<Dataset> {
  if (config.data_mode === '') {
    const modes = Object.keys(datasetOfMode).join(', ');
    throw new LocusError('INVALID_ARGUMENT', `${args.config}: data_mode: expected one of ${modes}`);
  }
  const given = config.data_path === './' ? undefined : config.data_path;
  return loadDataset(datasetOfMode[config.data_mode], { dataDir: args.dataDir ?? given });
}

function foldersOf(config: SbsConfig): SbsFolders {
  return { weights: config.weight_path, epsilonXy: config.eps_xy_path };
}

/** The latest step with files. */
function findLastStep({ weights }: SbsFolders): number {
  const names = existsSync(weights) ? readdirSync(weights) : [];
  const steps = names.map((name) => Number(/^Weight_L\d+_S(\d+)\.npy$/.exec(name)?.[1] ?? -1));
  const last = Math.max(-1, ...steps);
  if (last < 0)
    throw new LocusError('DATA_MISSING', `sbs: expected files Weight_L*_S*.npy in ${weights}, found none`);
  return last;
}

async function watchStep(training: SbsTraining, context: CommandContext): Promise<SbsStep> {
  const progress = context.progress(`step ${training.step}`);
  try {
    return await training.runStep({
      onProgress: progress.update,
      signal: context.signal,
      now: () => performance.now(),
    });
  } finally {
    progress.stop();
  }
}

async function watchTest(
  context: CommandContext,
  test: (watch: SbsTestOptions) => Promise<number>,
  { batch_size }: SbsConfig,
): Promise<number> {
  const progress = context.progress('testing');
  try {
    // Smaller parts show progress; the result does not depend on them.
    const batchSize = Math.min(batch_size, 100);
    return await test({ batchSize, onProgress: progress.update, signal: context.signal });
  } finally {
    progress.stop();
  }
}

function formatStep({ step, images, loss, correct, seconds }: SbsStep): string {
  const share = `${(100 * correct).toFixed(2)}%`;
  return `Step ${step}: Training ${images} pattern with ${share}, Loss=${loss.toExponential(3)}, ${seconds.toFixed(1)}sec`;
}
