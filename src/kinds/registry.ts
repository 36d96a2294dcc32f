/** All kinds of networks: a new one is a folder beside this file and a line below. */
import { unknownName } from '../errors.js';
import type { Command, Leaf } from '../cli/command.js';
import type { Kind } from './kind.js';
import { defineKind, forgetKinds } from './loaded-kinds.js';

/** A kind before its code is loaded. */
export interface KindEntry {
  /** The values of `network_type` that belong to the kind. */
  readonly types: readonly string[];
  readonly load: () => Promise<Kind>;
  /** What the kind adds to the command line; declarations only, for the help reads them. */
  readonly commands?: () => Promise<KindCommands>;
}

export interface KindCommands {
  /** Under `locus train`. */
  readonly train?: readonly Leaf[];
  /** Beside it. */
  readonly others?: readonly Command[];
}

const ownEntries: readonly KindEntry[] = [
  {
    types: ['LC_SNN', 'C_SNN', 'FC_SNN'],
    load: async () => (await import('./snn/kind.js')).snnKind,
    commands: async () => (await import('./snn/commands.js')).snnCommands,
  },
  {
    types: ['NNMF'],
    load: async () => (await import('./nnmf/kind.js')).nnmfKind,
    commands: async () => (await import('./nnmf/commands.js')).nnmfCommands,
  },
  {
    types: ['SBS'],
    load: async () => (await import('./sbs/kind.js')).sbsKind,
    commands: async () => (await import('./sbs/commands.js')).sbsCommands,
  },
  {
    types: ['ReLU'],
    load: async () => (await import('./relu/kind.js')).reluKind,
    commands: async () => (await import('./relu/commands.js')).reluCommands,
  },
  {
    types: ['ReLU_SNN'],
    load: async () => (await import('./converted/kind.js')).convertedKind,
    commands: async () => (await import('./converted/commands.js')).convertedCommands,
  },
  {
    types: ['Network'],
    load: async () => (await import('./network/kind.js')).ownNetworkKind,
  },
];

const entries = [...ownEntries];

/** Adds a kind from elsewhere; one that has a type of it is replaced. */
export function registerKind(entry: KindEntry): void {
  const at = entries.findIndex(({ types }) => types.some((type) => entry.types.includes(type)));
  forgetKinds(entry.types);
  entries.splice(at < 0 ? entries.length : at, at < 0 ? 0 : 1, entry);
}

/** All kinds, those from elsewhere last. */
export function listKinds(): readonly KindEntry[] {
  return entries;
}

/** The types of the kinds above, without those of a kind that was replaced by one from elsewhere. */
export function listOwnTypes(): readonly string[] {
  return ownEntries.filter((entry) => entries.includes(entry)).flatMap(({ types }) => types);
}

/**
 * The kind that networks of this type belong to.
 *
 * @throws LocusError `UNKNOWN_NAME` where no kind knows the type
 */
export async function loadKind(type: string): Promise<Kind> {
  const entry = entries.find(({ types }) => types.includes(type));
  if (entry === undefined) {
    const known = entries.flatMap(({ types }) => types);
    throw unknownName('network', 'type', type, known);
  }
  return loadEntry(entry);
}

/** Loads the code of all kinds. */
export async function loadAllKinds(): Promise<void> {
  await Promise.all(entries.map(loadEntry));
}

async function loadEntry({ load }: KindEntry): Promise<Kind> {
  return defineKind(await load());
}
