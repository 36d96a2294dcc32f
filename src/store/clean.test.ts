import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sampleNetwork } from '../../test/store/sample-network.js';
import { makeFolder } from '../../test/support/make-folder.js';
import { networkName } from './canonical-json.js';
import { type NetworkStore, openStore } from './network-store.js';

/** A store, and its database as a program that knows nothing of foreign keys uses it. */
function newStore(): { store: NetworkStore; outside: Database.Database } {
  const store = openStore(join(makeFolder(), 'a.db'));
  const outside = new Database(store.path);
  outside.pragma('foreign_keys = OFF');
  onTestFinished(() => {
    outside.close();
    store.close();
  });
  return { store, outside };
}

const nothingDone = {
  orphansDropped: 0,
  renamed: [],
  repaired: [],
  conflicts: [],
  corrupt: [],
  corruptDropped: 0,
};

function checkpointOf({
  parameters,
  datasetHash,
  codeVersion,
  arrays,
  meta,
}: ReturnType<typeof sampleNetwork>) {
  return { parameters, datasetHash, codeVersion, arrays, meta };
}

describe('clean', () => {
  it('finds nothing to do in a sound database', () => {
    const { store } = newStore();
    const name = store.save(sampleNetwork({ n_filters: '25', dataset: 5, c_l: [true] }));
    store.save(sampleNetwork({ seed: 1 }, { name: 'given' }));
    store.saveCheckpoint('c', checkpointOf(sampleNetwork()));
    expect(store.clean()).toEqual({ checked: 3, ...nothingDone });
    expect(store.load(name).arrays).toStrictEqual(sampleNetwork().arrays);
  });

  it('drops what belongs to networks and checkpoints that are no more, and nothing else', () => {
    const { store, outside } = newStore();
    const gone = store.save(sampleNetwork());
    const kept = store.save(sampleNetwork({ seed: 1 }));
    store.saveCheckpoint('gone', checkpointOf(sampleNetwork()));
    store.saveCheckpoint('kept', checkpointOf(sampleNetwork()));
    store.saveResult({ experiment: 'e', item: 'i', result: 1, network: gone });
    outside.prepare('DELETE FROM networks WHERE name = ?').run(gone);
    outside.exec(`DELETE FROM checkpoints WHERE key = 'gone'`);
    // 4 arrays and 3 scores of the network, 4 arrays of the checkpoint, 1 reference of the result.
    expect(store.clean()).toEqual({ ...nothingDone, checked: 2, orphansDropped: 12 });
    expect(store.load(kept).arrays).toStrictEqual(sampleNetwork().arrays);
    expect(store.loadCheckpoint('kept')?.arrays).toStrictEqual(sampleNetwork().arrays);
    expect(store.listResults()[0].network).toBeNull();
    expect(outside.pragma('foreign_key_check')).toEqual([]);
    expect(store.clean()).toEqual({ ...nothingDone, checked: 2 });
  });

  it('leaves results alone that never had a network', () => {
    const { store } = newStore();
    store.saveResult({ experiment: 'grid', item: 'one', result: 1 });
    expect(store.clean()).toEqual({ checked: 0, ...nothingDone });
    expect(store.listResults('grid')).toHaveLength(1);
  });

  it('never gives a new network what was left of a deleted one', () => {
    const { store, outside } = newStore();
    store.save(sampleNetwork());
    outside.exec('DELETE FROM networks');
    const name = store.save(sampleNetwork({ seed: 1 }, { arrays: {}, scores: {} }));
    expect(store.load(name)).toMatchObject({ arrays: {}, scores: {} });
  });

  it('makes name, hash and columns follow from parameters that were edited', () => {
    const { store, outside } = newStore();
    const old = store.save(sampleNetwork());
    const child = store.save(sampleNetwork({ seed: 1 }, { parent: old }));
    store.save(sampleNetwork({ seed: 2 }, { name: 'given' }));
    // Edited as people do: with spaces, and without minding the columns.
    outside.exec(
      `UPDATE networks SET parameters = replace(parameters, '"n_filters":25', ' "n_filters": 36')`,
    );
    const wanted = [0, 1, 2].map((seed) => networkName(sampleNetwork({ seed, n_filters: 36 }).parameters));
    const report = store.clean();
    expect(report).toEqual({
      ...nothingDone,
      checked: 3,
      repaired: [old, child, 'given'],
      renamed: [
        { from: old, to: wanted[0] },
        { from: child, to: wanted[1] },
      ],
    });
    expect(store.load(wanted[1]).parent).toBe(wanted[0]);
    expect(store.load('given').hash).toBe(wanted[2]);
    expect(store.list({ filter: { n_filters: 36 } })).toHaveLength(3);
    expect(store.clean()).toEqual({ ...nothingDone, checked: 3 });
  });

  it('repairs columns that no longer agree with the parameters', () => {
    const { store, outside } = newStore();
    const name = store.save(sampleNetwork());
    outside.exec('UPDATE networks SET c_w = -1, seed = NULL');
    expect(store.clean().repaired).toEqual([name]);
    expect(store.list({ filter: { c_w: -126.66666666666666, seed: 0 } })).toHaveLength(1);
  });

  it('reports a name that is taken instead of losing one of two networks', () => {
    const { store, outside } = newStore();
    const first = store.save(sampleNetwork({}, { nOutput: 1 }));
    const second = store.save(sampleNetwork({ seed: 1 }, { nOutput: 2 }));
    outside
      .prepare(
        'UPDATE networks SET parameters = (SELECT parameters FROM networks WHERE name = ?) WHERE name = ?',
      )
      .run(first, second);
    expect(store.clean()).toMatchObject({ conflicts: [{ name: second, wanted: first }], renamed: [] });
    expect([store.load(first).nOutput, store.load(second).nOutput]).toEqual([1, 2]);
  });

  it('reports damage, and deletes what is damaged only when asked to', () => {
    const { store, outside } = newStore();
    const [blob, json, meta, object, sound] = [0, 1, 2, 3, 4].map((seed) =>
      store.save(sampleNetwork({ seed })),
    );
    store.saveCheckpoint('damaged', checkpointOf(sampleNetwork()));
    store.saveCheckpoint('sound', checkpointOf(sampleNetwork()));
    outside
      .prepare(
        `UPDATE arrays SET data = substr(data, 1, length(data) - 1)
         WHERE name = 'theta' AND network = (SELECT id FROM networks WHERE name = ?)`,
      )
      .run(blob);
    outside.prepare(`UPDATE networks SET parameters = '{"a":' WHERE name = ?`).run(json);
    outside.prepare(`UPDATE networks SET meta = '' WHERE name = ?`).run(meta);
    outside.prepare(`UPDATE networks SET parameters = '[]' WHERE name = ?`).run(object);
    outside.exec(`UPDATE checkpoint_arrays SET data = 'x' WHERE name = 'votes' AND checkpoint = 'damaged'`);
    const corrupt = [
      { kind: 'network', name: blob, problem: expect.stringContaining('array "theta": expected checksum') },
      { kind: 'network', name: json, problem: expect.stringContaining('parameters: ') },
      { kind: 'network', name: meta, problem: expect.stringContaining('meta: ') },
      { kind: 'network', name: object, problem: 'parameters: expected the JSON of an object' },
      {
        kind: 'checkpoint',
        name: 'damaged',
        problem: expect.stringContaining('array "votes": expected a blob'),
      },
    ];
    expect(store.clean()).toEqual({ ...nothingDone, checked: 7, corrupt });
    expect(store.clean({ dropCorrupt: true })).toEqual({
      ...nothingDone,
      checked: 7,
      corrupt,
      corruptDropped: 5,
    });
    expect(store.clean()).toEqual({ ...nothingDone, checked: 2 });
    expect(store.list().map(({ name }) => name)).toEqual([sound]);
    expect(store.listCheckpoints().map(({ key }) => key)).toEqual(['sound']);
  });
});
