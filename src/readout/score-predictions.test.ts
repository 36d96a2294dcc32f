/** Scores by hand, and the confusion matrix as what they can all be read from. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accuracyPerLabel, confusionMatrix, scorePredictions } from './score-predictions.js';

const predictions = Int8Array.of(0, 1, -1, 1);
const labels = Uint8Array.of(0, 1, 1, 0);

describe('scorePredictions', () => {
  it('counts −1 as wrong and gives √(a (1 − a) / n)', () => {
    expect(scorePredictions(predictions, labels)).toEqual({ accuracy: 0.5, error: 0.25, nIter: 4 });
    expect(scorePredictions(Int8Array.of(2), Uint8Array.of(2))).toEqual({ accuracy: 1, error: 0, nIter: 1 });
  });

  it('does not take the label 255 for no prediction', () => {
    expect(scorePredictions(Int8Array.of(-1), Uint8Array.of(255)).accuracy).toBe(0);
  });

  it('refuses nothing, and labels that do not match', () => {
    expect(() => scorePredictions(new Int8Array(0), new Uint8Array(0))).toThrow(
      /scorePredictions: expected at least one prediction, got 0/,
    );
    expect(() => scorePredictions(predictions, labels.subarray(1))).toThrow(
      /scorePredictions: expected 4 labels, one per image, got 3/,
    );
  });
});

describe('confusionMatrix', () => {
  it('has true labels as rows, and no prediction as last column', () => {
    expect([...confusionMatrix(predictions, labels, 2)]).toEqual([1, 1, 0, 0, 1, 1]);
  });

  it('holds every image once; its diagonal is the accuracy, in all and per label', () => {
    const image = fc.record({ prediction: fc.integer({ min: -1, max: 9 }), label: fc.nat(9) });
    fc.assert(
      fc.property(fc.array(image, { minLength: 1 }), (images) => {
        const predicted = Int8Array.from(images, ({ prediction }) => prediction);
        const truth = Uint8Array.from(images, ({ label }) => label);
        const matrix = confusionMatrix(predicted, truth);
        const sum = (values: Int32Array) => values.reduce((total, value) => total + value, 0);
        const diagonal = Int32Array.from({ length: 10 }, (_, label) => matrix[label * 11 + label]);
        expect(matrix).toHaveLength(110);
        expect(sum(matrix)).toBe(images.length);
        expect(scorePredictions(predicted, truth).accuracy).toBe(sum(diagonal) / images.length);
        accuracyPerLabel(predicted, truth).forEach((accuracy, label) => {
          const row = sum(matrix.subarray(label * 11, label * 11 + 11));
          expect(row).toBe(images.filter((one) => one.label === label).length);
          expect(accuracy).toBe(row === 0 ? NaN : diagonal[label] / row);
        });
      }),
    );
  });

  it.each([confusionMatrix, accuracyPerLabel])('%o refuses what is no class', (measure) => {
    expect(() => measure(predictions, labels, 1)).toThrow(/labels from 0 to 0, got 1/);
    expect(() => measure(Int8Array.of(3), Uint8Array.of(0), 2)).toThrow(/predictions from −1 to 1, got 3/);
    expect(() => measure(Int8Array.of(-2), Uint8Array.of(0), 2)).toThrow(/predictions from −1 to 1, got -2/);
    expect(() => measure(predictions, labels.subarray(2), 2)).toThrow(/4 labels, one per image, got 2/);
  });
});
