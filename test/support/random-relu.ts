/** Random ReLU networks without biases, fully connected or convolutional, and random brightness for them. */
import fc from 'fast-check';
import type { MapShape } from '../../src/kinds/relu/architecture.js';
import {
  AvgPool2d,
  Conv2d,
  Dropout,
  Flatten,
  type Layer,
  Linear,
  makeTensor,
  ReLU,
  Sequential,
} from '../../src/layers/index.js';
import { RandomStream } from '../../src/core/random/stream.js';

export interface RandomRelu {
  readonly inputShape: MapShape;
  readonly network: Sequential;
}

/** A network of 2 to 5 layers with weights. */
export const randomRelu: fc.Arbitrary<RandomRelu> = fc
  .record({
    seed: fc.nat(1e6),
    side: fc.integer({ min: 6, max: 9 }),
    channels: fc.integer({ min: 1, max: 2 }),
    convolutions: fc.array(
      fc.record({
        channels: fc.integer({ min: 1, max: 5 }),
        kernelSize: fc.integer({ min: 1, max: 3 }),
        padding: fc.integer({ min: 0, max: 1 }),
        pool: fc.boolean(),
      }),
      { maxLength: 2 },
    ),
    dense: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 }),
    /** So that scales differ from layer to layer. */
    gain: fc.constantFrom(1, 2, 5),
    dropout: fc.boolean(),
  })
  .filter(({ convolutions, dense }) => convolutions.length + dense.length >= 2)
  .map(({ seed, side, channels, convolutions, dense, gain, dropout }) => {
    const layers: Layer[] = [];
    let [maps, size] = [channels, side];
    let item = 0;
    for (const { padding, pool, ...own } of convolutions) {
      const kernelSize = Math.min(own.kernelSize, size + 2 * padding);
      layers.push(
        new Conv2d(maps, own.channels, { kernelSize, padding, bias: false, seed, item: item++ }),
        new ReLU(),
      );
      [maps, size] = [own.channels, size + 2 * padding - kernelSize + 1];
      if (!pool || size < 2) continue;
      layers.push(new AvgPool2d({ kernelSize: 2 }));
      size = Math.floor(size / 2);
    }
    layers.push(new Flatten());
    let inputs = maps * size * size;
    dense.forEach((outputs, i) => {
      layers.push(new Linear(inputs, outputs, { bias: false, seed, item: item++ }));
      if (i < dense.length - 1) layers.push(new ReLU());
      if (i < dense.length - 1 && dropout) layers.push(new Dropout(0.5, { seed, item: item++ }));
      inputs = outputs;
    });
    const network = new Sequential(layers);
    for (const { value } of network.parameters()) value.data.forEach((w, i) => (value.data[i] = w * gain));
    return { network, inputShape: [channels, side, side] as const };
  });

/** Images [image, channel, row, column] of brightness in [0, 1]. */
export function randomBrightness(count: number, [channels, height, width]: MapShape, seed: number) {
  const stream = new RandomStream(seed, 'user');
  const data = Float32Array.from({ length: count * channels * height * width }, () => stream.nextFloat());
  return makeTensor([count, channels, height, width], data);
}
