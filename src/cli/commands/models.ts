/** `locus models`: the neuron models and learning rules that are defined by equations. */
import { defineCommand } from '../command.js';

export const models = defineCommand({
  usage: 'models [name]',
  describe: 'list the neuron models and learning rules of the shelf, or show the equations of one',
  examples: [
    ['models', 'all of them, a line each'],
    ['models AdEx', 'equations, parameters with units, state and source of one'],
    ['models TripletStdp --json', 'the same for machines, equations also as LaTeX'],
  ],
  positionals: { name: { describe: 'name of a neuron model or a learning rule' } },
  run: async (args, context) => (await import('../run/models.js')).runModels(args, context),
});
