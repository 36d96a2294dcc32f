/** Fuzzes the reading of stored networks: their meta data and an array of each, written over in a database as another program would. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { loadKind } from '../../src/kinds/registry.js';
import type { Kind } from '../../src/kinds/kind.js';
import { type NetworkStore, openStore } from '../../src/store/index.js';
import type { FuzzedReader } from './reader.js';

/** Small networks with an array of each; those of NNMF are read by the same code as ReLU networks, and take ten times as long. */
const samples = [
  { type: 'LC_SNN', network: 'competition-after-xy', array: 'theta' },
  { type: 'ReLU', network: 'relu', array: '3.weight' },
  { type: 'SBS', network: 'sbs-from-files', array: 'epsilon_xy_0' },
  { type: 'ReLU_SNN', network: '123c323b', array: 'accuracy' },
] as const;

interface Opened {
  readonly outside: Database.Database;
  readonly store: NetworkStore;
  readonly kind: Kind;
  readonly id: number;
  readonly name: string;
}

/** The network in a database of its own, which is removed when the process ends. */
async function open(type: string, name: string): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), 'locus-fuzz-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'networks.db');
  copyFileSync(resolve('test/fixtures/databases/version-1.db'), path);
  const store = openStore(path);
  const outside = new Database(path);
  const found = store.load(name);
  const { id } = outside.prepare('SELECT id FROM networks WHERE name = ?').get(found.name) as { id: number };
  return { outside, store, kind: await loadKind(type), id, name: found.name };
}

/** One value of the network, and how it is written over. */
interface Part {
  readonly name: string;
  readonly read: string;
  readonly write: string;
  readonly isText: boolean;
}

const column = (name: string): Part => ({
  name,
  read: `SELECT ${name} AS value FROM networks WHERE id = ?`,
  write: `UPDATE networks SET ${name} = ? WHERE id = ?`,
  isText: true,
});

const arrayNamed = (name: string): Part => ({
  name: 'array',
  read: `SELECT data AS value FROM arrays WHERE network = ? AND name = '${name}'`,
  write: `UPDATE arrays SET data = ? WHERE network = ? AND name = '${name}'`,
  isText: false,
});

function recordReader(type: string, network: string, { name, read, write, isText }: Part): FuzzedReader {
  let opened: Opened | undefined;
  return {
    name: `${type}-${name}`,
    async seeds() {
      opened = await open(type, network);
      const { value } = opened.outside.prepare(read).get(opened.id) as { value: string | Uint8Array };
      return [typeof value === 'string' ? new TextEncoder().encode(value) : new Uint8Array(value)];
    },
    read(bytes) {
      const { outside, store, kind, id, name: stored } = opened as Opened;
      outside.prepare(write).run(isText ? new TextDecoder().decode(bytes) : bytes, id);
      kind.open(store.load(stored), {}).dispose?.();
    },
  };
}

export const storedNetworks: readonly FuzzedReader[] = samples.flatMap(({ type, network, array }) =>
  [column('parameters'), column('meta'), arrayNamed(array)].map((part) => recordReader(type, network, part)),
);
