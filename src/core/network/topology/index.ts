/** All topologies: a new one is a file here and a line below. */
export { AllButOwnConnection } from './all-but-own-connection.js';
export { AvgPool2dConnection, type AvgPool2dParameters } from './avg-pool2d-connection.js';
export { Connection, type ConnectionParameters } from './connection.js';
export { Conv2dConnection } from './conv2d-connection.js';
export { buildFanOut, type FanOut } from './fan-out.js';
export { LateralCompetition, LateralConnection } from './lateral.js';
export { LocalConnection } from './local-connection.js';
export { OneToOneConnection } from './one-to-one-connection.js';
export { SparseConnection, type PairList, type SparseParameters } from './sparse-connection.js';
export {
  type InitialWeights,
  type SynapseParameters,
  SynapticConnection,
  type WindowParameters,
  type WireContext,
  type Wiring,
} from './topology.js';
