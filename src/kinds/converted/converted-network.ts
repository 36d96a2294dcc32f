/** A network of integrate-and-fire layers on the simulator's engines, and its readout after every millisecond. */
import '../../node/engines.js';
import { bernoulli } from '../../core/encoding/bernoulli.js';
import { constant } from '../../core/encoding/constant.js';
import type { SpikeTrain } from '../../core/encoding/spike-train.js';
import { type ImageSet, imageSetField } from '../../datasets/image-set.js';
import { seedField } from '../../core/random/stream.js';
import { invalidArgument, unknownName } from '../../errors.js';
import {
  abortSignal,
  callback,
  custom,
  filledText,
  isObject,
  list,
  number,
  oneOf,
  pickOptions,
  readOptions,
  required,
  type Schema,
  threadCount,
} from '../../options.js';
import { Network } from '../../core/network/network.js';
import { IF, Input } from '../../core/network/nodes/index.js';
import { countNeurons, engineOrder, parseShape, toEngineSpikes } from '../../core/network/shape.js';
import { countSteps, countWholeSteps, mostCountedSteps } from '../../core/network/steps.js';
import {
  AvgPool2dConnection,
  Connection,
  Conv2dConnection,
  type SynapticConnection,
} from '../../core/network/topology/index.js';
import type { Tensor } from '../../layers/tensor.js';
import { type MapShape, mapShapeField } from '../relu/architecture.js';
import { checkImageSize } from '../relu/image-tensor.js';
import type { LayerScale } from './normalize-layers.js';
import type { SquareWindow } from '../relu/relu-layers.js';
import { type SpikingResult, SpikeTally } from './spike-tally.js';

interface LayerOfNeurons {
  readonly name: string;
  readonly shape: MapShape;
  readonly threshold: number;
}

/** A layer of integrate-and-fire neurons and what connects it to the layer before. */
export type SpikingLayer =
  | (LayerOfNeurons & { readonly kind: 'conv'; readonly weights: Tensor; readonly window: SquareWindow })
  | (LayerOfNeurons & { readonly kind: 'dense'; readonly weights: Tensor })
  | (LayerOfNeurons & { readonly kind: 'pool'; readonly window: SquareWindow });

export interface ConvertedDescription {
  readonly inputShape: MapShape;
  readonly reset: 'zero' | 'subtract';
  readonly layers: readonly SpikingLayer[];
  /** How the layers with weights were normalised. */
  readonly scales: readonly LayerScale[];
}

export const spikingInputs = ['poisson', 'constant'] as const;

export interface SpikingRunOptions {
  /**
   * `poisson` (default): a pixel of brightness p spikes in a step with probability p · dt · maxRate.  `constant`: it is an
   * integrate-and-fire neuron with v ← v + p · dt · maxRate.
   */
  readonly input?: (typeof spikingInputs)[number];
  /** Rate of a pixel of full brightness [Hz]. Default: 1000. */
  readonly maxRate?: number;
  /** Simulated time per image [ms]. Default: 100. */
  readonly duration?: number;
  /** Length of a step [ms]. Default: 1. */
  readonly dt?: number;
  /** Seed of the input spikes. Default: 0. */
  readonly seed?: number;
  /** Default: wasm. */
  readonly engine?: string;
  /** Default: 1. Results do not depend on it. */
  readonly threads?: number;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  /** Ends the run between two images; `SpikeTally.done` says how many were done. */
  readonly signal?: AbortSignal;
}

type BuildOptions = Pick<SpikingRunOptions, 'dt' | 'engine' | 'threads'>;

const inputLayer = 'input';
const place = 'converted network';

const buildSchema: Schema<BuildOptions> = {
  dt: number({ above: 0, unit: 'ms' }),
  engine: filledText,
  threads: threadCount,
};

