/** The one way into the database for networks of every kind: a name that is taken is given only to the same lineage. */
import { LocusError } from '../errors.js';
import {
  type NetworkInput,
  networkName,
  type NetworkStore,
  type NetworkView,
  type SaveOptions,
} from '../store/index.js';
import { checkRecord } from './check-record.js';
import type { Identity, Kind } from './kind.js';

/** The part of a kind that decides on what may be stored. */
export type Lineage = Pick<Kind, 'types' | 'continues' | 'record'>;

/** The part of a stored network that decides whether its name may be written again. */
type Bearer = Pick<NetworkView, 'name' | 'hash' | 'parameters' | 'meta'>;

/**
 * Whether a network may take the place of `stored`, which bears the name it is to have: the same history (calibrated or scored
 * since), or a continuation of it.
 */
export function mayReplace(kind: Lineage, stored: Bearer, next: Identity): boolean {
  if (stored.hash === networkName(next.parameters)) return true;
  return kind.types.includes(String(stored.parameters.network_type)) && kind.continues(stored, next);
}

/**
 * Checks, before any work, that a network may be stored under `name` when the work is done.
 *
 * @param place names the caller in errors
 * @throws LocusError `NAME_TAKEN`, saying what bears the name, for a network of another kind or lineage
 */
export function claimName(
  store: NetworkStore,
  kind: Lineage,
  { name, next, overwrite, place }: { name: string; next: Identity; overwrite?: boolean; place: string },
): void {
  if (overwrite) return;
  const stored = store.viewNamed(name);
  if (stored !== undefined && !mayReplace(kind, stored, next)) throw nameTaken(place, stored, next);
}

/**
 * Stores a network. One of the same name is replaced by the same history or a continuation of it; anything else only with
 * `overwrite`.
 *
 * @throws LocusError `INVALID_ARGUMENT` for a record that could not be read again; `NAME_TAKEN`, saying what bears the name; else
 *   as `NetworkStore.save`
 */
export function saveNetwork(
  store: NetworkStore,
  kind: Lineage,
  record: NetworkInput,
  { overwrite = false, ...options }: Omit<SaveOptions, 'overwrite'> & { readonly overwrite?: boolean } = {},
): string {
  checkToSave(kind, record);
  return store.save(record, {
    ...options,
    overwrite:
      overwrite ||
      ((stored) => {
        if (mayReplace(kind, stored, record)) return true;
        throw nameTaken('save network', stored, record);
      }),
  });
}

/**
 * Checks that a record can be read again once it is stored.
 *
 * @throws LocusError `INVALID_ARGUMENT` naming the field and the expectation
 */
export function checkToSave(kind: Pick<Kind, 'record'>, record: NetworkInput): void {
  const name = record.name ?? networkName(record.parameters);
  checkRecord(kind.record, record, { place: `save network "${name}"`, code: 'INVALID_ARGUMENT' });
}

/** The error for a name that `stored` bears, where `next` may not replace it. */
export function nameTaken(
  place: string,
  { name, hash, parameters }: Bearer,
  next: Pick<Identity, 'parameters'>,
): LocusError {
  const isSame = hash === networkName(next.parameters);
  const described = `(${String(parameters.network_type)}, ${hash.slice(0, 12)})`;
  const bearer = isSame ? `this network already ${described}` : `another network ${described}`;
  return new LocusError(
    'NAME_TAKEN',
    `${place}: the name "${name}" belongs to ${bearer}. Choose another name, rename that network, or overwrite it on purpose (overwrite: true, --overwrite).`,
  );
}
