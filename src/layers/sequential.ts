/** Layers one after the other. */
import { instance, list } from '../options.js';
import { Layer, type Parameter } from './layer.js';
import type { Tensor } from './tensor.js';

export class Sequential extends Layer {
  readonly layers: readonly Layer[];

  constructor(layers: readonly Layer[]) {
    super();
    this.layers = list(instance<Layer>(Layer))('Sequential', 'layers', layers);
  }

  override forward(x: Tensor): Tensor {
    return this.layers.reduce((tensor, layer) => layer.forward(tensor), x);
  }

  override backward(gradient: Tensor): Tensor {
    return this.layers.reduceRight((tensor, layer) => layer.backward(tensor), gradient);
  }

  override parameters(): Parameter[] {
    return this.layers.flatMap((layer) => layer.parameters());
  }

  /** Parameters by the names of a PyTorch `state_dict`: `4.weight`. */
  namedParameters(): [string, Parameter][] {
    return this.layers.flatMap((layer, index) =>
      layer.parameters().map((parameter): [string, Parameter] => [`${index}.${parameter.name}`, parameter]),
    );
  }

  override setTraining(training: boolean): void {
    super.setTraining(training);
    for (const layer of this.layers) layer.setTraining(training);
  }

  override toString(): string {
    const lines = this.layers.map(
      (layer, index) => `  (${index}): ${String(layer).replaceAll('\n', '\n  ')}\n`,
    );
    return lines.length === 0 ? 'Sequential()' : `Sequential(\n${lines.join('')})`;
  }
}
