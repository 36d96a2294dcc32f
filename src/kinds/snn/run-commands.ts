/** Runs `locus train lc`, `c`, `fc`: the training command of all kinds, with a page to watch it on. */
import type { CommandContext } from '../../cli/context.js';
import { type LifecycleArguments, runTraining } from '../../cli/run/train.js';
import { TrainingPage } from '../../cli/run/training-page.js';
import { UsageError } from '../../cli/usage-error.js';
import { readParameters } from './network-options.js';
import { type ModelArguments, readModels } from './model-options.js';
import type { NetworkType } from './parameters.js';
import type { SnnTrainingOptions } from './snn-run.js';

export interface TrainArguments extends LifecycleArguments, Omit<SnnTrainingOptions, 'plot'>, ModelArguments {
  readonly live?: boolean;
  readonly livePort?: number;
  readonly dataset?: string;
  readonly dataDir?: string;
  readonly engine?: string;
  readonly threads?: number;
  readonly gpuBatch?: number;
}

const defaultTrainingImages = 5000;

export async function runTrain(
  type: NetworkType,
  args: TrainArguments,
  context: CommandContext,
): Promise<void> {
  const { live, livePort, visInterval } = args;
  if (!live && (livePort ?? visInterval) !== undefined) {
    throw new UsageError(`train: --${livePort === undefined ? 'vis-interval' : 'live-port'} needs --live`);
  }
  const { nIter = args.interval ? undefined : defaultTrainingImages, interval, shuffle } = args;
  const { twoSteps, nIterCompetition, batchSize, checkpoint, calibrate, test, linear, health } = args;
  const { dataset, dataDir, engine, threads, gpuBatch } = args;
  const page = live ? await TrainingPage.open(context, livePort) : undefined;
  const parameters = readParameters(args as Readonly<Record<string, unknown>>);
  const models = readModels(args);
  const training = { nIter, interval, shuffle, twoSteps, nIterCompetition, batchSize, checkpoint };
  const watching = { health, plot: page?.display, visInterval };
  const where = { dataset, dataDir, engine, threads, gpuBatch };
  const options = { ...parameters, ...models, ...training, calibrate, test, linear, ...watching, ...where };
  const train = () => runTraining(type, options, args, context);
  await (page ? page.during(async () => describeOutcome(await train())) : train());
}

/** In one line, for the page: the scores. */
function describeOutcome(lines: readonly string[]): string {
  const scores = lines.filter((line) => line.includes(' ± '));
  return ['training is done', ...scores.map((line) => line.replaceAll(/ +/g, ' '))].join('; ');
}
