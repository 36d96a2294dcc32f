/** The plainest network that learns: every input onto every neuron. */
import { Network } from '../core/network/network.js';
import { Input, LIF } from '../core/network/nodes/index.js';
import type { ShapeLike } from '../core/network/shape.js';
import { Connection } from '../core/network/topology/index.js';
import { count, readOptions, type Schema } from '../options.js';
import {
  inputShapeField,
  ofNetwork,
  stdp,
  type StdpParameters,
  stdpSchema,
  type ZooParameters,
  zooSchema,
} from './zoo-options.js';

/** `norm` is 78.4 by default. */
export interface TwoLayerNetworkParameters extends ZooParameters, StdpParameters {
  /** Shape of the input layer. Default: 784. */
  inputShape?: ShapeLike;
  /** Default: 100. */
  nNeurons?: number;
}

const schema: Schema<TwoLayerNetworkParameters> = {
  ...zooSchema,
  ...stdpSchema,
  inputShape: inputShapeField,
  nNeurons: count(),
};

/**
 * Input `X` onto `LIF` neurons `Y`, with STDP and without inhibition. Source: BindsNET, TwoLayerNetwork.
 *
 * @throws LocusError for an option that there is not, or a wrong value
 */
export class TwoLayerNetwork extends Network {
  constructor(parameters: TwoLayerNetworkParameters = {}) {
    const options = readOptions('TwoLayerNetwork', schema, parameters);
    const { inputShape = 784, nNeurons = 100, norm = 78.4 } = options;
    super(ofNetwork(options));
    this.addLayer('X', new Input({ shape: inputShape }))
      .addLayer('Y', new LIF({ shape: nNeurons }))
      .addConnection('X', 'Y', new Connection(stdp(options, norm)));
  }
}
