/** What every layer is: a forward pass that remembers what its explicit backward pass needs, and parameters with gradients. */
import { LocusError } from '../errors.js';
import { makeTensor, makeZeros, type Tensor } from './tensor.js';

/** A trainable tensor and the gradient of the loss with respect to it, summed since `clearGradient`. */
export class Parameter {
  #value: Tensor;
  #gradient: Tensor;

  constructor(
    /** As PyTorch names it within its layer: `weight`, `bias`, `beta`. */
    readonly name: string,
    value: Tensor,
  ) {
    this.#value = value;
    this.#gradient = makeZeros(value.shape, value.data);
  }

  get value(): Tensor {
    return this.#value;
  }

  get gradient(): Tensor {
    return this.#gradient;
  }

  clearGradient(): void {
    this.#gradient.data.fill(0);
  }

  /** Computes in float64 from now on, with the plain kernels. */
  toFloat64(): void {
    const { shape, data } = this.#value;
    this.#value = makeTensor(shape, Float64Array.from(data));
    this.#gradient = makeZeros(shape, this.#value.data);
  }
}

export abstract class Layer {
  /** Whether dropout drops and running statistics run. */
  training = true;

  abstract forward(x: Tensor): Tensor;

  /**
   * The gradient of the loss with respect to the input of the last `forward`, from that with respect to its output; adds to the
   * gradients of the parameters. Errors: `INVALID_ARGUMENT` before the first `forward`.
   */
  abstract backward(gradient: Tensor): Tensor;

  /** As PyTorch prints the layer. */
  abstract toString(): string;

  /** Trainable parameters, in PyTorch's order. */
  parameters(): Parameter[] {
    return [];
  }

  setTraining(training: boolean): void {
    this.training = training;
  }

  clearGradients(): void {
    for (const parameter of this.parameters()) parameter.clearGradient();
  }

  /** Computes in float64 from now on, with the plain kernels: for checks, slow. */
  toFloat64(): this {
    for (const parameter of this.parameters()) parameter.toFloat64();
    return this;
  }
}

/** What `forward` has remembered. Errors: `INVALID_ARGUMENT` where nothing is. */
export function remembered<T>(layer: string, memory: T | undefined): T {
  if (memory === undefined) {
    throw new LocusError('INVALID_ARGUMENT', `${layer}: backward needs a forward pass before it`);
  }
  return memory;
}
