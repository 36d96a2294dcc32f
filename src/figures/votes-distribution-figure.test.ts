import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { rankVoteShares } from './rank-votes.js';

it('draws a box per rank', () => {
  expect(plainFigure(exampleFigures.votesDistributionFigure())).toMatchSnapshot();
});

it('ranks the shares of each neuron, and leaves out those without votes', () => {
  const votes = Float32Array.from([1, 0, 6, 3, 0, 2]);
  expect(rankVoteShares(votes, 2, 'test')).toEqual([
    Float64Array.of(0.75, 0.75),
    Float64Array.of(0.25, 0.25),
  ]);
});
