/** Runs `locus train`: one network from images to the database. */
import type { NetworkType } from '../../models/index.js';
import type { CommandContext } from '../context.js';
import { readParameters } from '../network-options.js';
import { describeScores } from './describe-scores.js';
import { trainNetwork } from './train-network.js';

export interface TrainArguments {
  readonly nIter?: number;
  readonly interval?: readonly [from: number, to: number];
  readonly shuffle?: boolean;
  readonly twoSteps?: boolean;
  readonly nIterCompetition?: number;
  readonly checkpoint?: number;
  readonly resume?: boolean;
  readonly calibrate?: number;
  readonly test?: number;
  readonly lc?: boolean;
  readonly name?: string;
  readonly db?: string;
  readonly data?: string;
  readonly dataDir?: string;
  readonly engine?: string;
  readonly threads?: number;
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
  } = args;
  const trained = await trainNetwork(
    {
      type,
      parameters: readParameters(args as Readonly<Record<string, unknown>>),
      training: { nIter, interval, shuffle, nIterCompetition },
      ...args,
      resume: args.resume ? 'asked' : undefined,
      resumeHint: context.commandWith('--resume'),
    },
    context,
  );
  const { score, seconds } = trained;
  context.report(trained, () =>
    [
      `Stored as ${trained.name}: ${trained.nOutput} neurons, ${trained.nParameters} synapses`,
      ...describeScores(score),
      `${seconds.train.toFixed(1)} s training, ${seconds.calibrate.toFixed(1)} s calibration, ${seconds.score.toFixed(1)} s test`,
    ].join('\n'),
  );
}
