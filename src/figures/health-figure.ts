/** Learning health in one picture: who spikes, thresholds, weights, and the numbers of `trainingHealth`. */
import { type ImageCount, imageCountFields } from '../datasets/image-count.js';
import { defineFigure } from './definition.js';
import * as example from './example-results.js';
import { type DrawingWatch, type FormerWeights, type SnnSource, watchFields } from './sources.js';
import { imagesOption } from './figure-option.js';
import { describeHealth, packSpikeCounts, trainingHealth } from '../readout/index.js';
import {
  custom,
  type Field,
  instance,
  isObject,
  list,
  nested,
  number,
  readOptions,
  required,
  type Schema,
  text,
} from '../options.js';
import type { Data } from 'plotly.js-dist';
import type { TrainingHealth } from '../readout/training-health.js';
import type { Figure } from './figure.js';
import { histogram } from './statistics.js';
import { colors, createFigure, figureFields, type FigureOptions } from './theme.js';

const panelWidth = 300;
const panelHeight = 210;
const columnGap = 92;
const rowGap = 76;
const width = 2 * panelWidth + columnGap;
const height = 2 * panelHeight + rowGap;

/** @param table lines of the compact table, as `describeHealth` gives them */
const healthField: Field<TrainingHealth> = custom(
  'to be learning health, as health() of a network gives it',
  (value) => {
    const { spikesPerNeuron, thetas, weightHistogram, theta } = (value ?? {}) as Partial<TrainingHealth>;
    const areLists = [spikesPerNeuron, thetas].every((each) => ArrayBuffer.isView(each));
    return areLists && isObject(weightHistogram) && isObject(theta);
  },
);

export function healthFigure(
  health: TrainingHealth,
  table: readonly (readonly [what: string, value: string])[],
  options: FigureOptions = {},
): Figure {
  const { title } = readOptions('healthFigure', figureFields, options);
  healthField('healthFigure', 'health', health);
  list(list(text, { length: 2 }))('healthFigure', 'table', table);
  const { spikesPerNeuron, thetas, weightHistogram, theta } = health;
  const ranked = Float64Array.from(spikesPerNeuron).sort().reverse();
  const spread = histogram(thetas, 40, [theta.least, theta.most]);
  const { least, most, counts } = weightHistogram;
  const binWidth = (most - least) / counts.length;
  const nWeights = counts.reduce((sum, count) => sum + count, 0);
  const bars = { type: 'bar' as const, marker: { color: colors.sky, line: { width: 0 } } };
  const data: Data[] = [
    {
      type: 'scatter',
      mode: 'lines',
      x: Float64Array.from(ranked, (_, rank) => rank + 1),
      y: ranked,
      fill: 'tozeroy',
      fillcolor: colors.sky,
      line: { color: colors.blue, width: 1.5, shape: 'hvh' },
      hovertemplate: 'rank %{x}: %{y:.2f} spikes per image<extra></extra>',
    },
    {
      ...bars,
      xaxis: 'x2',
      yaxis: 'y2',
      x: spread.centres,
      y: spread.counts,
      width: spread.width,
      hovertemplate: '%{x:.1f} mV: %{y} neurons<extra></extra>',
    },
    {
      ...bars,
      xaxis: 'x3',
      yaxis: 'y3',
      x: Float64Array.from(counts, (_, bin) => least + (bin + 0.5) * binWidth),
      y: Float64Array.from(counts, (count) => (100 * count) / nWeights),
      width: binWidth,
      hovertemplate: '%{x:.2f}: %{y:.1f} % of the weights<extra></extra>',
    },
  ];
  const column = (i: number): [number, number] => [
    (i * (panelWidth + columnGap)) / width,
    (i * (panelWidth + columnGap) + panelWidth) / width,
  ];
  const row = (i: number): [number, number] => [
    1 - (i * (panelHeight + rowGap) + panelHeight) / height,
    1 - (i * (panelHeight + rowGap)) / height,
  ];
  const cell = { xref: 'paper' as const, yref: 'paper' as const, showarrow: false, yanchor: 'top' as const };
  const lineHeight = panelHeight / height / Math.max(10, table.length);
  const top = row(1)[1];
  return createFigure(
    data,
    {
      xaxis: {
        domain: column(0),
        title: { text: 'neurons, the busiest first' },
        range: [0.5, ranked.length + 0.5],
      },
      yaxis: { domain: row(0), title: { text: 'spikes per image' }, rangemode: 'tozero' },
      xaxis2: { domain: column(1), anchor: 'y2', title: { text: 'theta [mV]' } },
      yaxis2: { domain: row(0), anchor: 'x2', title: { text: 'neurons' } },
      xaxis3: { domain: column(0), anchor: 'y3', title: { text: 'XY weight' }, range: [least, most] },
      yaxis3: { domain: row(1), anchor: 'x3', title: { text: 'share of the weights [%]' } },
      annotations: table.flatMap(([what, value], i) => [
        { ...cell, text: what, x: column(1)[0] - 0.07, xanchor: 'left' as const, y: top - i * lineHeight },
        { ...cell, text: value, x: 1, xanchor: 'right' as const, y: top - i * lineHeight },
      ]),
      bargap: 0,
    },
    { title: title ?? 'Learning health', plotWidth: width, plotHeight: height },
  );
}

interface HealthQueryOptions extends DrawingWatch, ImageCount {
  readonly before?: FormerWeights;
}

export const healthSchema: Schema<HealthQueryOptions> = {
  ...watchFields,
  ...imageCountFields,
  before: nested<FormerWeights>({
    weights: required(instance(Float32Array)),
    nImages: required(number({ above: 0, unit: 'images' })),
  }),
};

const drawSchema: Schema<FigureOptions & HealthQueryOptions> = { ...figureFields, ...healthSchema };

healthFigure.definition = defineFigure({
  name: 'health',
  method: 'healthFigure',
  topic: 'learning',
  describe: 'learning health, without labels',
  of: ['snn'],
  options: { images: imagesOption(200) },
  draw: async (network: SnnSource, given: FigureOptions & HealthQueryOptions = {}) => {
    const { title, ...options } = readOptions('healthFigure', drawSchema, given);
    const health = await network.health(options);
    return healthFigure(health, describeHealth(health), { title });
  },
  args: ({ images }, _, watch) => [{ images, ...watch }] as const,
  example: () => {
    const health = trainingHealth({
      counts: packSpikeCounts(
        Uint16Array.from(example.scatterValues(160, 9), (value) => 6 * value ** 3),
        { nFilters: example.nFilters, nPositions: example.nPositions },
      ),
      timeMax: 250,
      weights: example.weightsLC.data,
      theta: example.scatterValues(16, 8),
      before: { weights: example.weightsLC.data.map((w) => w * 0.9), nImages: 200 },
    });
    return healthFigure(health, describeHealth(health));
  },
  gallery: [{ caption: 'Learning health, without labels' }],
});
