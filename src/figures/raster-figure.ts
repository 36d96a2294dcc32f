/** Raster of recorded spikes over the firing rate of the population. */
import { layBins } from '../analysis/bins.js';
import { populationRate, type SpikeData, type SpikeSelection } from '../analysis/index.js';
import { milliseconds, selectionFields, selectSpikes } from '../analysis/selected-spikes.js';
import { readOptions, type Schema, text } from '../options.js';
import { countOf } from '../wording.js';
import { defineFigure } from './definition.js';
import * as example from './example-results.js';
import type { Figure } from './figure.js';
import { rasterTrace } from './spikes-figure.js';
import { colors, createFigure, figureFields, type FigureOptions } from './theme.js';

export interface RasterOptions extends FigureOptions, SpikeSelection {
  /** Bins of the population rate [ms], whole steps. Default: about a hundredth of the window. */
  bin?: number;
  /** What the neurons are, for the axis. */
  neurons?: string;
}

const schema: Schema<RasterOptions> = {
  ...figureFields,
  ...selectionFields,
  bin: milliseconds,
  neurons: text,
};

const rateHeight = 110;
const gap = 18;

/**
 * A tick for every spike, and below the mean rate of all neurons in bins.
 *
 * @param spikes a list, or a monitor of every step
 * @throws LocusError `UNKNOWN_NAME`, `INVALID_ARGUMENT` for wrong options, a window beyond the recording, bins that are no whole steps
 */
export function rasterFigure(spikes: SpikeData, options: RasterOptions = {}): Figure {
  const place = 'rasterFigure';
  const { title, neurons = 'neuron', bin, ...selection } = readOptions(place, schema, options);
  const train = selectSpikes(place, spikes, selection);
  const { steps, size, dt, from } = train;
  const bins = layBins(place, train, bin ?? dt * Math.max(1, Math.round(steps / 100)));
  const { times, rates } = populationRate(train, { dt, bin: bins.steps * dt });
  const spiking = stepsOfSpikes(train.offsets).map((t) => from + t * dt);
  const rasterHeight = Math.max(120, Math.min(520, size * 4));
  const height = rasterHeight + gap + rateHeight;
  const tick = Math.max(2, Math.min(14, rasterHeight / size));
  const end = from + steps * dt;
  return createFigure(
    [
      rasterTrace(spiking, Array.from(train.neurons), { height: tick, yaxis: 'y2' }),
      {
        type: 'scatter',
        mode: 'lines',
        x: times.map((time) => from + time),
        y: rates,
        line: { color: colors.orange, width: 1.5, shape: 'hvh' },
        hovertemplate: '%{x} ms: %{y:.4~g} Hz<extra></extra>',
      },
    ],
    {
      xaxis: { title: { text: 'time [ms]' }, range: [from, end], anchor: 'y' },
      yaxis: { title: { text: 'rate [Hz]' }, domain: [0, rateHeight / height], rangemode: 'tozero' },
      yaxis2: {
        title: { text: neurons },
        domain: [(rateHeight + gap) / height, 1],
        range: [-0.5, size - 0.5],
      },
    },
    {
      title: title ?? `${countOf(train.neurons.length, 'spike')} of ${countOf(size, 'neuron')}`,
      plotWidth: 640,
      plotHeight: height,
    },
  );
}

rasterFigure.definition = defineFigure({
  name: 'raster',
  method: 'rasterFigure',
  topic: 'recordings',
  describe: 'recorded spikes with the firing rate of the population',
  of: ['recording'],
  draw: (spikes: SpikeData, options?: RasterOptions) => rasterFigure(spikes, options),
  example: () => rasterFigure(example.irregularSpikes, { bin: 10 }),
  gallery: [{ caption: 'Recorded spikes and the firing rate of the population' }],
});

/** The step of every spike. */
function stepsOfSpikes(offsets: Uint32Array): number[] {
  return Array.from(offsets.subarray(1)).flatMap((end, t) => new Array<number>(end - offsets[t]).fill(t));
}
