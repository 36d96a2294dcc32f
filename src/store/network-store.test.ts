import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sampleNetwork } from '../../test/store/sample-network.js';
import { makeFolder } from '../../test/support/make-folder.js';
import { RandomStream } from '../core/random/stream.js';
import { networkName } from './canonical-json.js';
import type { NetworkInput } from './network-record.js';
import { type NetworkStore, type NetworkView, openStore, type StoreOptions } from './network-store.js';
import { migrations, parameterColumns } from './schema.js';

function newStore(options: StoreOptions = {}): NetworkStore {
  const store = openStore(join(makeFolder(), 'networks', 'networks.db'), options);
  onTestFinished(() => store.close());
  return store;
}

/** A clock that is a second later at each look. */
function tickingClock(): () => Date {
  let time = Date.UTC(2026, 0, 1);
  return () => new Date((time += 1000));
}

/** The database as another program sees it. */
function openDirectly(store: NetworkStore): Database.Database {
  const database = new Database(store.path);
  onTestFinished(() => void database.close());
  return database;
}

function codeOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return (error as { code: unknown }).code;
  }
  return undefined;
}

describe('save and load', () => {
  it('give back everything, to the bit', () => {
    const store = newStore({ now: tickingClock() });
    const network = sampleNetwork({ extra: [1, 'x', [true, -Infinity]] }, { parent: 'p' });
    const name = store.save(network);
    expect(name).toBe(networkName(network.parameters));
    const loaded = store.load(name);
    expect(loaded).toStrictEqual({
      ...network,
      name,
      hash: name,
      created: '2026-01-01T00:00:01.000Z',
      updated: '2026-01-01T00:00:01.000Z',
    });
    expect(Object.is((loaded.arrays.w_xy.data as Float32Array)[1], -0)).toBe(true);
  });

  it('survive closing and opening again', () => {
    const path = join(makeFolder(), 'a.db');
    const first = openStore(path);
    const name = first.save(sampleNetwork());
    first.close();
    const second = openStore(path);
    expect(second.load(name).arrays).toStrictEqual(sampleNetwork().arrays);
    second.close();
    expect(existsSync(`${path}-wal`)).toBe(false);
    const third = openStore(path, { readonly: true });
    expect(third.load(name).meta).toStrictEqual(sampleNetwork().meta);
    third.close();
  });

  it('find a network by its name, its hash, or the beginning of either', () => {
    const store = newStore();
    const derived = store.save(sampleNetwork());
    const given = store.save(sampleNetwork({ seed: 1 }, { name: 'my first network' }));
    const hash = networkName(sampleNetwork({ seed: 1 }).parameters);
    expect(given).toBe('my first network');
    expect(store.load(derived.slice(0, 6)).name).toBe(derived);
    for (const key of ['my first network', 'my fir', hash, hash.slice(0, 8)]) {
      expect(store.load(key).name).toBe('my first network');
      expect(store.load(key).hash).toBe(hash);
    }
  });

  it('say which networks a name might mean', () => {
    const store = newStore();
    store.save(sampleNetwork({ seed: 1 }, { name: 'deep-network-1' }));
    store.save(sampleNetwork({ seed: 2 }, { name: 'deep-network-2' }));
    expect(() => store.load('deep-net')).toThrow(
      'network "deep-net": expected one network, found 2: deep-network-1, deep-network-2',
    );
    expect(() => store.load('deep-')).toThrow('The beginning of a name needs 6 characters');
    expect(() => store.load('deep-netwrk-2')).toThrow('Did you mean "deep-network-2"?');
    // No wildcards.
    expect(codeOf(() => store.load('%%%%%%%'))).toBe('NOT_FOUND');
    expect(codeOf(() => store.load('deep?network*'))).toBe('NOT_FOUND');
    expect(codeOf(() => store.load(''))).toBe('NOT_FOUND');
  });

  it('take an exact name before a hash, and a hash before a beginning', () => {
    const store = newStore();
    const hash = networkName(sampleNetwork().parameters);
    store.save(sampleNetwork({}, { name: 'renamed', nOutput: 1 }));
    expect(store.load(hash).nOutput).toBe(1);
    store.save(sampleNetwork({}, { nOutput: 2 }));
    expect(store.load(hash).nOutput).toBe(2);
    store.save(sampleNetwork({ seed: 1 }, { name: `${hash}-copy`, nOutput: 3 }));
    expect(store.load(hash).nOutput).toBe(2);
  });

  it('do not replace a network unless asked to; its creation date stays', () => {
    const store = newStore({ now: tickingClock() });
    const name = store.save(sampleNetwork());
    expect(() => store.save(sampleNetwork({}, { nOutput: 7 }))).toThrow(
      expect.objectContaining({
        code: 'NAME_TAKEN',
        message: expect.stringContaining('2026-01-01T00:00:01'),
      }),
    );
    expect(store.load(name).nOutput).toBe(225);

    const other: Partial<NetworkInput> = {
      arrays: { v: { shape: [1], data: Int8Array.of(-1) } },
      scores: {},
    };
    store.save(sampleNetwork({}, other), { overwrite: true });
    const loaded = store.load(name);
    expect(loaded.arrays).toStrictEqual(other.arrays);
    expect(loaded.scores).toStrictEqual({});
    expect(loaded.created).toBe('2026-01-01T00:00:01.000Z');
    expect(loaded.updated > loaded.created).toBe(true);
    expect(store.list()).toHaveLength(1);
  });

  it('leave it to a function whether the stored network may be replaced', () => {
    const store = newStore();
    store.save(sampleNetwork({}, { name: 'digits', nOutput: 1 }));
    const next = sampleNetwork({ seed: 1 }, { name: 'digits', nOutput: 2 });
    const asked: unknown[] = [];
    const answer = (allowed: boolean) => (stored: NetworkView) => {
      asked.push([stored.name, stored.parameters.seed]);
      return allowed;
    };
    expect(codeOf(() => store.save(next, { overwrite: answer(false) }))).toBe('NAME_TAKEN');
    expect(store.load('digits').nOutput).toBe(1);
    store.save(next, { overwrite: answer(true) });
    expect(store.load('digits').nOutput).toBe(2);
    expect(asked).toEqual([
      ['digits', 0],
      ['digits', 0],
    ]);
  });

  it('take the place of the same network under its former name, and of no other network', () => {
    const store = newStore();
    store.save(sampleNetwork({}, { name: 'former' }));
    store.save(sampleNetwork({ seed: 1 }, { name: 'other' }));
    store.save(sampleNetwork({}, { name: 'present' }), { replaces: 'other' });
    expect(store.list().map(({ name }) => name)).toEqual(['former', 'other', 'present']);
    store.save(sampleNetwork({}, { name: 'present' }), { replaces: 'former', overwrite: true });
    expect(store.list().map(({ name }) => name)).toEqual(['other', 'present']);
  });

  it('take a loaded record back as it is', () => {
    const store = newStore({ now: tickingClock() });
    const name = store.save(sampleNetwork({}, { created: '2020-01-01T00:00:00Z' }));
    const before = store.load(name);
    store.save(before, { overwrite: true });
    expect(store.load(name)).toStrictEqual({ ...before, updated: '2026-01-01T00:00:02.000Z' });
  });

  it('keep any parameters of any type of network, to the bit', () => {
    const store = newStore();
    const scalar = fc.oneof(
      fc.double({ noNaN: true }).map((number) => (number === 0 ? 0 : number)),
      fc.maxSafeInteger().map((number) => (number === 0 ? 0 : number)),
      fc.boolean(),
      fc.constant(null),
      fc.string({ unit: 'grapheme' }).filter((text) => !/^-?Infinity$/.test(text)),
    );
    const anyName = fc.oneof(
      fc.constantFrom(...parameterColumns.slice(1)),
      fc.constantFrom('epsilon', 'Beta_0'),
    );
    fc.assert(
      fc.property(fc.dictionary(anyName, scalar), (parameters) => {
        const network = sampleNetwork(
          {},
          { parameters: { network_type: 'NNMF', ...parameters }, arrays: {} },
        );
        const name = store.save(network, { overwrite: true });
        expect(store.load(name).parameters).toStrictEqual(network.parameters);
        // And every one of them finds the network.
        expect(store.list({ filter: { name, ...parameters } })).toHaveLength(1);
      }),
      { numRuns: 60 },
    );
    expect(store.clean()).toMatchObject({ renamed: [], repaired: [], corrupt: [], orphansDropped: 0 });
  });

  it.each([
    [
      { parameters: { n_filters: 1 } },
      'save network: expected parameters with a network_type, got undefined',
    ],
    [
      { parameters: { network_type: 'X', created: 'now' } },
      'no parameter with the name of a column of the database, got "created"',
    ],
    [{ parameters: { network_type: 'X', c_w: NaN } }, 'parameter c_w: expected a number'],
    [{ name: '' }, 'a name of 1 to 200 printable characters, got ""'],
    [{ name: ' a' }, 'printable characters'],
    [{ name: 'a\nb' }, 'printable characters'],
    [{ name: 'x'.repeat(201) }, 'printable characters'],
    [{ nParameters: 1.5 }, 'nParameters to be a count, got 1.5'],
    [{ nOutput: -1 }, 'nOutput to be a count, got -1'],
    [{ stateHash: undefined }, 'stateHash to be text, got undefined'],
    [{ created: 'yesterday' }, 'created to be a date in ISO 8601, got "yesterday"'],
    [
      { scores: { lc: { accuracy: 87, error: 0, nIter: 1 } } },
      'score lc: expected accuracy in [0, 1], got 87',
    ],
    [{ scores: { lc: { accuracy: 0.8, error: NaN, nIter: 1 } } }, 'error in [0, 1], got NaN'],
    [{ scores: { lc: { accuracy: 0.8, error: 0, nIter: 0.5 } } }, 'nIter to be a count, got 0.5'],
    [
      { scores: { 'l c': { accuracy: 0.8, error: 0, nIter: 1 } } },
      'a method name such as patch_voting, got "l c"',
    ],
    [
      { arrays: { w: { shape: [2], data: new Float32Array(3) } } },
      'array "w": expected a shape of 3 elements, got [2]',
    ],
    [{ arrays: { '': { shape: [0], data: new Float32Array(0) } } }, 'array: expected a name of 1 to'],
    [{ meta: { rate: NaN } }, 'meta.rate: expected a finite number, got NaN'],
  ])('refuse what they could not give back, and store nothing: %#', (changes, message) => {
    const store = newStore();
    const wrong = sampleNetwork({}, changes);
    expect(() => store.save(wrong)).toThrow(message);
    expect(codeOf(() => store.save(wrong))).toBe('INVALID_ARGUMENT');
    expect(store.list()).toEqual([]);
  });

  it('name the network, the array and the failure where a blob is damaged', () => {
    const store = newStore();
    const name = store.save(sampleNetwork());
    const other = store.save(sampleNetwork({ seed: 1 }));
    const database = openDirectly(store);
    const damage = database.prepare(
      `UPDATE arrays SET data = ? WHERE name = 'theta' AND network = (SELECT id FROM networks WHERE name = ?)`,
    );
    const select = `SELECT data FROM arrays a JOIN networks n ON n.id = a.network WHERE a.name = 'theta' AND n.name = ?`;
    const blob = database.prepare(select).pluck().get(name) as Buffer;
    const flipped = Buffer.from(blob);
    flipped[20] ^= 0x10;
    for (const data of [flipped, blob.subarray(0, 30), Buffer.alloc(0), 'text', 5]) {
      damage.run(data, name);
      expect(() => store.load(name)).toThrow(
        expect.objectContaining({
          code: 'STORE_CORRUPT',
          message: expect.stringMatching(
            new RegExp(`^network "${name}", array "theta": expected .+, got .+`),
          ),
        }),
      );
      expect(store.load(other).nOutput).toBe(225);
    }
  });

  it('notice parameters and meta data that were changed behind their back', () => {
    const store = newStore();
    const name = store.save(sampleNetwork());
    const database = openDirectly(store);
    database.exec(`UPDATE networks SET meta = '{"a"'`);
    expect(() => store.load(name)).toThrow(`network "${name}", meta: expected JSON`);
    database.exec(`UPDATE networks SET parameters = replace(parameters, '"n_filters":25', '"n_filters":26')`);
    expect(() => store.load(name)).toThrow(/parameters: expected hash .+ clean the database/);
    expect(codeOf(() => store.list())).toBe('STORE_CORRUPT');
  });
});

