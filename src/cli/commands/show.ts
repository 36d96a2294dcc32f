/** `locus show`: everything about one stored network. */
import { defineCommand } from '../command.js';
import { databaseOption } from '../options.js';

export const show = defineCommand({
  usage: 'show <name>',
  describe: 'show everything about one network: parameters, history, scores, arrays',
  examples: [
    ['show hundred', 'by name'],
    ['show 3fb5c2a1 --json', 'by the beginning of its hash, for machines'],
  ],
  positionals: { name: { describe: 'name of the network, or the beginning of its hash' } },
  options: databaseOption,
  run: async (args, context) => (await import('../run/show.js')).runShow(args, context),
});
