/** Raster of spikes: time against neuron, one tick per spike. */
import { defineFigure } from './definition.js';
import * as example from './example-results.js';
import { fedField, type FedImage, type SnnSource } from './sources.js';
import { imageOptions } from './figure-option.js';
import { number, readOptions, type Schema, text } from '../options.js';
import type { Data } from 'plotly.js-dist';
import type { Figure } from './figure.js';
import { listSpikes, recordingField, type StepRecording } from './results.js';
import { colors, createFigure, figureFields, type FigureOptions } from './theme.js';
import { countOf } from '../wording.js';

export interface SpikesFigureOptions extends FigureOptions {
  /** Length of a step [ms]. */
  dt?: number;
  /** What the neurons are, for the axis. */
  neurons?: string;
}

const schema: Schema<SpikesFigureOptions> = {
  ...figureFields,
  dt: number({ above: 0, unit: 'ms' }),
  neurons: text,
};

export function spikesFigure(recording: StepRecording, options: SpikesFigureOptions = {}): Figure {
  const { title, dt = 1, neurons = 'output neuron' } = readOptions('spikesFigure', schema, options);
  const spikes = listSpikes(recordingField('spikesFigure', 'recording', recording));
  const height = Math.max(180, Math.min(520, recording.size * 4));
  return createFigure(
    [
      rasterTrace(
        spikes.map(([step]) => step * dt),
        spikes.map(([, neuron]) => neuron),
        { height: Math.max(6, Math.min(14, height / recording.size)) },
      ),
    ],
    {
      xaxis: { title: { text: 'time [ms]' }, range: [0, recording.steps * dt] },
      yaxis: { title: { text: neurons }, range: [-0.5, recording.size - 0.5] },
    },
    {
      title: title ?? `${countOf(spikes.length, 'spike')} of ${countOf(recording.size, 'neuron')}`,
      plotWidth: 640,
      plotHeight: height,
    },
  );
}

spikesFigure.definition = defineFigure({
  name: 'spikes',
  method: 'spikesFigure',
  topic: 'one image',
  describe: 'spikes of all neurons at a test image',
  of: ['snn'],
  options: imageOptions,
  draw: (network: SnnSource, fed: FedImage, options: FigureOptions = {}) => {
    fedField('spikesFigure', 'fed', fed);
    const { title } = readOptions('spikesFigure', figureFields, options);
    return spikesFigure(fed.spikes, { dt: network.dt, title });
  },
  args: async ({ label = 3, index }, network) => [await network.feedLabel(label, { index })] as const,
  example: () => spikesFigure(example.spikes),
  gallery: [{ caption: 'Output spikes' }],
});

/** Upright ticks, `height` px long. */
export function rasterTrace(
  x: number[],
  y: number[],
  { height, ...options }: { height: number } & Record<string, unknown>,
): Data {
  return {
    type: 'scatter',
    mode: 'markers',
    x,
    y,
    marker: { symbol: 'line-ns-open', size: height, color: colors.blue, line: { width: 1.2 } },
    hovertemplate: '%{x} ms, neuron %{y}<extra></extra>',
    ...options,
  };
}
