/** Negative values become zero. */
import { Layer, remembered } from './layer.js';
import { checkShape, makeZeros, type Tensor } from './tensor.js';

export class ReLU extends Layer {
  #output: Tensor | undefined;

  override forward(x: Tensor): Tensor {
    const out = makeZeros(x.shape, x.data);
    const { data } = x;
    // NaN passes, as in PyTorch.
    for (let i = 0; i < data.length; i++) out.data[i] = data[i] <= 0 ? 0 : data[i];
    this.#output = out;
    return out;
  }

  override backward(gradient: Tensor): Tensor {
    const output = remembered('ReLU', this.#output);
    checkShape('ReLU', gradient, output.shape);
    const out = makeZeros(gradient.shape, gradient.data);
    for (let i = 0; i < out.data.length; i++) out.data[i] = output.data[i] > 0 ? gradient.data[i] : 0;
    return out;
  }

  override toString(): string {
    return 'ReLU()';
  }
}
