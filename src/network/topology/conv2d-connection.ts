/** Convolutional: one kernel per filter, shared by all positions. */
import { countNeurons, type LayerShape } from '../shape.js';
import { buildFanOut } from './fan-out.js';
import {
  checkMap,
  checkWindow,
  kernelShape,
  mapIterable,
  SynapticConnection,
  type SynapseParameters,
  type Window,
  type WindowParameters,
  type Wiring,
  windowTaps,
} from './topology.js';

export class Conv2dConnection extends SynapticConnection {
  readonly window: Window;

  constructor(parameters: SynapseParameters & WindowParameters) {
    super(parameters, 'Conv2dConnection');
    this.window = checkWindow(parameters, 'Conv2dConnection');
  }

  /** Published weights: [filter, (source channel,) ky, kx]. */
  wire(source: LayerShape, target: LayerShape, place: string): Wiring {
    checkMap(source, target, this.window, place);
    const { kernelSize } = this.window;
    const nTaps = source.channels * kernelSize * kernelSize;
    const nFilters = target.channels;
    const taps = windowTaps(source, target, this.window);
    const fanOut = buildFanOut(
      countNeurons(source),
      nTaps,
      nFilters,
      mapIterable(taps, ({ position, tap, source: neuron }) => [neuron, tap, position * nFilters]),
    );
    const engineIndex = new Uint32Array(nFilters * nTaps);
    for (let filter = 0, at = 0; filter < nFilters; filter++) {
      for (let tap = 0; tap < nTaps; tap++, at++) engineIndex[at] = tap * nFilters + filter;
    }
    return {
      fanOut,
      weightShape: [nFilters, ...kernelShape(source, kernelSize)],
      engineIndex,
      nGroups: 1,
      maskSelf: false,
    };
  }
}
