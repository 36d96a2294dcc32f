/** Histogram of the neurons' firing rates. */
import { firingRates, type SpikeData, type SpikeSelection } from '../analysis/index.js';
import { selectionFields, selectSpikes } from '../analysis/selected-spikes.js';
import { readOptions, type Schema } from '../options.js';
import { countOf } from '../wording.js';
import { binCount } from './competition-distribution-figure.js';
import { defineFigure } from './definition.js';
import { drawHistogram } from './draw-histogram.js';
import * as example from './example-results.js';
import type { Figure } from './figure.js';
import { histogram, mean } from './statistics.js';
import { figureFields, type FigureOptions } from './theme.js';

export interface RateHistogramOptions extends FigureOptions, SpikeSelection {
  /** Number of bins. Default: 20. */
  bins?: number;
}

const schema: Schema<RateHistogramOptions> = { ...figureFields, ...selectionFields, bins: binCount };

/**
 * Neurons by their firing rates, from 0 Hz to the highest.
 *
 * @param spikes a list, or a monitor of every step
 * @throws LocusError `UNKNOWN_NAME`, `INVALID_ARGUMENT` for wrong options or a window beyond the recording
 */
export function rateHistogramFigure(spikes: SpikeData, options: RateHistogramOptions = {}): Figure {
  const place = 'rateHistogramFigure';
  const { title, bins = 20, ...selection } = readOptions(place, schema, options);
  const train = selectSpikes(place, spikes, selection);
  const rates = firingRates(train, { dt: train.dt });
  const highest = rates.reduce((most, rate) => Math.max(most, rate), 0);
  return drawHistogram(
    histogram(rates, bins, [0, highest || 1]),
    {
      title: title ?? `Firing rates of ${countOf(train.size, 'neuron')}`,
      value: 'firing rate [Hz]',
      unit: ' Hz',
      items: 'neurons',
      mean: mean(rates),
      digits: 1,
    },
    { rangemode: 'tozero' },
  );
}

rateHistogramFigure.definition = defineFigure({
  name: 'rate-histogram',
  method: 'rateHistogramFigure',
  topic: 'recordings',
  describe: 'histogram of the firing rates of all neurons',
  of: ['recording'],
  draw: (spikes: SpikeData, options?: RateHistogramOptions) => rateHistogramFigure(spikes, options),
  example: () => rateHistogramFigure(example.irregularSpikes, { bins: 8 }),
  gallery: [{ caption: 'Firing rates' }],
});
