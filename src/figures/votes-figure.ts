/** What every neuron votes for: mean spike counts by label, neurons grouped by the label they speak for. */
import { defineFigure } from './definition.js';
import * as example from './example-results.js';
import type { SnnSource } from './sources.js';
import { requireVotes } from './require-result.js';
import { oneOf, readOptions, type Schema } from '../options.js';
import type { Figure } from './figure.js';
import { type ClassOptions, classSchema, nameClasses, withNames } from './class-names.js';
import { colorBar, createFigure, magnitudeScale, roomForLabels } from './theme.js';
import { readVotes } from './rank-votes.js';

export interface VotesFigureOptions extends ClassOptions {
  /** Neurons by the label they vote for most (`label`, default) or in their order (`neuron`). */
  sort?: 'label' | 'neuron';
}

const schema: Schema<VotesFigureOptions> = {
  ...classSchema,
  sort: oneOf(['label', 'neuron']),
};

/**
 * @param votes mean spike count [label, neuron]
 * @param nClasses number of labels
 */
export function votesFigure(votes: Float32Array, nClasses = 10, options: VotesFigureOptions = {}): Figure {
  const { sort = 'label', title, classNames } = readOptions('votesFigure', schema, options);
  const { nNeurons, best } = readVotes(votes, nClasses, 'votesFigure');
  const names = classNames && nameClasses(nClasses, classNames, 'votesFigure');
  const order = Array.from({ length: nNeurons }, (_, neuron) => neuron);
  if (sort === 'label') {
    const most = (neuron: number) => votes[best[neuron] * nNeurons + neuron];
    order.sort((a, b) => best[a] - best[b] || most(b) - most(a) || a - b);
  }
  const rows = Array.from({ length: nClasses }, (_, label) =>
    Float32Array.from(order, (neuron) => votes[label * nNeurons + neuron]),
  );
  const numbers = Int32Array.from(order);
  return createFigure(
    [
      {
        type: 'heatmap',
        ...(names && { y: names }),
        z: rows as unknown as number[][],
        customdata: rows.map(() => numbers) as unknown as number[][],
        colorscale: magnitudeScale,
        zmin: 0,
        hovertemplate: 'neuron %{customdata}, label %{y}: %{z:.2f} spikes<extra></extra>',
        colorbar: colorBar('mean spikes per image', 300),
      },
    ],
    {
      xaxis: {
        title: {
          text: sort === 'label' ? 'output neurons, by the label they vote for most' : 'output neuron',
        },
        range: [-0.5, nNeurons - 0.5],
      },
      yaxis: {
        title: { text: 'label' },
        range: [nClasses - 0.5, -0.5],
        dtick: 1,
        ...(names && { type: 'category' }),
      },
    },
    {
      title: title ?? 'Votes',
      plotWidth: 640,
      plotHeight: Math.max(240, 32 * nClasses),
      right: 110,
      ...(names && { left: roomForLabels(names) }),
    },
  );
}

votesFigure.definition = defineFigure({
  name: 'votes',
  method: 'votesFigure',
  topic: 'votes',
  describe: 'the label that every neuron votes for',
  of: ['snn'],
  draw: (network: SnnSource, options: VotesFigureOptions = {}) => {
    const { votes, nClasses } = requireVotes(network, 'votesFigure');
    return votesFigure(votes, nClasses, withNames(network, options));
  },
  example: () => votesFigure(example.votes, example.nClasses),
  gallery: [{ caption: 'What every neuron votes for' }],
});
