/** The networks that a stored one goes back to: by their names before their former names, as far as they are stored. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { sampleNetwork } from '../../test/store/sample-network.js';
import { makeFolder } from '../../test/support/make-folder.js';
import { type NetworkStore, openStore } from './network-store.js';

/** Each network by name with the name of its parent. */
function storeOf(parents: Readonly<Record<string, string | null>>): NetworkStore {
  const store = openStore(join(makeFolder(), 'a.db'));
  onTestFinished(() => store.close());
  Object.entries(parents).forEach(([name, parent], seed) =>
    store.save(sampleNetwork({ seed }, { name, parent })),
  );
  return store;
}

function addAlias({ path }: NetworkStore, alias: string, name: string): void {
  const database = new Database(path);
  database
    .prepare('INSERT INTO aliases VALUES (?, (SELECT id FROM networks WHERE name = ?))')
    .run(alias, name);
  database.close();
}

const ancestorsOf = (store: NetworkStore, name: string) =>
  store.ancestors(name).map((ancestor) => `${ancestor.name}${ancestor.isStored ? '' : ' (gone)'}`);

it('end with the first that is not stored', () => {
  const store = storeOf({ child: 'parent', parent: 'grandparent', grandparent: 'lost', alone: null });
  expect(ancestorsOf(store, 'child')).toEqual(['parent', 'grandparent', 'lost (gone)']);
  expect(store.ancestors('alone')).toEqual([]);
  expect(store.ancestors('grandparent')).toEqual([
    { name: 'lost', isStored: false, created: null, nIter: null },
  ]);
});

it('are found by former names too, after the networks that have these names', () => {
  const store = storeOf({ child: 'parent', parent: null, 'parent before': null });
  addAlias(store, 'parent', 'parent before');
  expect(ancestorsOf(store, 'child')).toEqual(['parent']);
  store.rename('parent', 'renamed');
  addAlias(store, 'once', 'renamed');
  store.save(sampleNetwork({ seed: 9 }, { name: 'late', parent: 'once' }));
  expect(ancestorsOf(store, 'late')).toEqual(['renamed']);
});

it('end where other programs have written a circle', () => {
  const store = storeOf({ a: 'b', b: 'c', c: 'a' });
  expect(ancestorsOf(store, 'a')).toEqual(['b', 'c']);
});
