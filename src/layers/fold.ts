/** Sums patches into a map: [image, channel · ky · kx, place] to [image, channel, row, column]. */
import { invalidArgument } from '../errors.js';
import { readOptions, required, type Schema } from '../options.js';
import { Layer, remembered } from './layer.js';
import { reshape, type Tensor } from './tensor.js';
import { foldMap, unfoldMap } from './unfold.js';
import {
  formatPair,
  makeWindow,
  outputSize,
  type Pair,
  pairField,
  type PairLike,
  toPair,
  type Window,
  windowFields,
  type WindowOptions,
} from './window.js';

export interface FoldOptions extends WindowOptions {
  readonly outputSize: PairLike;
}

const schema: Schema<FoldOptions> = { ...windowFields, outputSize: required(pairField(1)) };

export class Fold extends Layer {
  readonly outputSize: Pair;
  readonly window: Window;
  readonly #options: FoldOptions;
  readonly #places: Pair;
  #inputShape: readonly number[] | undefined;

  /** Errors: `INVALID_ARGUMENT`. */
  constructor(given: FoldOptions) {
    super();
    const options = readOptions('Fold', schema, given);
    this.#options = given;
    this.outputSize = toPair('Fold', 'outputSize', options.outputSize, 1);
    this.window = makeWindow('Fold', options);
    this.#places = outputSize('Fold', this.outputSize, this.window);
  }

  override forward(x: Tensor): Tensor {
    const [height, width] = this.outputSize;
    const area = this.window.kernel[0] * this.window.kernel[1];
    const places = this.#places[0] * this.#places[1];
    if (x.shape.length !== 3 || x.shape[1] % area !== 0 || x.shape[2] !== places) {
      throw invalidArgument('Fold', `a tensor [image, multiple of ${area}, ${places}]`, x.shape);
    }
    this.#inputShape = x.shape;
    const shape = [x.shape[0], x.shape[1] / area, height, width] as const;
    return this.#isIdentity ? reshape(x, shape) : foldMap(x, this.window, shape, this.#places);
  }

  override backward(gradient: Tensor): Tensor {
    const shape = remembered('Fold', this.#inputShape);
    return this.#isIdentity ? reshape(gradient, shape) : unfoldMap(gradient, this.window, this.#places);
  }

  /** Every pixel is its own patch. */
  get #isIdentity(): boolean {
    const { kernel } = this.window;
    return kernel[0] * kernel[1] === 1 && this.#places.every((n, axis) => n === this.outputSize[axis]);
  }

  override toString(): string {
    const { dilation, padding, stride } = this.#options;
    const show = (value: PairLike) =>
      typeof value === 'number' ? String(value) : formatPair([value[0], value[1]]);
    return (
      `Fold(output_size=torch.Size([${this.outputSize.join(', ')}]), kernel_size=${formatPair(this.window.kernel)}, ` +
      `dilation=${show(dilation ?? 1)}, padding=${show(padding ?? 0)}, stride=${show(stride ?? 1)})`
    );
  }
}
