/** The weights of one layer of a deep network: what every neuron explains, as pictures. */
import { defineFigure } from './definition.js';
import * as example from './example-results.js';
import type { LayeredSource } from './sources.js';
import { layerOption } from './figure-option.js';
import type { Data } from 'plotly.js-dist';
import { invalidArgument } from '../errors.js';
import { count, readOptions, type Schema } from '../options.js';
import type { Figure } from './figure.js';
import { type ShapedArray, shapedField } from './results.js';
import { colorBar, createFigure, figureFields, type FigureOptions, magnitudeScale } from './theme.js';
import { pictureAxes, pictureScale } from './tile-filters.js';
import { countOf } from '../wording.js';

/** Up to so many channels a neuron's stand side by side, and neurons in a square; of more, a row is a neuron. */
const fewChannels = 3;

/** @param weights non-negative [neuron, channel, ky, kx] */
export function layerWeightsFigure(weights: ShapedArray, options: FigureOptions = {}): Figure {
  const { title } = readOptions('layerWeightsFigure', figureFields, options);
  const tiles = tileNeurons(shapedField('layerWeightsFigure', 'weights', weights));
  const { rows, width, height } = tiles;
  const scale = pictureScale(width, 620);
  const axes = pictureAxes(width, height);
  const largest = weights.data.reduce((most, w) => Math.max(most, w), 0);
  const trace: Data = {
    type: 'heatmap',
    z: rows as unknown as number[][],
    customdata: tiles.owners as unknown as number[][],
    zmin: 0,
    zmax: largest || 1,
    zauto: false,
    colorscale: magnitudeScale,
    hoverongaps: false,
    hovertemplate: 'neuron, channel %{customdata}: %{z:.4f}<extra></extra>',
    colorbar: colorBar('weight', Math.max(140, Math.min(320, height * scale))),
  };
  const [neurons, channels, ky, kx] = weights.shape;
  return createFigure(
    [trace],
    {
      xaxis: { ...axes.xaxis, ...tiles.labels.x },
      yaxis: { ...axes.yaxis, ...tiles.labels.y },
    },
    {
      title: title ?? `Weights of ${countOf(neurons, 'neuron')} on ${channels} × ${ky} × ${kx} inputs`,
      plotWidth: width * scale,
      plotHeight: height * scale,
      right: 112,
      bottom: 62,
    },
  );
}

const drawSchema: Schema<FigureOptions & { layer?: number }> = {
  ...figureFields,
  layer: count({ least: 0 }),
};

layerWeightsFigure.definition = defineFigure({
  name: 'layer-weights',
  method: 'layerWeightsFigure',
  topic: 'weights',
  describe: 'weights of an inference layer',
  of: ['layered'],
  options: { layer: layerOption },
  draw: ({ weights }: LayeredSource, given: FigureOptions & { layer?: number } = {}) => {
    const { layer = 0, ...options } = readOptions('layerWeightsFigure', drawSchema, given);
    if (layer >= weights.length) {
      throw invalidArgument('layerWeightsFigure', `layer from 0 to ${weights.length - 1}`, layer);
    }
    return layerWeightsFigure(weights[layer], options);
  },
  args: ({ layer }) => [{ layer }] as const,
  example: () => layerWeightsFigure(example.layerWeights),
  gallery: [{ caption: 'Weights of an inference layer of a deep network' }],
});

interface NeuronTiles {
  /** Weights by row from the top; NaN between tiles. */
  readonly rows: Float32Array[];
  /** Neuron and channel of every pixel. */
  readonly owners: string[][];
  readonly width: number;
  readonly height: number;
  readonly labels: Record<'x' | 'y', { title: { text: string }; tickvals: number[]; ticktext: string[] }>;
}

function tileNeurons({ shape, data }: ShapedArray): NeuronTiles {
  const size = shape.reduce((product, length) => product * length, 1);
  if (shape.length !== 4 || size !== data.length || size === 0) {
    throw invalidArgument('layerWeightsFigure', 'weights [neuron, channel, ky, kx]', shape);
  }
  const [neurons, channels, ky, kx] = shape;
  const isMatrix = channels > fewChannels;
  // Neighbours of single weights need no line between them.
  const gap = ky * kx === 1 ? 0 : 1;
  const block = channels * (kx + gap) + (isMatrix || channels === 1 ? 0 : 1);
  const columns = isMatrix ? 1 : Math.max(1, Math.round(Math.sqrt((neurons * (ky + gap)) / block)));
  const lines = Math.ceil(neurons / columns);
  const width = columns * block - gap - (isMatrix || channels === 1 ? 0 : 1);
  const height = lines * (ky + gap) - gap;
  const rows = Array.from({ length: height }, () => new Float32Array(width).fill(Number.NaN));
  const owners = rows.map(() => new Array<string>(width).fill(''));
  for (let neuron = 0; neuron < neurons; neuron++) {
    for (let channel = 0; channel < channels; channel++) {
      const left = (neuron % columns) * block + channel * (kx + gap);
      const top = Math.floor(neuron / columns) * (ky + gap);
      for (let y = 0; y < ky; y++) {
        const from = ((neuron * channels + channel) * ky + y) * kx;
        rows[top + y].set(data.subarray(from, from + kx), left);
        owners[top + y].fill(`${neuron}, ${channel}`, left, left + kx);
      }
    }
  }
  const places = (count: number, step: number, length: number) => {
    const every = Math.max(1, Math.ceil(count / 16));
    const shown = Array.from({ length: count }, (_, i) => i).filter((i) => i % every === 0);
    return { tickvals: shown.map((i) => i * step + (length - 1) / 2), shown };
  };
  const x = isMatrix ? places(channels, kx + gap, kx) : places(columns, block, channels * (kx + gap) - gap);
  const y = places(lines, ky + gap, ky);
  const labels = {
    x: {
      title: { text: isMatrix ? 'input channel' : 'neuron (row + column)' },
      tickvals: x.tickvals,
      ticktext: x.shown.map((i) => (isMatrix ? String(i) : `+${i}`)),
    },
    y: {
      title: { text: isMatrix ? 'neuron' : 'first neuron of the row' },
      tickvals: y.tickvals,
      ticktext: y.shown.map((i) => String(i * columns)),
    },
  };
  return { rows, owners, width, height, labels };
}