describe('view', () => {
  it('tells the shapes of arrays without their contents', () => {
    const store = newStore();
    const { arrays, meta, scores } = store.view(store.save(sampleNetwork()));
    expect(arrays).toEqual({
      w_xy: { dtype: 'float32', shape: [2, 3], storedBytes: expect.any(Number) },
      theta: { dtype: 'float64', shape: [2], storedBytes: expect.any(Number) },
      votes: { dtype: 'float32', shape: [10, 0], storedBytes: expect.any(Number) },
      confusion: { dtype: 'uint32', shape: [2, 2], storedBytes: expect.any(Number) },
    });
    expect(meta).toEqual(sampleNetwork().meta);
    expect(scores).toEqual(sampleNetwork().scores);
  });
});

describe('delete', () => {
  it('removes the network with all that belongs to it', () => {
    const store = newStore();
    const name = store.save(sampleNetwork());
    const kept = store.save(sampleNetwork({ seed: 1 }));
    expect(store.delete(name.slice(0, 8))).toBe(name);
    expect(codeOf(() => store.load(name))).toBe('NOT_FOUND');
    expect(codeOf(() => store.delete(name))).toBe('NOT_FOUND');
    const database = openDirectly(store);
    expect(database.prepare('SELECT count(DISTINCT network) FROM arrays').pluck().get()).toBe(1);
    expect(database.prepare('SELECT count(DISTINCT network) FROM scores').pluck().get()).toBe(1);
    expect(store.load(kept).arrays).toStrictEqual(sampleNetwork().arrays);
  });

  it('gives the space back once the database is cleaned', () => {
    const store = newStore();
    const random = new RandomStream(0, 'user');
    const incompressible = Uint32Array.from({ length: 250_000 }, () => random.nextUint32());
    const pages = () => openDirectly(store).pragma('page_count', { simple: true }) as number;
    const before = pages();
    const name = store.save(sampleNetwork({}, { arrays: { w: { shape: [250_000], data: incompressible } } }));
    expect(pages()).toBeGreaterThan(before + 100);
    store.delete(name);
    store.clean();
    expect(pages()).toBeLessThan(before + 10);
  });
});

