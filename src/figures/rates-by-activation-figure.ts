/** Whether firing rates follow activations: a point per unit and image, and the line on which both are equal. */
import { type ImageCount, imageCountFields } from '../datasets/image-count.js';
import { defineFigure } from './definition.js';
import * as example from './example-results.js';
import { type ConvertedSource, type DrawingWatch, watchFields } from './sources.js';
import { imagesOption, layerOption } from './figure-option.js';
import { invalidArgument } from '../errors.js';
import { custom, type Field, filledText, readOptions, type Schema, text } from '../options.js';
import type { Figure } from './figure.js';
import { colors, createFigure, figureFields, type FigureOptions, ink } from './theme.js';

export interface RatePoints {
  /** Activations of the ReLU network in units of the layer's scale. */
  readonly activations: ArrayLike<number>;
  /** Firing rates, as many, in units of the rate of a pixel of full brightness. */
  readonly rates: ArrayLike<number>;
  /** Of all units, for the title. */
  readonly correlation?: number;
}

export interface RatesByActivationOptions extends FigureOptions {
  /** Name of the layer. */
  layer?: string;
}

const schema: Schema<RatesByActivationOptions> = {
  ...figureFields,
  layer: text,
};

/** More are thinned out evenly. */
const mostPoints = 4000;

/** Units that are silent in both networks are left out. */
const pointsField: Field<RatePoints> = custom('to be points { activations, rates }', (value) => {
  const { activations, rates } = (value ?? {}) as Partial<RatePoints>;
  return [activations, rates].every((each) => Array.isArray(each) || ArrayBuffer.isView(each));
});

export function ratesByActivationFigure(points: RatePoints, options: RatesByActivationOptions = {}): Figure {
  const { title, layer } = readOptions('ratesByActivationFigure', schema, options);
  const place = 'ratesByActivationFigure';
  const { activations, rates, correlation } = pointsField(place, 'points', points);
  if (rates.length !== activations.length)
    throw invalidArgument(place, `${activations.length} rates`, rates.length);
  const alive = Array.from(activations, (_, i) => i).filter((i) => activations[i] > 0 || rates[i] > 0);
  if (alive.length === 0) throw invalidArgument(place, 'at least one unit that is not silent', rates.length);
  const step = Math.ceil(alive.length / mostPoints);
  const shown = alive.filter((_, i) => i % step === 0);
  const largest = shown.reduce((most, i) => Math.max(most, activations[i], rates[i]), 0) * 1.04;
  const of = layer === undefined ? '' : ` of ${layer}`;
  const how = correlation === undefined ? '' : `: correlation ${correlation.toFixed(3)}`;
  return createFigure(
    [
      {
        type: 'scatter',
        mode: 'lines',
        x: [0, largest],
        y: [0, largest],
        line: { color: ink, width: 1.2, dash: 'dash' },
        name: 'equal',
        hoverinfo: 'skip',
      },
      {
        type: 'scatter',
        mode: 'markers',
        x: shown.map((i) => activations[i]),
        y: shown.map((i) => rates[i]),
        marker: { size: 4, color: colors.blue, opacity: 0.35 },
        name: 'a unit at an image',
        hovertemplate: 'activation %{x:.3f}, rate %{y:.3f}<extra></extra>',
      },
    ],
    {
      xaxis: { title: { text: 'activation [largest of the layer]' }, range: [0, largest] },
      yaxis: { title: { text: 'firing rate [of a white pixel]' }, range: [0, largest] },
      showlegend: true,
      legend: { orientation: 'h', x: 0, y: 1, yanchor: 'bottom', xanchor: 'left' },
    },
    { title: title ?? `Firing rates${of}${how}`, plotWidth: 400, plotHeight: 400, top: 28 },
  );
}

const drawSchema: Schema<FigureOptions & ImageCount & { layer?: string } & DrawingWatch> = {
  ...figureFields,
  ...watchFields,
  layer: filledText,
  ...imageCountFields,
};

ratesByActivationFigure.definition = defineFigure({
  name: 'rates-by-activation',
  method: 'ratesByActivationFigure',
  topic: 'conversion',
  describe: 'firing rates of a layer by the activations of the ReLU network',
  of: ['converted'],
  options: { layer: layerOption, images: imagesOption(200) },
  draw: async (
    network: ConvertedSource,
    given: FigureOptions & ImageCount & { layer?: string } & DrawingWatch = {},
  ) => {
    const place = 'ratesByActivationFigure';
    const { layer, images, onProgress, signal, ...options } = {
      layer: network.layers[0],
      ...readOptions(place, drawSchema, given),
    };
    const points = await network.ratesByActivation(layer, { images, onProgress, signal });
    return ratesByActivationFigure(points, { layer, ...options });
  },
  args: ({ layer: number = 0, images }, { layers }, watch) => {
    const layer = layers.at(number);
    if (layer === undefined) {
      throw invalidArgument('ratesByActivationFigure', `layer from 0 to ${layers.length - 1}`, number);
    }
    return [{ layer, images, ...watch }] as const;
  },
  example: () => {
    const activations = example.scatterValues(60, 5);
    const rates = example
      .scatterValues(60, 6)
      .map((noise, i) => Math.min(1, activations[i] * (0.9 + 0.2 * noise)));
    return ratesByActivationFigure({ activations, rates, correlation: 0.987 }, { layer: 'conv1' });
  },
  gallery: [{ caption: 'Whether rates follow activations' }],
});
