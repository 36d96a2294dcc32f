/** `locus calibrate`: makes votes and the linear classifier of a stored network. */
import { defineCommand } from '../command.js';
import { countOption, databaseOption, dataDirOption, engineOptions, flagOption } from '../options.js';

export const calibrate = defineCommand({
  usage: 'calibrate <name>',
  describe: 'make votes and the linear classifier of a stored network (forgets its scores)',
  examples: [
    ['calibrate hundred', 'with all calibration images'],
    ['calibrate 3fb5c2a1 --images 1000 --no-linear', 'votes only, from 1000 images'],
    ['calibrate hundred --engine auto', 'on the engine that is fastest for it here'],
  ],
  positionals: { name: { describe: 'name of the network, or the beginning of its hash' } },
  options: {
    images: countOption('calibration images', 1, {
      defaultDescription: 'all of the set',
      formerly: 'n-iter',
    }),
    linear: flagOption('train the linear classifier (default); --no-linear: votes only', {
      formerly: 'lc',
    }),
    ...databaseOption,
    ...dataDirOption,
    ...engineOptions,
  },
  interruptible: true,
  run: async (args, context) => (await import('../run/calibrate.js')).runCalibrate(args, context),
});
