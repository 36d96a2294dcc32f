/** Names that a network had before: they find it, until another network is called so, and go with it. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sampleNetwork } from '../../test/store/sample-network.js';
import { makeFolder } from '../../test/support/make-folder.js';
import { type NetworkStore, openStore } from './network-store.js';

/** A store with two networks; the first was called `formerly` once, as a migration notes it. */
function storeWithAlias(): { store: NetworkStore; first: string; second: string } {
  const store = openStore(join(makeFolder(), 'a.db'));
  onTestFinished(() => store.close());
  const first = store.save(sampleNetwork({ seed: 1 }));
  const second = store.save(sampleNetwork({ seed: 2 }));
  write(store, "INSERT INTO aliases VALUES ('formerly', (SELECT id FROM networks WHERE name = ?))", first);
  return { store, first, second };
}

/** Writes as a program does that knows nothing of foreign keys. */
function write({ path }: NetworkStore, sql: string, ...values: string[]): void {
  const database = new Database(path);
  database.pragma('foreign_keys = OFF');
  database.prepare(sql).run(...values);
  database.close();
}

describe('an alias', () => {
  it('finds its network, as does its beginning', () => {
    const { store, first } = storeWithAlias();
    for (const name of ['formerly', 'former']) {
      expect(store.load(name).name).toBe(first);
      expect(store.view(name).name).toBe(first);
    }
    expect(() => store.load('formerlz')).toThrow('Did you mean "formerly"?');
    store.saveResult({ experiment: 'e', item: 'i', result: {}, network: 'formerly' });
    expect(store.listResults()).toMatchObject([{ network: first }]);
  });

  it('comes after a name, before a hash, and its beginning has as many meanings as there are', () => {
    const { store, first, second } = storeWithAlias();
    write(store, 'INSERT INTO aliases VALUES (?, (SELECT id FROM networks WHERE name = ?))', second, first);
    expect(store.load(second).name).toBe(second);
    store.rename(second, 'formerly too');
    expect(store.load(second).name).toBe(first);
    expect(store.load('formerly').name).toBe(first);
    expect(() => store.load('former')).toThrow(
      `network "former": expected one network, found 2: ${first}, formerly too`,
    );
  });

  it('gives way to a network that is saved under it', () => {
    const { store } = storeWithAlias();
    const saved = sampleNetwork({ seed: 3 }, { name: 'formerly', stateHash: 'cc' });
    store.save(saved);
    expect(store.load('formerly').stateHash).toBe('cc');
    expect(store.clean()).toMatchObject({ orphansDropped: 1 });
    expect(store.clean()).toMatchObject({ orphansDropped: 0 });
    store.delete('formerly');
    expect(() => store.load('formerly')).toThrow('no such network');
  });

  it('can become the name of its own network, and of no other', () => {
    const { store, first, second } = storeWithAlias();
    expect(() => store.rename(second, 'formerly')).toThrow(`"formerly" already means the network "${first}"`);
    store.rename(first, 'formerly');
    expect(store.view('formerly').name).toBe('formerly');
    store.rename('formerly', 'now');
    expect(store.view('formerly').name).toBe('now');
  });

  it('goes with its network', () => {
    const { store, first } = storeWithAlias();
    expect(store.delete('formerly')).toBe(first);
    expect(() => store.load('formerly')).toThrow('no such network');
    expect(store.clean()).toMatchObject({ orphansDropped: 0 });
  });

  it('is handed on with its network', () => {
    const { store, first } = storeWithAlias();
    const path = join(makeFolder(), 'exported.db');
    store.exportNetworks(['formerly'], path);
    for (const options of [{ path }, { path: join(makeFolder(), 'seeded.db'), seedFrom: path }]) {
      const other = openStore(options.path, { seedFrom: options.seedFrom });
      expect(other.load('formerly').name).toBe(first);
      other.close();
    }
  });

  it('is dropped where another program deleted its network', () => {
    const { store, first } = storeWithAlias();
    for (const table of ['scores', 'arrays']) {
      write(store, `DELETE FROM ${table} WHERE network = (SELECT id FROM networks WHERE name = ?)`, first);
    }
    write(store, 'DELETE FROM networks WHERE name = ?', first);
    expect(() => store.load('formerly')).toThrow('no such network');
    expect(store.clean()).toMatchObject({ orphansDropped: 1 });
  });
});
