/** `locus repl`: TypeScript line by line, with all of Locus in scope. */
import { defineCommand } from '../command.js';

export const repl = defineCommand({
  usage: 'repl',
  describe: 'TypeScript line by line, with top-level await and all of Locus in scope',
  examples: [['repl', 'then, for example: const net = new LC_SNN(); await net.train({ nIter: 100 })']],
  run: async (_args, context) => (await import('../run/repl.js')).runRepl(context),
});
