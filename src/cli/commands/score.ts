/** `locus score`: tests a calibrated network of the database. */
import { readoutMethods } from '../../readout/readout-methods.js';
import { defineCommand } from '../command.js';
import { choiceOption, countOption, databaseOption, dataDirOption, engineOptions } from '../options.js';

export const score = defineCommand({
  usage: 'score <name>',
  describe: 'test a calibrated network and store its scores',
  examples: [
    ['score hundred', 'every method, all test images'],
    ['score hundred --engine gpu --gpu-batch 256', 'on a GPU, 256 images at a time'],
    ['score hundred --method lc --images 1000 --json', 'the linear classifier on 1000 images'],
  ],
  positionals: { name: { describe: 'name of the network, or the beginning of its hash' } },
  options: {
    method: choiceOption('readout method', [...readoutMethods, 'all'], { defaultDescription: 'all' }),
    images: countOption('test images', 1, { defaultDescription: 'all of the set', formerly: 'n-iter' }),
    ...databaseOption,
    ...dataDirOption,
    ...engineOptions,
  },
  interruptible: true,
  run: async (args, context) => (await import('../run/score.js')).runScore(args, context),
});
