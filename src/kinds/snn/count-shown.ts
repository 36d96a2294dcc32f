/** How often the Y neurons of a network that learns nothing spike at images. */
import { LocusError } from '../../errors.js';
import type { Network } from '../../core/network/network.js';
import { countNeurons, engineOrder } from '../../core/network/shape.js';
import type { Presentation } from '../../core/network/simulation.js';
import { type SpikeCounts, SpikeCountsBuilder } from '../../readout/index.js';
import type { Interruptible } from './snn-options.js';
import { countOf } from '../../wording.js';

/** Index of Y in the network. */
export const yLayer = 1;

/** Errors: `INTERRUPTED`. */
export async function countShown(
  { simulation }: Network,
  shown: Presentation,
  { onProgress, signal }: Interruptible,
): Promise<SpikeCounts> {
  const { shape } = simulation.program.layers[yLayer];
  const order = engineOrder(shape);
  const size = countNeurons(shape);
  const builder = new SpikeCountsBuilder({
    nFilters: shape.channels,
    nPositions: shape.height * shape.width,
  });
  const done = await simulation.present(shown, {
    learn: false,
    count: yLayer,
    signal,
    onCounts: (counts) => {
      for (let row = 0; row < counts.length; row += size)
        builder.add(counts.subarray(row, row + size), order);
    },
    onProgress: (n) => onProgress?.({ done: n, total: shown.count }),
  });
  if (done < shown.count) {
    throw new LocusError('INTERRUPTED', `interrupted after ${done} of ${countOf(shown.count, 'image')}`);
  }
  return builder.build();
}
