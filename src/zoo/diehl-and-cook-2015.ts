/** The network of Diehl and Cook that learns digits: excitatory neurons, each with an inhibitory one that silences all others. */
import { Network } from '../core/network/network.js';
import { Input, LIF } from '../core/network/nodes/index.js';
import type { ShapeLike } from '../core/network/shape.js';
import { Connection, LateralCompetition, OneToOneConnection } from '../core/network/topology/index.js';
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
export interface DiehlAndCook2015v2Parameters extends ZooParameters, StdpParameters, AdaptiveParameters {
  /** Shape of the input layer. Default: 784. */
  inputShape?: ShapeLike;
  /** Excitatory neurons. Default: 100. */
  nNeurons?: number;
  /** Inhibition of all other neurons by a spike [mV]. Default: 17.5. */
  inh?: number;
}

export interface DiehlAndCook2015Parameters extends DiehlAndCook2015v2Parameters {
  /** Excitation of its inhibitory neuron by a spike [mV]. Default: 22.5. */
  exc?: number;
}

const oneLayerSchema: Schema<DiehlAndCook2015v2Parameters> = {
  ...zooSchema,
  ...stdpSchema,
  ...adaptiveSchema,
  inputShape: inputShapeField,
  nNeurons: count(),
  inh: number({ least: 0, unit: 'mV' }),
};

const schema: Schema<DiehlAndCook2015Parameters> = {
  ...oneLayerSchema,
  exc: number({ least: 0, unit: 'mV' }),
};

/**
 * Two layers: input `X` onto excitatory neurons `Ae`, which learn; `Ae` onto `Ai` one to one; `Ai` onto all `Ae` but the counterpart.
 * Source: Diehl & Cook, Unsupervised learning of digit recognition using spike-timing-dependent plasticity, Frontiers in Computational
 * Neuroscience 9 (2015); BindsNET, DiehlAndCook2015.
 *
 * @throws LocusError for an option that there is not, or a wrong value
 */
export class DiehlAndCook2015 extends Network {
  constructor(parameters: DiehlAndCook2015Parameters = {}) {
    const options = readOptions('DiehlAndCook2015', schema, parameters);
    const { inputShape = 784, nNeurons = 100, norm = 78.4, exc = 22.5, inh = 17.5 } = options;
    super(ofNetwork(options));
    this.addLayer('X', new Input({ shape: inputShape }))
      .addLayer('Ae', adaptiveNeurons(nNeurons, options))
      .addLayer(
        'Ai',
        new LIF({ shape: nNeurons, rest: -60, reset: -45, thresh: -40, refrac: 2, tcDecay: 10 }),
      )
      .addConnection('X', 'Ae', new Connection(stdp(options, norm)))
      .addConnection('Ae', 'Ai', new OneToOneConnection({ w: exc }))
      .addConnection('Ai', 'Ae', new LateralCompetition({ weight: -inh, among: 'layer' }));
  }
}

/**
 * One layer: input `X` onto neurons `Y`, which learn and inhibit each other. Source: BindsNET, DiehlAndCook2015v2.
 *
 * @throws LocusError for an option that there is not, or a wrong value
 */
export class DiehlAndCook2015v2 extends Network {
  constructor(parameters: DiehlAndCook2015v2Parameters = {}) {
    const options = readOptions('DiehlAndCook2015v2', oneLayerSchema, parameters);
    const { inputShape = 784, nNeurons = 100, norm = 78.4, inh = 17.5 } = options;
    super(ofNetwork(options));
    this.addLayer('X', new Input({ shape: inputShape }))
      .addLayer('Y', adaptiveNeurons(nNeurons, options))
      .addConnection('X', 'Y', new Connection(stdp(options, norm)))
      .addConnection('Y', 'Y', new LateralCompetition({ weight: -inh, among: 'layer' }));
  }
}
