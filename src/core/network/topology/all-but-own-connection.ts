/** All but the own: every source neuron has a weight onto every neuron of a layer of the same shape but its counterpart. */
import type { LayerShape } from '../shape.js';
import { wireDensely } from './connection.js';
import { checkSameShape, SynapticConnection, type SynapseParameters, type Wiring } from './topology.js';

/** As the inhibition of Diehl & Cook 2015. Between neurons of one position, with one weight for all: `LateralCompetition`. */
export class AllButOwnConnection extends SynapticConnection {
  constructor(parameters: SynapseParameters = {}) {
    super(parameters, 'AllButOwnConnection');
  }

  /** Published weights: as those of a `Connection`, [target, source]; 0 onto the own counterpart. */
  wire(source: LayerShape, target: LayerShape, place: string): Wiring {
    checkSameShape(source, target, place);
    const wiring = wireDensely(source, target);
    const { nSources, nRows, rowLength } = wiring.fanOut;
    const mask = new Uint8Array(nRows * rowLength).fill(1);
    for (let i = 0; i < nSources; i++) {
      const [position, channel] = [Math.floor(i / rowLength), i % rowLength];
      mask[(position * nSources + i) * rowLength + channel] = 0;
    }
    return { ...wiring, mask };
  }
}
