/** The kernels in plain TypeScript: short, in float64 arithmetic, the living definition of what they compute. */
import { RandomStream } from '../../core/random/stream.js';
import type { TensorData } from '../tensor.js';
import type { DrawTask, InferTask, Kernels, MatrixProduct, NnmfTask, WindowTask } from './kernels.js';

/** Keeps a reconstruction and a sum away from zero, as the reference program does. */
export const reconstructionFloor = 1e-20;
export const normFloor = 1e-19;

export const plainKernels: Kernels = { matmul, unfold, fold, nnmf, drawSpikes, infer };

function matmul(task: MatrixProduct): void {
  const { m, n, k, batch, a, b, out } = task;
  if (task.sum) out.fill(0);
  for (let index = 0; index < batch; index++) {
    for (let row = 0; row < m; row++) {
      for (let column = 0; column < n; column++) {
        const at = (task.sum ? 0 : index * m * n) + row * n + column;
        let sum = task.sum ? out[at] : 0;
        for (let i = 0; i < k; i++) {
          const left = a[index * task.aBatch + row * task.aRow + i * task.aColumn];
          sum += left * b[index * task.bBatch + i * n + column];
        }
        out[at] = sum;
      }
    }
  }
}

/** Calls `visit(pixel, patch element)` for every element of every patch that lies on its plane. */
function walk(task: WindowTask, visit: (pixel: number, element: number) => void): void {
  const { kernel, stride, padding, dilation } = task.window;
  const [height, width] = task.size;
  const [rows, columns] = task.outputSize;
  let element = 0;
  for (let plane = 0; plane < task.planes; plane++) {
    for (let ky = 0; ky < kernel[0]; ky++) {
      for (let kx = 0; kx < kernel[1]; kx++) {
        for (let row = 0; row < rows; row++) {
          const y = row * stride[0] + ky * dilation[0] - padding[0];
          for (let column = 0; column < columns; column++) {
            const x = column * stride[1] + kx * dilation[1] - padding[1];
            if (y >= 0 && y < height && x >= 0 && x < width) visit((plane * height + y) * width + x, element);
            element++;
          }
        }
      }
    }
  }
}

function unfold(x: TensorData, task: WindowTask, out: TensorData): void {
  out.fill(0);
  walk(task, (pixel, element) => {
    out[element] = x[pixel];
  });
}

function fold(patches: TensorData, task: WindowTask, out: TensorData): void {
  out.fill(0);
  walk(task, (pixel, element) => {
    out[pixel] += patches[element];
  });
}

function nnmf(task: NnmfTask): void {
  const { batch, inputs, neurons, positions, x, weights, epsilon, out } = task;
  const h = new Float64Array(neurons);
  const u = new Float64Array(neurons);
  for (let image = 0; image < batch; image++) {
    for (let position = 0; position < positions; position++) {
      h.fill(1 / neurons);
      for (let iteration = 0; iteration < task.iterations; iteration++) {
        u.fill(0);
        for (let s = 0; s < inputs; s++) {
          let reconstruction = reconstructionFloor;
          for (let i = 0; i < neurons; i++) reconstruction += h[i] * weights[i * inputs + s];
          const q = x[(image * inputs + s) * positions + position] / reconstruction;
          for (let i = 0; i < neurons; i++) u[i] += weights[i * inputs + s] * q;
        }
        let sum = normFloor;
        for (let i = 0; i < neurons; i++) {
          h[i] *= epsilon === null ? u[i] : 1 + epsilon * u[i];
          sum += h[i];
        }
        for (let i = 0; i < neurons; i++) h[i] /= sum;
      }
      for (let i = 0; i < neurons; i++) out[(image * neurons + i) * positions + position] = h[i];
    }
  }
}

function drawSpikes(task: DrawTask): Int32Array {
  const { batch, inputs, positions, x, spikeCount, source } = task;
  const spikes = new Int32Array(batch * spikeCount * positions);
  const thresholds = new Uint32Array(inputs);
  for (let image = 0; image < batch; image++) {
    for (let position = 0; position < positions; position++) {
      const value = (s: number) => x[(image * inputs + s) * positions + position];
      let total = 0;
      for (let s = 0; s < inputs; s++) total += value(s);
      let sum = 0;
      for (let s = 0; s < inputs; s++) {
        sum += value(s);
        thresholds[s] = Math.floor((sum / total) * 2 ** 24);
      }
      const item = source.item + image;
      const stream = new RandomStream(source.seed, source.purpose, item, source.element + position);
      for (let t = 0; t < spikeCount; t++) {
        const bits = stream.nextUint32() >>> 8;
        spikes[(image * spikeCount + t) * positions + position] =
          total > 0 ? thresholds.findIndex((threshold) => threshold > bits) : -1;
      }
    }
  }
  return spikes;
}

function infer(task: InferTask): void {
  const { batch, neurons, positions, weights, initial, spikeCount, out } = task;
  const spikes =
    task.spikes instanceof Int32Array ? task.spikes : drawSpikes({ ...task, source: task.spikes });
  const h = new Float64Array(neurons);
  for (let image = 0; image < batch; image++) {
    for (let position = 0; position < positions; position++) {
      h.set(initial);
      for (let t = 0; t < spikeCount; t++) {
        const s = spikes[(image * spikeCount + t) * positions + position];
        if (s < 0) continue;
        const epsilon = task.epsilonXY[position] * task.epsilonT[t];
        let sum = 0;
        for (let i = 0; i < neurons; i++) sum += h[i] * weights[s * neurons + i];
        if (!Number.isFinite(epsilon / sum)) continue;
        for (let i = 0; i < neurons; i++) {
          h[i] = (h[i] + (epsilon * h[i] * weights[s * neurons + i]) / sum) / (1 + epsilon);
        }
      }
      for (let i = 0; i < neurons; i++) out[(image * neurons + i) * positions + position] = h[i];
    }
  }
}
