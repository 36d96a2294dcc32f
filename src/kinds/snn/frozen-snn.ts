/** A stored network that nothing changes any more: it answers images, step by step.  Needs nothing of Node. */
import { poisson } from '../../core/encoding/index.js';
import { type SpikeTrain, spikeTrainFromRaster } from '../../core/encoding/spike-train.js';
import { invalidArgument, unknownName } from '../../errors.js';
import { Monitor } from '../../core/network/monitors.js';
import type { Network } from '../../core/network/network.js';
import { checkArrays } from '../record-shape.js';
import { networkTypes } from '../../published-networks.js';
import { packSpikeCounts, type ReadoutMethod } from '../../readout/index.js';
import { type NetworkMessage } from '../network-message.js';
import {
  fromPublished,
  type NetworkType,
  parseParameters,
  type SnnParameters,
  stepsPerImage,
} from './parameters.js';
import { buildSnnNetwork, type EngineChoice } from './snn-network.js';
import { SnnReadout } from './snn-readout.js';
import { shapeSnnArrays, type SnnMeta, type SnnState, toSnnState, writeSnnState } from './snn-state.js';

/** A spiking network out of a message. */
export interface StoredSnn {
  readonly name: string;
  readonly type: NetworkType;
  readonly parameters: SnnParameters;
  readonly state: SnnState;
}

/** @throws LocusError `UNKNOWN_NAME` for a network of another type, `STORE_CORRUPT` for arrays that do not fit the parameters */
export function readStoredSnn({ name, parameters, arrays, meta, scores }: NetworkMessage): StoredSnn {
  const type = networkTypes.find((known) => known === parameters.network_type);
  if (!type)
    throw unknownName(`network "${name}"`, 'network type', String(parameters.network_type), networkTypes);
  const place = `network "${name}"`;
  const parsed = parseParameters(type, fromPublished(parameters));
  // The sender has checked it.
  const history = meta as unknown as SnnMeta;
  const checked = checkArrays(shapeSnnArrays(type, parsed, history), arrays, { place });
  return { name, type, parameters: parsed, state: toSnnState(history, checked, scores) };
}

/** What one readout method says. */
export interface Opinion {
  readonly method: ReadoutMethod;
  /** −1: no spikes at all. */
  readonly label: number;
  /** What speaks for every label: votes, or outputs of the classifier. */
  readonly scores: Float64Array;
}

/** How the network answered an image. */
export interface Answer {
  readonly inputSpikes: SpikeTrain;
  /** Of Y, published order. */
  readonly spikes: SpikeTrain;
  /** Spikes per Y neuron. */
  readonly counts: Uint16Array;
  /** By method; empty before calibration. */
  readonly opinions: readonly Opinion[];
  /** Time of the simulation alone. */
  readonly milliseconds: number;
}

export class FrozenSnn {
  readonly #stored: StoredSnn;
  readonly #network: Network;
  readonly #outputs = new Monitor({ variables: ['spikes'] });
  readonly #readout: SnnReadout;

  constructor(stored: StoredSnn, choice: EngineChoice) {
    const { type, parameters, state } = stored;
    this.#stored = stored;
    this.#readout = new SnnReadout(type);
    this.#readout.restore(state.readout);
    this.#network = buildSnnNetwork(type, parameters, choice).addMonitor('Y', this.#outputs);
    writeSnnState(this.#network, type, state);
  }

  /**
   * Shows the network crop × crop bytes for its time; the same spikes as `Snn.feed`.
   *
   * @param item which random spikes: the same give the same
   */
  async answer(image: Uint8Array, item = 0): Promise<Answer> {
    const { crop, intensity, dt, seed, nFilters } = this.#stored.parameters;
    if (image.length !== crop * crop)
      throw invalidArgument('answer', `${crop} × ${crop} bytes`, image.length);
    const time = stepsPerImage(this.#stored.parameters);
    const inputSpikes = poisson(image, { time, dt, intensity, seed, purpose: 'feedSpikes', item });
    this.#outputs.reset();
    this.#network.resetState();
    const start = performance.now();
    await this.#network.run({ X: inputSpikes }, { learn: false });
    const milliseconds = performance.now() - start;
    const { data, steps, size } = this.#outputs.get('spikes');
    const spikes = spikeTrainFromRaster(data, steps, size);
    const counts = new Uint16Array(size);
    for (const neuron of spikes.neurons) counts[neuron]++;
    const packed = packSpikeCounts(counts, { nFilters, nPositions: size / nFilters });
    const opinions = this.#readout.methods.map((method) => ({
      method,
      label: this.#readout.predict(method, packed)[0],
      scores: this.#readout.scoreLabels(method, packed),
    }));
    return { inputSpikes, spikes, counts, opinions, milliseconds };
  }

  dispose(): void {
    this.#network.dispose();
  }
}
