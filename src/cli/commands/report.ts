/** `locus report`: one page with everything about a stored network. */
import { defineCommand } from '../command.js';
import { countOption, databaseOption, dataDirOption, textOption } from '../options.js';

export const report = defineCommand({
  usage: 'report <name>',
  describe: 'show parameters, scores, weights, votes and an example of one network on one page',
  examples: [
    ['report hundred', 'open the page (or print its path where there is no display)'],
    ['report hundred --output hundred.pdf', 'write it, as .html or .pdf'],
  ],
  positionals: { name: { describe: 'name of the network, or the beginning of its hash' } },
  options: {
    output: textOption('file to write: .html or .pdf'),
    label: countOption('label of the test image that serves as example', 0, { defaultDescription: '3' }),
    index: countOption('which of the test images of that label', 0, { defaultDescription: '0' }),
    ...databaseOption,
    ...dataDirOption,
  },
  run: async (args, context) => (await import('../run/report.js')).runReport(args, context),
});
