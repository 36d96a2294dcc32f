import { describe, expect, it } from 'vitest';
import { RandomStream } from '../core/random/stream.js';
import { NNMF2d } from './nnmf2d.js';
import { backPositive, makePositive, type PositiveFunctionType } from './positive-function.js';
import { SbS, type SbSOptions } from './sbs.js';
import { makeTensor, type Tensor } from './tensor.js';

const uniform = (length: number, low: number, high: number, item: number) => {
  const stream = new RandomStream(13, 'user', item);
  return Float64Array.from({ length }, () => low + (high - low) * (stream.nextUint32() / 2 ** 32));
};

describe('positive functions: derivatives against central differences, error < 1e-6 relative', () => {
  it.each<[PositiveFunctionType, number]>([
    [0, 1],
    [1, 1],
    // Above 80 the exponent is scaled by the largest weight, through which the gradient flows too.
    [1, 100],
    [2, 1],
    [3, 1],
  ])('type %i, weights up to %i', (type, size) => {
    const weights = uniform(12, -size, size, 1);
    const direction = uniform(12, -1, 1, 2);
    const beta = 0.4;
    const value = (b: number) =>
      [...makePositive(type, weights, b)].reduce((sum, p, i) => sum + p * direction[i], 0);
    const gradient = new Float64Array(12);
    const betaGradient = backPositive(
      type,
      weights,
      beta,
      makePositive(type, weights, beta),
      direction,
      gradient,
    );
    const step = 1e-6;
    const expected = weights.map((kept, i) => {
      weights[i] = kept + step;
      const above = value(beta);
      weights[i] = kept - step;
      const below = value(beta);
      weights[i] = kept;
      return (above - below) / (2 * step);
    });
    const scale = Math.max(1, ...expected.map(Math.abs));
    expected.forEach((slope, i) => expect(Math.abs(gradient[i] - slope) / scale).toBeLessThan(1e-6));
    const betaSlope = (value(beta + step) - value(beta - step)) / (2 * step);
    expect(Math.abs(betaGradient - betaSlope) / Math.max(1, Math.abs(betaSlope))).toBeLessThan(1e-6);
  });
});

/**
 * The rule of Rotermund & Pawelzik takes the output as the result of one update of an h that is held: for g = ∂L/∂h it is
 * the exact gradient of Σ_i g_i h_i Σ_s W_is x_s / R_s with R_s = Σ_j h_j W_js.
 */
describe('backward is the gradient of one update from the last h', () => {
  it('NNMF2d: identity weights, central differences, error < 1e-6', () => {
    const layer = new NNMF2d(5, 4, { positiveFunctionType: 3, iterations: 7 }).toFloat64();
    const x = makeTensor([2, 5, 2, 1], uniform(20, 0.1, 1, 3));
    const h = layer.forward(x).data.slice();
    const g = uniform(16, -1, 1, 4);
    const inputGradient = layer.backward(makeTensor([2, 4, 2, 1], g));
    const loss = () => {
      let sum = 0;
      for (let image = 0; image < 2; image++) {
        for (let p = 0; p < 2; p++) {
          const at = (i: number) => (image * 4 + i) * 2 + p;
          for (let s = 0; s < 5; s++) {
            const weights = [0, 1, 2, 3].map((i) => {
              const row = [...layer.weight.value.data.subarray(i * 5, i * 5 + 5)];
              return row[s] / row.reduce((total, w) => total + w, 0);
            });
            const r = weights.reduce((total, w, i) => total + w * h[at(i)], 0);
            const value = x.data[(image * 5 + s) * 2 + p];
            weights.forEach((w, i) => (sum += (g[at(i)] * h[at(i)] * w * value) / r));
          }
        }
      }
      return sum;
    };
    expect(slopeError(loss, x.data, inputGradient.data)).toBeLessThan(1e-6);
    expect(slopeError(loss, layer.weight.value.data, layer.weight.gradient.data)).toBeLessThan(1e-6);
  });
});

function slopeError(loss: () => number, values: Tensor['data'], gradient: Tensor['data']): number {
  const step = 1e-6;
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const kept = values[i];
    values[i] = kept + step;
    const above = loss();
    values[i] = kept - step;
    const below = loss();
    values[i] = kept;
    largest = Math.max(largest, Math.abs((above - below) / (2 * step) - gradient[i]));
  }
  return largest;
}

const sbsOptions: SbSOptions = {
  numberOfInputNeurons: 2,
  numberOfNeurons: 4,
  inputSize: [4, 5],
  forwardKernelSize: [2, 2],
  numberOfSpikes: 30,
  epsilonT: new Float64Array(40).fill(1),
  seed: 5,
};

