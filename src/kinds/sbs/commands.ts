/** `locus sbs`: deep Spike-by-Spike networks. */
import { defineCommand, defineFamily } from '../../cli/command.js';
import { countOption, databaseOption, dataDirOption, engineOptions, textOption } from '../../cli/options.js';
import { defineTrainCommand } from '../../cli/train-command.js';
import type { KindCommands } from '../registry.js';

const { threads } = engineOptions;
const config = { config: { describe: 'configuration file (JSON, comments allowed)' } };

const sharedOptions = {
  seed: countOption('seed of every random draw', 0, { defaultDescription: '0' }),
  test: countOption('test images', 1, { defaultDescription: 'all of the set' }),
  ...dataDirOption,
  threads,
} as const;

const train = defineTrainCommand({
  type: 'SBS',
  usage: 'train <config>',
  describe: 'train a network by its configuration, save its weights after every update, and store it',
  examples: [
    ['sbs train net.json', 'up to learning_step_max'],
    ['sbs train net.json --steps 200 --resume', 'go on from the last files of weights'],
  ],
  positionals: config,
  options: {
    steps: countOption('updates in all', 1, { defaultDescription: 'learning_step_max' }),
    train: countOption('training images', 1, { defaultDescription: 'all of the set' }),
    ...sharedOptions,
  },
});

const evaluate = defineCommand({
  usage: 'score <config>',
  formerly: 'eval',
  describe: 'score a trained network on test images',
  examples: [
    ['sbs score net.json --step 199', 'the weights of one step'],
    ['sbs score net.json --network my-network', 'a stored network'],
  ],
  positionals: config,
  options: {
    step: countOption('step of the files in weight_path', 0, { defaultDescription: 'the last' }),
    network: textOption('a network of the database in place of files'),
    ...sharedOptions,
    ...databaseOption,
  },
  interruptible: true,
  run: async (args, context) => (await import('./run-commands.js')).runSbsEval(args, context),
});

const sbs = defineFamily({
  usage: 'sbs',
  describe: 'deep Spike-by-Spike networks',
  examples: [['sbs train net.json', 'train by a configuration file']],
  commands: [train, evaluate],
});

export const sbsCommands: KindCommands = { others: [sbs] };
