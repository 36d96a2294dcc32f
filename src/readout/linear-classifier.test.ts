/** The linear classifier from outside: toy problems, the choice of C, silence, repeatability, misuse. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelledCounts, poissonCounts, unpackSpikeCounts } from '../../test/support/spike-counts.js';
import { predictByClassifier } from './linear-classifier.js';
import { scorePredictions } from './score-predictions.js';
import { packSpikeCounts } from './spike-counts.js';
import { trainLinearClassifier } from './train-linear-classifier.js';

const shape = { nImages: 400, nFilters: 30, nPositions: 4, nClasses: 5 };
const hard = poissonCounts(shape, { spread: 1.3, draw: 0 });
const fresh = poissonCounts({ ...shape, nImages: 4000 }, { spread: 1.3, draw: 1 });

/** One filter per class at two positions; filter c fires at class c. */
const separable = {
  counts: packSpikeCounts(Uint16Array.of(5, 4, 0, 0, 3, 6, 1, 0, 0, 0, 5, 5, 0, 1, 7, 4), {
    nFilters: 2,
    nPositions: 2,
  }),
  labels: Uint8Array.of(0, 0, 1, 1),
};

function accuracyOf(regularization?: number | readonly number[]): number {
  const classifier = trainLinearClassifier(hard.counts, hard.labels, { nClasses: 5, regularization });
  return scorePredictions(predictByClassifier(classifier, fresh.counts), fresh.labels).accuracy;
}

describe('trainLinearClassifier', () => {
  it('separates what can be separated, and takes the one nearest to 1 of equally good C', () => {
    const classifier = trainLinearClassifier(separable.counts, separable.labels, { nClasses: 2, nFolds: 2 });
    expect([...predictByClassifier(classifier, separable.counts)]).toEqual([0, 0, 1, 1]);
    expect(classifier).toMatchObject({ nClasses: 2, nFeatures: 4, nPositions: 2, regularization: 1 });
    expect(classifier.report.validation).toEqual(
      [0.25, 0.5, 1, 2, 4].map((regularization) => ({ regularization, accuracy: 1 })),
    );
    expect(classifier.report.relativeGap).toBeLessThanOrEqual(1e-4);
  });

  it('generalises: 400 noisy images of 5 classes teach it to tell fresh ones apart', () => {
    expect(accuracyOf()).toBeGreaterThan(0.8);
  });

  it('chooses C: the cross-validated best, near the best on fresh images, and far better than a bad C', () => {
    const grid = [1e-4, 1e-3, 0.01, 0.1, 1, 10, 100];
    const { report, regularization } = trainLinearClassifier(hard.counts, hard.labels, {
      nClasses: 5,
      regularization: [...grid].reverse(),
    });
    const tried = report.validation.map((one) => one.regularization);
    expect(tried).toEqual(grid.filter((value) => tried.includes(value)));
    const accuracies = report.validation.map((one) => one.accuracy);
    const best = Math.max(...accuracies);
    expect(regularization).toBe(tried[accuracies.indexOf(best)]);
    expect(report.regularization).toBe(regularization);
    const onFresh = grid.map((value) => accuracyOf(value));
    expect(accuracyOf(grid)).toBe(onFresh[grid.indexOf(regularization)]);
    expect(accuracyOf(grid)).toBeGreaterThan(Math.max(...onFresh) - 0.015);
    expect(best).toBeCloseTo(accuracyOf(grid), 1);
  });

  it('keeps images that were drawn twice on one side, so that memory is not mistaken for skill', () => {
    // Every image four times, with counts that say nothing of its class: only memory can get them right.
    const noise = poissonCounts({ ...shape, nImages: 100 }, { spread: 0, draw: 2 });
    const images = Uint32Array.from({ length: 400 }, (_, i) => i % 100);
    const dense = unpackSpikeCounts(noise.counts);
    const counts = packSpikeCounts(Uint16Array.of(...dense, ...dense, ...dense, ...dense), shape);
    const labels = Uint8Array.from(images, (image) => noise.labels[image]);
    const accuracyWith = (imageIds?: Uint32Array) =>
      trainLinearClassifier(counts, labels, { nClasses: 5, regularization: [10, 20], imageIds }).report
        .validation[0].accuracy;
    expect(accuracyWith()).toBeGreaterThan(0.9);
    expect(accuracyWith(images)).toBeLessThan(0.4);
  });

  it('gives equal bits for equal arguments, and other orders for another seed', () => {
    const train = (seed: number) => trainLinearClassifier(hard.counts, hard.labels, { nClasses: 5, seed });
    expect(train(3)).toEqual(train(3));
    expect(train(3).weights).not.toEqual(train(4).weights);
  });

  it('does not depend on the order of the classes or on images without spikes', () => {
    const silence = new Uint16Array(120);
    const padded = packSpikeCounts(Uint16Array.of(...unpackSpikeCounts(hard.counts), ...silence), shape);
    const labels = Uint8Array.from({ length: 401 }, (_, i) => hard.labels[i] ?? 0);
    const options = { nClasses: 5, regularization: 1 };
    const withSilence = trainLinearClassifier(padded, labels, options);
    expect(withSilence.weights).toEqual(trainLinearClassifier(hard.counts, hard.labels, options).weights);
    const relabelled = hard.labels.map((label) => 4 - label);
    const mirrored = trainLinearClassifier(hard.counts, relabelled, options);
    const predictions = predictByClassifier(withSilence, fresh.counts);
    const agreeing = predictByClassifier(mirrored, fresh.counts).filter(
      (label, i) => 4 - label === predictions[i],
    );
    expect(agreeing.length).toBeGreaterThan(0.995 * fresh.counts.nImages);
  });

  it('never predicts a class it has not seen', () => {
    const classifier = trainLinearClassifier(
      hard.counts,
      hard.labels.map((label) => 2 * label),
    );
    expect([...classifier.bias].map((bias) => Number.isFinite(bias))).toEqual(
      Array.from({ length: 10 }, (_, label) => label % 2 === 0),
    );
    expect(predictByClassifier(classifier, fresh.counts).every((label) => label % 2 === 0)).toBe(true);
  });

  it('takes whatever counts there are: silence, one class, one image', () => {
    fc.assert(
      fc.property(labelledCounts(), ({ counts, labels, nClasses, nNeurons, countOf }) => {
        const classifier = trainLinearClassifier(counts, labels, { nClasses });
        const predictions = predictByClassifier(classifier, counts);
        predictions.forEach((prediction, image) => {
          const silent = [...Array(nNeurons).keys()].every((y) => countOf(image, y) === 0);
          expect(silent ? [-1] : [...labels]).toContain(prediction);
        });
        expect(classifier.weights.every((weight) => Number.isFinite(weight))).toBe(true);
      }),
    );
  });

  it('counts its machines up to at most the announced number', () => {
    const steps: [number, number][] = [];
    trainLinearClassifier(hard.counts, hard.labels, {
      nClasses: 5,
      regularization: [1, 2],
      onProgress: (done, total) => steps.push([done, total]),
    });
    expect(steps).toEqual(Array.from({ length: 35 }, (_, i) => [i + 1, 35]));
  });

  it('can skip the choice', () => {
    const { report } = trainLinearClassifier(hard.counts, hard.labels, { nClasses: 5, regularization: 2 });
    expect(report).toMatchObject({ regularization: 2, validation: [] });
  });

  const train = (options: object, counts = {}, labels = separable.labels) =>
    trainLinearClassifier({ ...separable.counts, ...counts }, labels, { nClasses: 2, ...options });
  it.each([
    [
      'counts of another number of images',
      () => train({}, { nImages: 5 }),
      /5 images with 6 offsets from 0 on, got 5/,
    ],
    [
      'counts of a smaller layer',
      () => train({}, { nFilters: 1 }),
      /neurons below 1 filters × 2 positions = 2, got 2/,
    ],
    [
      'no images',
      () => train({}, packSpikeCounts(new Uint16Array(0), { nFilters: 2, nPositions: 2 })),
      /nImages to be a whole number ≥ 1, got 0/,
    ],
    ['too few labels', () => train({}, {}, Uint8Array.of(1)), /4 labels, one per image, got 1/],
    ['a label that is no class', () => train({ nClasses: 1 }), /labels from 0 to 0, got 1/],
    ['a seed that is no whole number', () => train({ seed: 0.5 }), /seed.*got 0.5/],
    ['a C of 0', () => train({ regularization: [1, 0] }), /a finite regularization\[1\] > 0, got 0/],
    ['an infinite C', () => train({ regularization: Infinity }), /a finite regularization > 0, got Infinity/],
    [
      'no C at all',
      () => train({ regularization: [] }),
      /regularization to be a list of at least 1, got \[\]/,
    ],
    ['one fold', () => train({ nFolds: 1 }), /nFolds to be a whole number from 2 to 100, got 1/],
    ['very many folds', () => train({ nFolds: 101 }), /nFolds to be a whole number from 2 to 100, got 101/],
    ['identities of other images', () => train({ imageIds: [1] }), /4 imageIds, one per image, got 1/],
  ])('refuses %s', (_, call, message) => {
    expect(call).toThrow(message);
    expect(call).toThrow(/^trainLinearClassifier: /);
  });
});

