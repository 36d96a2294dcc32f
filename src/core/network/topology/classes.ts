/** Topologies that descriptions of networks call by name. */
import { AllButOwnConnection } from './all-but-own-connection.js';
import { AvgPool2dConnection } from './avg-pool2d-connection.js';
import { Connection } from './connection.js';
import { Conv2dConnection } from './conv2d-connection.js';
import { LateralCompetition, LateralConnection } from './lateral.js';
import { LocalConnection } from './local-connection.js';
import { OneToOneConnection } from './one-to-one-connection.js';

export const topologyClasses = {
  AllButOwnConnection,
  AvgPool2dConnection,
  Connection,
  Conv2dConnection,
  LateralCompetition,
  LateralConnection,
  LocalConnection,
  OneToOneConnection,
} as const;
