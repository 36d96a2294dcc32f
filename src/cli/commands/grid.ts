/** `locus grid`: searches settings on calibration images. */
import type { NetworkType } from '../../kinds/snn/parameters.js';
import { defineCommand, defineFamily, type Example, type Leaf } from '../command.js';
import { networkOptions } from '../../kinds/snn/network-options.js';
import { countOption, databaseOption, dataOptions, flagOption, textOption, textsOption } from '../options.js';

const search = { group: 'Search:' };
const scoring = { group: 'Scoring (calibration images only):' };

const gridOptions = {
  over: textsOption(
    'axes: a published name with values (mean_weight=0.3,0.4) or a range with its step (c_w=-150..-50:20)',
    search,
  ),
  random: countOption('try only so many points, drawn at random', 1, {
    ...search,
    defaultDescription: 'all',
  }),
  runs: countOption('networks per point', 1, { ...search, defaultDescription: '1' }),
  'n-iter': countOption('training images', 1, { ...search, defaultDescription: '5000' }),
  best: countOption('how many points to show', 1, { ...search, defaultDescription: '20' }),
  calibrate: countOption('images that votes and classifier come from', 1, {
    ...scoring,
    defaultDescription: 'half of the calibration set',
  }),
  validate: countOption('images that are scored', 1, { ...scoring, defaultDescription: 'the other half' }),
  linear: flagOption('train and rank by the linear classifier (default); --no-linear: votes only', {
    ...scoring,
    formerly: 'lc',
  }),
  threads: countOption('networks that are worked on at once, one thread each', 1, {
    group: 'Where:',
    defaultDescription: 'as many as the machine runs at once',
  }),
  figure: textOption('draw the first two axes to this file: .html, .png, .svg or .pdf', { group: 'Where:' }),
  ...databaseOption,
  ...dataOptions,
} as const;

function gridCommand(
  word: string,
  type: NetworkType,
  description: string,
  examples: readonly Example[],
): Leaf {
  return defineCommand({
    usage: word,
    describe: `search settings of ${description}`,
    examples,
    options: { ...networkOptions(type), ...gridOptions },
    interruptible: true,
    run: async (args, context) => (await import('../run/grid.js')).runGrid(type, args, context),
  });
}

export const grid = defineFamily({
  usage: 'grid',
  describe: 'search settings on calibration images; goes on where it stopped',
  examples: [
    ["grid lc --over 'mean_weight=0.3,0.4,0.5' 'c_w=-150..-50:50'", 'nine settings'],
    ['grid fc --help', 'everything that can be set'],
  ],
  commands: [
    gridCommand('lc', 'LC_SNN', 'locally connected networks', [
      ["grid lc --n-filters 25 --over 'mean_weight=0.3..0.5:0.1' 'c_w=-150..-50:50'", 'nine settings'],
      [
        "grid lc --over 'n_iter=2000,5000' 'c_w=-150..-10:20' --random 6 --runs 2",
        'six at random, two networks each',
      ],
    ]),
    gridCommand('c', 'C_SNN', 'convolutional networks', [
      ["grid c --n-filters 81 --over 'c_w=-150,-110' --no-linear --json", 'votes only, for machines'],
    ]),
    gridCommand('fc', 'FC_SNN', 'fully connected networks', [
      ["grid fc --n-filters 100 --over 'mean_weight=0.2,0.3' 'tau_neg=10,20'", 'four settings'],
    ]),
  ],
});
