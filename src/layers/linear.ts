/** A fully connected layer: [image, input] to [image, output]. */
import { invalidArgument } from '../errors.js';
import { flag, readOptions, type Schema } from '../options.js';
import { addBias, addSums, addTo, checkCount } from './conv2d.js';
import { initialFields, type InitialOptions, uniformTensor } from './initialize.js';
import { kernelsFor } from './kernels/select-kernels.js';
import { Layer, Parameter, remembered } from './layer.js';
import { checkShape, makeTensor, makeZeros, type Tensor, transposeLast } from './tensor.js';

export interface LinearOptions extends InitialOptions {
  /** Default: true. */
  readonly bias?: boolean;
}

const schema: Schema<LinearOptions> = { ...initialFields, bias: flag };

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
    given: LinearOptions = {},
  ) {
    super();
    checkCount('Linear', 'inFeatures', inFeatures);
    checkCount('Linear', 'outFeatures', outFeatures);
    const options = readOptions('Linear', schema, given);
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
    const out = this.#multiply(x, outFeatures, { aRow: inFeatures, aColumn: 1 });
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
    return this.#multiply(gradient, inFeatures, { aRow: 1, aColumn: inFeatures });
  }

  /**
   * The weights, or their transpose, times every row of x.  Columns are images, so that the operand that is read again for every
   * neuron is the small one and stays in the cache.
   */
  #multiply(x: Tensor, m: number, weights: { aRow: number; aColumn: number }): Tensor {
    const [n, k] = x.shape;
    const product = makeZeros([m, n], x.data);
    kernelsFor(x.data).matmul({
      m,
      n,
      k,
      batch: 1,
      a: this.weight.value.data,
      aBatch: 0,
      ...weights,
      b: transposeLast(x.data, 1, n, k),
      bBatch: 0,
      sum: false,
      out: product.data,
    });
    return makeTensor([n, m], transposeLast(product.data, 1, m, n));
  }

  override toString(): string {
    const bias = this.bias ? 'True' : 'False';
    return `Linear(in_features=${this.inFeatures}, out_features=${this.outFeatures}, bias=${bias})`;
  }
}
