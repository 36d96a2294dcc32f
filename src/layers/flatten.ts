/** Everything of an image in one row: [image, …] to [image, element]. */
import { invalidArgument } from '../errors.js';
import { Layer, remembered } from './layer.js';
import { countElements, reshape, type Tensor } from './tensor.js';

export class Flatten extends Layer {
  #inputShape: readonly number[] | undefined;

  override forward(x: Tensor): Tensor {
    if (x.shape.length < 2) throw invalidArgument('Flatten', 'a tensor of two dimensions or more', x.shape);
    this.#inputShape = x.shape;
    return reshape(x, [x.shape[0], countElements(x.shape.slice(1))]);
  }

  override backward(gradient: Tensor): Tensor {
    return reshape(gradient, remembered('Flatten', this.#inputShape));
  }

  override toString(): string {
    return 'Flatten(start_dim=1, end_dim=-1)';
  }
}
