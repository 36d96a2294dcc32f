/** A fully connected layer: [image, input] to [image, output]. */
import { invalidArgument } from '../errors.js';
import { addBias, addSums, addTo, checkCount } from './conv2d.js';
import { type InitialOptions, uniformTensor } from './initialize.js';
import { kernelsFor } from './kernels/select-kernels.js';
import { Layer, Parameter, remembered } from './layer.js';
import { checkShape, makeZeros, type Tensor, transposeLast } from './tensor.js';

export interface LinearOptions extends InitialOptions {
  /** Default: true. */
  readonly bias?: boolean;
}

export class Linear extends Layer {
  /** [output, input]; uniform in ±1 / √input at the start. */
  readonly weight: Parameter;
  /** [output]. */
  readonly bias: Parameter | null;
  #input: Tensor | undefined;

  /** Errors: `INVALID_ARGUMENT`. */
  constructor(
    readonly inFeatures: number,
    readonly outFeatures: number,
    options: LinearOptions = {},
  ) {
    super();
    checkCount('Linear', 'inFeatures', inFeatures);
    checkCount('Linear', 'outFeatures', outFeatures);
    const bound = 1 / Math.sqrt(inFeatures);
    this.weight = new Parameter('weight', uniformTensor([outFeatures, inFeatures], -bound, bound, options));
    const hasBias = options.bias ?? true;
    this.bias = hasBias
      ? new Parameter('bias', uniformTensor([outFeatures], -bound, bound, options, 1))
      : null;
  }

  override parameters(): Parameter[] {
    return this.bias ? [this.weight, this.bias] : [this.weight];
  }

  override forward(x: Tensor): Tensor {
    const { inFeatures, outFeatures } = this;
    if (x.shape.length !== 2 || x.shape[1] !== inFeatures) {
      throw invalidArgument('Linear', `a tensor [image, ${inFeatures}]`, x.shape);
    }
    const out = makeZeros([x.shape[0], outFeatures], x.data);
    this.#multiply(x, transposeLast(this.weight.value.data, 1, outFeatures, inFeatures), out);
    if (this.bias) addBias(out, this.bias.value, 1);
    this.#input = x;
    return out;
  }

  override backward(gradient: Tensor): Tensor {
    const x = remembered('Linear', this.#input);
    const { inFeatures, outFeatures } = this;
    const batch = x.shape[0];
    checkShape('Linear', gradient, [batch, outFeatures]);
    const weightGradient = makeZeros([outFeatures, inFeatures], gradient.data);
    kernelsFor(gradient.data).matmul({
      m: outFeatures,
      n: inFeatures,
      k: batch,
      batch: 1,
      a: gradient.data,
      aBatch: 0,
      aRow: 1,
      aColumn: outFeatures,
      b: x.data,
      bBatch: 0,
      sum: false,
      out: weightGradient.data,
    });
    addTo(this.weight.gradient, weightGradient);
    if (this.bias) addSums(this.bias.gradient, gradient, 1);
    const out = makeZeros(x.shape, gradient.data);
    this.#multiply(gradient, this.weight.value.data, out);
    return out;
  }

  /** out = a · b of row-major matrices. */
  #multiply(a: Tensor, b: Tensor['data'], out: Tensor): void {
    const [m, k] = a.shape;
    const n = out.shape[1];
    const strides = { aBatch: 0, aRow: k, aColumn: 1, bBatch: 0, batch: 1, sum: false };
    kernelsFor(a.data).matmul({ m, n, k, a: a.data, b, out: out.data, ...strides });
  }

  override toString(): string {
    const bias = this.bias ? 'True' : 'False';
    return `Linear(in_features=${this.inFeatures}, out_features=${this.outFeatures}, bias=${bias})`;
  }
}
