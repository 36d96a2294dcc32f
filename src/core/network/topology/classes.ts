/** Topologies that descriptions of networks call by name. */
import { AllButOwnConnection } from './all-but-own-connection.js';
import { AvgPool1dConnection, AvgPool2dConnection, AvgPool3dConnection } from './avg-pool-connections.js';
import { Connection } from './connection.js';
import { Conv1dConnection, Conv2dConnection, Conv3dConnection } from './conv-connections.js';
import { LateralCompetition, LateralConnection } from './lateral.js';
import { Local1dConnection, Local3dConnection, LocalConnection } from './local-connections.js';
import { MaxPool1dConnection, MaxPool2dConnection, MaxPool3dConnection } from './max-pool-connections.js';
import { MeanFieldConnection } from './mean-field-connection.js';
import { OneToOneConnection } from './one-to-one-connection.js';
import { PadConnection } from './pad-connection.js';
import { PermuteConnection } from './permute-connection.js';
import { SparseConnection } from './sparse-connection.js';

export const topologyClasses = {
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
} as const;
