import { expect, it } from 'vitest';
import { spikeTrainFromEvents } from '../core/encoding/spike-train.js';
import { countNgrams, predictByNgrams } from './index.js';

/** A train of one spike a step. */
const inOrder = (...neurons: number[]) =>
  spikeTrainFromEvents(
    neurons.map((_, step) => step),
    neurons,
    10,
    5,
  );

it('counts every n-gram for the label of its image, the last one included', () => {
  const { scores } = countNgrams([inOrder(0, 1, 2), inOrder(0, 1)], Uint8Array.of(0, 2), { nClasses: 3 });
  expect([...scores]).toEqual([
    ['0,1', Float32Array.of(1, 0, 1)],
    ['1,2', Float32Array.of(1, 0, 0)],
  ]);
  const trigrams = countNgrams([inOrder(0, 1, 2), inOrder(0, 1)], Uint8Array.of(0, 2), { n: 3 });
  expect([...trigrams.scores.keys()]).toEqual(['0,1,2']);
});

it('predicts by the sums of scores, the last n-gram included; nothing where none is known', () => {
  const scores = countNgrams([inOrder(0, 1, 2), inOrder(3, 4), inOrder(3, 4)], Uint8Array.of(0, 1, 1), {
    nClasses: 2,
  });
  const asked = [inOrder(0, 1), inOrder(0, 1, 3, 4), inOrder(4, 3), inOrder(0)];
  expect(Array.from(predictByNgrams(asked, scores))).toEqual([0, 1, -1, -1]);
});

it('takes spikes of one step in the order of their neurons', () => {
  const together = spikeTrainFromEvents([0, 0, 1], [2, 4, 1], 3, 5);
  expect([...countNgrams([together], Uint8Array.of(0)).scores.keys()]).toEqual(['2,4', '4,1']);
});
