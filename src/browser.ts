/** The part of Locus that runs in a browser: stored networks and custom networks. Importing it registers the engines. */
import './core/engine/web.js';

/** A stored network, sent by a server (`packNetwork`), that answers images. */
export {
  type Answer,
  FrozenSnn,
  type Opinion,
  readStoredSnn,
  type StoredSnn,
} from './kinds/snn/frozen-snn.js';
/** Messages: of those, and of custom networks, which `restoreNetwork` makes again. */
export { type NetworkMessage, packNetwork, unpackNetwork } from './kinds/network-message.js';
export { restoreNetwork, type RunChoice, type SavedParts } from './kinds/network/restore-network.js';
export type { EncoderSettings } from './kinds/network/encoder-settings.js';

/** Custom networks; engines: `wasm`, `gpu` where `findBrowserDevice` finds WebGPU, `reference`. */
export { Network, type NetworkParameters, type RunOptions } from './core/network/network.js';
export type { Presented, PresentImagesOptions } from './core/network/present/present-options.js';
export type { NetworkState } from './core/network/network-state.js';
export { type BuildOptions, networkFromDescription } from './core/network/description/build-network.js';
export type { DescribedNetwork, NetworkDescription } from './core/network/description/describe-network.js';
export { registerPart } from './core/network/description/parts.js';
export type { GivenInputs, GivenValues } from './core/network/run-inputs.js';
export type { FloatArrays, Floats, Precision } from './core/precision.js';
export { Monitor, type MonitorParameters, type Recording, type Timing } from './core/network/monitors.js';
export { AdaptiveLIF, IF, Input, LIF, SpikeSource } from './core/network/nodes/index.js';
export { defineNeuron } from './core/definitions/define-neuron.js';
export { defineRule } from './core/definitions/define-rule.js';
export {
  Hebbian,
  MSTDP,
  MSTDPET,
  Oja,
  RewardPrediction,
  Rmax,
  TripletStdp,
  VogelsSprekeler,
  WeightDependentPostPre,
} from './core/rules/index.js';
export { defineSynapse } from './core/definitions/define-synapse.js';
export { GapJunction, StochasticRelease, SynapticFeatures, TsodyksMarkram } from './core/synapses/index.js';
export {
  AdEx,
  BoostedLIF,
  ConductanceLIF,
  CSRM,
  csrmKernels,
  CurrentLIF,
  DiehlAndCook,
  Izhikevich,
  McCullochPitts,
  NoisyLIF,
  PoissonSource,
  SRM0,
} from './core/models/index.js';
export {
  AllButOwnConnection,
  AvgPool1dConnection,
  AvgPool2dConnection,
  AvgPool3dConnection,
  Connection,
  Conv1dConnection,
  Conv2dConnection,
  Conv3dConnection,
  LateralCompetition,
  LateralConnection,
  Local1dConnection,
  Local2dConnection,
  Local3dConnection,
  LocalConnection,
  MaxPool1dConnection,
  MaxPool2dConnection,
  MaxPool3dConnection,
  MeanFieldConnection,
  OneToOneConnection,
  PadConnection,
  PermuteConnection,
  SparseConnection,
} from './core/network/topology/index.js';
export { NoOp, PostPre } from './core/network/learning/index.js';
export { type BrowserDevice, findBrowserDevice } from './core/engine/gpu/open-in-browser.js';
export type { DeviceDescription } from './core/engine/gpu/runtime.js';
export { getEngine, listEngines, type Presentation, type PresentOptions } from './core/network/simulation.js';

/** Networks of the literature, ready to run. */
export * from './zoo/index.js';

/** Encoders: from brightness to spikes. */
export { bernoulli, encoders, poisson, rankOrder, repeat, single } from './core/encoding/index.js';
export { type SpikeTrain, spikeTrainFromEvents, spikeTrainFromRaster } from './core/encoding/spike-train.js';
export { RandomStream } from './core/random/stream.js';

/** Statistics of spikes, and of what monitors recorded: rates, intervals, synchrony. */
export * from './analysis/index.js';

/** Readout: from spike counts to classes. */
export {
  calibrateVotes,
  predictByClassifier,
  predictByVotes,
  Readout,
  type SpikeCounts,
} from './readout/index.js';

export { LocusError, type LocusErrorCode } from './errors.js';
export { version } from './version.js';
