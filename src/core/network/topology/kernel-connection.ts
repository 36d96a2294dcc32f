/** Connections with a kernel of weights for every filter, shared by all positions (convolutional) or one for each (locally connected). */
import { oneOf, readOptions, type Schema } from '../../../options.js';
import { countNeurons, countPositions, type LayerShape } from '../shape.js';
import { buildFanOut } from './fan-out.js';
import {
  SynapticConnection,
  type SynapseParameters,
  synapseSchema,
  type Updates,
  updateModes,
  type Wiring,
} from './topology.js';
import {
  checkMap,
  countTaps,
  type Dimensions,
  ownSides,
  positionsOf,
  readWindow,
  type Window,
  type WindowParameters,
  windowSchema,
  windowTaps,
} from './window.js';

/** Which weights sum to the norm. */
const spans = ['target', 'filter', 'channel'] as const;

export interface KernelParameters extends SynapseParameters, WindowParameters {
  /**
   * The weights that sum to `norm`: those onto a target neuron, which are those of a filter where positions share it (default); those of a
   * filter at all positions; or those of them that come from one channel of the source (as BindsNET's convolutions).
   */
  normalizeOver?: (typeof spans)[number];
}

export interface ConvParameters extends KernelParameters {
  /**
   * How positions change the weight that they share: one after the other (default, as the published `C_SNN`), or at once by the sum of what
   * each makes of it (as BindsNET), for rules without state of synapses.
   */
  updates?: Updates;
}

interface KernelSettings {
  readonly place: string;
  readonly dimensions: Dimensions;
  /** Whether all positions have the same kernels. */
  readonly isShared: boolean;
}

export abstract class KernelConnection extends SynapticConnection {
  readonly window: Window;
  readonly normalizeOver: (typeof spans)[number];
  readonly updates: Updates;
  readonly #isShared: boolean;

  constructor(parameters: ConvParameters, { place, dimensions, isShared }: KernelSettings) {
    const ofAll = {
      ...synapseSchema,
      ...windowSchema(dimensions),
      normalizeOver: oneOf(spans),
    };
    // Positions that have kernels of their own change no weight of others.
    const schema = (isShared ? { ...ofAll, updates: oneOf(updateModes) } : ofAll) as Schema<ConvParameters>;
    const given = readOptions(place, schema, parameters);
    const {
      kernelSize,
      stride,
      padding,
      dilation,
      normalizeOver = 'target',
      updates = 'in turn',
      ...synapses
    } = given;
    super(synapses, place, given);
    this.window = readWindow(dimensions, { kernelSize, stride, padding, dilation });
    this.normalizeOver = normalizeOver;
    this.updates = updates;
    this.#isShared = isShared;
  }

  /** Published weights: [filter, (depth, row, column, if not shared,) (source channel,) kz, ky, kx], as many sides as dimensions. */
  wire(source: LayerShape, target: LayerShape, place: string): Wiring {
    checkMap(source, target, this.window, place);
    const kernelSides = ownSides(this.window.kernelSize, this.window);
    const kernelShape = [...(source.channels === 1 ? [] : [source.channels]), ...kernelSides];
    const nTaps = source.channels * countTaps(this.window);
    const nFilters = target.channels;
    const nKernels = this.#isShared ? 1 : countPositions(target);
    const nRows = nKernels * nTaps;
    const engineIndex = new Uint32Array(nFilters * nRows);
    for (let filter = 0, at = 0; filter < nFilters; filter++) {
      for (let row = 0; row < nRows; row++, at++) engineIndex[at] = row * nFilters + filter;
    }
    const positions = this.#isShared ? [] : ownSides(positionsOf(target), this.window);
    return {
      fanOut: buildFanOut(countNeurons(source), nRows, nFilters, this.#entries(source, target, nTaps)),
      weightShape: [nFilters, ...positions, ...kernelShape],
      engineIndex,
      nGroups: nKernels,
      normGroups: { target: nKernels, filter: 1, channel: nKernels * source.channels }[this.normalizeOver],
      maskSelf: false,
      updates: this.updates,
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