const runSchema: Schema<SpikingRunOptions> = {
  ...buildSchema,
  input: oneOf(spikingInputs),
  maxRate: number({ above: 0, unit: 'Hz' }),
  duration: number({ above: 0, unit: 'ms' }),
  seed: seedField,
  onProgress: callback(),
  signal: abortSignal,
};

const schema: Schema<ConvertedDescription> = {
  inputShape: required(mapShapeField),
  reset: required(oneOf(['zero', 'subtract'])),
  layers: required(list(custom('to be a layer of a conversion', isObject), { least: 1 })),
  scales: required(list(custom('to be the scale of a layer', isObject))),
};

export class ConvertedNetwork implements ConvertedDescription {
  readonly inputShape: MapShape;
  readonly reset: 'zero' | 'subtract';
  readonly layers: readonly SpikingLayer[];
  readonly scales: readonly LayerScale[];

  constructor(description: ConvertedDescription) {
    const given = readOptions('ConvertedNetwork', schema, description);
    const { inputShape, reset, layers, scales } = given;
    this.inputShape = inputShape;
    this.reset = reset;
    this.layers = layers;
    this.scales = scales;
  }

  /** The simulator's network: spikes cross all layers within a step. */
  build(options: BuildOptions = {}): Network {
    const { dt = 1, engine, threads } = readOptions(place, buildSchema, options);
    const network = new Network({ dt, engine, threads, propagation: 'same-step' });
    network.addLayer(inputLayer, new Input({ shape: this.inputShape }));
    let before = inputLayer;
    for (const layer of this.layers) {
      const { name, shape, threshold } = layer;
      network
        .addLayer(name, new IF({ shape, thresh: threshold, resetBy: this.reset }))
        .addConnection(before, name, connect(layer), name);
      before = name;
    }
    return network;
  }

  /**
   * Shows the images and reads the class of the output neuron that has spiked most, after every millisecond (every step where a
   * step is longer).  The spikes of an image depend on the seed and its number in the set alone.
   *
   * @param continued tally of the same run, to go on with the images that it has not seen
   * @throws LocusError `INVALID_ARGUMENT`; `UNKNOWN_NAME`
   */
  async run(set: ImageSet, given: SpikingRunOptions = {}, continued?: SpikeTally): Promise<SpikingResult> {
    const options = readRunOptions(set, given);
    const { steps, every } = planSteps(options);
    const tally = continued ?? this.makeTally(set.count, options);
    const network = this.build(pickOptions(buildSchema, options));
    const output = this.layers.length;
    const first = tally.done;
    try {
      await network.simulation.present(this.#present(set, options, steps, first), {
        learn: false,
        count: output,
        countEvery: every,
        signal: options.signal,
        onSpikes: (spikes) => tally.addSpikes(spikes),
        onCounts: (counts, from) => tally.addCounts(counts, set.labels, first + from),
        onProgress: (done) => options.onProgress?.({ done: first + done, total: set.count }),
      });
    } finally {
      network.dispose();
    }
    return tally.result();
  }

  /** What `run` fills in: of no image yet. */
  makeTally(nImages: number, options: SpikingRunOptions = {}): SpikeTally {
    const { steps, every, dt } = planSteps(readOptions(place, runSchema, options));
    return new SpikeTally({
      nImages,
      layers: [inputLayer, ...this.layers.map(({ name }) => name)],
      nClasses: countNeurons(parseShape(this.layers.at(-1)?.shape ?? [], place)),
      times: Float64Array.from(
        { length: countReadouts(options) },
        (_, i) => Math.min(steps, (i + 1) * every) * dt,
      ),
    });
  }

  /** Spike counts [image, neuron] of one layer, neurons in published order (channel, row, column). */
  async countSpikes(set: ImageSet, layer: string, given: SpikingRunOptions = {}): Promise<Uint16Array> {
    const options = readRunOptions(set, given);
    const names = [inputLayer, ...this.layers.map(({ name }) => name)];
    const index = names.indexOf(layer);
    if (index < 0) throw unknownName(place, 'layer', layer, names);
    const { steps, dt } = planSteps(options);
    if (steps > mostCountedSteps)
      throw invalidArgument(place, `a duration of at most ${mostCountedSteps} steps of ${dt} ms`, steps * dt);
    if (index === 0) return this.#countInputs(set, options, steps);
    const network = this.build(pickOptions(buildSchema, options));
    const order = engineOrder(network.simulation.program.layers[index].shape);
    const all = new Uint16Array(set.count * order.length);
    try {
      await network.simulation.present(this.#present(set, options, steps, 0), {
        learn: false,
        count: index,
        signal: options.signal,
        onProgress: (done) => options.onProgress?.({ done, total: set.count }),
        onCounts: (counts, from) => {
          for (let at = 0; at < counts.length; at += order.length) {
            const base = from * order.length + at;
            for (let neuron = 0; neuron < order.length; neuron++)
              all[base + neuron] = counts[at + order[neuron]];
          }
        },
      });
    } finally {
      network.dispose();
    }
    return all;
  }

  #countInputs(set: ImageSet, options: SpikingRunOptions, steps: number): Uint16Array {
    const size = set.channels * set.height * set.width;
    const counts = new Uint16Array(set.count * size);
    for (let image = 0; image < set.count; image++) {
      for (const pixel of encodeImage(set, image, options, steps).neurons) counts[image * size + pixel]++;
    }
    return counts;
  }

  #present(set: ImageSet, options: SpikingRunOptions, steps: number, first: number) {
    checkImageSize(set.name, set.channels * set.height * set.width, this.inputShape);
    const shape = parseShape(this.inputShape, place);
    const order = engineOrder(shape);
    return {
      layer: 0,
      count: set.count - first,
      steps,
      spikes: (image: number) => {
        const train = encodeImage(set, first + image, options, steps);
        return toEngineSpikes(train, shape, order);
      },
    };
  }
}

