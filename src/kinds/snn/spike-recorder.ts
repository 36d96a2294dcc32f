/** Shows spikes to a copy of a network and records every step, so that the network itself stays as it is. */
import { rasterFromSpikeTrain, type SpikeTrain } from '../../core/encoding/spike-train.js';
import { Monitor, type Recording } from '../../core/network/monitors.js';
import type { Network } from '../../core/network/network.js';
import type { Recorded } from './snn-options.js';

export class SpikeRecorder {
  readonly #network: Network;
  readonly #outputs: Monitor;

  /**
   * @param network a network of the same description; it belongs to the recorder
   * @param voltage variable of Y that is shown as its voltage
   */
  constructor(
    network: Network,
    private readonly voltage: string,
  ) {
    this.#outputs = new Monitor({ variables: ['spikes', voltage] });
    this.#network = network.addMonitor('Y', this.#outputs);
  }

  /** @param writeState gives the copy the state of the network */
  async record(train: SpikeTrain, writeState: (network: Network) => void): Promise<Recorded> {
    writeState(this.#network);
    this.#network.resetState();
    await this.#network.run({ X: train }, { learn: false });
    const recorded = {
      inputSpikes: recordingOf(train),
      spikes: this.#outputs.get('spikes'),
      voltages: this.#outputs.get(this.voltage),
    };
    this.#outputs.reset();
    const { steps, size, data } = recorded.spikes;
    const counts = new Uint16Array(size);
    for (let step = 0; step < steps; step++) {
      for (let neuron = 0; neuron < size; neuron++) counts[neuron] += data[step * size + neuron];
    }
    return { ...recorded, counts };
  }

  dispose(): void {
    this.#network.dispose();
  }
}

/** What a monitor of the input layer would have recorded: it spikes as it is told. */
function recordingOf(train: SpikeTrain): Recording {
  const { steps, size } = train;
  return { steps, size, data: Float32Array.from(rasterFromSpikeTrain(train)) };
}
