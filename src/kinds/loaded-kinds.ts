/** Kinds of networks whose code is loaded. */
import type { Kind } from './kind.js';

const loaded = new Map<string, Kind>();

/** A kind, which is found from now on by the types of its networks. */
export function defineKind(kind: Kind): Kind {
  for (const type of kind.types) loaded.set(type, kind);
  return kind;
}

/** The kind of networks of this type, if its code is loaded. */
export function findLoadedKind(type: string): Kind | undefined {
  return loaded.get(type);
}

/** Forgets the kind of networks of these types. */
export function forgetKinds(types: readonly string[]): void {
  for (const type of types) loaded.delete(type);
}
