import { afterAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../../core/random/stream.js';
import { outputSize, makeWindow } from '../window.js';
import type { InferTask, Kernels, MatrixProduct, NnmfTask } from './kernels.js';
import { plainKernels } from './plain-kernels.js';
import { WasmKernels } from './wasm-kernels.js';

const one = new WasmKernels(1);
const three = new WasmKernels(3);

afterAll(() => {
  one.dispose();
  three.dispose();
});

function uniform(length: number, item: number, zeros = 0): Float32Array {
  const stream = new RandomStream(7, 'user', item);
  return Float32Array.from({ length }, () => {
    const value = stream.nextFloat();
    return stream.nextFloat() < zeros ? 0 : value;
  });
}

/** Largest difference between a task on the plain kernels and on one thread; three threads must agree with one to the bit. */
function differ(length: number, run: (kernels: Kernels, out: Float32Array) => void): number {
  const outs = [plainKernels, one, three].map((kernels) => {
    const out = new Float32Array(length).fill(9);
    run(kernels, out);
    return out;
  });
  expect(outs[2]).toEqual(outs[1]);
  let largest = 0;
  for (let i = 0; i < length; i++) largest = Math.max(largest, Math.abs(outs[0][i] - outs[1][i]));
  return largest;
}

describe('WASM kernels against the plain ones', () => {
  it.each([
    { m: 5, n: 9, k: 7, batch: 3, sum: false, transposed: false, shared: false },
    { m: 130, n: 12, k: 33, batch: 2, sum: true, transposed: true, shared: false },
    { m: 7, n: 1, k: 5, batch: 4, sum: false, transposed: true, shared: true },
    { m: 1, n: 16, k: 1, batch: 1, sum: true, transposed: false, shared: true },
  ])('matmul $m × $k × $n, batch $batch, sum $sum', ({ m, n, k, batch, sum, transposed, shared }) => {
    const task: Omit<MatrixProduct, 'out'> = {
      m,
      n,
      k,
      batch,
      sum,
      a: uniform(batch * m * k, 1),
      aBatch: m * k,
      aRow: transposed ? 1 : k,
      aColumn: transposed ? m : 1,
      b: uniform((shared ? 1 : batch) * k * n, 2),
      bBatch: shared ? 0 : k * n,
    };
    expect(
      differ((sum ? 1 : batch) * m * n, (kernels, out) => kernels.matmul({ ...task, out })),
    ).toBeLessThan(1e-5);
  });

  it.each([
    {
      size: [7, 6] as const,
      options: { kernelSize: [3, 2], stride: [2, 1], padding: [1, 0], dilation: [1, 2] },
    },
    { size: [5, 5] as const, options: { kernelSize: 5 } },
    { size: [4, 6] as const, options: { kernelSize: 2, stride: 2, padding: 1 } },
  ])('unfold and fold of $size with $options', ({ size, options }) => {
    const window = makeWindow('test', options);
    const task = { window, planes: 6, size, outputSize: outputSize('test', size, window) };
    const pixels = 6 * size[0] * size[1];
    const area = window.kernel[0] * window.kernel[1];
    const elements = 6 * area * task.outputSize[0] * task.outputSize[1];
    expect(differ(elements, (kernels, out) => kernels.unfold(uniform(pixels, 3), task, out))).toBeLessThan(
      1e-30,
    );
    expect(differ(pixels, (kernels, out) => kernels.fold(uniform(elements, 4), task, out))).toBeLessThan(
      1e-6,
    );
  });

  it.each([
    { neurons: 7, inputs: 12, positions: 20, epsilon: null },
    { neurons: 32, inputs: 25, positions: 40, epsilon: null },
    { neurons: 10, inputs: 30, positions: 1, epsilon: 0.5 },
  ])('nnmf with $neurons neurons, epsilon $epsilon', ({ neurons, inputs, positions, epsilon }) => {
    const batch = 3;
    const weights = uniform(neurons * inputs, 5);
    for (let i = 0; i < neurons; i++) {
      const row = weights.subarray(i * inputs, (i + 1) * inputs);
      const sum = row.reduce((total, value) => total + value, 0);
      for (let s = 0; s < inputs; s++) row[s] /= sum;
    }
    const task: Omit<NnmfTask, 'out'> = {
      batch,
      inputs,
      neurons,
      positions,
      weights,
      epsilon,
      iterations: 20,
      x: uniform(batch * inputs * positions, 6, 0.4),
    };
    expect(
      differ(batch * neurons * positions, (kernels, out) => kernels.nnmf({ ...task, out })),
    ).toBeLessThan(1e-5);
  });

  it('draws the very same spikes, and none where there is no input', () => {
    const x = uniform(2 * 30 * 35, 8, 0.5);
    for (let s = 0; s < 30; s++) x[s * 35 + 4] = 0;
    const task = {
      batch: 2,
      inputs: 30,
      positions: 35,
      x,
      spikeCount: 41,
      source: { seed: 2 ** 40 + 5, purpose: 'user', item: 9, element: 100 } as const,
    };
    const spikes = plainKernels.drawSpikes(task);
    expect(one.drawSpikes(task)).toEqual(spikes);
    expect(three.drawSpikes(task)).toEqual(spikes);
    for (let t = 0; t < 41; t++) expect(spikes[t * 35 + 4]).toBe(-1);
    const drawsZero = spikes.some((s, at) => s >= 0 && at < 41 * 35 && x[s * 35 + (at % 35)] === 0);
    expect(drawsZero).toBe(false);
  });

  it('draws inputs in proportion to their size: within 5 standard deviations', () => {
    const x = Float32Array.of(1, 2, 0, 5);
    const spikeCount = 80_000;
    const source = { seed: 3, purpose: 'user', item: 0, element: 0 } as const;
    const spikes = one.drawSpikes({ batch: 1, inputs: 4, positions: 1, x, spikeCount, source });
    [1 / 8, 2 / 8, 0, 5 / 8].forEach((p, s) => {
      const count = spikes.filter((spike) => spike === s).length;
      expect(Math.abs(count - p * spikeCount)).toBeLessThanOrEqual(5 * Math.sqrt(spikeCount * p * (1 - p)));
    });
  });

  it.each([
    { neurons: 32, epsilon: 0.1, given: false },
    { neurons: 10, epsilon: 0.1, given: true },
    { neurons: 96, epsilon: 2, given: false },
    { neurons: 32, epsilon: 2, given: true },
  ])('infer with $neurons neurons, epsilon $epsilon, spikes given: $given', ({ neurons, epsilon, given }) => {
    const shape = { batch: 2, inputs: 18, neurons, positions: 21 };
    const weights = uniform(18 * neurons, 10);
    const source = { seed: 1, purpose: 'user', item: 0, element: 0 } as const;
    const draw = { ...shape, x: uniform(2 * 18 * 21, 9, 0.3), spikeCount: 60, source };
    const task: Omit<InferTask, 'out'> = {
      ...draw,
      spikes: given ? plainKernels.drawSpikes(draw) : source,
      weights,
      initial: new Float32Array(neurons).fill(1 / neurons),
      epsilonXY: new Float32Array(21).fill(epsilon),
      epsilonT: Float32Array.from({ length: 60 }, (_, t) => 1 / Math.sqrt(t + 1)),
    };
    expect(differ(2 * neurons * 21, (kernels, out) => kernels.infer({ ...task, out }))).toBeLessThan(1e-5);
  });
});
