/** `locus diff`: in what two stored networks differ. */
import { defineCommand } from '../command.js';
import { databaseOption } from '../options.js';

export const diff = defineCommand({
  usage: 'diff <a> <b>',
  describe: 'show in what two networks differ; exit code 0 if in nothing, else 1',
  examples: [
    ['diff hundred 3fb5c2a1', 'parameters, history, distances of weights and thresholds, scores'],
    ['diff hundred 3fb5c2a1 --json', 'the same for machines'],
  ],
  positionals: {
    a: { describe: 'name of a network, or the beginning of its hash' },
    b: { describe: 'name of the other' },
  },
  options: databaseOption,
  run: async (args, context) => (await import('../run/diff.js')).runDiff(args, context),
});
