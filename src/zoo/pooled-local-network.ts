/** Two locally connected layers that learn, the second from a pooled map of the first. */
import { Network } from '../core/network/network.js';
import { AdaptiveLIF, Input, LIF } from '../core/network/nodes/index.js';
import { LateralCompetition, LocalConnection, MaxPool2dConnection } from '../core/network/topology/index.js';
import { countTaps, readWindow, type Sides, sidesField } from '../core/network/topology/window.js';
import { count, type Field, list, number, pair, readOptions, type Schema } from '../options.js';
import { countPlaces } from './windows.js';
import {
  ofNetwork,
  stdp,
  type StdpParameters,
  stdpSchema,
  type ZooParameters,
  zooSchema,
} from './zoo-options.js';

/** What both layers have is one value; a pair has one for each. */
export interface PooledLocalParameters extends ZooParameters, Omit<StdpParameters, 'norm' | 'wMax'> {
  /** [height, width] of the images. Default: [28, 28]. */
  inputShape?: readonly [number, number];
  /** Sides of what a neuron sees: one, or [height, width]. Default: 12 and 4. */
  kernelSize?: readonly [Sides, Sides];
  /** From one place to the next. Default: 2 and 1. */
  stride?: readonly [Sides, Sides];
  /** Neurons at each place. Default: 25 and 100. */
  nFilters?: readonly [number, number];
  /** Sides of the windows of the pooling, which do not overlap. Default: 2. */
  poolSize?: Sides;
  /** Inhibition of the other neurons of a place, by a spike [mV]. Default: 120 and 120. */
  inh?: readonly [number, number];
  /** Sum of the weights onto a neuron, as a share of the neurons that it sees. Default: 0.2 and 1. */
  norm?: readonly [number, number];
  /** Growth of a neuron's threshold with each of its spikes [mV], and time constant of its decay [ms]. Default: 0.05 and 1e7. */
  thetaPlus?: number;
  tcThetaDecay?: number;
}

const place = 'PooledLocalNetwork';
const sides = sidesField(2, 1);
const pairOf = <Value>(field: Field<Value>) => list(field, { length: 2 }) as Field<readonly [Value, Value]>;
const { norm: _, wMax: __, ...rates } = stdpSchema;

const schema: Schema<PooledLocalParameters> = {
  ...zooSchema,
  ...rates,
  inputShape: pairOf(count()),
  kernelSize: pairOf(sides),
  stride: pairOf(sides),
  nFilters: pairOf(count()),
  poolSize: sides,
  inh: pair({ least: 0, unit: 'mV' }),
  norm: pair({ above: 0 }),
  thetaPlus: number({ least: 0, unit: 'mV' }),
  tcThetaDecay: number({ above: 0, infinite: true, unit: 'ms' }),
};

/**
 * Input `X` onto neurons `A`; the neurons `P` spike with those of `A` that spike most in their windows; `P` onto neurons `B`. `X->A` and
 * `P->B` learn, at once or one after the other (`learn` of `present`). Neurons of one place inhibit each other.
 * Source: Saunders et al., Locally connected spiking neural networks for unsupervised feature learning, Neural Networks 119 (2019), for a
 * layer; max pooling by rate as in BindsNET.
 *
 * @throws LocusError for an option that there is not, or a wrong value
 */
export class PooledLocalNetwork extends Network {
  constructor(parameters: PooledLocalParameters = {}) {
    const options = readOptions(place, schema, parameters);
    const { inputShape = [28, 28], kernelSize = [12, 4], stride = [2, 1], poolSize = 2 } = options;
    const {
      nFilters = [25, 100],
      inh = [120, 120],
      norm = [0.2, 1],
      thetaPlus,
      tcThetaDecay = 1e7,
    } = options;
    const [first, second] = [0, 1].map((i) =>
      readWindow(2, { kernelSize: kernelSize[i], stride: stride[i] }),
    );
    const pool = readWindow(2, { kernelSize: poolSize }, poolSize);
    const ofA = countPlaces(inputShape, first, place);
    const ofP = countPlaces(ofA, pool, place);
    const ofB = countPlaces(ofP, second, place);
    super(ofNetwork(options));
    const neurons = (shape: readonly number[]) =>
      new AdaptiveLIF({ shape, reset: -60, tcDecay: 100, thetaPlus, tcThetaDecay, thetaDecay: 'exact' });
    const local = (i: number, nTaps: number) =>
      new LocalConnection({
        ...stdp({ ...options, norm: undefined, wMax: Infinity }, norm[i] * nTaps),
        kernelSize: kernelSize[i],
        stride: stride[i],
      });
    this.addLayer('X', new Input({ shape: inputShape }))
      .addLayer('A', neurons([nFilters[0], ...ofA]))
      // A spike of A takes them beyond their threshold.
      .addLayer('P', new LIF({ shape: [nFilters[0], ...ofP], thresh: -64.5, refrac: 0 }))
      .addLayer('B', neurons([nFilters[1], ...ofB]))
      .addConnection('X', 'A', local(0, countTaps(first)))
      .addConnection('A', 'A', new LateralCompetition({ weight: -inh[0] }))
      .addConnection('A', 'P', new MaxPool2dConnection({ kernelSize: poolSize, decay: 0.05 }))
      .addConnection('P', 'B', local(1, countTaps(second) * nFilters[0]))
      .addConnection('B', 'B', new LateralCompetition({ weight: -inh[1] }));
  }
}
