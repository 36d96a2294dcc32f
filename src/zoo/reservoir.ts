/** A reservoir: neurons with random, fixed connections among themselves, whose spikes a readout learns to read. */
import { DiehlAndCook } from '../core/models/index.js';
import { Network } from '../core/network/network.js';
import { Input } from '../core/network/nodes/index.js';
import type { ShapeLike } from '../core/network/shape.js';
import { Connection } from '../core/network/topology/index.js';
import { count, number, readOptions, type Schema } from '../options.js';
import { inputShapeField, ofNetwork, type ZooParameters, zooSchema } from './zoo-options.js';

export interface ReservoirParameters extends ZooParameters {
  /** Shape of the input layer. Default: [28, 28]. */
  inputShape?: ShapeLike;
  /** Default: 625. */
  nNeurons?: number;
  /** Standard deviations of the weights from the input and of those among the neurons [mV]. Default: 1 and 0.5. */
  inputDeviation?: number;
  recurrentDeviation?: number;
  /** Threshold of the neurons [mV], and its standard deviation among them. Default: −52 and 1. */
  thresh?: number;
  threshDeviation?: number;
}

const deviation = number({ least: 0, unit: 'mV' });

const schema: Schema<ReservoirParameters> = {
  ...zooSchema,
  inputShape: inputShapeField,
  nNeurons: count(),
  inputDeviation: deviation,
  recurrentDeviation: deviation,
  thresh: number({ unit: 'mV' }),
  threshDeviation: deviation,
};

/**
 * Input `X` onto leaky integrate-and-fire neurons `Y`, and those onto each other: weights and thresholds are normal numbers of the seed.
 * Source: Maass, Natschläger & Markram, Real-time computing without stable states, Neural Computation 14 (2002); numbers of BindsNET's
 * example `reservoir.py`.
 *
 * @throws LocusError for an option that there is not, or a wrong value
 */
export class Reservoir extends Network {
  constructor(parameters: ReservoirParameters = {}) {
    const options = readOptions('Reservoir', schema, parameters);
    const { inputShape = [28, 28], nNeurons = 625, thresh = -52, threshDeviation = 1 } = options;
    const { inputDeviation = 1, recurrentDeviation = 0.5 } = options;
    super(ofNetwork(options));
    const neurons = new DiehlAndCook({
      shape: nNeurons,
      reset: -65,
      thresh: { normal: [thresh, threshDeviation] },
      // Thresholds that never grow: plain leaky integrate-and-fire neurons.
      thetaPlus: 0,
      tcThetaDecay: Infinity,
      select: 'all',
    });
    this.addLayer('X', new Input({ shape: inputShape }))
      .addLayer('Y', neurons)
      .addConnection('X', 'Y', new Connection({ w: { normal: [0, inputDeviation] } }))
      .addConnection('Y', 'Y', new Connection({ w: { normal: [0, recurrentDeviation] } }));
  }
}
