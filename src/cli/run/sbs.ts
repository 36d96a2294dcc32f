/** Runs `locus sbs`: Spike-by-Spike networks by their configuration file. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type ImageSet, sliceImageSet } from '../../datasets/image-set.js';
import { type Dataset, loadDataset } from '../../datasets/index.js';
import { LocusError } from '../../errors.js';
import { setLayerThreads } from '../../layers/kernels/select-kernels.js';
import { parseSbsConfig, type SbsConfig } from '../../layers/sbs-config.js';
import { loadSbsFiles, overloadSbsFiles, saveSbsFiles, type SbsFolders } from '../../layers/sbs-files.js';
import { loadSbsRecord, toSbsRecord } from '../../layers/sbs-record.js';
import { type SbsStep, SbsTraining } from '../../layers/sbs-training.js';
import { openStore } from '../../store/index.js';
import type { CommandContext } from '../context.js';

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
  const folders = foldersOf(config);
  const training = new SbsTraining(config, train, args.seed);
  const start = args.resume ? findLastStep(folders) : config.learning_step - 1;
  if (start >= 0) {
    context.note(`Resuming from ${loadSbsFiles(training.built, folders, start).join(', ')}`);
    training.step = start + 1;
  }
  const { learning_parameters: learning } = config;
  const overloaded = overloadSbsFiles(training.built, learning.overload_path);
  if (overloaded.length > 0) context.note(`Overloaded from ${overloaded.join(', ')}`);

  const history: SbsStep[] = [];
  const last = args.steps ?? config.learning_step_max;
  let tested: number | null = null;
  while (learning.learning_active && training.step < last) {
    const step = watchStep(training, context);
    history.push(step);
    saveSbsFiles(training.built, folders, step.step, (layer) => training.trains(layer));
    context.note(formatStep(step));
    tested = null;
    const isDue = training.step % learning.test_every_x_learning_steps === 0 || training.step === last;
    if (isDue && learning.test_during_learning) {
      tested = testAll(training, test, config, context);
      context.note(`Testing: Correct=${(100 * tested).toFixed(2)}%`);
    }
    // Batches are computed without a pause: here the process hears of Ctrl-C.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const record = toSbsRecord(
    training.built,
    config,
    {
      dataset: dataset.name,
      datasetHash: dataset.hash,
      seed: args.seed ?? 0,
      steps: training.step,
      nTrain: train.count,
      history,
      test: tested === null ? null : { accuracy: tested, nIter: test.count },
    },
    args.name,
  );
  const store = openStore(args.db);
  try {
    const name = store.save(record, { overwrite: true });
    context.report({ name, nParameters: record.nParameters, score: record.scores, history }, () => {
      const score =
        tested === null ? 'not tested' : `${(100 * tested).toFixed(2)} % of ${test.count} test images`;
      return `Stored as ${name}: ${training.step} updates, ${score}`;
    });
  } finally {
    store.close();
  }
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
    const store = openStore(args.db, { readonly: true });
    try {
      loadSbsRecord(training.built, store.load(args.network));
    } finally {
      store.close();
    }
  }
  const test = takeFirst(dataset.test, args.test);
  const accuracy = testAll(training, test, config, context);
  context.report(
    { accuracy, nIter: test.count },
    () => `${(100 * accuracy).toFixed(2)} % of ${test.count} test images`,
  );
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

function watchStep(training: SbsTraining, context: CommandContext): SbsStep {
  const progress = context.progress(`step ${training.step}`);
  try {
    return training.runStep({
      onProgress: progress.update,
      signal: context.signal,
      now: () => performance.now(),
    });
  } catch (error) {
    if (!(error instanceof LocusError && error.code === 'INTERRUPTED')) throw error;
    const hint = context.commandWith('--resume');
    const kept =
      training.step === 0
        ? 'before the first update'
        : `after ${training.step} updates, which are saved. To go on: ${hint}`;
    throw new LocusError('INTERRUPTED', `interrupted ${kept}`, { cause: error });
  } finally {
    progress.stop();
  }
}

function testAll(training: SbsTraining, test: ImageSet, config: SbsConfig, context: CommandContext): number {
  const progress = context.progress('testing');
  try {
    // Smaller parts show progress; the result does not depend on them.
    const batchSize = Math.min(config.batch_size, 100);
    return training.test(test, { batchSize, onProgress: progress.update, signal: context.signal });
  } finally {
    progress.stop();
  }
}

function formatStep({ step, images, loss, correct, seconds }: SbsStep): string {
  const share = `${(100 * correct).toFixed(2)}%`;
  return `Step ${step}: Training ${images} pattern with ${share}, Loss=${loss.toExponential(3)}, ${seconds.toFixed(1)}sec`;
}

function takeFirst(set: ImageSet, count: number | undefined): ImageSet {
  return count === undefined || count >= set.count ? set : sliceImageSet(set, set.name, 0, count);
}
