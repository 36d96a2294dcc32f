/** A database for the time of one action. */
import { checkStoreExists, type NetworkStore, openStore, openToRead } from './network-store.js';

/** What is done with an open database; it is synchronous. */
type Action<T> = (store: NetworkStore) => T extends PromiseLike<unknown> ? never : T;

/** What `action` returns; the database is closed then, also where it throws. Errors as `openStore`, and its own. */
export function withStore<T>(path: string | undefined, action: Action<T>): T {
  return useAndClose(openStore(path), action);
}

/** As `withStore` for an action that only reads: a database that is missing is not made. Errors as `openToRead`, and its own. */
export function readStore<T>(path: string | undefined, action: Action<T>): T {
  return useAndClose(openToRead(path), action);
}

/** As `withStore` for an action on stored networks: a database is only made where none is named. */
export function changeStore<T>(path: string | undefined, action: Action<T>): T {
  checkStoreExists(path);
  return withStore(path, action);
}

function useAndClose<T>(store: NetworkStore, action: Action<T>): T {
  try {
    return action(store);
  } finally {
    store.close();
  }
}
