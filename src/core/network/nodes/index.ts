/** All neuron models: a new one is a file here and a line below. */
export { AdaptiveLIF } from './adaptive-lif.js';
export { Input } from './input.js';
export { IF } from './integrate-and-fire.js';
export type { LayerParameters, LeakyParameters } from './leaky.js';
export { LIF } from './lif.js';
export { SpikeSource, type SpikeSourceParameters } from './spike-source.js';
export {
  decayPerStep,
  type LayerDescription,
  type NeuronConstants,
  type NeuronModel,
  type NeuronState,
  type NeuronStep,
} from './neuron-model.js';
