/** All topologies: a new one is a file here and a line below. */
export { AllButOwnConnection } from './all-but-own-connection.js';
export {
  AvgPool1dConnection,
  AvgPool2dConnection,
  type AvgPool2dParameters,
  AvgPool3dConnection,
} from './avg-pool-connections.js';
export { Connection, type ConnectionParameters } from './connection.js';
export { Conv1dConnection, Conv2dConnection, Conv3dConnection } from './conv-connections.js';
export { buildFanOut, type FanOut } from './fan-out.js';
export type { ConvParameters, KernelParameters } from './kernel-connection.js';
export { LateralCompetition, LateralConnection } from './lateral.js';
export {
  Local1dConnection,
  Local2dConnection,
  Local3dConnection,
  LocalConnection,
} from './local-connections.js';
export {
  MaxPool1dConnection,
  MaxPool2dConnection,
  MaxPool3dConnection,
  type MaxPoolParameters,
} from './max-pool-connections.js';
export { MeanFieldConnection, type MeanFieldParameters } from './mean-field-connection.js';
export { OneToOneConnection } from './one-to-one-connection.js';
export { PadConnection, type PadParameters } from './pad-connection.js';
export { PermuteConnection, type PermuteParameters } from './permute-connection.js';
export type { PoolParameters } from './pool-connection.js';
export { SparseConnection, type PairList, type SparseParameters } from './sparse-connection.js';
export {
  type Delivery,
  type InitialWeights,
  type SynapseParameters,
  SynapticConnection,
  type WireContext,
  type Wiring,
} from './topology.js';
export type { Sides, WindowParameters } from './window.js';
