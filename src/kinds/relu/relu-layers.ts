/** What a trained ReLU network computes, layer by layer, as plain data; what cannot be converted is refused by name. */
import { invalidArgument } from '../../errors.js';
import { AvgPool2d } from '../../layers/avg-pool2d.js';
import { Conv2d } from '../../layers/conv2d.js';
import { Dropout } from '../../layers/dropout.js';
import { Flatten } from '../../layers/flatten.js';
import { Linear } from '../../layers/linear.js';
import { ReLU } from '../../layers/relu.js';
import type { Sequential } from '../../layers/sequential.js';
import type { Tensor } from '../../layers/tensor.js';
import { outputSize, type Window } from '../../layers/window.js';
import type { MapShape } from './architecture.js';

interface LayerOfUnits {
  /** `conv1`, `pool1`, `dense1`, …; the last is `output`. */
  readonly name: string;
  /** Of its units. */
  readonly shape: MapShape;
  /** Index in the network of the layer whose result its units have. */
  readonly index: number;
}

export interface ConvUnits extends LayerOfUnits {
  readonly kind: 'conv';
  /** [output, input, ky, kx] */
  readonly weights: Tensor;
  readonly window: SquareWindow;
}

export interface DenseUnits extends LayerOfUnits {
  readonly kind: 'dense';
  /** [output, input] */
  readonly weights: Tensor;
}

export interface PoolUnits extends LayerOfUnits {
  readonly kind: 'pool';
  readonly window: SquareWindow;
}

export type ReluLayer = ConvUnits | DenseUnits | PoolUnits;

export interface SquareWindow {
  readonly kernelSize: number;
  readonly stride: number;
  readonly padding: number;
}

const place = 'convert';

/**
 * The layers of units of a network: convolutions, fully connected layers (each but the last with a ReLU behind it, none with a
 * bias) and average pooling; dropout and flattening have none of their own.
 *
 * @throws LocusError `INVALID_ARGUMENT` naming the layer that cannot be converted
 */
export function readReluLayers(ann: Sequential, inputShape: MapShape): ReluLayer[] {
  const found: ReluLayer[] = [];
  const counts = { conv: 0, dense: 0, pool: 0 };
  const lastWeighted = ann.layers.findLastIndex(
    (layer) => layer instanceof Linear || layer instanceof Conv2d,
  );
  let shape = inputShape;
  ann.layers.forEach((layer, index) => {
    const at = `${place}, layer ${index} ${String(layer)}`;
    if (layer instanceof Dropout || layer instanceof Flatten) return;
    if (layer instanceof ReLU) {
      const before = ann.layers[index - 1];
      if (!(before instanceof Linear || before instanceof Conv2d))
        throw invalidArgument(at, 'a ReLU right behind a layer with weights', String(before ?? 'the input'));
      return;
    }
    if (layer instanceof AvgPool2d) {
      const window = readSquare(layer.window, at);
      shape = [shape[0], ...outputSize(at, [shape[1], shape[2]], layer.window)];
      found.push({ kind: 'pool', name: `pool${++counts.pool}`, shape, index, window });
      return;
    }
    if (!(layer instanceof Linear || layer instanceof Conv2d))
      throw invalidArgument(at, 'Conv2d, Linear, ReLU, AvgPool2d, Dropout or Flatten', String(layer));
    if (layer.bias) throw invalidArgument(at, 'a layer without biases', 'one with biases');
    const isLast = index === lastWeighted;
    const hasRelu = ann.layers[index + 1] instanceof ReLU;
    if (!hasRelu && !isLast)
      throw invalidArgument(at, 'a ReLU behind it', String(ann.layers[index + 1] ?? 'nothing'));
    const units = { index: hasRelu ? index + 1 : index, weights: layer.weight.value };
    if (layer instanceof Linear) {
      const size = shape[0] * shape[1] * shape[2];
      if (layer.inFeatures !== size) throw invalidArgument(at, `${size} inputs`, layer.inFeatures);
      shape = [layer.outFeatures, 1, 1];
      found.push({ kind: 'dense', name: isLast ? 'output' : `dense${++counts.dense}`, shape, ...units });
      return;
    }
    const window = readSquare(layer.window, at);
    if (layer.inChannels !== shape[0]) throw invalidArgument(at, `${shape[0]} channels`, layer.inChannels);
    shape = [layer.outChannels, ...outputSize(at, [shape[1], shape[2]], layer.window)];
    found.push({ kind: 'conv', name: isLast ? 'output' : `conv${++counts.conv}`, shape, window, ...units });
  });
  if (lastWeighted < 0)
    throw invalidArgument(place, 'a network with at least one layer with weights', String(ann));
  return found;
}

function readSquare({ kernel, stride, padding, dilation }: Window, at: string): SquareWindow {
  for (const [name, pair] of Object.entries({ kernel, stride, padding })) {
    if (pair[0] !== pair[1]) throw invalidArgument(at, `a ${name} of one side`, pair);
  }
  if (dilation[0] !== 1 || dilation[1] !== 1) throw invalidArgument(at, 'no dilation', dilation);
  return { kernelSize: kernel[0], stride: stride[0], padding: padding[0] };
}
