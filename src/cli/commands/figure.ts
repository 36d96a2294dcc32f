/** `locus figure`: one figure of a stored network, or of the whole database. */
import { defineCommand } from '../command.js';
import { convertedFigureKinds, layeredFigureKinds, snnFigureKinds } from '../figure-kinds.js';
import { countOption, databaseOption, dataDirOption, textOption } from '../options.js';

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
      describe: `database; ${snnFigureKinds.join(', ')}; of NNMF and SBS networks ${layeredFigureKinds.join(', ')}; of converted networks ${convertedFigureKinds.join(', ')} (of the ReLU network training-curves)`,
    },
    name: { describe: 'name of the network, or the beginning of its hash (all but database)' },
  },
  options: {
    output: textOption('file to write: .html, .png, .svg or .pdf (pictures need a Chromium)'),
    label: countOption('a test image of this label', 0, { defaultDescription: '3' }),
    index: countOption('which of the test images of that label', 0, { defaultDescription: '0' }),
    neuron: countOption('whose voltage', 0, { defaultDescription: 'the one with the most spikes' }),
    layer: countOption('layer-weights, rates-by-activation: which layer', 0, { defaultDescription: '0' }),
    images: countOption('robustness, rates-by-activation, rate-threshold: test images', 1, {
      defaultDescription: '500; 200 of converted networks',
    }),
    ...databaseOption,
    ...dataDirOption,
  },
  run: async (args, context) => (await import('../run/figure.js')).runFigure(args, context),
});