function connect(layer: SpikingLayer): SynapticConnection {
  if (layer.kind === 'pool') return new AvgPool2dConnection({ channels: layer.shape[0], ...layer.window });
  const w = Float32Array.from(layer.weights.data);
  return layer.kind === 'conv' ? new Conv2dConnection({ w, ...layer.window }) : new Connection({ w });
}

/** Spikes of the pixels, published order. */
function encodeImage(
  set: ImageSet,
  image: number,
  { input = 'poisson', maxRate = 1000, dt = 1, seed = 0 }: SpikingRunOptions,
  steps: number,
): SpikeTrain {
  const size = set.channels * set.height * set.width;
  const pixels = set.images.subarray(image * size, (image + 1) * size);
  if (input === 'constant') return constant(pixels, { time: steps, dt, intensity: maxRate });
  return bernoulli(pixels, {
    time: steps,
    maxProbability: (maxRate * dt) / 1000,
    seed,
    purpose: 'testSpikes',
    item: image,
  });
}

function readRunOptions(set: ImageSet, options: SpikingRunOptions): SpikingRunOptions {
  imageSetField(place, 'set', set);
  return readOptions(place, runSchema, options);
}

/** How often the class of an image is read. Errors: `INVALID_ARGUMENT` for options that no run can have. */
export function countReadouts(options: SpikingRunOptions): number {
  const { steps, every } = planSteps(options);
  return Math.ceil(steps / every);
}

/** Steps of an image, and steps between two readouts. */
function planSteps({ dt = 1, duration = 100, maxRate = 1000 }: SpikingRunOptions) {
  const steps = countWholeSteps(duration, dt);
  if (steps === null || steps < 1)
    throw invalidArgument(place, `a duration of whole steps of ${dt} ms`, duration);
  if (!((maxRate * dt) / 1000 <= 1))
    throw invalidArgument(place, `maxRate > 0 Hz and at most one spike per step of ${dt} ms`, maxRate);
  return { steps, dt, every: countSteps(1, dt, place) };
}