describe('rename', () => {
  it('keeps the network findable by its hash, and takes its hash as a name back', () => {
    const store = newStore();
    const hash = store.save(sampleNetwork());
    store.rename(hash, 'champion');
    expect(store.load('champion').hash).toBe(hash);
    expect(store.load(hash).name).toBe('champion');
    store.rename('champion', hash);
    expect(store.load(hash).name).toBe(hash);
    expect(codeOf(() => store.load('champion'))).toBe('NOT_FOUND');
    expect(store.clean().renamed).toEqual([]);
  });

  it('refuses a name that already means another network', () => {
    const store = newStore();
    const hash = store.save(sampleNetwork());
    store.rename(hash, 'first');
    store.save(sampleNetwork({ seed: 1 }, { name: 'second' }));
    expect(() => store.rename('second', 'first')).toThrow(
      expect.objectContaining({
        code: 'NAME_TAKEN',
        message: 'rename network "second": "first" already means the network "first"',
      }),
    );
    expect(codeOf(() => store.rename('second', hash))).toBe('NAME_TAKEN');
    expect(codeOf(() => store.rename('third', 'x'))).toBe('NOT_FOUND');
    expect(codeOf(() => store.rename('second', ' x'))).toBe('INVALID_ARGUMENT');
    store.rename('second', 'second');
    expect(store.list().map(({ name }) => name)).toEqual(['first', 'second']);
  });

  it('is followed by children and results', () => {
    const store = newStore();
    const parent = store.save(sampleNetwork());
    const child = store.save(sampleNetwork({ n_iter: 5000 }, { parent }));
    store.saveResult({ experiment: 'reproduce', item: 'row 5', result: 1, network: parent });
    store.rename(parent, 'ancestor');
    expect(store.load(child).parent).toBe('ancestor');
    expect(store.listResults()[0].network).toBe('ancestor');
    store.delete('ancestor');
    expect(store.load(child).parent).toBe('ancestor');
    expect(store.listResults()[0].network).toBeNull();
  });
});

