/** `locus rename`: gives a stored network another name. */
import { defineCommand } from '../command.js';
import { databaseOption } from '../options.js';

export const rename = defineCommand({
  usage: 'rename <name> <new-name>',
  describe: 'give a network another name; its hash still finds it',
  examples: [['rename 3fb5c2a1 hundred', 'from now on it is called hundred']],
  positionals: {
    name: { describe: 'name of the network, or the beginning of its hash' },
    'new-name': { describe: 'its new name' },
  },
  options: databaseOption,
  run: async (args, context) => (await import('../run/rename.js')).runRename(args, context),
});
