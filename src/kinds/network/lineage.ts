/** What a custom network goes back to: the moments at which it was saved, and under which name. */
import type { Network } from '../../core/network/network.js';
import type { Precision } from '../../core/precision.js';
import { requirePackage } from '../../node/require-package.js';
import type { Identity } from '../kind.js';
import type { Lineage } from '../save-network.js';
import { ownNetworkShape } from './network-shape.js';
import { networkType, type SavedMoment } from './restore-network.js';

/** Where a network was saved last, or loaded from. */
export interface Origin {
  readonly name: string;
  readonly parent: string | null;
  readonly history: readonly SavedMoment[];
}

const origins = new WeakMap<Network<Precision>, Origin>();

export function rememberOrigin(network: Network<Precision>, origin: Origin): void {
  origins.set(network, origin);
}

export function findOrigin(network: Network<Precision>): Origin | undefined {
  return origins.get(network);
}

/** The history of a network that is saved now: one moment more, unless it learned nothing since the last. */
export function extendHistory(history: readonly SavedMoment[], now: SavedMoment): readonly SavedMoment[] {
  return history.at(-1)?.learned === now.learned ? history : [...history, now];
}

export const ownLineage: Lineage = {
  types: [networkType],
  record: ownNetworkShape,
  continues: (stored, next) => {
    const [before, after] = [historyOf(stored), historyOf(next)];
    return (
      stored.parameters.description === next.parameters.description &&
      before.length > 0 &&
      before.every(({ learned }, i) => learned === after[i]?.learned)
    );
  },
};

/** Empty for a damaged record, which nothing continues. */
function historyOf({ meta }: Identity): readonly SavedMoment[] {
  const { z } = requirePackage('zod');
  const schema = z.object({ history: z.array(z.object({ learned: z.string(), images: z.number() })) });
  return schema.safeParse(meta).data?.history ?? [];
}
