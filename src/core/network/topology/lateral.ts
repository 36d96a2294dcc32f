/** Competition between the filters of one receptive field: fixed (one weight for all) or with weights of its own. */
import { invalidArgument } from '../../../errors.js';
import { number, readOptions, required, type Schema } from '../../../options.js';
import { countPositions, type LayerShape } from '../shape.js';
import { buildFanOut } from './fan-out.js';
import { SynapticConnection, type SynapseParameters, type Wiring } from './topology.js';

interface CompetitionParameters {
  /** From each neuron onto every other filter at its position [mV]; negative inhibits. */
  weight: number;
}

const schema: Schema<CompetitionParameters> = { weight: required(number({ unit: 'mV' })) };

/** Every neuron acts on all others of its position with the same weight, so a step needs only the position's spike count. */
export class LateralCompetition {
  readonly kind = 'uniform';
  readonly weight: number;

  constructor(parameters: CompetitionParameters) {
    this.weight = readOptions('LateralCompetition', schema, parameters).weight;
  }
}

/** Every pair of filters at a position has its own weight: blocks of filters × filters, never a dense matrix. */
export class LateralConnection extends SynapticConnection {
  constructor(parameters: SynapseParameters) {
    super(parameters, 'LateralConnection');
  }

  /** Published weights: [position, source filter, target filter]. */
  wire(source: LayerShape, target: LayerShape, place: string): Wiring {
    if (JSON.stringify(source) !== JSON.stringify(target)) {
      throw invalidArgument(place, 'a lateral connection from a layer onto itself', [source, target]);
    }
    const n = source.channels;
    const nPositions = countPositions(source);
    const entries: [number, number, number][] = [];
    for (let i = 0; i < nPositions * n; i++) entries.push([i, i, Math.floor(i / n) * n]);
    return {
      fanOut: buildFanOut(nPositions * n, nPositions * n, n, entries),
      weightShape: [nPositions, n, n],
      engineIndex: Uint32Array.from({ length: nPositions * n * n }, (_, i) => i),
      nGroups: nPositions,
      maskSelf: true,
    };
  }
}
