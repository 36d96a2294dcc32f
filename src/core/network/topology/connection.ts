/** Fully connected: every source neuron has a weight onto every target neuron. */
import { countNeurons, countPositions, engineOrder, type LayerShape, listSides } from '../shape.js';
import { buildFanOut } from './fan-out.js';
import { SynapticConnection, type SynapseParameters, type Wiring } from './topology.js';

export type ConnectionParameters = SynapseParameters;

export class Connection extends SynapticConnection {
  constructor(parameters: ConnectionParameters = {}) {
    super(parameters, 'Connection');
  }

  /** Published weights: [target, source]; from an image onto a vector, [target, y, x]. */
  wire(source: LayerShape, target: LayerShape): Wiring {
    return wireDensely(source, target);
  }
}

/** A weight from every source neuron onto every target neuron, published as `Connection.wire` says. */
export function wireDensely(source: LayerShape, target: LayerShape): Wiring {
  const nSources = countNeurons(source);
  const nPositions = countPositions(target);
  const { channels } = target;
  const entries: [number, number, number][] = [];
  for (let position = 0; position < nPositions; position++) {
    for (let i = 0; i < nSources; i++) entries.push([i, position * nSources + i, position * channels]);
  }
  const sourceOrder = engineOrder(source);
  const targetOrder = engineOrder(target);
  const engineIndex = new Uint32Array(nSources * targetOrder.length);
  for (let j = 0, at = 0; j < targetOrder.length; j++) {
    const position = Math.floor(targetOrder[j] / channels);
    for (let i = 0; i < nSources; i++, at++) {
      engineIndex[at] = (position * nSources + sourceOrder[i]) * channels + (targetOrder[j] % channels);
    }
  }
  const sourceShape = listSides(source).filter((side) => side > 1);
  const targetShape = nPositions === 1 ? [channels] : listSides(target);
  return {
    fanOut: buildFanOut(nSources, nPositions * nSources, channels, entries),
    weightShape: [...targetShape, ...(sourceShape.length === 0 ? [1] : sourceShape)],
    engineIndex,
    nGroups: nPositions,
    maskSelf: false,
  };
}
