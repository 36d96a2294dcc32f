/** Runs `locus train`: one network from images to the database. */
import type { NetworkType } from '../../kinds/snn/index.js';
import type { CommandContext } from '../context.js';
import { readParameters } from '../network-options.js';
import { UsageError } from '../usage-error.js';
import { describeScores } from './describe-scores.js';
import { tabulateHealth } from './tell-health.js';
import { trainNetwork, type TrainingReport, type TrainingRequest } from './train-network.js';
import { TrainingPage } from './training-page.js';

export interface TrainArguments {
  readonly nIter?: number;
  readonly interval?: readonly [from: number, to: number];
  readonly shuffle?: boolean;
  readonly twoSteps?: boolean;
  readonly nIterCompetition?: number;
  readonly checkpoint?: number;
  readonly resume?: boolean;
  readonly live?: boolean;
  readonly livePort?: number;
  readonly visInterval?: number;
  readonly health?: boolean;
  readonly calibrate?: number;
  readonly test?: number;
  readonly lc?: boolean;
  readonly name?: string;
  readonly db?: string;
  readonly data?: string;
  readonly dataDir?: string;
  readonly engine?: string;
  readonly threads?: number;
  readonly batch?: number;
  readonly batchSize?: number;
}

const defaultTrainingImages = 5000;

export async function runTrain(
  type: NetworkType,
  args: TrainArguments,
  context: CommandContext,
): Promise<void> {
  const {
    nIter = args.interval ? undefined : defaultTrainingImages,
    interval,
    shuffle,
    nIterCompetition,
    batchSize,
  } = args;
  const { live, livePort, visInterval, health } = args;
  if (!live && (livePort ?? visInterval) !== undefined) {
    throw new UsageError(`train: --${livePort === undefined ? 'vis-interval' : 'live-port'} needs --live`);
  }
  const page = live ? await TrainingPage.open(context, livePort) : undefined;
  const request: TrainingRequest = {
    type,
    parameters: readParameters(args as Readonly<Record<string, unknown>>),
    training: { nIter, interval, shuffle, nIterCompetition, batchSize },
    ...args,
    watch: { plot: page?.display, visInterval, health },
    resume: args.resume ? 'asked' : undefined,
    resumeHint: context.commandWith('--resume'),
  };
  const trainAndReport = async () => {
    const trained = await trainNetwork(request, context);
    context.report(trained, () => describeTraining(trained));
    return describeOutcome(trained);
  };
  await (page ? page.during(trainAndReport) : trainAndReport());
}

function describeTraining({ name, nOutput, nParameters, score, health, seconds }: TrainingReport): string {
  return [
    `Stored as ${name}: ${nOutput} neurons, ${nParameters} synapses`,
    ...describeScores(score),
    ...(health ? tabulateHealth(health) : []),
    `${seconds.train.toFixed(1)} s training, ${seconds.calibrate.toFixed(1)} s calibration, ${seconds.score.toFixed(1)} s test`,
  ].join('\n');
}

/** In one line, for the page. */
function describeOutcome({ score }: TrainingReport): string {
  return ['training is done', ...describeScores(score).map((line) => line.replaceAll(/ +/g, ' '))].join('; ');
}