describe('checkpoints', () => {
  const checkpoint = () => {
    const { parameters, datasetHash, codeVersion, arrays, meta } = sampleNetwork();
    return { parameters, datasetHash, codeVersion, arrays, meta };
  };

  it('come back whole, each in the place of the one before', () => {
    const store = newStore({ now: tickingClock() });
    expect(store.loadCheckpoint('train-1')).toBeUndefined();
    store.saveCheckpoint('train-1', checkpoint());
    const second = {
      ...checkpoint(),
      meta: { image: 200 },
      arrays: { w: { shape: [1], data: Float32Array.of(2) } },
    };
    store.saveCheckpoint('train-1', second);
    store.saveCheckpoint('train-2', checkpoint());
    expect(store.loadCheckpoint('train-1')).toStrictEqual({
      key: 'train-1',
      ...second,
      created: '2026-01-01T00:00:01.000Z',
      updated: '2026-01-01T00:00:02.000Z',
    });
    expect(store.listCheckpoints().map(({ key, parameters }) => [key, parameters.seed])).toEqual([
      ['train-1', 0],
      ['train-2', 0],
    ]);
    expect([store.deleteCheckpoint('train-1'), store.deleteCheckpoint('train-1')]).toEqual([true, false]);
    expect(store.loadCheckpoint('train-1')).toBeUndefined();
    expect(store.list()).toEqual([]);
  });

  it('go with the network that was finished from them, in one transaction', () => {
    const store = newStore();
    store.save(sampleNetwork());
    store.saveCheckpoint('train-1', checkpoint());
    expect(codeOf(() => store.save(sampleNetwork(), { finishes: 'train-1' }))).toBe('NAME_TAKEN');
    expect(store.loadCheckpoint('train-1')).toBeDefined();
    store.save(sampleNetwork(), { finishes: 'train-1', overwrite: true });
    expect(store.loadCheckpoint('train-1')).toBeUndefined();
  });

  it('name what is damaged', () => {
    const store = newStore();
    store.saveCheckpoint('train-1', checkpoint());
    openDirectly(store).exec(
      `UPDATE checkpoint_arrays SET data = zeroblob(length(data)) WHERE name = 'w_xy'`,
    );
    expect(() => store.loadCheckpoint('train-1')).toThrow('checkpoint "train-1", array "w_xy": expected');
  });
});

