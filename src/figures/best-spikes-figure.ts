/** Raster of the neurons that spiked most in each receptive field. */
import { defineFigure } from './definition.js';
import * as example from './example-results.js';
import { fedField, type FedImage, type SnnSource } from './sources.js';
import { imageOptions } from './figure-option.js';
import { count, number, readOptions, type Schema } from '../options.js';
import { findBestVoters, namePosition } from './best-voters.js';
import type { Figure } from './figure.js';
import { countSpikes, gridField, type OutputGrid, recordingField, type StepRecording } from './results.js';
import { rasterTrace } from './spikes-figure.js';
import { colors, createFigure, figureFields, type FigureOptions, roomForLabels } from './theme.js';

export interface BestSpikesOptions extends FigureOptions {
  /** Length of a step [ms]. */
  dt?: number;
  /** Neurons of each receptive field (default: 1; 10 where there is only one field). */
  perPosition?: number;
}

const schema: Schema<BestSpikesOptions> = {
  ...figureFields,
  dt: number({ above: 0, unit: 'ms' }),
  perPosition: count(),
};

/** @param recording spikes of Y [step, neuron] */
export function bestSpikesFigure(
  recording: StepRecording,
  grid: OutputGrid,
  options: BestSpikesOptions = {},
): Figure {
  const place = 'bestSpikesFigure';
  const given = readOptions(place, schema, options);
  recordingField(place, 'recording', recording);
  const { nPositions } = gridField(place, 'grid', grid);
  const { title, dt = 1, perPosition = nPositions === 1 ? 10 : 1 } = given;
  const best = findBestVoters({
    nFilters: grid.nFilters,
    nPositions: grid.nPositions,
    counts: countSpikes(recording),
    perPosition,
  });
  const names = best.map(({ position, filter, count }) => {
    const where = grid.nPositions > 1 ? `(${namePosition(position, grid.nPositions)}) ` : '';
    return `${where}filter ${filter}: ${count}`;
  });
  const rowHeight = best.length > 24 ? 14 : 22;
  const x: number[] = [];
  const y: number[] = [];
  best.forEach(({ neuron }, row) => {
    for (let step = 0; step < recording.steps; step++) {
      if (recording.data[step * recording.size + neuron] === 0) continue;
      x.push(step * dt);
      y.push(row);
    }
  });
  const rows = Math.max(1, best.length);
  return createFigure(
    [rasterTrace(x, y, { height: rowHeight * 0.6, hovertemplate: '%{x} ms<extra></extra>' })],
    {
      xaxis: { title: { text: 'time [ms]' }, range: [0, recording.steps * dt] },
      yaxis: {
        range: [rows - 0.5, -0.5],
        tickvals: names.map((_, row) => row),
        ticktext: names,
        tickfont: { size: rowHeight > 16 ? 12 : 10 },
      },
      annotations:
        best.length > 0
          ? []
          : [
              {
                text: 'no spikes',
                xref: 'paper',
                yref: 'paper',
                x: 0.5,
                y: 0.5,
                showarrow: false,
                font: { color: colors.orange },
              },
            ],
    },
    {
      title:
        title ?? (grid.nPositions > 1 ? 'Best spikes of each receptive field (row, column)' : 'Best spikes'),
      plotWidth: 560,
      plotHeight: Math.max(90, rows * rowHeight),
      left: roomForLabels(names) - 14,
    },
  );
}

bestSpikesFigure.definition = defineFigure({
  name: 'best-spikes',
  method: 'bestSpikesFigure',
  topic: 'one image',
  describe: 'spikes of the busiest neuron of each receptive field at a test image',
  of: ['snn'],
  options: imageOptions,
  draw: (network: SnnSource, fed: FedImage, given: BestSpikesOptions = {}) => {
    const options = readOptions('bestSpikesFigure', schema, given);
    fedField('bestSpikesFigure', 'fed', fed);
    return bestSpikesFigure(fed.spikes, network.grid, { dt: network.dt, ...options });
  },
  args: async ({ label = 3, index }, network) => [await network.feedLabel(label, { index })] as const,
  example: () =>
    bestSpikesFigure(example.spikes, { nFilters: example.nFilters, nPositions: example.nPositions }),
  gallery: [{ caption: 'The busiest neuron of each receptive field' }],
});
