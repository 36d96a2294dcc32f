/** `locus convert`: a ReLU network becomes a network of integrate-and-fire neurons, and is tested. */
import {
  choiceOption,
  countOption,
  dataOptions,
  engineOptions,
  flagOption,
  numberOption,
  textOption,
  whereGroup,
} from '../../cli/options.js';
import { defineTrainCommand } from '../../cli/train-command.js';
import type { KindCommands } from '../registry.js';

const { threads } = engineOptions;
const conversion = { group: 'Conversion:' };
const run = { group: 'Run:' };

const convert = defineTrainCommand({
  type: 'ReLU_SNN',
  usage: 'convert [ann]',
  describe: 'convert a ReLU network to a spiking one, test it after every millisecond, and store both',
  examples: [
    ['convert dense --duration 60', 'a network that locus ann train has stored'],
    ['convert --npy weights --normalization none', 'weights in NumPy files, described by meta.json'],
    ['convert dense --percentile 99.9 --reset subtract --json', 'the robust variant'],
  ],
  positionals: { ann: { describe: 'name or hash of the ReLU network' } },
  options: {
    npy: textOption('folder with conv1.npy, …, fc.npy in place of a stored network', conversion),
    network: textOption('architecture of the folder’s network', {
      ...conversion,
      defaultDescription: '"network" in its meta.json',
    }),
    normalization: choiceOption('weights are normalised by', ['none', 'model', 'data'], {
      ...conversion,
      defaultDescription: 'data',
    }),
    percentile: numberOption('percentile of the activations that becomes 1 [%]', {
      ...conversion,
      defaultDescription: '100',
    }),
    train: countOption('training images that activations are measured on', 1, {
      ...conversion,
      defaultDescription: 'all of the set',
    }),
    'normalize-output': flagOption(
      'normalise the output layer too (default); --no-normalize-output: leave it',
      {
        ...conversion,
      },
    ),
    balance: choiceOption('what the factors change, with the same spikes', ['weights', 'thresholds'], {
      ...conversion,
      defaultDescription: 'weights',
    }),
    threshold: numberOption('threshold of all neurons', { ...conversion, defaultDescription: '1' }),
    reset: choiceOption('after a spike', ['zero', 'subtract'], { ...conversion, defaultDescription: 'zero' }),
    input: choiceOption('input spikes', ['poisson', 'constant'], { ...run, defaultDescription: 'poisson' }),
    'max-rate': numberOption('rate of a pixel of full brightness [Hz]', {
      ...run,
      defaultDescription: '1000',
    }),
    duration: numberOption('simulated time per image [ms]', { ...run, defaultDescription: '100' }),
    dt: numberOption('length of a step [ms]', { ...run, defaultDescription: '1' }),
    seed: countOption('seed of the input spikes', 0, { ...run, defaultDescription: '0' }),
    test: countOption('test images', 1, { ...run, defaultDescription: 'all of the set' }),
    checkpoint: countOption('save a checkpoint every so many images', 1, {
      ...run,
      defaultDescription: '1000',
    }),
    ...dataOptions,
    engine: textOption('engine: wasm, reference, gpu or gpu-webasm', {
      group: whereGroup,
      defaultDescription: 'wasm',
    }),
    threads,
  },
});

export const convertedCommands: KindCommands = { others: [convert] };
