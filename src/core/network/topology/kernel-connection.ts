/** Kernels over the receptive fields of a map: one of its own for every position, or one for all. */
import { readOptions, type Schema } from '../../../options.js';
import { countNeurons, type LayerShape } from '../shape.js';
import { buildFanOut } from './fan-out.js';
import {
  checkMap,
  SynapticConnection,
  type SynapseParameters,
  synapseSchema,
  type Window,
  type WindowParameters,
  type Wiring,
  windowSchema,
  windowTaps,
} from './topology.js';

const schema: Schema<SynapseParameters & WindowParameters> = { ...synapseSchema, ...windowSchema };

export abstract class KernelConnection extends SynapticConnection {
  readonly window: Window;
  readonly #isShared: boolean;

  /** @param isShared whether all positions have the same kernels */
  constructor(
    parameters: SynapseParameters & WindowParameters,
    { place, isShared }: { readonly place: string; readonly isShared: boolean },
  ) {
    const options = readOptions(place, schema, parameters);
    const { kernelSize, stride = 1, padding = 0, ...synapses } = options;
    super(synapses, place, options);
    this.window = { kernelSize, stride, padding };
    this.#isShared = isShared;
  }

  /** Published weights: [filter, (row, column, if not shared,) (source channel,) ky, kx]. */
  wire(source: LayerShape, target: LayerShape, place: string): Wiring {
    checkMap(source, target, this.window, place);
    const { kernelSize } = this.window;
    const kernelShape = [...(source.channels === 1 ? [] : [source.channels]), kernelSize, kernelSize];
    const nTaps = source.channels * kernelSize * kernelSize;
    const nFilters = target.channels;
    const nKernels = this.#isShared ? 1 : target.height * target.width;
    const nRows = nKernels * nTaps;
    const engineIndex = new Uint32Array(nFilters * nRows);
    for (let filter = 0, at = 0; filter < nFilters; filter++) {
      for (let row = 0; row < nRows; row++, at++) engineIndex[at] = row * nFilters + filter;
    }
    return {
      fanOut: buildFanOut(countNeurons(source), nRows, nFilters, this.#entries(source, target, nTaps)),
      weightShape: [nFilters, ...(this.#isShared ? [] : [target.height, target.width]), ...kernelShape],
      engineIndex,
      nGroups: nKernels,
      maskSelf: false,
    };
  }

  *#entries(
    source: LayerShape,
    target: LayerShape,
    nTaps: number,
  ): Generator<[source: number, row: number, target: number]> {
    for (const { position, tap, source: neuron } of windowTaps(source, target, this.window)) {
      yield [neuron, this.#isShared ? tap : position * nTaps + tap, position * target.channels];
    }
  }
}
