/** Custom networks: whatever layers and connections a user puts together. */
import { LocusError } from '../../errors.js';
import { defineKind } from '../loaded-kinds.js';
import type { Kind } from '../kind.js';
import { ownLineage } from './lineage.js';
import { ownNetworkShape } from './network-shape.js';
import { SavedNetwork } from './saved-network.js';

export const ownNetworkKind: Kind = defineKind({
  ...ownLineage,
  figures: 'network',
  checkpoint: ownNetworkShape,
  open: (record) => new SavedNetwork(record),
  async begin(type) {
    throw new LocusError(
      'INVALID_ARGUMENT',
      `trainNetwork: expected a type whose networks it can make, got ${type}: make the network, train it by its method present, and store it by saveNetwork`,
    );
  },
});
