/** Competition between the filters of one receptive field, within a layer or from one of the same shape: fixed (one weight for all) or with weights of its own. */
import { filledText, number, readOptions, required, type Schema } from '../../../options.js';
import { countPositions, type LayerShape } from '../shape.js';
import { buildFanOut } from './fan-out.js';
import { checkSameShape, SynapticConnection, type SynapseParameters, type Wiring } from './topology.js';

interface CompetitionParameters {
  /** From each neuron onto every other filter at its position [mV]; negative inhibits. */
  weight: number;
  /** Name of the target's input that it adds to, of those that its model has. Default: the first. */
  into?: string;
}

const schema: Schema<CompetitionParameters> = {
  weight: required(number({ unit: 'mV' })),
  into: filledText,
};

/** Every neuron acts on all others of its position with the same weight, so a step needs only the position's spike count. */
export class LateralCompetition {
  readonly kind = 'uniform';
  readonly weight: number;
  readonly into: string | null;
  readonly options: CompetitionParameters;

  constructor(parameters: CompetitionParameters) {
    this.options = readOptions('LateralCompetition', schema, parameters);
    const { weight, into = null } = this.options;
    this.weight = weight;
    this.into = into;
  }
}

/** Every pair of filters at a position has its own weight: blocks of filters × filters, never a dense matrix. */
export class LateralConnection extends SynapticConnection {
  constructor(parameters: SynapseParameters) {
    super(parameters, 'LateralConnection');
  }

  /** Published weights: [position, source filter, target filter]. */
  wire(source: LayerShape, target: LayerShape, place: string): Wiring {
    checkSameShape(source, target, place);
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
