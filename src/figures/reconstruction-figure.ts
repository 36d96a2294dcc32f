/** An input beside what a network's hidden distributions say that it was, and the difference of the two. */
import { defineFigure } from './definition.js';
import * as example from './example-results.js';
import type { LayeredSource } from './sources.js';
import { imageOptions } from './figure-option.js';
import type { Data } from 'plotly.js-dist';
import { invalidArgument } from '../errors.js';
import { count, nullable, readOptions, type Schema } from '../options.js';
import type { Figure } from './figure.js';
import { type ShapedArray, shapedField } from './results.js';
import { type ClassOptions, classSchema, nameOneOf, withNames } from './class-names.js';
import { colorBar, colors, createFigure, greyScale } from './theme.js';

export interface ReconstructionOptions extends ClassOptions {
  label?: number | null;
}

const schema: Schema<ReconstructionOptions> = {
  ...classSchema,
  label: nullable(count({ least: -1 })),
};

/** Too dark, as it is, too bright. */
const differenceScale: [number, string][] = [
  [0, colors.blue],
  [0.5, '#FFFFFF'],
  [1, colors.orange],
];

const side = 220;
/** Between two pictures [px]. */
const gap = 34;

/**
 * @param input [channel, row, column] in [0, 1], of one channel or three (red, green, blue)
 * @param reconstruction of the same shape
 */
export function reconstructionFigure(
  input: ShapedArray,
  reconstruction: ShapedArray,
  options: ReconstructionOptions = {},
): Figure {
  const { title, label, classNames } = readOptions('reconstructionFigure', schema, options);
  const place = 'reconstructionFigure';
  for (const each of [input, reconstruction]) {
    const { shape, data } = shapedField(place, 'the picture', each);
    const [channels, height, width] = shape;
    const isPicture = shape.length === 3 && (channels === 1 || channels === 3);
    if (!isPicture || data.length !== channels * height * width || data.length === 0) {
      throw invalidArgument(place, 'a picture [channel, row, column] of 1 or 3 channels', shape);
    }
  }
  if (String(input.shape) !== String(reconstruction.shape)) {
    throw invalidArgument(
      place,
      `a reconstruction of shape [${input.shape.join(', ')}]`,
      reconstruction.shape,
    );
  }
  const [, height, width] = input.shape;
  const step = (side + gap) / (3 * side + 2 * gap);
  const share = side / (3 * side + 2 * gap);
  const axes = [0, 1, 2].map((index) => {
    const number = index === 0 ? '' : String(index + 1);
    const bare = { showline: true, ticks: '' as const, showticklabels: false };
    return {
      [`xaxis${number}`]: {
        ...bare,
        title: { text: ['input', 'reconstruction', 'reconstruction − input'][index] },
        domain: [index * step, index * step + share],
        range: [-0.5, width - 0.5],
        anchor: `y${number}`,
      },
      [`yaxis${number}`]: { ...bare, range: [height - 0.5, -0.5], anchor: `x${number}` },
    };
  });
  const named =
    label == null ? 'Reconstruction of an input' : `Reconstruction of ${nameOneOf(label, classNames)}`;
  return createFigure(
    [
      picture(input, ''),
      picture(reconstruction, '2'),
      { ...difference(input, reconstruction), xaxis: 'x3', yaxis: 'y3' },
    ],
    Object.assign({}, ...axes) as object,
    {
      title:
        title ?? `${named}, root of mean squared error ${rootMeanSquare(input, reconstruction).toFixed(3)}`,
      plotWidth: 3 * side + 2 * gap,
      plotHeight: (side * height) / width,
      left: 24,
      right: 104,
      bottom: 40,
    },
  );
}

const drawSchema: Schema<ClassOptions & { label?: number; index?: number }> = {
  ...classSchema,
  label: count({ least: 0 }),
  index: count({ least: 0 }),
};

reconstructionFigure.definition = defineFigure({
  name: 'reconstruction',
  method: 'reconstructionFigure',
  topic: 'one image',
  describe: 'a test image, and as the first inference layer explains it',
  of: ['layered'],
  options: imageOptions,
  draw: async (network: LayeredSource, given: ClassOptions & { label?: number; index?: number } = {}) => {
    const { label = 3, index = 0, ...options } = readOptions('reconstructionFigure', drawSchema, given);
    const { input, reconstruction } = await network.reconstruct(label, index);
    return reconstructionFigure(input, reconstruction, { label, ...withNames(network, options) });
  },
  args: ({ label, index }) => [{ label, index }] as const,
  example: () => reconstructionFigure(example.picture, example.reconstruction, { label: 7 }),
  gallery: [{ caption: 'An image, and how an inference layer explains it' }],
});

function picture(of: ShapedArray, axis: string): Data {
  const [channels, height, width] = of.shape;
  const place = { xaxis: `x${axis}`, yaxis: `y${axis}` };
  if (channels === 1) {
    return {
      ...place,
      type: 'heatmap',
      z: rowsOf(of.data, width),
      colorscale: greyScale,
      zmin: 0,
      zmax: 1,
      zauto: false,
      showscale: false,
      hovertemplate: 'row %{y}, column %{x}: %{z:.3f}<extra></extra>',
    };
  }
  const pixels = height * width;
  const byte = (value: number) => Math.round(255 * Math.max(0, Math.min(1, value)));
  return {
    ...place,
    type: 'image',
    z: Array.from({ length: height }, (_, y) =>
      Array.from({ length: width }, (_unused, x) =>
        [0, 1, 2].map((channel) => byte(of.data[channel * pixels + y * width + x])),
      ),
    ),
    hovertemplate: 'row %{y}, column %{x}: %{z}<extra></extra>',
  } as unknown as Data;
}

/** Averaged over the channels. */
function difference(input: ShapedArray, reconstruction: ShapedArray): Data {
  const [channels, height, width] = input.shape;
  const pixels = height * width;
  const values = new Float32Array(pixels);
  input.data.forEach((value, i) => (values[i % pixels] += (reconstruction.data[i] - value) / channels));
  const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-3);
  return {
    type: 'heatmap',
    z: rowsOf(values, width),
    colorscale: differenceScale,
    zmin: -most,
    zmax: most,
    zauto: false,
    hovertemplate: 'row %{y}, column %{x}: %{z:.3f}<extra></extra>',
    colorbar: colorBar('difference', (side * height) / width),
  };
}

function rowsOf(data: Float32Array, width: number): number[][] {
  return Array.from({ length: data.length / width }, (_, y) =>
    data.subarray(y * width, (y + 1) * width),
  ) as unknown as number[][];
}

function rootMeanSquare(a: ShapedArray, b: ShapedArray): number {
  return Math.sqrt(a.data.reduce((sum, value, i) => sum + (value - b.data[i]) ** 2, 0) / a.data.length);
}