describe('predictByClassifier', () => {
  const classifier = trainLinearClassifier(separable.counts, separable.labels, {
    nClasses: 2,
    regularization: 1,
  });

  it('takes the highest of bias + weights · features, of equal ones the lowest label', () => {
    const counts = packSpikeCounts(Uint16Array.of(1, 0, 1), { nFilters: 1, nPositions: 1 });
    const one = { ...classifier, nFeatures: 1, nPositions: 1, nClasses: 3 };
    const weights = Float32Array.of(1, 2, 0);
    expect([...predictByClassifier({ ...one, weights, bias: Float32Array.of(0, 0, 1.5) }, counts)]).toEqual([
      1, -1, 1,
    ]);
    expect([...predictByClassifier({ ...one, weights, bias: Float32Array.of(1, 0, 2) }, counts)]).toEqual([
      0, -1, 0,
    ]);
  });

  it.each([
    ['counts of another layer', {}, { nFilters: 4, nPositions: 1 }, /4 neurons at 2 positions.*got "4 at 1"/],
    ['too few weights', { weights: new Float32Array(7) }, {}, /2 × 4 weights and 2 biases, got "7 and 2"/],
    ['too few biases', { bias: new Float32Array(1) }, {}, /got "8 and 1"/],
    [
      'features it does not know',
      { transform: 'sqrt' as 'balancedRoots' },
      {},
      /transform "balancedRoots", got "sqrt"/,
    ],
    ['counts of another number of images', {}, { nImages: 5 }, /6 offsets from 0 on, got 5/],
    ['counts of a smaller layer', {}, { nFilters: 1 }, /neurons below 1 filters × 2 positions = 2, got 2/],
  ])('refuses %s', (_, change, counts, message) => {
    const predict = () =>
      predictByClassifier({ ...classifier, ...change }, { ...separable.counts, ...counts });
    expect(predict).toThrow(message);
    expect(predict).toThrow(/^predictByClassifier: /);
  });
});
