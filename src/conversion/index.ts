/** Conversion of trained ReLU networks into spiking networks. */
export type { TrainData } from './activation-scale.js';
export {
  type Architecture,
  makeReluNetwork,
  parseArchitecture,
  type ReluNetworkOptions,
} from './architecture.js';
export { compareRates, type RateComparison } from './compare-rates.js';
export { convert, type ConvertOptions } from './convert.js';
export { ConvertedNetwork, type SpikingLayer, type SpikingRunOptions } from './converted-network.js';
export type { LayerScale, Normalization } from './normalize-layers.js';
export { readNpyNetwork } from './npy-network.js';
export { evaluateRelu, type ReluEpoch, ReluTraining, type ReluTrainingOptions } from './relu-training.js';
export { type SpikingResult, SpikeTally } from './spike-tally.js';
