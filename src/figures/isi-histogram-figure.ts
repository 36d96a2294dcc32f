/** Histogram of the inter-spike intervals of all neurons. */
import { layBins } from '../analysis/bins.js';
import { interSpikeIntervals, type SpikeData, type SpikeSelection } from '../analysis/index.js';
import { milliseconds, selectionFields, selectSpikes } from '../analysis/selected-spikes.js';
import { readOptions, type Schema } from '../options.js';
import { countOf } from '../wording.js';
import { defineFigure } from './definition.js';
import { drawHistogram } from './draw-histogram.js';
import * as example from './example-results.js';
import type { Figure } from './figure.js';
import { mean } from './statistics.js';
import { figureFields, type FigureOptions } from './theme.js';

export interface IsiHistogramOptions extends FigureOptions, SpikeSelection {
  /** Length of a bin [ms], whole steps. Default: the least that makes 50 bins at most. */
  bin?: number;
}

const schema: Schema<IsiHistogramOptions> = { ...figureFields, ...selectionFields, bin: milliseconds };

/**
 * Each bin holds the intervals above its lower end and up to its upper one, since the shortest interval is one step.
 *
 * @param spikes a list, or a monitor of every step
 * @throws LocusError `UNKNOWN_NAME`, `INVALID_ARGUMENT` for wrong options, a window beyond the recording, bins that are no whole steps
 */
export function isiHistogramFigure(spikes: SpikeData, options: IsiHistogramOptions = {}): Figure {
  const place = 'isiHistogramFigure';
  const { title, bin, ...selection } = readOptions(place, schema, options);
  const train = selectSpikes(place, spikes, selection);
  const { size, dt } = train;
  // In steps, which are exact, so that no interval falls into a neighbouring bin.
  const steps = interSpikeIntervals(train).flatMap((own) => Array.from(own));
  const longest = steps.reduce((most, interval) => Math.max(most, interval), 0);
  const perBin = layBins(place, train, bin ?? dt * Math.max(1, Math.ceil(longest / 50))).steps;
  const counts = new Uint32Array(Math.ceil(longest / perBin));
  for (const interval of steps) counts[Math.ceil(interval / perBin) - 1]++;
  return drawHistogram(
    {
      centres: Float64Array.from(counts, (_, i) => (i * perBin + (perBin + 1) / 2) * dt),
      counts,
      width: perBin * dt,
    },
    {
      title: title ?? `${countOf(steps.length, 'inter-spike interval')} of ${countOf(size, 'neuron')}`,
      value: 'inter-spike interval [ms]',
      unit: ' ms',
      items: 'intervals',
      mean: mean(steps) * dt,
      digits: 1,
    },
    { rangemode: 'tozero' },
  );
}

isiHistogramFigure.definition = defineFigure({
  name: 'isi-histogram',
  method: 'isiHistogramFigure',
  topic: 'recordings',
  describe: 'histogram of the inter-spike intervals of all neurons',
  of: ['recording'],
  draw: (spikes: SpikeData, options?: IsiHistogramOptions) => isiHistogramFigure(spikes, options),
  example: () => isiHistogramFigure(example.irregularSpikes),
  gallery: [{ caption: 'Inter-spike intervals' }],
});
