import { describe, expect, it } from 'vitest';
import { RandomStream } from '../core/random/stream.js';
import { AvgPool2d } from './avg-pool2d.js';
import { BatchNorm2d } from './batch-norm2d.js';
import { Conv2d } from './conv2d.js';
import { Dropout } from './dropout.js';
import { Flatten } from './flatten.js';
import { Fold } from './fold.js';
import { L1Norm } from './l1-norm.js';
import type { Layer } from './layer.js';
import { Linear } from './linear.js';
import { ReLU } from './relu.js';
import { Sequential } from './sequential.js';
import { Softmax } from './softmax.js';
import { SplitOnOff } from './split-on-off.js';
import { countElements, makeTensor, type Tensor } from './tensor.js';
import { Unfold } from './unfold.js';

function uniform64(shape: readonly number[], low: number, high: number, item = 0): Tensor {
  const stream = new RandomStream(11, 'user', item);
  const draw = () => low + (high - low) * (stream.nextUint32() / 2 ** 32);
  return makeTensor(shape, Float64Array.from({ length: countElements(shape) }, draw));
}

function dot(a: Tensor, b: Tensor): number {
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += a.data[i] * b.data[i];
  return sum;
}

/** Largest difference between the explicit gradients and central differences of ⟨output, direction⟩, in float64. */
function gradientError(layer: Layer, x: Tensor): number {
  layer.toFloat64();
  const direction = uniform64(layer.forward(x).shape, -1, 1, 1);
  layer.clearGradients();
  layer.forward(x);
  const inputGradient = layer.backward(direction);
  const pairs: [Tensor, Tensor][] = [
    [x, inputGradient],
    ...layer.parameters().map(({ value, gradient }): [Tensor, Tensor] => [value, gradient]),
  ];
  const step = 1e-6;
  let largest = 0;
  for (const [value, gradient] of pairs) {
    for (let i = 0; i < value.data.length; i++) {
      const kept = value.data[i];
      value.data[i] = kept + step;
      const above = dot(layer.forward(x), direction);
      value.data[i] = kept - step;
      const below = dot(layer.forward(x), direction);
      value.data[i] = kept;
      largest = Math.max(largest, Math.abs((above - below) / (2 * step) - gradient.data[i]));
    }
  }
  return largest;
}

const map = [2, 3, 5, 4];
const evaluated = (layer: Layer) => {
  layer.setTraining(false);
  return layer;
};
const affine = (layer: BatchNorm2d) => {
  layer.weight?.value.data.set([0.5, -1, 2]);
  layer.bias?.value.data.set([0.1, 0.2, -0.3]);
  return layer;
};

describe('explicit gradients against central differences in float64: error < 1e-6', () => {
  it.each<[string, Layer, readonly number[]]>([
    ['ReLU', new ReLU(), map],
    ['Unfold', new Unfold({ kernelSize: [3, 2], stride: [1, 2], padding: [1, 0], dilation: [2, 1] }), map],
    ['Fold, overlapping', new Fold({ outputSize: [4, 5], kernelSize: 2 }), [2, 12, 12]],
    ['Fold, 1 × 1', new Fold({ outputSize: [4, 5], kernelSize: 1 }), [2, 3, 20]],
    [
      'Conv2d',
      new Conv2d(3, 4, { kernelSize: [3, 2], stride: [2, 1], padding: [1, 1], dilation: [1, 2] }),
      map,
    ],
    ['Conv2d, 1 × 1 without bias', new Conv2d(3, 2, { kernelSize: 1, bias: false }), map],
    ['Linear', new Linear(7, 5), [3, 7]],
    ['BatchNorm2d', affine(new BatchNorm2d(3, { trackRunningStats: false })), map],
    ['BatchNorm2d in evaluation', evaluated(affine(new BatchNorm2d(3))), map],
    ['BatchNorm2d, not affine', new BatchNorm2d(3, { affine: false }), map],
    ['AvgPool2d', new AvgPool2d({ kernelSize: 2, stride: 1, padding: [1, 0] }), map],
    ['Softmax over maps', new Softmax(), map],
    ['Flatten', new Flatten(), map],
    ['Dropout in evaluation', evaluated(new Dropout(0.5)), map],
    ['SplitOnOff', new SplitOnOff([0.1, -0.2, 0]), map],
    [
      'a network',
      new Sequential([
        new Conv2d(3, 4, { kernelSize: 2 }),
        new ReLU(),
        new Flatten(),
        new Linear(48, 3),
        new Softmax(),
      ]),
      map,
    ],
  ])('%s', (_, layer, shape) => {
    expect(gradientError(layer, uniform64(shape, -1, 1))).toBeLessThan(1e-6);
  });

  it('L1Norm, of positive inputs', () => {
    expect(gradientError(new L1Norm(), uniform64(map, 0.1, 1))).toBeLessThan(1e-6);
  });
});