describe('results', () => {
  it('are kept per experiment and item, the latest of each', () => {
    const store = newStore({ now: tickingClock() });
    const network = store.save(sampleNetwork());
    store.saveResult({ experiment: 'grid', item: 'c_w=-50', result: { accuracy: 0.8, sizes: [1, 2] } });
    store.saveResult({
      experiment: 'reproduce',
      item: 'row 5, seed 1',
      result: 1,
      network: network.slice(0, 8),
    });
    store.saveResult({ experiment: 'grid', item: 'c_w=-40', result: null });
    store.saveResult({ experiment: 'grid', item: 'c_w=-50', result: { accuracy: 0.9 } });
    expect(store.listResults('grid').map(({ item, result }) => [item, result])).toEqual([
      ['c_w=-40', null],
      ['c_w=-50', { accuracy: 0.9 }],
    ]);
    expect(store.listResults()).toHaveLength(3);
    expect(store.listResults('reproduce')[0]).toEqual({
      experiment: 'reproduce',
      item: 'row 5, seed 1',
      result: 1,
      network,
      created: '2026-01-01T00:00:03.000Z',
    });
    store.deleteResults('grid', 'c_w=-40');
    store.deleteResults('reproduce');
    expect(store.listResults().map(({ item }) => item)).toEqual(['c_w=-50']);
    expect(codeOf(() => store.deleteResults('grid', 'c_w=-40'))).toBe('NOT_FOUND');
    expect(codeOf(() => store.deleteResults('reproduce'))).toBe('NOT_FOUND');
  });

  it('refuse what JSON would change and networks that are not there', () => {
    const store = newStore();
    const save = (result: unknown, network?: string) =>
      store.saveResult({ experiment: 'e', item: 'i', result, network });
    expect(() => save({ a: Infinity })).toThrow('result.a: expected a finite number, got Infinity');
    expect(codeOf(() => save(1, 'nobody'))).toBe('NOT_FOUND');
    expect(store.listResults()).toEqual([]);
  });
});

