/** ReLU networks without biases: reading and training them. */
import './kind.js';
export {
  type Architecture,
  makeReluNetwork,
  parseArchitecture,
  type ReluNetworkOptions,
} from './architecture.js';
export { readNpyNetwork } from './npy-network.js';
export { evaluateRelu, type ReluEpoch, ReluTraining, type ReluTrainingOptions } from './relu-training.js';
export { loadReluModel, ReluModel } from './relu-model.js';
