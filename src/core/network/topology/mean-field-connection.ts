/** Mean field: every target receives its weight times the mean of the source's spikes. */
import { pickOptions, readOptions, type Schema } from '../../../options.js';
import { countNeurons, countPositions, engineOrder, type LayerShape, listSides } from '../shape.js';
import { buildFanOut } from './fan-out.js';
import { SynapticConnection, type SynapseParameters, synapseSchema, type Wiring } from './topology.js';

export type MeanFieldParameters = Pick<SynapseParameters, 'w' | 'into' | 'bias'>;

const { w, into, bias } = synapseSchema;
const schema: Schema<MeanFieldParameters> = { w, into, bias };

/** The mean over the neurons of the source in a step: the share of them that spike. */
export class MeanFieldConnection extends SynapticConnection {
  constructor(parameters: MeanFieldParameters = {}) {
    const place = 'MeanFieldConnection';
    super(pickOptions(schema, readOptions(place, schema, parameters)), place);
  }

  /** Published weights: one for every target neuron, in the shape of its layer (`[n]` of a plain vector). */
  wire(source: LayerShape, target: LayerShape): Wiring {
    const nSources = countNeurons(source);
    const nPositions = countPositions(target);
    const { channels } = target;
    return {
      fanOut: buildFanOut(nSources, nPositions, channels, listEntries(nSources, nPositions, channels)),
      weightShape: nPositions === 1 ? [channels] : listSides(target),
      engineIndex: engineOrder(target),
      nGroups: nPositions,
      maskSelf: false,
      delivery: { kind: 'mean' },
    };
  }
}

function* listEntries(
  nSources: number,
  nPositions: number,
  channels: number,
): Generator<[source: number, row: number, target: number]> {
  for (let position = 0; position < nPositions; position++) {
    for (let i = 0; i < nSources; i++) yield [i, position, position * channels];
  }
}
