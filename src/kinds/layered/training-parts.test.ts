import { describe, expect, it } from 'vitest';
import { Parameter } from '../../layers/layer.js';
import {
  countCorrect,
  crossEntropyLoss,
  type Loss,
  mixtureLoss,
  mseLoss,
  predictLabels,
} from '../../layers/losses.js';
import { Adam, SGD } from '../../layers/optimizers.js';
import { ReduceLROnPlateau } from '../../layers/reduce-lr-on-plateau.js';
import { makeTensor, type Tensor } from '../../layers/tensor.js';

const predictions = makeTensor([2, 3], Float64Array.of(0.2, 0.5, 0.3, 0.6, 0.1, 0.3));
const labels = [1, 2];

describe('losses', () => {
  it('mixture: the closed form, summed over the batch', () => {
    const squares = 0.04 + 0.25 + 0.09 + 0.36 + 0.01 + 0.49;
    const divergence = Math.log(1 / 0.5) + Math.log(1 / 0.3);
    expect(mixtureLoss(predictions, labels).value).toBeCloseTo((0.5 * squares + divergence) / 3 / 1.5, 12);
  });

  it('cross entropy of equal predictions is log(classes)', () => {
    const equal = makeTensor([2, 4], new Float64Array(8).fill(3));
    expect(crossEntropyLoss(equal, [0, 3]).value).toBeCloseTo(Math.log(4), 12);
  });

  it.each<[string, (p: Tensor, l: number[]) => Loss]>([
    ['mixture', mixtureLoss],
    ['mse', mseLoss],
    ['cross entropy', crossEntropyLoss],
  ])('%s: gradient against central differences, error < 1e-7', (_, loss) => {
    const { gradient } = loss(predictions, labels);
    const step = 1e-6;
    predictions.data.forEach((kept, i) => {
      predictions.data[i] = kept + step;
      const above = loss(predictions, labels).value;
      predictions.data[i] = kept - step;
      const below = loss(predictions, labels).value;
      predictions.data[i] = kept;
      expect(Math.abs((above - below) / (2 * step) - gradient.data[i])).toBeLessThan(1e-7);
    });
  });

  it('tells more than 256 classes apart', () => {
    const scores = Float32Array.from({ length: 300 }, (_, k) => k);
    expect([...predictLabels(makeTensor([1, 300], scores))]).toEqual([299]);
    expect(countCorrect(makeTensor([1, 300], scores), Uint16Array.of(299))).toBe(1);
  });

  it('counts correct predictions; the first of equals is the answer', () => {
    expect(countCorrect(predictions, [1, 0])).toBe(2);
    expect(countCorrect(predictions, [1, 2])).toBe(1);
    expect([...predictLabels(makeTensor([1, 3], Float32Array.of(1, 4, 4)))]).toEqual([1]);
  });

  it('refuses labels that are no class', () => {
    expect(() => mixtureLoss(predictions, [0, 3])).toThrow(/labels from 0 to 2, got 3/);
    expect(() => mseLoss(predictions, [0])).toThrow(/predictions \[1, class\]/);
  });
});

function makeParameter(values: number[]): Parameter {
  return new Parameter('p', makeTensor([values.length], Float64Array.from(values)));
}

describe('optimisers', () => {
  it('Adam: the first step is the rate against the sign of the gradient', () => {
    const parameter = makeParameter([1, 1]);
    parameter.gradient.data.set([0.3, -20]);
    new Adam([parameter], { rate: 0.01 }).step();
    expect(parameter.value.data[0]).toBeCloseTo(0.99, 6);
    expect(parameter.value.data[1]).toBeCloseTo(1.01, 6);
  });

  it('SGD with momentum: velocity 1, 1.9, 2.71 under a steady gradient', () => {
    const parameter = makeParameter([0]);
    parameter.gradient.data[0] = 1;
    const sgd = new SGD([parameter], { rate: 1, momentum: 0.9 });
    const path = [1, 2, 3].map(() => {
      sgd.step();
      return parameter.value.data[0];
    });
    [-1, -2.9, -5.61].forEach((value, i) => expect(path[i]).toBeCloseTo(value, 12));
  });

  it.each<[string, (p: Parameter[]) => Adam | SGD]>([
    ['Adam', (p) => new Adam(p)],
    ['SGD', (p) => new SGD(p, { rate: 0.1, momentum: 0.5 })],
  ])('%s goes on from a saved state as if it had not stopped', (_, make) => {
    const run = (stopAfter: number | null) => {
      const parameter = makeParameter([1, 2]);
      let optimizer = make([parameter]);
      for (let step = 0; step < 6; step++) {
        if (step === stopAfter) {
          const state = optimizer.save();
          optimizer = make([parameter]);
          optimizer.restore(state);
        }
        parameter.gradient.data.set([Math.sin(step), parameter.value.data[0]]);
        optimizer.step();
      }
      return [...parameter.value.data];
    };
    expect(run(3)).toEqual(run(null));
  });

  it('refuses the state of other parameters', () => {
    const state = new Adam([makeParameter([1])]).save();
    expect(() => new Adam([makeParameter([1, 2])]).restore(state)).toThrow(/moments of 1 parameters/);
  });

  it('ReduceLROnPlateau lowers the rate after patience + 1 steps without progress, not below eps', () => {
    const sgd = new SGD([makeParameter([0])], { rate: 1e-9 });
    const plateau = new ReduceLROnPlateau(sgd, { patience: 2, eps: 1e-10 });
    // The second loss is better by less than the threshold.
    const rates = [1, 0.99995, 1, 1, 1, 1, 1, 1, 1].map((loss) => {
      plateau.step(loss);
      return sgd.rate;
    });
    expect(rates.slice(0, 3)).toEqual([1e-9, 1e-9, 1e-9]);
    rates.slice(3).forEach((rate) => expect(rate).toBeCloseTo(1e-10, 20));
  });
});
