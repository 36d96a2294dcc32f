import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import * as results from './example-results.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { votesFigure } from './index.js';

it('draws neurons by the label they vote for', () => {
  expect(plainFigure(exampleFigures.votesFigure())).toMatchSnapshot();
});

it('shows every vote once, in either order', () => {
  const { votes, nClasses, nNeurons } = results;
  for (const sort of ['label', 'neuron'] as const) {
    const [{ z, customdata }] = votesFigure(votes, nClasses, { sort }).data as unknown as [
      { z: Float32Array[]; customdata: Int32Array[] },
    ];
    const redrawn = new Float32Array(votes.length);
    z.forEach((row, label) =>
      row.forEach((vote, i) => (redrawn[label * nNeurons + customdata[label][i]] = vote)),
    );
    expect(redrawn).toEqual(votes);
  }
});

it('calls classes by their names, where they have some', () => {
  const { votes, nClasses } = results;
  const { data, layout } = votesFigure(votes, nClasses, { classNames: ['Coat', 'Bag', '7'] });
  expect(data[0]).toMatchObject({ y: ['Coat', 'Bag', '7'] });
  expect(layout.yaxis).toMatchObject({ type: 'category' });
  expect(() => votesFigure(votes, nClasses, { classNames: ['Coat'] })).toThrow(
    'votesFigure: expected classNames of 3 classes, got 1',
  );
});

it('sorts neurons by labels beyond 256, too', () => {
  const nClasses = 300;
  const votes = new Float32Array(2 * nClasses);
  votes[2 * 299] = 1;
  votes[2 * 1 + 1] = 1;
  expect(votesFigure(votes, nClasses).data[0]).toMatchObject({
    customdata: expect.arrayContaining([Int32Array.of(1, 0)]),
  });
});

it('refuses votes that are not of so many classes', () => {
  expect(() => votesFigure(new Float32Array(7), 3)).toThrow('votes [label, neuron] of 3 labels, got 7');
});
