/** Which parts of a network share no state, so that they can be simulated apart, in any order, on any thread. */
import type { Program } from '../../network/program.js';
import { countPositions } from '../../network/shape.js';

/**
 * The positions of the network's one neuron layer, if they are independent of each other; otherwise null.  Of a layer in which one
 * neuron alone may spike they are not; while a network learns, positions that share weights are not independent.
 */
export function independentPositions(program: Program, learn: boolean): number[] | null {
  const neuronLayers = program.layers.filter(({ model }) => model.kernel !== 'input');
  if (neuronLayers.length !== 1) return null;
  const [layer] = neuronLayers;
  const layerIndex = program.layers.indexOf(layer);
  const nPositions = countPositions(layer.shape);
  if (nPositions === 1 || layer.model.isExclusive) return null;
  for (const connection of program.connections) {
    if (connection.kind === 'uniform') {
      if (connection.among === 'layer') return null;
      continue;
    }
    const { fanOut, nGroups, normGroups = nGroups, isSparse } = connection.wiring;
    if (isSparse) return null;
    const changes = connection.rule.kernel !== 'none' || connection.norm !== null;
    if (learn && changes && (nGroups !== nPositions || normGroups < nGroups)) return null;
    // Every shard has all rows, and would keep state of synapses that are another's.
    const states = [...(connection.compiledSynapse?.state.values() ?? [])];
    if (nGroups !== nPositions && states.some(({ of }) => of === 'synapse')) return null;
    if (connection.source !== layerIndex) continue;
    for (let i = 0; i < fanOut.nSources; i++) {
      const position = Math.floor(i / layer.shape.channels);
      for (let e = fanOut.start[i]; e < fanOut.start[i + 1]; e++) {
        if (Math.floor(fanOut.target[e] / fanOut.rowLength) !== position) return null;
      }
    }
  }
  return Array.from({ length: nPositions }, (_, position) => position);
}
