/** `locus clean`: checks and repairs the database. */
import { defineCommand } from '../command.js';
import { databaseOption, flagOption } from '../options.js';

export const clean = defineCommand({
  usage: 'clean',
  describe: 'check and repair the database; exit code 1 if damage remains',
  examples: [
    ['clean', 'drops orphans, puts names right, verifies every checksum'],
    ['clean --drop-corrupt', 'deletes what is damaged beyond repair'],
  ],
  options: {
    'drop-corrupt': flagOption('delete networks and checkpoints that are damaged beyond repair'),
    ...databaseOption,
  },
  run: async (args, context) => (await import('../run/clean.js')).runClean(args, context),
});
