/** `locus feed`: shows one image to a stored network. */
import { defineCommand } from '../command.js';
import {
  countOption,
  databaseOption,
  dataDirOption,
  engineOptions,
  flagOption,
  textOption,
} from '../options.js';

export const feed = defineCommand({
  usage: 'feed <name>',
  describe: 'show an image to a network and see what it makes of it',
  examples: [
    ['feed hundred --label 3', 'a test image of a 3'],
    ['feed hundred --label 3 --index 5', 'another one'],
    ['feed hundred --label 3 --engine gpu', 'simulated on a GPU, with the same spikes'],
    ['feed hundred --image my-digit.png', 'a picture of your own, PNG or JPEG'],
    ['feed hundred --image chalk.jpg --no-invert', 'light strokes, though the border is light'],
  ],
  positionals: { name: { describe: 'name of the network, or the beginning of its hash' } },
  options: {
    label: countOption('a test image of this label', 0),
    index: countOption('which of the test images of that label', 0, { defaultDescription: '0' }),
    image: textOption('picture to show: resized to the crop, inverted where its border is light'),
    invert: flagOption('exchange dark and light of the picture, or leave them, whatever its border'),
    ...databaseOption,
    ...dataDirOption,
    ...engineOptions,
  },
  run: async (args, context) => (await import('../run/feed.js')).runFeed(args, context),
});
