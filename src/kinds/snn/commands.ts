/** `locus train`: trains, calibrates, scores and stores a network. */
import type { NetworkType } from './parameters.js';
import { defineCommand, type Example, type Leaf } from '../../cli/command.js';

import {
  countOption,
  databaseOption,
  dataOptions,
  engineOptions,
  flagOption,
  parseInterval,
  textOption,
  valueOption,
} from '../../cli/options.js';
import { nameOptions } from '../../cli/train-command.js';
import type { KindCommands } from '../registry.js';
import { networkOptions } from './network-options.js';

const models = { group: 'Network:' };
const training = { group: 'Training:' };
const watching = { group: 'Watching:' };
const scoring = { group: 'Calibration and test:' };

const trainOptions = {
  neuron: textOption('neuron model of Y with its parameters: Izhikevich,a=0.02,d=8', {
    ...models,
    defaultDescription: 'AdaptiveLIF',
  }),
  rule: textOption('learning rule of XY with its parameters: Hebbian,nuPre=0,nuPost=0.01', {
    ...models,
    defaultDescription: 'PostPre',
  }),
  definition: textOption(
    'JSON5 file with the definitions neuron, rule or both; --neuron and --rule then give their parameters',
    models,
  ),
  'n-iter': countOption('training images', 1, {
    ...training,
    defaultDescription: '5000, or the interval once',
  }),
  interval: valueOption('train on the images from,to of the training set', parseInterval, training),
  shuffle: flagOption(
    'draw images at random (default, except with --interval); --no-shuffle: in order',
    training,
  ),
  'two-steps': flagOption(
    'trained competition: first XY with competition fixed at c_w, then competition alone',
    training,
  ),
  'n-iter-competition': countOption('images of the second of two steps', 1, {
    ...training,
    defaultDescription: 'as many as of the first',
  }),
  'batch-size': countOption(
    'images that learn at the same time: averaged plasticity, another network (gpu, reference)',
    1,
    { ...training, defaultDescription: '1' },
  ),
  checkpoint: countOption('save a checkpoint every so many images', 1, {
    ...training,
    defaultDescription: '1000',
  }),
  resume: flagOption('go on where the same command was interrupted', training),
  live: flagOption(
    'show the training while it runs on a page in the browser (of this machine only)',
    watching,
  ),
  'live-port': countOption('port of that page', 1, { ...watching, defaultDescription: 'one that is free' }),
  'vis-interval': countOption('training images between two updates of the page', 1, {
    ...watching,
    defaultDescription: '30, more where that would slow the training down',
  }),
  health: flagOption('tell the learning health every 1000 images and at the end', watching),
  calibrate: countOption('calibration images; 0: none', 0, {
    ...scoring,
    defaultDescription: 'all of the set',
  }),
  test: countOption('test images; 0: none', 0, { ...scoring, defaultDescription: 'all of the set' }),
  linear: flagOption('train the linear classifier (default); --no-linear: votes only', {
    ...scoring,
    formerly: 'lc',
  }),
  ...nameOptions,
  ...databaseOption,
  ...dataOptions,
  ...engineOptions,
} as const;

/** The command of one type of network. */
function trainCommand(
  word: string,
  type: NetworkType,
  description: string,
  examples: readonly Example[],
): Leaf {
  // The parameters of the network are read from all arguments by their table.
  const options: typeof trainOptions = { ...networkOptions(type), ...trainOptions };
  return defineCommand({
    usage: word,
    describe: `train ${description}`,
    examples,
    options,
    interruptible: true,
    run: async (args, context) => (await import('./run-commands.js')).runTrain(type, args, context),
  });
}

export const snnCommands: KindCommands = {
  train: [
    trainCommand('lc', 'LC_SNN', 'a locally connected network', [
      ['train lc', '25 filters, published defaults, 5000 images'],
      ['train lc --n-filters 100 --mean-weight 0.32 --c-w -50 --name hundred', 'stored under a name'],
      ['train lc --c-l --a-pos -0.0556 --a-neg -1.626 --mean-weight 0.46', 'trained competition'],
      [
        'train lc --c-l --a-pos -0.0556 --a-neg -1.626 --two-steps --n-iter-competition 2000',
        'competition after XY',
      ],
      ['train lc --interval 0,2000 --no-linear --calibrate 1000 --test 1000', 'in order, votes only'],
      ['train lc --n-filters 100 --live', 'watch filters, spikes and voltages in the browser'],
      ['train lc --health', 'dead neurons, rates, thresholds, winners every 1000 images'],
      ['train lc --n-iter 20000 --resume', 'go on after Ctrl-C'],
      ['train lc --engine gpu --batch-size 16', 'on a GPU, 16 images learning at a time'],
      ['train lc --engine auto', 'on the engine that is fastest for it here'],
      ['train lc --rule WeightDependentPostPre,nuPost=0.02', 'another learning rule'],
      ['train lc --definition mine.json5', 'a neuron model or rule of your own'],
    ]),
    trainCommand('c', 'C_SNN', 'a convolutional network (kernels shared by all positions)', [
      ['train c --n-filters 81 --mean-weight 0.5 --c-w -110', '81 kernels'],
      ['train c --n-iter 4000 --seed 3 --json', 'one JSON document on stdout'],
    ]),
    trainCommand('fc', 'FC_SNN', 'a fully connected network (every neuron sees the whole crop)', [
      ['train fc --n-filters 100 --mean-weight 0.3 --c-w -80', '100 neurons'],
    ]),
  ],
};
