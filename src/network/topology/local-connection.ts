/** Locally connected: every target neuron has weights of its own onto its receptive field. */
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

export class LocalConnection extends SynapticConnection {
  readonly window: Window;

  constructor(parameters: SynapseParameters & WindowParameters) {
    super(parameters, 'LocalConnection');
    this.window = checkWindow(parameters, 'LocalConnection');
  }

  /** Published weights: [filter, row, column, (source channel,) ky, kx]. */
  wire(source: LayerShape, target: LayerShape, place: string): Wiring {
    checkMap(source, target, this.window, place);
    const { kernelSize } = this.window;
    const nTaps = source.channels * kernelSize * kernelSize;
    const nPositions = target.height * target.width;
    const nFilters = target.channels;
    const taps = windowTaps(source, target, this.window);
    const fanOut = buildFanOut(
      countNeurons(source),
      nPositions * nTaps,
      nFilters,
      mapIterable(taps, ({ position, tap, source: neuron }) => [
        neuron,
        position * nTaps + tap,
        position * nFilters,
      ]),
    );
    const engineIndex = new Uint32Array(nFilters * nPositions * nTaps);
    for (let filter = 0, at = 0; filter < nFilters; filter++) {
      for (let row = 0; row < nPositions * nTaps; row++, at++) engineIndex[at] = row * nFilters + filter;
    }
    return {
      fanOut,
      weightShape: [nFilters, target.height, target.width, ...kernelShape(source, kernelSize)],
      engineIndex,
      nGroups: nPositions,
      maskSelf: false,
    };
  }
}
