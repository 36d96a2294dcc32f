/** How clear the neurons' votes are: shares from a neuron's top class to its worst, with their ranges. */
import { defineFigure } from './definition.js';
import * as example from './example-results.js';
import type { SnnSource } from './sources.js';
import { requireVotes } from './require-result.js';
import { readOptions } from '../options.js';
import type { Figure } from './figure.js';
import { rankVoteShares } from './rank-votes.js';
import { mean, quantile } from './statistics.js';
import { colors, createFigure, figureFields, type FigureOptions, ink } from './theme.js';

/**
 * Boxes from the lower to the upper quartile, whiskers from the 5th to the 95th percentile, the mean dashed.
 *
 * @param votes mean spike count [label, neuron]; neurons without votes are left out
 */
export function votesDistributionFigure(
  votes: Float32Array,
  nClasses = 10,
  options: FigureOptions = {},
): Figure {
  const { title } = readOptions('votesDistributionFigure', figureFields, options);
  const shares = rankVoteShares(votes, nClasses, 'votesDistributionFigure').map((rank) => rank.sort());
  const at = (share: number) => shares.map((rank) => 100 * quantile(rank, share));
  const names = shares.map((_, rank) => rankName(rank, nClasses));
  return createFigure(
    [
      {
        type: 'box',
        x: names,
        lowerfence: at(0.05),
        q1: at(0.25),
        median: at(0.5),
        q3: at(0.75),
        upperfence: at(0.95),
        mean: shares.map((rank) => 100 * mean(rank)),
        boxmean: true,
        line: { color: ink, width: 1.2 },
        fillcolor: colors.sky,
        width: 0.55,
      } as never,
    ],
    {
      xaxis: { title: { text: 'class, by votes of the neuron' }, type: 'category' },
      yaxis: { title: { text: "share of the neuron's votes [%]" }, rangemode: 'tozero' },
    },
    { title: title ?? 'Distribution of votes', plotWidth: 70 * Math.max(6, nClasses), plotHeight: 340 },
  );
}

votesDistributionFigure.definition = defineFigure({
  name: 'votes-distribution',
  method: 'votesDistributionFigure',
  topic: 'votes',
  describe: 'how clear the votes are',
  of: ['snn'],
  draw: (network: SnnSource, options?: FigureOptions) => {
    const { votes, nClasses } = requireVotes(network, 'votesDistributionFigure');
    return votesDistributionFigure(votes, nClasses, options);
  },
  example: () => votesDistributionFigure(example.votes, example.nClasses),
  gallery: [{ caption: 'How clear the votes are' }],
});

function rankName(rank: number, nClasses: number): string {
  if (rank === 0) return 'top';
  return rank === nClasses - 1 ? 'worst' : `${rank + 1}.`;
}
