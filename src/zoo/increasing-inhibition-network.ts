/** A self-organising map: neurons on a square that inhibit each other the more, the further apart they are. */
import { Network } from '../core/network/network.js';
import { Input } from '../core/network/nodes/index.js';
import type { ShapeLike } from '../core/network/shape.js';
import { AllButOwnConnection, Connection } from '../core/network/topology/index.js';
import { invalidArgument } from '../errors.js';
import { count, number, readOptions, type Schema } from '../options.js';
import {
  adaptiveNeurons,
  type AdaptiveParameters,
  adaptiveSchema,
  inputShapeField,
  ofNetwork,
  stdp,
  type StdpParameters,
  stdpSchema,
  type ZooParameters,
  zooSchema,
} from './zoo-options.js';

/** `norm` is 78.4 by default. */
export interface IncreasingInhibitionParameters extends ZooParameters, StdpParameters, AdaptiveParameters {
  /** Shape of the input layer. Default: 784. */
  inputShape?: ShapeLike;
  /** A square number. Default: 100. */
  nNeurons?: number;
  /** Inhibition at no distance [mV], and what it grows by up to the largest distance [mV]. Default: 1 and 100. */
  startInhib?: number;
  maxInhib?: number;
}

const place = 'IncreasingInhibitionNetwork';

const schema: Schema<IncreasingInhibitionParameters> = {
  ...zooSchema,
  ...stdpSchema,
  ...adaptiveSchema,
  inputShape: inputShapeField,
  nNeurons: count({ least: 4 }),
  startInhib: number({ least: 0, unit: 'mV' }),
  maxInhib: number({ least: 0, unit: 'mV' }),
};

/**
 * Input `X` onto neurons `Y`, which learn. Neuron y · side + x inhibits one that is d away by startInhib + maxInhib · √(d / largest d).
 * Source: Hazan et al., Unsupervised learning with self-organizing spiking neural networks, IJCNN (2018); BindsNET,
 * IncreasingInhibitionNetwork, whose weights excite unless `max_inhib` is negative.
 *
 * @throws LocusError for an option that there is not, or a wrong value
 */
export class IncreasingInhibitionNetwork extends Network {
  constructor(parameters: IncreasingInhibitionParameters = {}) {
    const options = readOptions(place, schema, parameters);
    const { inputShape = 784, nNeurons = 100, norm = 78.4, startInhib = 1, maxInhib = 100 } = options;
    const side = Math.sqrt(nNeurons);
    if (!Number.isInteger(side)) throw invalidArgument(place, 'nNeurons to be a square number', nNeurons);
    super(ofNetwork(options));
    const w = weighDistances(side, (share) => -(startInhib + maxInhib * Math.sqrt(share)));
    this.addLayer('X', new Input({ shape: inputShape }))
      .addLayer('Y', adaptiveNeurons(nNeurons, options))
      .addConnection('X', 'Y', new Connection(stdp(options, norm)))
      .addConnection('Y', 'Y', new AllButOwnConnection({ w }));
  }
}

/** Weights [target, source] by the distance of two neurons on the square, as a share of the largest; 0 onto the own neuron. */
function weighDistances(side: number, weigh: (share: number) => number): Float32Array {
  const n = side * side;
  const largest = Math.hypot(side - 1, side - 1);
  return Float32Array.from({ length: n * n }, (_, at) => {
    const [target, source] = [Math.floor(at / n), at % n];
    const [dx, dy] = [
      (target % side) - (source % side),
      Math.floor(target / side) - Math.floor(source / side),
    ];
    return target === source ? 0 : weigh(Math.hypot(dx, dy) / largest);
  });
}
