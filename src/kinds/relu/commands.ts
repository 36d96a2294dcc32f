/** `locus ann`: ReLU networks without biases, to be converted to spiking ones. */
import { defineCommand, defineFamily } from '../../cli/command.js';
import {
  choiceOption,
  countOption,
  databaseOption,
  dataOptions,
  engineOptions,
  numberOption,
  textOption,
} from '../../cli/options.js';
import { defineTrainCommand } from '../../cli/train-command.js';
import type { KindCommands } from '../registry.js';

const { threads } = engineOptions;
const training = { group: 'Training:' };

const train = defineTrainCommand({
  type: 'ReLU',
  usage: 'train',
  describe: 'train and store a ReLU network without biases, an epoch at a time',
  examples: [
    ['ann train --name dense', '784-1200-1200-10 with dropout'],
    ['ann train --network 28x28-12c5-2s-64c5-2s-10o --name conv', 'convolutional, with average pooling'],
  ],
  options: {
    network: textOption(
      'architecture: 12c5 convolution, 2s average pooling, 1200 fully connected, 10o output',
      {
        group: 'Network:',
        defaultDescription: '784-1200-1200-10',
      },
    ),
    dropout: numberOption('probability of dropping a hidden unit', {
      group: 'Network:',
      defaultDescription: '0.5',
    }),
    'input-dropout': numberOption('probability of dropping a pixel', {
      group: 'Network:',
      defaultDescription: '0',
    }),
    seed: countOption('seed of every random draw', 0, { group: 'Network:', defaultDescription: '0' }),
    epochs: countOption('epochs in all', 1, { ...training, defaultDescription: '10' }),
    checkpoint: countOption('save a checkpoint within an epoch every so many images', 1, {
      ...training,
      defaultDescription: '10000',
    }),
    'batch-size': countOption('images per batch', 1, { ...training, defaultDescription: '100' }),
    optimizer: choiceOption('optimiser', ['adam', 'sgd'], { ...training, defaultDescription: 'adam' }),
    rate: numberOption('learning rate of the first epoch', {
      ...training,
      defaultDescription: '0.001 (adam), 0.1 (sgd)',
    }),
    'rate-decay': numberOption('factor of the rate from epoch to epoch', {
      ...training,
      defaultDescription: '0.75',
    }),
    momentum: numberOption('momentum of sgd', { ...training, defaultDescription: '0.5' }),
    shift: countOption('training images move by up to so many pixels, anew in every epoch', 0, {
      ...training,
      defaultDescription: '0',
    }),
    train: countOption('training images', 1, { ...training, defaultDescription: 'all of the set' }),
    test: countOption('test images', 1, { ...training, defaultDescription: 'all of the set' }),
    ...dataOptions,
    threads,
  },
});

const evaluate = defineCommand({
  usage: 'score <name>',
  formerly: 'eval',
  describe: 'score a stored network on test images',
  examples: [['ann score dense --test 1000', 'on 1000 test images']],
  positionals: { name: { describe: 'name or hash of the network' } },
  options: {
    test: countOption('test images', 1, { defaultDescription: 'all of the set' }),
    ...databaseOption,
    ...dataOptions,
    threads,
  },
  interruptible: true,
  run: async (args, context) => (await import('./run-commands.js')).runAnnEval(args, context),
});

const ann = defineFamily({
  usage: 'ann',
  describe: 'ReLU networks without biases, to be converted to spiking ones',
  examples: [['ann train --epochs 5', 'then: locus convert']],
  commands: [train, evaluate],
});

export const reluCommands: KindCommands = { others: [ann] };
