/** Fully connected: every source neuron has a weight onto every target neuron. */
import { invalidArgument } from '../../../errors.js';
import { numbers, readOptions, type Schema } from '../../../options.js';
import { countNeurons, countPositions, engineOrder, type LayerShape } from '../shape.js';
import { buildFanOut } from './fan-out.js';
import { SynapticConnection, type SynapseParameters, synapseSchema, type Wiring } from './topology.js';

export interface ConnectionParameters extends SynapseParameters {
  /** Where there is a synapse: 1 or 0 for every weight, in the weights' published shape; other weights are held at 0. */
  mask?: ArrayLike<number>;
}

const schema: Schema<ConnectionParameters> = { ...synapseSchema, mask: numbers };

export class Connection extends SynapticConnection {
  readonly mask: ArrayLike<number> | null;

  constructor(parameters: ConnectionParameters = {}) {
    const options = readOptions('Connection', schema, parameters);
    const { mask, ...synapses } = options;
    super(synapses, 'Connection', options);
    const stray = Array.from(mask ?? []).find((each) => each !== 0 && each !== 1);
    if (stray !== undefined) throw invalidArgument('Connection', 'a mask of 0 and 1', stray);
    this.mask = mask ?? null;
  }

  /** Published weights: [target, source]; from an image onto a vector, [target, y, x]. */
  wire(source: LayerShape, target: LayerShape, place: string): Wiring {
    const wiring = wireDensely(source, target);
    if (!this.mask) return wiring;
    const { engineIndex, weightShape } = wiring;
    if (this.mask.length !== engineIndex.length) {
      const expectation = `a mask of ${engineIndex.length} weights (${weightShape.join(' × ')})`;
      throw invalidArgument(place, expectation, this.mask.length);
    }
    const mask = new Uint8Array(engineIndex.length);
    for (let i = 0; i < mask.length; i++) mask[engineIndex[i]] = this.mask[i];
    return { ...wiring, mask };
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
  const sourceShape = [source.channels, source.height, source.width].filter((side) => side > 1);
  const targetShape = nPositions === 1 ? [channels] : [channels, target.height, target.width];
  return {
    fanOut: buildFanOut(nSources, nPositions * nSources, channels, entries),
    weightShape: [...targetShape, ...(sourceShape.length === 0 ? [1] : sourceShape)],
    engineIndex,
    nGroups: nPositions,
    maskSelf: false,
  };
}
