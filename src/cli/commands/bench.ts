/** `locus bench`: milliseconds per image. */
import { defineCommand } from '../command.js';
import {
  countOption,
  databaseOption,
  dataOptions,
  listOption,
  parseChoice,
  parseCount,
  parseText,
  textOption,
} from '../options.js';

const what = { group: 'What is measured:' };
const how = { group: 'How:' };

export const bench = defineCommand({
  usage: 'bench',
  describe: 'measure milliseconds per image in training and evaluation',
  examples: [
    ['bench', 'the usual networks, one thread and two'],
    ['bench --models lc --filters 25,100 --threads 1 --json', 'two networks on one thread, for machines'],
    ['bench --engines reference --filters 25 --images 50', 'how slow the definition is'],
    ['bench --network hundred --engines all', 'every engine of this machine on a network of your own'],
    ['bench --engines gpu --models lc --filters 100 --batches 1,64,256', 'how a GPU gains by batches'],
  ],
  options: {
    models: listOption('types of network: lc,c,fc', (text) => parseChoice(text, ['lc', 'c', 'fc']), {
      ...what,
      defaultDescription: 'lc,c,fc',
    }),
    filters: listOption('numbers of filters', (text) => parseCount(text, 1), {
      ...what,
      defaultDescription: 'lc 25,100,1000; c 25,100; fc 100',
    }),
    'kernel-size': countOption('side of a receptive field [pixels] of lc and c', 1, {
      ...what,
      defaultDescription: '12',
    }),
    network: textOption('a stored network, instead of models and filters; it stays as it is', what),
    engines: listOption('engines: wasm, reference, gpu, gpu-webasm, or all that run here', parseText, {
      ...what,
      defaultDescription: 'wasm, and reference for lc 25 on one thread',
    }),
    batches: listOption(
      'numbers of images at the same time, evaluated or learning (gpu, gpu-webasm)',
      (text) => parseCount(text, 1),
      { ...what, defaultDescription: '1,16,64' },
    ),
    threads: listOption('numbers of threads', (text) => parseCount(text, 1), {
      ...what,
      defaultDescription: '1,2',
    }),
    images: countOption('images per measurement', 1, {
      ...how,
      defaultDescription: '1000, fewer where they take long; a GPU learns usually at most 16 at a time',
    }),
    repetitions: countOption('measurements; the median counts', 1, { ...how, defaultDescription: '5' }),
    seed: countOption('seed of all random numbers', 0, { ...how, defaultDescription: '0' }),
    out: textOption('also write the figures, with machine and version, to this JSON file', how),
    ...databaseOption,
    ...dataOptions,
  },
  interruptible: true,
  run: async (args, context) => (await import('../run/bench.js')).runBench(args, context),
});
