/** Small networks whose every spike a test decides, on any engine. */
import '../../src/node/engines.js';
import { spikeTrainFromEvents, type SpikeTrain } from '../../src/core/encoding/spike-train.js';
import { Monitor } from '../../src/core/network/monitors.js';
import type { Network } from '../../src/core/network/network.js';

export const engines = ['reference', 'wasm'] as const;

/** Spikes by neuron: the steps in which each fires. */
export function spikesByNeuron(times: readonly (readonly number[])[], steps: number): SpikeTrain {
  const events = times.flatMap((each, neuron) => each.map((t) => ({ t, neuron })));
  return spikeTrainFromEvents(
    events.map(({ t }) => t),
    events.map(({ neuron }) => neuron),
    steps,
    times.length,
  );
}

/** Every step from `first` up to, not including, `end`. */
export function stepsFrom(first: number, end: number): number[] {
  return Array.from({ length: end - first }, (_, i) => first + i);
}

/** Records a variable of a layer or a connection: rows are steps. */
export function record(network: Network, of: string, variable: string): () => number[][] {
  const monitor = new Monitor({ variables: [variable] });
  network.addMonitor(of, monitor);
  return () => {
    const { steps, size, data } = monitor.get(variable);
    return Array.from({ length: steps }, (_, t) => [...data.subarray(t * size, (t + 1) * size)]);
  };
}

/** The steps in which each neuron spiked, from a recording of `spikes`. */
export function spikeTimes(rows: readonly (readonly number[])[]): number[][] {
  return (rows[0] ?? []).map((_, neuron) => [...rows.keys()].filter((t) => rows[t][neuron] === 1));
}
