/** `locus figure`: one figure of a stored network, or of the whole database. */
import { defineCommand } from '../command.js';
import { databaseOption, dataDirOption, textOption } from '../options.js';

export const figure = defineCommand({
  usage: 'figure <kind> [name]',
  describe: 'show one figure of a network, or of the whole database',
  examples: [
    ['figure database', 'all stored networks in space; a click copies a name'],
    ['figure weights-xy hundred', 'the filters of a network'],
    ['figure robustness digits --images 1000', 'accuracy of a deep network on noisy images'],
    ['figure accuracy-by-time spiking', 'how soon all conversions of one ReLU network answer'],
    ['figure best-voters hundred --label 3 --output voters.png', 'who voted on a test image, as a picture'],
  ],
  positionals: {
    kind: {
      describe: 'one of the figures',
      listing: async () => (await import('../figure-options.js')).listFigureNames(),
    },
    name: { describe: 'name of the network, or the beginning of its hash (all but database)' },
  },
  options: {
    output: textOption('file to write: .html, .png, .svg or .pdf (pictures need a Chromium)'),
    ...databaseOption,
    ...dataDirOption,
  },
  moreOptions: async () => (await import('../figure-options.js')).readFigureOptions(),
  interruptible: true,
  run: async (args, context) => (await import('../run/figure.js')).runFigure(args, context),
});
