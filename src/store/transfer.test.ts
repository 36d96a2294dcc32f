import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sampleNetwork } from '../../test/store/sample-network.js';
import { makeFolder } from '../../test/support/make-folder.js';
import { type NetworkStore, openStore } from './network-store.js';

function open(path: string, options: Parameters<typeof openStore>[1] = {}): NetworkStore {
  const store = openStore(path, options);
  onTestFinished(() => store.close());
  return store;
}

/** A store with a derived, a renamed and a third network, and a checkpoint. */
function sampleStore(folder: string): { store: NetworkStore; first: string; third: string } {
  const store = open(join(folder, 'source.db'));
  const first = store.save(sampleNetwork({}, { created: '2020-01-01T00:00:00Z' }));
  store.save(sampleNetwork({ seed: 1, epsilon: 0.1 }, { name: 'given', parent: first }));
  const third = store.save(sampleNetwork({ seed: 2 }));
  store.saveCheckpoint('unfinished', sampleNetwork());
  return { store, first, third };
}

describe('exportNetworks', () => {
  it('writes the named networks, whole, into one file', () => {
    const folder = makeFolder();
    const { store, first } = sampleStore(folder);
    const path = join(folder, 'new', 'published.db');
    store.exportNetworks([first.slice(0, 8), 'given', first], path);
    expect(readdirSync(join(folder, 'new'))).toEqual(['published.db']);
    const bytes = readFileSync(path);
    const exported = openStore(path, { readonly: true });
    expect(exported.list().map(({ name }) => name)).toEqual([first, 'given']);
    for (const name of [first, 'given']) expect(exported.load(name)).toStrictEqual(store.load(name));
    expect(exported.listCheckpoints()).toEqual([]);
    exported.close();
    // Reading it leaves it as it was, even where it could be written.
    const writable = openStore(path);
    expect(writable.load('given').parent).toBe(first);
    writable.close();
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(readdirSync(join(folder, 'new'))).toEqual(['published.db']);
  });

  it('replaces a file only when asked to, and leaves it alone if anything fails', () => {
    const folder = makeFolder();
    const { store, first, third } = sampleStore(folder);
    const path = join(folder, 'published.db');
    store.exportNetworks([first], path);
    const bytes = readFileSync(path);
    const outside = new Database(store.path);
    outside
      .prepare(
        'UPDATE arrays SET data = zeroblob(40) WHERE network = (SELECT id FROM networks WHERE name = ?)',
      )
      .run(third);
    outside.close();
    for (const [names, overwrite, code] of [
      [['given'], false, 'NAME_TAKEN'],
      [['given', 'nobody'], true, 'NOT_FOUND'],
      [['given', third], true, 'STORE_CORRUPT'],
    ] as const) {
      expect(() => store.exportNetworks(names, path, { overwrite })).toThrow(
        expect.objectContaining({ code }),
      );
      expect(readFileSync(path).equals(bytes)).toBe(true);
    }
    store.exportNetworks(['given'], path, { overwrite: true });
    expect(open(path).list()).toHaveLength(1);
    expect(readdirSync(folder).filter((file) => file.includes('tmp'))).toEqual([]);
  });
});

describe('seedFrom', () => {
  it('starts a new database with the networks of another, which is only read', () => {
    const folder = makeFolder();
    const { store, first, third } = sampleStore(folder);
    const shipped = join(folder, 'published.db');
    store.exportNetworks([first, 'given', third], shipped);
    const before = [readFileSync(shipped), statSync(shipped).mtimeMs];

    const working = open(join(folder, 'working', 'networks.db'), { seedFrom: shipped });
    expect(working.list().map(({ name }) => name)).toEqual([first, 'given', third]);
    for (const name of [first, 'given', third]) {
      expect(working.load(name)).toStrictEqual(store.load(name));
    }
    working.delete(third);
    working.rename(first, 'mine');
    working.save(sampleNetwork({ seed: 3 }));
    expect(working.clean()).toMatchObject({ checked: 3, renamed: [], repaired: [], corrupt: [] });
    expect([readFileSync(shipped), statSync(shipped).mtimeMs]).toEqual(before);

    // Only once: what was deleted does not come back.
    const again = open(working.path, { seedFrom: shipped });
    expect(again.list().map(({ name }) => name)).toEqual(working.list().map(({ name }) => name));
  });

  it('reads a database that another process has open, with what is still in its log', () => {
    const folder = makeFolder();
    const { store } = sampleStore(folder);
    expect(existsSync(`${store.path}-wal`)).toBe(true);
    const copy = open(join(folder, 'copy.db'), { seedFrom: store.path });
    expect(copy.list()).toEqual(store.list());
  });

  it('names a database that cannot be read, and can be opened once that is put right', () => {
    const folder = makeFolder();
    const path = join(folder, 'networks.db');
    const shipped = join(folder, 'published.db');
    expect(() => openStore(path, { seedFrom: shipped })).toThrow(
      expect.objectContaining({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining(shipped) }),
    );
    for (const content of ['', 'not a database, but long enough to be taken for one'.repeat(100)]) {
      writeFileSync(shipped, content);
      expect(() => openStore(path, { seedFrom: shipped })).toThrow(
        expect.objectContaining({ code: 'STORE_CORRUPT', message: expect.stringContaining(shipped) }),
      );
    }
    const { store } = sampleStore(folder);
    expect(open(path, { seedFrom: store.path }).list()).toHaveLength(3);
  });
});
