/** Neurons that see a part of the image each, and compete with those that see the same part. */
import { Network } from '../core/network/network.js';
import { Input } from '../core/network/nodes/index.js';
import { LateralCompetition, LocalConnection } from '../core/network/topology/index.js';
import { countTaps, readWindow, type Sides, sidesField } from '../core/network/topology/window.js';
import { count, type Field, list, number, readOptions, type Schema } from '../options.js';
import { countPlaces } from './windows.js';
import {
  adaptiveNeurons,
  type AdaptiveParameters,
  adaptiveSchema,
  ofNetwork,
  stdp,
  type StdpParameters,
  stdpSchema,
  type ZooParameters,
  zooSchema,
} from './zoo-options.js';

/** `norm` is a share of the number of pixels that a neuron sees; 0.2 by default. */
export interface LocallyConnectedParameters extends ZooParameters, StdpParameters, AdaptiveParameters {
  /** [height, width] of the images. Default: [28, 28]. */
  inputShape?: readonly [number, number];
  /** Sides of the part that a neuron sees: one, or [height, width]. Default: 12. */
  kernelSize?: Sides;
  /** From one part to the next. Default: 4. */
  stride?: Sides;
  /** Neurons for each part. Default: 25. */
  nFilters?: number;
  /** Inhibition of the other neurons that see the same part, by a spike [mV]. Default: 25. */
  inh?: number;
}

const sides = sidesField(2, 1);

const schema: Schema<LocallyConnectedParameters> = {
  ...zooSchema,
  ...stdpSchema,
  ...adaptiveSchema,
  inputShape: list(count(), { length: 2 }) as Field<readonly [number, number]>,
  kernelSize: sides,
  stride: sides,
  nFilters: count(),
  inh: number({ least: 0, unit: 'mV' }),
};

/**
 * Input `X` onto neurons `Y` [filter, row, column], which learn; those of one place inhibit each other.
 * Source: Saunders et al., Locally connected spiking neural networks for unsupervised feature learning, Neural Networks 119 (2019);
 * BindsNET, LocallyConnectedNetwork, which has no defaults for the sizes.
 *
 * @throws LocusError for an option that there is not, or a wrong value
 */
export class LocallyConnectedNetwork extends Network {
  constructor(parameters: LocallyConnectedParameters = {}) {
    const options = readOptions('LocallyConnectedNetwork', schema, parameters);
    const {
      inputShape = [28, 28],
      kernelSize = 12,
      stride = 4,
      nFilters = 25,
      inh = 25,
      norm = 0.2,
    } = options;
    const window = readWindow(2, { kernelSize, stride });
    const places = countPlaces(inputShape, window, 'LocallyConnectedNetwork');
    super(ofNetwork(options));
    const learning = stdp(options, norm * countTaps(window));
    this.addLayer('X', new Input({ shape: inputShape }))
      .addLayer('Y', adaptiveNeurons([nFilters, ...places], options))
      .addConnection('X', 'Y', new LocalConnection({ ...learning, kernelSize, stride }))
      .addConnection('Y', 'Y', new LateralCompetition({ weight: -inh }));
  }
}
