/** One to one: every source neuron has a weight onto its counterpart in a layer of the same shape, and no other. */
import { countNeurons, countPositions, engineOrder, type LayerShape, listSides } from '../shape.js';
import { buildFanOut } from './fan-out.js';
import { checkSameShape, SynapticConnection, type SynapseParameters, type Wiring } from './topology.js';

/**
 * Engines keep whole rows: channels² weights at each position, of which those of the diagonal are synapses.
 */
export class OneToOneConnection extends SynapticConnection {
  constructor(parameters: SynapseParameters = {}) {
    super(parameters, 'OneToOneConnection');
  }

  /** Published weights: one for every neuron, in the shape of the layer (`[n]` of a plain vector). */
  wire(source: LayerShape, target: LayerShape, place: string): Wiring {
    checkSameShape(source, target, place);
    const { channels } = target;
    const n = countNeurons(target);
    const entries: [source: number, row: number, target: number][] = [];
    const mask = new Uint8Array(n * channels);
    for (let i = 0; i < n; i++) {
      entries.push([i, i, i - (i % channels)]);
      mask[i * channels + (i % channels)] = 1;
    }
    return {
      fanOut: buildFanOut(n, n, channels, entries),
      weightShape: countPositions(target) === 1 ? [n] : listSides(target),
      engineIndex: engineOrder(target).map((i) => i * channels + (i % channels)),
      nGroups: countPositions(target),
      maskSelf: false,
      mask,
    };
  }
}
