/** What decides whether a network of the table may be stored in the place of another: its history and its shape. */
import { requirePackage } from '../../node/require-package.js';
import { networkName, type Parameters } from '../../store/index.js';
import { labelData, readDataIdentity } from '../data-identity.js';
import type { Identity } from '../kind.js';
import type { Lineage } from '../save-network.js';
import type { History } from './history.js';
import { countIterations, type TrainingSegment, withData } from './image-order.js';
import { networkTypes } from '../../published-networks.js';
import { makeHistory, snnRecordShape } from './snn-shape.js';

/** Published parameters that describe a history, which continues where the others are the same. */
const historical = new Set([
  'n_iter',
  'train_method',
  'n_iter_competition',
  'batch_size',
  'train_order',
  'history',
  'dataset',
  'data_hash',
]);

export const snnLineage: Lineage = {
  types: networkTypes,
  record: snnRecordShape,
  continues: (stored, next) =>
    nameOfFixed(stored.parameters) === nameOfFixed(next.parameters) &&
    isBeginning(historyOf(stored), historyOf(next)),
};

function nameOfFixed(parameters: Parameters): string {
  return networkName(
    Object.fromEntries(Object.entries(parameters).filter(([name]) => !historical.has(name))),
  );
}

/** Null for a damaged record, which nothing continues. */
function historyOf({ parameters, meta }: Identity): History | null {
  const { data } = makeHistory(requirePackage('zod').z).safeParse(meta);
  if (!data) return null;
  return { ...data, segments: withData(data.segments, labelData(readDataIdentity(parameters))) };
}

/** Whether the longer history begins with the shorter one; its last segment may have gone on. */
function isBeginning(shorter: History | null, longer: History | null): boolean {
  if (!shorter || !longer) return false;
  const end = countIterations(shorter.segments);
  const added = longer.sets.slice(shorter.sets.length);
  return (
    shorter.segments.every((segment, i) =>
      isBeginningOf(segment, longer.segments[i], i === shorter.segments.length - 1),
    ) &&
    shorter.sets.every(({ at, state }, i) => longer.sets[i]?.at === at && longer.sets[i].state === state) &&
    added.every(({ at }) => at >= end)
  );
}

function isBeginningOf(
  { nIter, ...segment }: TrainingSegment,
  other: TrainingSegment | undefined,
  isLast: boolean,
): boolean {
  if (other === undefined) return false;
  const names = [...Object.keys(segment), ...Object.keys(other)] as (keyof TrainingSegment)[];
  const isSame = names.every((name) => name === 'nIter' || { ...segment, nIter }[name] === other[name]);
  return isSame && (isLast ? nIter <= other.nIter : nIter === other.nIter);
}
