/** Competition between the filters of one receptive field, within a layer or from one of the same shape: fixed (one weight for all) or with weights of its own. */
import { filledText, number, oneOf, readOptions, required, type Schema } from '../../../options.js';
import { countPositions, type LayerShape } from '../shape.js';
import { buildFanOut } from './fan-out.js';
import { checkSameShape, SynapticConnection, type SynapseParameters, type Wiring } from './topology.js';

const circles = ['field', 'layer'] as const;

interface CompetitionParameters {
  /** From each neuron onto every other one of those that compete [mV]; negative inhibits. */
  weight: number;
  /** Whether the filters of one receptive field compete (default) or all neurons of the layer. */
  among?: (typeof circles)[number];
  /** Name of the target's input that it adds to, of those that its model has. Default: the first. */
  into?: string;
  /** Until a spike is part of the others' input [ms]: whole steps. Default: a step, or none as the network's `propagation` says. */
  delay?: number;
}

const schema: Schema<CompetitionParameters> = {
  weight: required(number({ unit: 'mV' })),
  among: oneOf(circles),
  into: filledText,
  delay: number({ least: 0, unit: 'ms' }),
};

/** Every neuron acts on all others of its position, or layer, with the same weight, so a step needs only the count of their spikes. */
export class LateralCompetition {
  readonly kind = 'uniform';
  readonly weight: number;
  readonly among: (typeof circles)[number];
  readonly into: string | null;
  readonly delay: number | null;
  readonly options: CompetitionParameters;

  constructor(parameters: CompetitionParameters) {
    this.options = readOptions('LateralCompetition', schema, parameters);
    const { weight, among = 'field', into = null, delay = null } = this.options;
    this.weight = weight;
    this.among = among;
    this.into = into;
    this.delay = delay;
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
