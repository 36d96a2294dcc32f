/** What its kind demands of a network or checkpoint that lies in a database. */
import { LocusError } from '../errors.js';
import type { WholeEntry } from '../store/index.js';
import { checkRecord } from './check-record.js';
import type { Kind } from './kind.js';
import { findLoadedKind } from './loaded-kinds.js';

/** @throws LocusError naming the first field that is wrong; `UNKNOWN_NAME` where the shape depends on a name that is not known here */
export function checkEntry(entry: WholeEntry, kind: Kind): void {
  checkRecord(entry.kind === 'network' ? kind.record : kind.checkpoint, entry, { place: '' });
}

/** @throws LocusError as `checkEntry`, and `UNKNOWN_NAME` where no loaded kind knows the type */
export function proveEntry(entry: WholeEntry): void {
  const type = String(entry.parameters.network_type);
  const kind = findLoadedKind(type);
  if (!kind) throw new LocusError('UNKNOWN_NAME', `expected a type of a loaded kind, got ${type}`);
  checkEntry(entry, kind);
}
