/** `locus nnmf`: the deep network of layers of non-negative matrix factorisation. */
import { defineCommand, defineFamily } from '../../cli/command.js';
import {
  countOption,
  databaseOption,
  dataOptions,
  engineOptions,
  flagOption,
  listOption,
  numberOption,
  parseNumber,
} from '../../cli/options.js';
import { defineTrainCommand, nameOptions } from '../../cli/train-command.js';
import type { KindCommands } from '../registry.js';

const { threads } = engineOptions;

const structure = { group: 'Network:' };
const training = { group: 'Training:' };

const structureOptions = {
  iterations: countOption('updates of every layer', 1, { ...structure, defaultDescription: '20' }),
  epsilon: numberOption('step size of the damped update', { ...structure, defaultDescription: 'none' }),
  'positive-function': countOption('0 abs, 1 exp, 2 tanh, 3 identity', 0, {
    ...structure,
    defaultDescription: '0',
  }),
  beta: numberOption('trainable slope of the positive functions 1 and 2', structure),
  'local-learning': flagOption('weights follow their own reconstruction error', structure),
  'local-learning-kl': flagOption('with the Kullback-Leibler divergence', structure),
  'mlp-equivalent': flagOption('plain 1 x 1 convolutions in place of the layers: the control', structure),
  seed: countOption('seed of every random draw', 0, { ...structure, defaultDescription: '0' }),
} as const;

const info = defineCommand({
  usage: 'info',
  describe: 'print the structure and the numbers of parameters',
  examples: [
    ['nnmf info', 'for CIFAR-10'],
    ['nnmf info --dataset mnist', 'for MNIST'],
  ],
  options: { ...structureOptions, ...dataOptions },
  run: async (args, context) => (await import('./run-commands.js')).runNnmfInfo(args, context),
});

const train = defineTrainCommand({
  type: 'NNMF',
  usage: 'train',
  describe: 'train and store a network, an epoch at a time',
  examples: [
    ['nnmf train --dataset mnist --epochs 2', 'two epochs'],
    ['nnmf train --dataset cifar10 --resume', 'go on where it was interrupted'],
  ],
  options: {
    epochs: countOption('epochs', 1, {
      ...training,
      defaultDescription: '500, or until the rates fall below 1e-9',
    }),
    checkpoint: countOption('save a checkpoint within an epoch every so many images', 1, {
      ...training,
      defaultDescription: '10000',
    }),
    'batch-size': countOption('images per batch', 1, { ...training, defaultDescription: '50' }),
    'loss-mode': countOption('0 squared error and divergence, 1 cross entropy', 0, {
      ...training,
      defaultDescription: '0',
    }),
    rates: listOption('learning rates of cnn_top, nnmf and batchnorm2d', parseNumber, {
      ...training,
      defaultDescription: '0.001,0.01,0.001',
    }),
    'rate-decay': numberOption('factor of all rates after every epoch', {
      ...training,
      defaultDescription: '1',
    }),
    train: countOption('training images', 1, { ...training, defaultDescription: 'all of the set' }),
    test: countOption('test images', 1, { ...training, defaultDescription: 'all of the set' }),
    ...structureOptions,
    ...dataOptions,
    threads,
  },
});

const evaluate = defineCommand({
  usage: 'score <name>',
  formerly: 'eval',
  describe: 'score a stored network on test images',
  examples: [['nnmf score my-network --test 1000', 'on 1000 test images']],
  positionals: { name: { describe: 'name or hash of the network' } },
  options: {
    'batch-size': countOption('images per batch, which are normalised together', 2, {
      defaultDescription: 'as in training',
    }),
    test: countOption('test images', 1, { defaultDescription: 'all of the set' }),
    ...databaseOption,
    ...dataOptions,
    threads,
  },
  interruptible: true,
  run: async (args, context) => (await import('./run-commands.js')).runNnmfEval(args, context),
});

const importNetwork = defineCommand({
  usage: 'import <file>',
  describe: 'store a network that PyTorch trained, from its state_dict',
  examples: [['nnmf import net.pt --dataset cifar10 --name imported', 'then: locus nnmf score imported']],
  positionals: { file: { describe: 'file that torch.save(network.state_dict(), file) wrote' } },
  options: {
    ...nameOptions,
    ...structureOptions,
    ...databaseOption,
    ...dataOptions,
  },
  run: async (args, context) => (await import('./run-commands.js')).runNnmfImport(args, context),
});

const nnmf = defineFamily({
  usage: 'nnmf',
  describe: 'deep networks of non-negative matrix factorisation',
  examples: [['nnmf info', 'structure and numbers of parameters']],
  commands: [info, train, evaluate, importNetwork],
});

export const nnmfCommands: KindCommands = { others: [nnmf] };
