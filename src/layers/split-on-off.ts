/** Two channels for every one: how far it is above its mean, and how far below. */
import { invalidArgument } from '../errors.js';
import { list, number } from '../options.js';
import { Layer, remembered } from './layer.js';
import { checkShape, makeZeros, mapShape, type Tensor } from './tensor.js';

const meanField = number();

export class SplitOnOff extends Layer {
  readonly #mean: number | readonly number[];
  #output: Tensor | undefined;

  /** @param mean of all channels, or of each */
  constructor(mean: number | readonly number[] = 0.5) {
    super();
    if (typeof mean === 'number') meanField('SplitOnOff', 'mean', mean);
    else list(meanField, { least: 1 })('SplitOnOff', 'mean', mean);
    this.#mean = mean;
  }

  /** [image, channel, …] → [image, 2 · channel, …]: first what is above the mean, then what is below. */
  override forward(x: Tensor): Tensor {
    const [batch, channels, height, width] = mapShape('SplitOnOff', x);
    const mean = typeof this.#mean === 'number' ? new Array<number>(channels).fill(this.#mean) : this.#mean;
    if (mean.length !== channels)
      throw invalidArgument('SplitOnOff', `a mean for each of ${channels} channels`, mean);
    const positions = height * width;
    const out = makeZeros([batch, 2 * channels, height, width], x.data);
    for (let plane = 0; plane < batch * channels; plane++) {
      const channel = plane % channels;
      const on = (plane + (plane - channel)) * positions;
      const off = on + channels * positions;
      for (let p = 0; p < positions; p++) {
        const value = x.data[plane * positions + p] - mean[channel];
        if (value > 0) out.data[on + p] = value;
        else out.data[off + p] = -value;
      }
    }
    this.#output = out;
    return out;
  }

  override backward(gradient: Tensor): Tensor {
    const output = remembered('SplitOnOff', this.#output);
    checkShape('SplitOnOff', gradient, output.shape);
    const [batch, split, height, width] = mapShape('SplitOnOff', output);
    const channels = split / 2;
    const positions = height * width;
    const out = makeZeros([batch, channels, height, width], gradient.data);
    for (let plane = 0; plane < batch * channels; plane++) {
      const on = (plane + (plane - (plane % channels))) * positions;
      const off = on + channels * positions;
      for (let p = 0; p < positions; p++) {
        const isOn = output.data[on + p] > 0;
        const isOff = output.data[off + p] > 0;
        out.data[plane * positions + p] = isOn ? gradient.data[on + p] : isOff ? -gradient.data[off + p] : 0;
      }
    }
    return out;
  }

  override toString(): string {
    return 'SplitOnOffLayer()';
  }
}
