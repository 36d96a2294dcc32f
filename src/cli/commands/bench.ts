/** `locus bench`: milliseconds per image. */
import { defineCommand } from '../command.js';
import {
  countOption,
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
    engines: listOption('engines', parseText, {
      ...what,
      defaultDescription: 'wasm, and reference for lc 25 on one thread',
    }),
    threads: listOption('numbers of threads', (text) => parseCount(text, 1), {
      ...what,
      defaultDescription: '1,2',
    }),
    images: countOption('images per measurement', 1, {
      ...how,
      defaultDescription: '1000, fewer where they take long',
    }),
    repetitions: countOption('measurements; the median counts', 1, { ...how, defaultDescription: '5' }),
    seed: countOption('seed of all random numbers', 0, { ...how, defaultDescription: '0' }),
    out: textOption('also write the figures, with machine and version, to this JSON file', how),
    ...dataOptions,
  },
  interruptible: true,
  run: async (args, context) => (await import('../run/bench.js')).runBench(args, context),
});