describe('float32 with SIMD against float64: relative difference < 1e-5', () => {
  it('convolution forward and backward', () => {
    const x = uniform64([3, 5, 9, 8], -1, 1);
    const options = { kernelSize: [3, 3], stride: 2, padding: 1, seed: 4 };
    const fast = new Conv2d(5, 6, options);
    const exact = new Conv2d(5, 6, options).toFloat64();
    const ours = fast.forward(makeTensor(x.shape, Float32Array.from(x.data)));
    const theirs = exact.forward(x);
    theirs.data.forEach((value, i) => expect(ours.data[i]).toBeCloseTo(value, 5));
    const gradient = uniform64(theirs.shape, -1, 1, 2);
    const ourGradient = fast.backward(makeTensor(gradient.shape, Float32Array.from(gradient.data)));
    exact.backward(gradient).data.forEach((value, i) => expect(ourGradient.data[i]).toBeCloseTo(value, 5));
    exact.weight.gradient.data.forEach((value, i) =>
      expect(fast.weight.gradient.data[i]).toBeCloseTo(value, 4),
    );
  });
});

describe('layers one by one', () => {
  it('BatchNorm2d keeps running statistics as PyTorch does: unbiased variance, momentum 0.1', () => {
    const layer = new BatchNorm2d(1);
    layer.forward(makeTensor([2, 1, 1, 2], Float32Array.of(1, 2, 3, 6)));
    expect(layer.runningMean?.data[0]).toBeCloseTo(0.3, 6);
    expect(layer.runningVariance?.data[0]).toBeCloseTo(0.9 + 0.1 * (14 / 3), 6);
    layer.setTraining(false);
    const out = layer.forward(makeTensor([1, 1, 1, 1], Float32Array.of(0.3)));
    expect(out.data[0]).toBeCloseTo(0, 6);
  });

  it('Dropout drops a share p, scales the rest, and drops others in the next pass', () => {
    const layer = new Dropout(0.25, { seed: 3 });
    const x = makeTensor([10_000], new Float32Array(10_000).fill(1));
    const first = layer.forward(x).data.slice();
    const dropped = first.filter((value) => value === 0).length;
    expect(Math.abs(dropped - 2500)).toBeLessThan(5 * Math.sqrt(2500 * 0.75));
    expect(new Set(first)).toEqual(new Set([0, Math.fround(4 / 3)]));
    expect(layer.backward(x).data).toEqual(first);
    expect(layer.forward(x).data).not.toEqual(first);
    layer.passes = 0;
    expect(layer.forward(x).data).toEqual(first);
  });

  it('SplitOnOff puts what is above the mean first', () => {
    const out = new SplitOnOff(0.5).forward(makeTensor([1, 1, 1, 2], Float32Array.of(0.75, 0.25)));
    expect(out.shape).toEqual([1, 2, 1, 2]);
    expect([...out.data]).toEqual([0.25, 0, 0, 0.25]);
  });

  it('AvgPool2d averages', () => {
    const out = new AvgPool2d({ kernelSize: 2 }).forward(
      makeTensor([1, 1, 2, 4], Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8)),
    );
    expect([...out.data]).toEqual([3.5, 5.5]);
  });

  it('prints as PyTorch does', () => {
    const network = new Sequential([
      new Conv2d(1, 2, { kernelSize: 3, padding: 1, bias: false }),
      new BatchNorm2d(2),
      new Sequential([new Dropout(0.2), new AvgPool2d({ kernelSize: 2 })]),
      new Linear(4, 3, { bias: false }),
    ]);
    expect(String(network)).toBe(`Sequential(
  (0): Conv2d(1, 2, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), bias=False)
  (1): BatchNorm2d(2, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
  (2): Sequential(
    (0): Dropout(p=0.2, inplace=False)
    (1): AvgPool2d(kernel_size=2, stride=2, padding=0)
  )
  (3): Linear(in_features=4, out_features=3, bias=False)
)`);
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      'kernel',
      () => new Conv2d(1, 1, { kernelSize: [0, 1] }),
      /Conv2d: expected kernelSize .* ≥ 1, got \[0,1\]/,
    ],
    [
      'channels',
      () => new Conv2d(2, 1, { kernelSize: 1 }).forward(makeTensor([1, 1, 1, 1], new Float32Array(1))),
      /Conv2d: expected 2 channels, got 1/,
    ],
    [
      'map',
      () => new Unfold({ kernelSize: 3 }).forward(makeTensor([1, 1, 2, 2], new Float32Array(4))),
      /Unfold: expected a map that holds the kernel/,
    ],
    [
      'backward first',
      () => new ReLU().backward(makeTensor([1], new Float32Array(1))),
      /ReLU: backward needs a forward pass/,
    ],
    ['shape', () => makeTensor([2, 2], new Float32Array(3)), /tensor: expected a shape of 3 elements/],
    ['dropout', () => new Dropout(1), /Dropout: expected p in \[0, 1\), got 1/],
  ])('refuses a wrong %s', (_, attempt, message) => {
    expect(attempt).toThrow(message);
  });
});