describe('openStore', () => {
  it('makes folders and file, with every column it promises', () => {
    const store = newStore();
    const database = openDirectly(store);
    const columnsOf = (table: string) =>
      (database.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name);
    expect(columnsOf('networks')).toEqual(expect.arrayContaining([...parameterColumns]));
    expect(columnsOf('view_networks')).toEqual(
      expect.arrayContaining([...parameterColumns, 'lc_accuracy', 'patch_voting_error', 'output_n_iter']),
    );
    expect(database.pragma('user_version', { simple: true })).toBe(migrations.length);
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
  });

  it('shows other programs every parameter and score in view_networks', () => {
    const store = newStore();
    store.save(sampleNetwork({ epsilon: 0.125 }));
    const row = openDirectly(store)
      .prepare(`SELECT *, parameters ->> '$.epsilon' AS epsilon FROM view_networks`)
      .get() as Record<string, unknown>;
    expect(row).toMatchObject({
      network_type: 'LC_SNN',
      n_filters: 25,
      c_w: -126.66666666666666,
      c_w_min: -Infinity,
      c_l: 0,
      A_pos: null,
      intensity: 127.5,
      seed: 0,
      epsilon: 0.125,
      patch_voting_accuracy: 0.8179,
      all_voting_error: 0.0038559708245784223,
      spikes_first_accuracy: null,
      lc_n_iter: 10_000,
      best_voting_accuracy: 0.8183,
      n_parameters: 37_800,
      state_hash: '50',
    });
  });

  it('refuses what is not a path of a file', () => {
    expect(codeOf(() => openStore(''))).toBe('INVALID_ARGUMENT');
    expect(codeOf(() => openStore(':memory:'))).toBe('INVALID_ARGUMENT');
  });

  it('opens for reading only what is there, and then writes nothing', () => {
    const path = join(makeFolder(), 'a.db');
    expect(() => openStore(path, { readonly: true })).toThrow(
      expect.objectContaining({
        code: 'STORE_UNAVAILABLE',
        message: `${path}: expected a database, found no such file`,
      }),
    );
    expect(existsSync(path)).toBe(false);
    openStore(path).close();
    const store = openStore(path, { readonly: true });
    expect(codeOf(() => store.save(sampleNetwork()))).toBe('STORE_UNAVAILABLE');
    expect(store.list()).toEqual([]);
    store.close();
    writeFileSync(path, '');
    expect(codeOf(() => openStore(path, { readonly: true }))).toBe('STORE_VERSION');
  });

  it('names a folder that cannot hold a database', () => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'folder.db'));
    for (const path of [
      join(folder, 'file', 'a.db'),
      join(folder, 'file', 'b', 'a.db'),
      join(folder, 'folder.db'),
    ]) {
      expect(() => openStore(path)).toThrow(
        expect.objectContaining({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining(path) }),
      );
    }
  });
});
