/** A neuron's membrane potential with its threshold and spikes. */
import { defineFigure } from './definition.js';
import * as example from './example-results.js';
import { fedField, type FedImage, type SnnSource } from './sources.js';
import { countOption, imageOptions } from './figure-option.js';
import { invalidArgument } from '../errors.js';
import { count, number, readOptions, required, type Schema } from '../options.js';
import type { Figure } from './figure.js';
import type { StepRecording } from './results.js';
import { colors, createFigure, figureFields, type FigureOptions } from './theme.js';

export interface VoltageOptions extends FigureOptions {
  /** Length of a step [ms]. */
  dt?: number;
}

const schema: Schema<VoltageOptions> = {
  ...figureFields,
  dt: number({ above: 0, unit: 'ms' }),
};

/** What is drawn of one neuron. */
export interface VoltageOf {
  readonly neuron: number;
  /** Threshold with its adaptive part [mV]. */
  readonly threshold: number;
}

const neuronSchema: Schema<VoltageOf> = {
  neuron: required(count({ least: 0 })),
  threshold: required(number({ unit: 'mV' })),
};

/** Values of one neuron in a recording, step by step. */
export function selectNeuron({ steps, size, data }: StepRecording, neuron: number): Float32Array {
  if (!Number.isInteger(neuron) || neuron < 0 || neuron >= size) {
    throw invalidArgument('selectNeuron', `a neuron from 0 to ${size - 1}`, neuron);
  }
  return Float32Array.from({ length: steps }, (_, step) => data[step * size + neuron]);
}

/** Times of the steps in which a neuron spiked [ms]. */
export function spikeTimes(spikes: StepRecording, neuron: number, dt: number): number[] {
  const own = selectNeuron(spikes, neuron);
  return [...own.keys()].filter((step) => own[step] !== 0).map((step) => step * dt);
}

/**
 * @param voltages membrane potentials after each step [step, neuron], mV; a spike's own step shows the reset value
 * @param spikes of the same neurons [step, neuron]
 */
export function voltageFigure(
  voltages: StepRecording,
  spikes: StepRecording,
  of: VoltageOf,
  options: VoltageOptions = {},
): Figure {
  const { neuron, threshold } = readOptions('voltageFigure', neuronSchema, of);
  const { title, dt = 1 } = readOptions('voltageFigure', schema, options);
  const v = selectNeuron(voltages, neuron);
  const times = spikeTimes(spikes, neuron, dt);
  const least = v.reduce((low, value) => Math.min(low, value), threshold);
  const most = v.reduce((high, value) => Math.max(high, value), threshold);
  const room = Math.max(1, most - least);
  const spikeLevel = most + 0.06 * room;
  return createFigure(
    [
      {
        type: 'scatter',
        mode: 'lines',
        x: Float64Array.from(v, (_, step) => step * dt),
        y: v,
        line: { color: colors.blue, width: 1.5 },
        name: 'membrane potential',
        hovertemplate: '%{x} ms: %{y:.2f} mV<extra></extra>',
      },
      {
        type: 'scatter',
        mode: 'lines',
        x: [0, voltages.steps * dt],
        y: [threshold, threshold],
        line: { color: colors.orange, width: 1.5, dash: 'dash' },
        name: `threshold ${threshold.toFixed(1).replace('-', '−')} mV`,
        hoverinfo: 'skip',
      },
      {
        type: 'scatter',
        mode: 'markers',
        x: times,
        y: times.map(() => spikeLevel),
        marker: { symbol: 'triangle-down', size: 8, color: colors.black },
        name: `spikes: ${times.length}`,
        hovertemplate: 'spike at %{x} ms<extra></extra>',
      },
    ],
    {
      xaxis: { title: { text: 'time [ms]' }, range: [0, voltages.steps * dt] },
      yaxis: { title: { text: 'membrane potential [mV]' }, range: [least - 0.06 * room, most + 0.14 * room] },
      showlegend: true,
      legend: { orientation: 'h', x: 0, y: 1, xanchor: 'left', yanchor: 'bottom' },
    },
    { title: title ?? `Membrane potential of neuron ${neuron}`, plotWidth: 640, plotHeight: 300, top: 30 },
  );
}

voltageFigure.definition = defineFigure({
  name: 'voltage',
  method: 'voltageFigure',
  topic: 'one image',
  describe: 'membrane potential of a neuron at a test image',
  of: ['snn'],
  options: {
    ...imageOptions,
    neuron: countOption('whose voltage', { fallback: 'the one with the most spikes' }),
  },
  draw: (
    network: SnnSource,
    fed: FedImage,
    neuron: number = findBusiest(fedField('voltageFigure', 'fed', fed).counts),
    options: FigureOptions = {},
  ) => {
    const { title } = readOptions('voltageFigure', figureFields, options);
    const of = { neuron, threshold: network.thresholds[neuron] ?? 0 };
    return voltageFigure(fed.voltages, fed.spikes, of, { dt: network.dt, title });
  },
  args: async ({ label = 3, index, neuron }, network) =>
    [await network.feedLabel(label, { index }), neuron] as const,
  example: () =>
    voltageFigure(example.voltages, example.spikes, { neuron: 5, threshold: example.thresholds[5] }),
  gallery: [{ caption: 'Membrane potential of one neuron' }],
});

/** The neuron with the most spikes. */
function findBusiest(counts: Uint16Array): number {
  return counts.reduce((best, count, neuron) => (count > counts[best] ? neuron : best), 0);
}
