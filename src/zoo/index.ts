/** The zoo: networks of the literature, ready to run. A new one is a file beside this one and a line here. */
export { CueAndReward, type CueAndRewardParameters, type TrialOptions } from './cue-and-reward.js';
export {
  DiehlAndCook2015,
  type DiehlAndCook2015Parameters,
  DiehlAndCook2015v2,
  type DiehlAndCook2015v2Parameters,
} from './diehl-and-cook-2015.js';
export {
  IncreasingInhibitionNetwork,
  type IncreasingInhibitionParameters,
} from './increasing-inhibition-network.js';
export { LocallyConnectedNetwork, type LocallyConnectedParameters } from './locally-connected-network.js';
export { PooledLocalNetwork, type PooledLocalParameters } from './pooled-local-network.js';
export { Reservoir, type ReservoirParameters } from './reservoir.js';
export { TwoLayerNetwork, type TwoLayerNetworkParameters } from './two-layer-network.js';
export type { AdaptiveParameters, StdpParameters, ZooParameters } from './zoo-options.js';
