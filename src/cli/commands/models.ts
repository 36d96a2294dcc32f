/** `locus models`: the neuron models, learning rules and synapse models that are defined by equations. */
import { defineCommand } from '../command.js';

export const models = defineCommand({
  usage: 'models [name]',
  describe:
    'list the neuron models, learning rules and synapse models of the shelf, or show the equations of one',
  examples: [
    ['models', 'all of them, a line each'],
    ['models AdEx', 'equations, parameters with units, state and source of one'],
    ['models TripletStdp --json', 'the same for machines, equations also as LaTeX'],
  ],
  positionals: { name: { describe: 'name of a neuron model, a learning rule or a synapse model' } },
  run: async (args, context) => (await import('../run/models.js')).runModels(args, context),
});
