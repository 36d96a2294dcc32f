/** Any number of classes up to 32,768: the same answers in wider arrays. */
import { describe, expect, it } from 'vitest';
import { makeLabels } from './class-numbers.js';
import {
  accuracyPerLabel,
  calibrateVotes,
  confusionMatrix,
  packSpikeCounts,
  predictByClassifier,
  predictByVotes,
  scorePredictions,
  trainLinearClassifier,
  votingMethods,
} from './index.js';

/** As many filters as classes; an image of class k makes filter k spike 5 times, and its neighbour once. */
function answer(nClasses: number) {
  const raw = new Uint16Array(nClasses * nClasses);
  for (let k = 0; k < nClasses; k++) {
    raw[k * nClasses + k] = 5;
    raw[k * nClasses + ((k + 1) % nClasses)] += 1;
  }
  const counts = packSpikeCounts(raw, { nFilters: nClasses, nPositions: 1 });
  return { counts, labels: makeLabels(nClasses, [...Array(nClasses).keys()]) };
}

describe.each([
  [2, Uint8Array, Int8Array],
  [128, Uint8Array, Int8Array],
  [129, Uint8Array, Int16Array],
  [256, Uint8Array, Int16Array],
  [257, Uint16Array, Int16Array],
  [300, Uint16Array, Int16Array],
])('%i classes', (nClasses, labelArray, predictionArray) => {
  const { counts, labels } = answer(nClasses);
  const votes = calibrateVotes(counts, labels, nClasses);

  it('are predicted by every voting method', () => {
    expect(labels).toBeInstanceOf(labelArray);
    for (const method of votingMethods) {
      const predictions = predictByVotes(method, counts, votes);
      expect(predictions).toBeInstanceOf(predictionArray);
      expect([...predictions]).toEqual([...labels]);
    }
  });

  it('are scored, label by label', () => {
    const predictions = predictByVotes('all_voting', counts, votes);
    predictions[nClasses - 1] = -1;
    const share = (nClasses - 1) / nClasses;
    expect(scorePredictions(predictions, labels).accuracy).toBeCloseTo(share, 12);
    const matrix = confusionMatrix(predictions, labels, nClasses);
    expect(matrix[(nClasses - 1) * (nClasses + 1) + nClasses]).toBe(1);
    expect(matrix[0]).toBe(1);
    expect(matrix.reduce((sum, count) => sum + count, 0)).toBe(nClasses);
    expect(accuracyPerLabel(predictions, labels, nClasses).at(-1)).toBe(0);
  });

  it('are learnt by the linear classifier', () => {
    const classifier = trainLinearClassifier(counts, labels, { nClasses, regularization: 16 });
    expect([...predictByClassifier(classifier, counts)]).toEqual([...labels]);
  });
});
