/** `locus start`: the main job, from images to the table of networks. */
import { defineCommand } from '../command.js';
import { countOption, databaseOption, dataOptions, engineOptions, flagOption } from '../options.js';

export const start = defineCommand({
  usage: 'start',
  describe: 'train, score and store a locally connected network of 100 filters, and list the database',
  examples: [
    ['start', 'on MNIST if it is found, else on the embedded 10,000 images'],
    ['start --seed 1', 'another network; after Ctrl-C the same command goes on'],
  ],
  options: {
    again: flagOption('train it even if it is stored already'),
    seed: countOption('seed of all random numbers', 0, { defaultDescription: '0' }),
    ...databaseOption,
    ...dataOptions,
    ...engineOptions,
  },
  interruptible: true,
  run: async (args, context) => (await import('../run/start.js')).runStart(args, context),
});
