/** `locus import`: takes trained networks of the original program into the database. */
import { defineCommand } from '../command.js';
import { databaseOption, flagOption } from '../options.js';

export const importNetworks = defineCommand({
  usage: 'import <folders..>',
  describe: 'import trained networks of the original program; nothing of their files is executed',
  examples: [
    ['import networks/4d5903942a6b385e', 'stored under the name of the folder'],
    ['import ~/old/networks', 'all networks below; one that cannot be imported does not stop the others'],
    ['import networks/4d5903942a6b385e --overwrite', 'in the place of what was stored under that name'],
  ],
  positionals: {
    folders: { describe: 'folders with parameters.json and network, or folders of such', many: true },
  },
  interruptible: true,
  options: {
    overwrite: flagOption('replace stored networks of the same names'),
    'repair-votes': flagOption('set votes that are no numbers, as of a label never shown, to 0'),
    'drop-outside': flagOption('leave out weights of the competition outside the receptive fields'),
    ...databaseOption,
  },
  run: async (args, context) => (await import('../run/import.js')).runImport(args, context),
});
