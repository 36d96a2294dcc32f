/** Conversion of trained ReLU networks into spiking networks. */
import './kind.js';
export type { TrainData } from './activation-scale.js';
export { compareRates, type RateComparison } from './compare-rates.js';
export { convert, type ConvertOptions } from './convert.js';
export { ConvertedModel, type ConvertedModelOptions, loadConvertedModel } from './converted-model.js';
export { ConvertedNetwork, type SpikingLayer, type SpikingRunOptions } from './converted-network.js';
export type { LayerScale, Normalization } from './normalize-layers.js';
export { type SpikingResult, SpikeTally } from './spike-tally.js';
