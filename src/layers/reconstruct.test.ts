import { describe, expect, it } from 'vitest';
import { neuronsFirst, reconstructMap, splitKernel } from './reconstruct.js';
import { makeTensor } from './tensor.js';
import { makeWindow } from './window.js';

describe('reconstructMap', () => {
  it('gives the map back where every input has a neuron of its own', () => {
    const window = makeWindow('test', { kernelSize: 2 });
    const x = makeTensor([1, 1, 3, 3], Float32Array.from([0, 1, 2, 3, 4, 5, 6, 7, 8]));
    const weights = makeTensor(
      [4, 4],
      Float32Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1 : 0)),
    );
    // The four patches, each divided by its sum; neuron by neuron.
    const patches = [
      [0, 1, 3, 4],
      [1, 2, 4, 5],
      [3, 4, 6, 7],
      [4, 5, 7, 8],
    ];
    const h = Float32Array.from({ length: 16 }, (_, i) => {
      const patch = patches[i % 4];
      return patch[Math.floor(i / 4)] / patch.reduce((a, b) => a + b);
    });
    const back = reconstructMap(x, makeTensor([1, 4, 2, 2], h), weights, window);
    back.data.forEach((value, i) => expect(value).toBeCloseTo(x.data[i], 5));
  });

  it('spreads a patch over what its neuron explains, and leaves zero what no patch covers', () => {
    const window = makeWindow('test', { kernelSize: 2, stride: 2 });
    const x = makeTensor([1, 1, 2, 3], Float32Array.from([4, 0, 9, 0, 0, 9]));
    const weights = makeTensor([1, 4], Float32Array.of(0.5, 0.25, 0.25, 0));
    const back = reconstructMap(x, makeTensor([1, 1, 1, 1], Float32Array.of(1)), weights, window);
    expect([...back.data]).toEqual([2, 1, 0, 1, 0, 0]);
  });
});

it('brings weights into the order [neuron, input, ky, kx]', () => {
  const window = makeWindow('test', { kernelSize: [1, 2] });
  const weights = neuronsFirst(makeTensor([4, 2], Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7)));
  expect(splitKernel(weights, window)).toEqual(
    makeTensor([2, 2, 1, 2], Float32Array.of(0, 2, 4, 6, 1, 3, 5, 7)),
  );
});
