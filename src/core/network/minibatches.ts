/** What the images of a minibatch run: equations, which say how images share weights and thresholds. */
import { LocusError } from '../../errors.js';
import type { Program, ProgramConnection, ProgramLayer } from './program.js';
import { unsupported } from './simulation.js';

/**
 * The program of images that learn at once: with equations in the place of models and rules that are written by hand for one image.
 *
 * @throws LocusError naming the precision, model or rule that can only learn from one image at a time, and why
 */
export function programOfMinibatches(program: Program, engine: string): Program {
  const { precision, layers, connections } = program;
  if (precision !== 'single') {
    const problem = `engine ${engine}: minibatches are computed in single precision, not in precision "${precision}"`;
    throw new LocusError('ENGINE_UNAVAILABLE', problem);
  }
  return {
    ...program,
    layers: layers.map((layer) => layerOfMinibatches(layer, engine)),
    connections: connections.map((connection) => connectionOfMinibatches(connection, engine)),
  };
}

function layerOfMinibatches(layer: ProgramLayer, engine: string): ProgramLayer {
  const { model } = layer;
  if (model.kernel === 'input') return layer;
  const together = model.stepTogether ? model : layer.equations();
  if (!together?.stepTogether) throw unsupported(engine, 'neuron model in minibatches', model.name);
  together.compile?.(layer.constants.dt).together();
  return { ...layer, model: together };
}

function connectionOfMinibatches(connection: ProgramConnection, engine: string): ProgramConnection {
  if (connection.kind === 'uniform') return connection;
  const { rule, compiledSynapse } = connection;
  if (compiledSynapse) throw unsupported(engine, 'synapse model in minibatches', compiledSynapse.name);
  if (rule.kernel === 'none') return connection;
  const compiledRule = connection.compileTogether();
  if (!compiledRule && !rule.updateTogether)
    throw unsupported(engine, 'learning rule in minibatches', rule.name);
  return { ...connection, compiledRule };
}