const columnSums = ({ shape, data }: Tensor) =>
  Array.from({ length: shape[1] }, (_, i) =>
    [...data].reduce((sum, w, at) => (at % shape[1] === i ? sum + w : sum), 0),
  );

describe('SbS', () => {
  it('starts with noisy weights whose columns sum to 1, uniform h and epsilon', () => {
    const layer = new SbS(sbsOptions);
    expect(layer.weights.shape).toEqual([8, 4]);
    columnSums(layer.weights).forEach((sum) => expect(sum).toBeCloseTo(1, 6));
    const [least, most] = [Math.min(...layer.weights.data), Math.max(...layer.weights.data)];
    expect(most / least).toBeGreaterThan(1);
    expect(most / least).toBeLessThan(1.01 + 1e-5);
    expect(layer.outputSize).toEqual([3, 4]);
    expect(new Set(layer.epsilonXy.data)).toEqual(new Set([Math.fround(0.1)]));
    expect([...layer.hInitial]).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  it('outputs distributions, draws other spikes in every pass, and the same from the same item', () => {
    const layer = new SbS(sbsOptions);
    layer.weights = makeTensor([8, 4], uniform(32, 0, 1, 6));
    const x = makeTensor([3, 2, 4, 5], Float32Array.from(uniform(120, 0, 1, 7)));
    const first = layer.forward(x).data.slice();
    for (let at = 0; at < 36; at++) {
      const [image, p] = [Math.floor(at / 12), at % 12];
      const sum = [0, 1, 2, 3].reduce((total, i) => total + first[(image * 4 + i) * 12 + p], 0);
      expect(sum).toBeCloseTo(1, 5);
    }
    expect(layer.spikeStream.next).toBe(3);
    expect(layer.forward(x).data).not.toEqual(first);
    layer.spikeStream.next = 0;
    expect(layer.forward(x).data).toEqual(first);
  });

  it('leaves h where there is no input, with no gradient there', () => {
    const layer = new SbS(sbsOptions);
    const out = layer.forward(makeTensor([1, 2, 4, 5], new Float32Array(40)));
    out.data.forEach((value) => expect(value).toBeCloseTo(0.25, 7));
    layer.backward(makeTensor(out.shape, new Float32Array(out.data.length).fill(1)));
    expect(new Set(layer.weightsParameter.gradient.data)).toEqual(new Set([0]));
  });

  it('thresholds, means, norms, backs up and restores', () => {
    const layer = new SbS(sbsOptions);
    layer.backupWeights();
    const kept = layer.weights.data.slice();
    layer.thresholdWeights(0.2);
    expect(new Set(layer.weights.data)).toEqual(new Set([Math.fround(0.2)]));
    layer.normWeights();
    layer.weights.data.forEach((w) => expect(w).toBeCloseTo(0.125, 6));
    layer.restoreWeights();
    expect(layer.weights.data).toEqual(kept);

    layer.backupEpsilonXy();
    layer.epsilonXy.data[0] = 0.7;
    layer.thresholdEpsilonXy(0.3);
    layer.meanEpsilonXy();
    expect(layer.epsilonXy.data[5]).toBeCloseTo((0.7 + 11 * 0.3) / 12, 6);
    layer.restoreEpsilonXy();
    expect(layer.epsilonXy.data[0]).toBeCloseTo(0.1, 6);
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      'spikes without factors',
      () => new SbS({ ...sbsOptions, numberOfSpikes: 41 }),
      /numberOfSpikes ≤ 40.*got 41/,
    ],
    ['epsilon0', () => new SbS({ ...sbsOptions, epsilon0: 0 }), /epsilon0 > 0, got 0/],
    [
      'pooling of other neurons',
      () => new SbS({ ...sbsOptions, isPoolingLayer: true }),
      /2 neurons in a pooling layer, got 4/,
    ],
    [
      'weights',
      () => (new SbS(sbsOptions).weights = makeTensor([8, 4], uniform(32, -1, 1, 8))),
      /finite numbers ≥ 0, got -/,
    ],
    [
      'shape of weights',
      () => (new SbS(sbsOptions).weights = makeTensor([4, 8], uniform(32, 0, 1, 8))),
      /shape \[8, 4\], got \[4,8\]/,
    ],
    [
      'epsilonXy',
      () => (new SbS(sbsOptions).epsilonXy = makeTensor([3, 4], new Float32Array(12))),
      /finite numbers > 0, got 0/,
    ],
    [
      'input',
      () => new SbS(sbsOptions).forward(makeTensor([1, 1, 4, 5], new Float32Array(20))),
      /shape \[1, 2, 4, 5\]/,
    ],
    ['restore without backup', () => new SbS(sbsOptions).restoreWeights(), /expected a backup/],
  ])('refuses wrong %s', (_, attempt, message) => {
    expect(attempt).toThrow(message);
  });
});
