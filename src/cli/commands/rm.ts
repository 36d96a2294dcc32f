/** `locus rm`: deletes stored networks. */
import { defineCommand } from '../command.js';
import { databaseOption, flagOption } from '../options.js';

export const rm = defineCommand({
  usage: 'rm <names..>',
  describe: 'delete networks; asks before it does',
  examples: [
    ['rm hundred', 'asks first'],
    ['rm 3fb5c2a1 9e01d4b7 --yes', 'does not ask'],
  ],
  positionals: { names: { describe: 'names of networks, or the beginnings of their hashes', many: true } },
  options: { yes: flagOption('delete without asking'), ...databaseOption },
  run: async (args, context) => (await import('../run/rm.js')).runRm(args, context),
});
