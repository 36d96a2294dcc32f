/** A database for the time of one action. */
import { type NetworkStore, openStore, type StoreOptions } from './network-store.js';

/** What `action`, which is synchronous, returns; the database is closed then, also where it throws. Errors as `openStore`, and its own. */
export function withStore<T>(
  path: string | undefined,
  action: (store: NetworkStore) => T extends PromiseLike<unknown> ? never : T,
  options?: StoreOptions,
): T {
  const store = openStore(path, options);
  try {
    return action(store);
  } finally {
    store.close();
  }
}
