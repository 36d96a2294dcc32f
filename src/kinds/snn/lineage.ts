/** Whether one network of the table continues the training of another. */
import { networkName, type Parameters } from '../../store/index.js';
import type { Kind } from '../kind.js';
import type { TrainingSegment } from './image-order.js';
import { networkTypes } from './published-networks.js';

/** Published parameters that sum a history up. */
const summary = new Set([
  'n_iter',
  'train_method',
  'n_iter_competition',
  'batch_size',
  'train_order',
  'history',
]);

export const snnLineage: Pick<Kind, 'types' | 'continues'> = {
  types: networkTypes,
  continues(stored, next) {
    const segments = (meta: Readonly<Record<string, unknown>>) =>
      (meta.segments ?? []) as readonly TrainingSegment[];
    return (
      nameWithout(summary, stored.parameters) === nameWithout(summary, next.parameters) &&
      isBeginning(segments(stored.meta), segments(next.meta))
    );
  },
};

function nameWithout(names: ReadonlySet<string>, parameters: Parameters): string {
  return networkName(Object.fromEntries(Object.entries(parameters).filter(([name]) => !names.has(name))));
}

/** Whether the longer history begins with the shorter one; its last segment may have gone on. */
function isBeginning(shorter: readonly TrainingSegment[], longer: readonly TrainingSegment[]): boolean {
  return shorter.every((segment, i) => {
    const other = longer[i] as TrainingSegment | undefined;
    if (!other) return false;
    const { nIter, ...rest } = segment;
    const { nIter: otherIter, ...otherRest } = other;
    const isLast = i === shorter.length - 1;
    const sameImages = Object.entries({ ...rest, ...otherRest }).every(
      ([name]) => rest[name as keyof typeof rest] === otherRest[name as keyof typeof rest],
    );
    return sameImages && (isLast ? nIter <= otherIter : nIter === otherIter);
  });
}
