/** Divides the channels of every position by their sum. */
import { normFloor } from './kernels/plain-kernels.js';
import { Layer, remembered } from './layer.js';
import { checkShape, makeData, makeZeros, mapShape, type Tensor, type TensorData } from './tensor.js';

export class L1Norm extends Layer {
  #memory: { output: Tensor; inverse: TensorData } | undefined;

  override forward(x: Tensor): Tensor {
    const [batch, channels, height, width] = mapShape('L1Norm', x);
    const positions = height * width;
    const output = makeZeros(x.shape, x.data);
    const inverse = makeData(batch * positions, x.data);
    for (let image = 0; image < batch; image++) {
      const sums = inverse.subarray(image * positions, (image + 1) * positions);
      for (let channel = 0; channel < channels; channel++) {
        const at = (image * channels + channel) * positions;
        for (let p = 0; p < positions; p++) sums[p] += x.data[at + p];
      }
      for (let p = 0; p < positions; p++) sums[p] = 1 / (sums[p] + normFloor);
      for (let channel = 0; channel < channels; channel++) {
        const at = (image * channels + channel) * positions;
        for (let p = 0; p < positions; p++) output.data[at + p] = x.data[at + p] * sums[p];
      }
    }
    this.#memory = { output, inverse };
    return output;
  }

  override backward(gradient: Tensor): Tensor {
    const { output, inverse } = remembered('L1Norm', this.#memory);
    checkShape('L1Norm', gradient, output.shape);
    const [batch, channels, height, width] = mapShape('L1Norm', output);
    const positions = height * width;
    const out = makeZeros(output.shape, gradient.data);
    const means = makeData(positions, gradient.data);
    for (let image = 0; image < batch; image++) {
      means.fill(0);
      for (let channel = 0; channel < channels; channel++) {
        const at = (image * channels + channel) * positions;
        for (let p = 0; p < positions; p++) means[p] += gradient.data[at + p] * output.data[at + p];
      }
      for (let channel = 0; channel < channels; channel++) {
        const at = (image * channels + channel) * positions;
        for (let p = 0; p < positions; p++) {
          out.data[at + p] = (gradient.data[at + p] - means[p]) * inverse[image * positions + p];
        }
      }
    }
    return out;
  }

  override toString(): string {
    return 'L1NormLayer()';
  }
}
