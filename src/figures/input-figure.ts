/** The image a network was shown and, if they are known, the spikes that it became. */
import { defineFigure } from './definition.js';
import * as example from './example-results.js';
import { fedField, type FedImage, type SnnSource } from './sources.js';
import { imageOptions } from './figure-option.js';
import type { Data } from 'plotly.js-dist';
import { invalidArgument } from '../errors.js';
import { count, instance, nullable, readOptions, type Schema } from '../options.js';
import type { Figure } from './figure.js';
import { countSpikes, recordingField, type StepRecording } from './results.js';
import { type ClassOptions, classSchema, nameOneOf, withNames } from './class-names.js';
import { colorBar, createFigure, greyScale, magnitudeScale } from './theme.js';

export interface InputOptions extends ClassOptions {
  /** Spikes of the input [step, pixel]. */
  spikes?: StepRecording;
  label?: number | null;
}

const schema: Schema<InputOptions> = {
  ...classSchema,
  spikes: recordingField,
  label: nullable(count({ least: -1 })),
};

const side = 280;
/** Between the pictures: a colour bar and the next axis. */
const gap = 148;

/** @param image square, row by row from the top, 0 … 255 */
export function inputFigure(image: Uint8Array, options: InputOptions = {}): Figure {
  const { title, spikes, label, classNames } = readOptions('inputFigure', schema, options);
  instance(Uint8Array)('inputFigure', 'image', image);
  const size = Math.sqrt(image.length);
  if (!Number.isInteger(size) || size === 0) {
    throw invalidArgument('inputFigure', 'a square image', image.length);
  }
  if (spikes && spikes.size !== image.length) {
    throw invalidArgument('inputFigure', `spikes of ${image.length} pixels`, spikes.size);
  }
  const rows = (values: Uint8Array | Uint32Array) =>
    Array.from({ length: size }, (_, y) =>
      values.subarray(y * size, (y + 1) * size),
    ) as unknown as number[][];
  const pictures: Data[] = [
    {
      type: 'heatmap',
      z: rows(image),
      colorscale: greyScale,
      zmin: 0,
      zmax: 255,
      zauto: false,
      hovertemplate: 'row %{y}, column %{x}: %{z}<extra></extra>',
      colorbar: { ...colorBar('brightness', side), dtick: 51 },
    },
  ];
  const axis = {
    showline: true,
    title: { text: 'column [pixel]' },
    range: [-0.5, size - 0.5] as [number, number],
  };
  const upright = { ...axis, title: { text: 'row [pixel]' }, range: [size - 0.5, -0.5] as [number, number] };
  const share = side / (2 * side + gap);
  if (spikes) {
    Object.assign(pictures[0], { colorbar: { ...colorBar('brightness', side), dtick: 51, x: share } });
    pictures.push({
      type: 'heatmap',
      xaxis: 'x2',
      yaxis: 'y2',
      z: rows(countSpikes(spikes)),
      colorscale: magnitudeScale,
      hovertemplate: 'row %{y}, column %{x}: %{z} spikes<extra></extra>',
      colorbar: colorBar('spikes', side),
    });
  }
  const named = label == null ? 'Input image' : `Input image of ${nameOneOf(label, classNames)}`;
  return createFigure(
    pictures,
    spikes
      ? {
          xaxis: { ...axis, domain: [0, share] },
          yaxis: upright,
          xaxis2: { ...axis, domain: [1 - share, 1], anchor: 'y2' },
          yaxis2: { ...upright, anchor: 'x2' },
        }
      : { xaxis: axis, yaxis: upright },
    {
      title: title ?? (spikes ? `${named}, and its spikes` : named),
      plotWidth: spikes ? 2 * side + gap : side,
      plotHeight: side,
      right: 96,
    },
  );
}

inputFigure.definition = defineFigure({
  name: 'input',
  method: 'inputFigure',
  topic: 'one image',
  describe: 'a test image and the spikes that it became',
  of: ['snn'],
  options: imageOptions,
  draw: (network: SnnSource, fed: FedImage, given: ClassOptions = {}) => {
    fedField('inputFigure', 'fed', fed);
    const options = withNames(network, readOptions('inputFigure', classSchema, given));
    return inputFigure(fed.image, { spikes: fed.inputSpikes, label: fed.label, ...options });
  },
  args: async ({ label = 3, index }, network) => [await network.feedLabel(label, { index })] as const,
  example: () => inputFigure(example.image, { label: 3, spikes: example.inputSpikes }),
  gallery: [{ caption: 'An image, and its spikes' }],
});
