/** Histogram of how irregular neurons spike. */
import {
  type IntervalVariation,
  intervalVariation,
  type SpikeData,
  type SpikeSelection,
} from '../analysis/index.js';
import { selectionFields, selectSpikes } from '../analysis/selected-spikes.js';
import { oneOf, readOptions, type Schema } from '../options.js';
import { countOf } from '../wording.js';
import { binCount } from './competition-distribution-figure.js';
import { defineFigure } from './definition.js';
import { drawHistogram } from './draw-histogram.js';
import * as example from './example-results.js';
import type { Figure } from './figure.js';
import { histogram, mean } from './statistics.js';
import { figureFields, type FigureOptions } from './theme.js';

export interface CvHistogramOptions extends FigureOptions, SpikeSelection {
  /** Number of bins. Default: 20. */
  bins?: number;
  /** Coefficient of variation, or one that slow changes of the rate leave alone. Default: cv. */
  measure?: keyof IntervalVariation;
}

const names: Readonly<Record<keyof IntervalVariation, string>> = { cv: 'CV', cv2: 'CV2', lv: 'LV' };

const schema: Schema<CvHistogramOptions> = {
  ...figureFields,
  ...selectionFields,
  bins: binCount,
  measure: oneOf(['cv', 'cv2', 'lv']),
};

/**
 * Neurons by the variation of their inter-spike intervals: 0 is regular, 1 a Poisson process. Those with fewer than three spikes have
 * none.
 *
 * @param spikes a list, or a monitor of every step
 * @throws LocusError `UNKNOWN_NAME`, `INVALID_ARGUMENT` for wrong options or a window beyond the recording
 */
export function cvHistogramFigure(spikes: SpikeData, options: CvHistogramOptions = {}): Figure {
  const place = 'cvHistogramFigure';
  const { title, bins = 20, measure = 'cv', ...selection } = readOptions(place, schema, options);
  const train = selectSpikes(place, spikes, selection);
  const values = intervalVariation(train)[measure].filter((value) => !Number.isNaN(value));
  const name = names[measure];
  return drawHistogram(
    histogram(values, bins, [0, values.reduce((most, value) => Math.max(most, value), 1)]),
    {
      title: title ?? `${name} of ${values.length} of ${countOf(train.size, 'neuron')}`,
      value: `${name} of inter-spike intervals`,
      unit: '',
      items: 'neurons',
      mean: mean(values),
      digits: 2,
    },
    { rangemode: 'tozero' },
  );
}

cvHistogramFigure.definition = defineFigure({
  name: 'cv-histogram',
  method: 'cvHistogramFigure',
  topic: 'recordings',
  describe: 'histogram of the variation (CV, CV2, LV) of inter-spike intervals',
  of: ['recording'],
  draw: (spikes: SpikeData, options?: CvHistogramOptions) => cvHistogramFigure(spikes, options),
  example: () => cvHistogramFigure(example.irregularSpikes, { bins: 8 }),
  gallery: [{ caption: 'How irregular neurons spike' }],
});
