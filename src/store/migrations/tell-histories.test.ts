/** From schema 1 to 2: who gets another name, and what follows it. Whole databases of version 0.1.0: test/store/version-1.test.ts. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sampleNetwork, sampleParameters } from '../../../test/store/sample-network.js';
import { makeFolder } from '../../../test/support/make-folder.js';
import { canonicalJson, networkName, type Parameters } from '../canonical-json.js';
import { type NetworkStore, openStore } from '../network-store.js';
import { migrations } from '../schema.js';

const publishedHash = 'c97a2c607853b499a01d274c02fa5de533f80f6f09404e77aa0e02ec99b4c1f5';
const segment = { nIter: 2000, learns: 'both', order: 'random', first: 0, end: 60_000 } as const;
const twice = [
  { ...segment, batchSize: 3 },
  { ...segment, batchSize: 3 },
];
const parametersOf = (seed: number): Parameters => ({ ...sampleParameters, train_order: 'random', seed });

interface Row {
  readonly seed: number;
  readonly segments?: readonly object[];
  readonly dataHash?: string;
  /** Default: the hash of its parameters. */
  readonly name?: string;
  readonly parent?: string;
}

/** A database as version 0.1.0 wrote it, opened by this version. */
function migrate(rows: readonly Row[]): NetworkStore {
  const path = join(makeFolder(), 'networks.db');
  const database = new Database(path);
  database.exec(String(migrations[0]));
  database.pragma('user_version = 1');
  const insert = database.prepare(
    `INSERT INTO networks (name, hash, name_given, parameters, network_type, n_parameters, n_output, dataset_hash, state_hash,
       parent, code_version, meta, created, updated)
     VALUES (@name, @hash, @name_given, @parameters, 'LC_SNN', 1, 1, @dataset_hash, @state_hash, @parent, '0.1.0', @meta,
       '2025-01-01', '2025-01-01')`,
  );
  for (const { seed, segments = [segment], dataHash = publishedHash, name, parent = null } of rows) {
    const hash = networkName(parametersOf(seed));
    insert.run({
      name: name ?? hash,
      hash,
      name_given: Number(name !== undefined),
      parameters: canonicalJson(parametersOf(seed)),
      dataset_hash: dataHash,
      state_hash: name ?? 'derived',
      parent,
      meta: JSON.stringify({ segments, trainingSetSize: 60_000 }),
    });
  }
  database.close();
  const store = openStore(path);
  onTestFinished(() => store.close());
  return store;
}

describe('a network of version 0.1.0', () => {
  it('keeps its name where its parameters told all', () => {
    const [network] = migrate([{ seed: 1 }]).list();
    expect(network).toMatchObject({ name: networkName(parametersOf(1)), parameters: parametersOf(1) });
  });

  it('tells its history where its parameters fit several', () => {
    const [network] = migrate([{ seed: 1, segments: twice }]).list();
    const clause = 'both random 0-60000 x 2000 in batches of 3 of mnist';
    expect(network.parameters).toEqual({ ...parametersOf(1), history: `${clause}; ${clause}` });
    expect(network.name).toBe(networkName(network.parameters));
  });

  it('tells its data where they are not the published ones', () => {
    const [network] = migrate([{ seed: 1, dataHash: 'd0' }]).list();
    expect(network.parameters).toEqual({ ...parametersOf(1), data_hash: 'd0' });
  });

  it('has its children with it, and is found by its old name', () => {
    const [parent, child] = [1, 2].map((seed) => networkName(parametersOf(seed)));
    const store = migrate([
      { seed: 1, segments: twice },
      { seed: 2, parent },
    ]);
    const now = store.view(parent).name;
    expect(now).not.toBe(parent);
    expect(store.view(child).parent).toBe(now);
    expect(store.view(parent.slice(0, 8)).name).toBe(now);
  });

  it('with a given name is found by its old hash, unless that meant another one', () => {
    const hash = networkName(parametersOf(1));
    const given = { seed: 1, segments: twice, name: 'digits' };
    expect(migrate([given]).view(hash).name).toBe('digits');
    expect(migrate([given, { seed: 1, segments: twice }]).view(hash).stateHash).toBe('derived');
    const both = migrate([given, { ...given, name: 'again' }]);
    expect(() => both.view(hash)).toThrow('no such network');
    expect(both.list().map(({ name }) => name)).toEqual(['digits', 'again']);
  });

  it('can be saved again under its new name', () => {
    const store = migrate([{ seed: 1, segments: twice }]);
    const [{ name, parameters }] = store.list();
    expect(store.save({ ...sampleNetwork(), parameters }, { overwrite: true })).toBe(name);
    expect(store.list()).toHaveLength(1);
  });
});
