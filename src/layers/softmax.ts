/** Softmax over the channels (dimension 1). */
import { invalidArgument } from '../errors.js';
import { Layer, remembered } from './layer.js';
import { checkShape, countElements, makeZeros, type Tensor } from './tensor.js';

export class Softmax extends Layer {
  #output: Tensor | undefined;

  override forward(x: Tensor): Tensor {
    if (x.shape.length < 2) throw invalidArgument('Softmax', 'a tensor of two dimensions or more', x.shape);
    const out = makeZeros(x.shape, x.data);
    forEachPosition(x, (start, step, channels) => {
      const end = start + channels * step;
      let largest = -Infinity;
      for (let at = start; at < end; at += step) largest = Math.max(largest, x.data[at]);
      let sum = 0;
      for (let at = start; at < end; at += step) sum += Math.exp(x.data[at] - largest);
      for (let at = start; at < end; at += step) out.data[at] = Math.exp(x.data[at] - largest) / sum;
    });
    this.#output = out;
    return out;
  }

  override backward(gradient: Tensor): Tensor {
    const output = remembered('Softmax', this.#output);
    checkShape('Softmax', gradient, output.shape);
    const out = makeZeros(output.shape, gradient.data);
    forEachPosition(output, (start, step, channels) => {
      const end = start + channels * step;
      let mean = 0;
      for (let at = start; at < end; at += step) mean += gradient.data[at] * output.data[at];
      for (let at = start; at < end; at += step) out.data[at] = output.data[at] * (gradient.data[at] - mean);
    });
    return out;
  }

  override toString(): string {
    return 'Softmax(dim=1)';
  }
}

function forEachPosition(
  { shape }: Tensor,
  visit: (start: number, step: number, channels: number) => void,
): void {
  const channels = shape[1];
  const step = countElements(shape.slice(2));
  for (let image = 0; image < shape[0]; image++) {
    for (let p = 0; p < step; p++) visit(image * channels * step + p, step, channels);
  }
}
