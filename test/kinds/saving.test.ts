/** Saving and loading: the same spikes, predictions and future; names, parents, what is kept and what is said. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { C_SNN, FC_SNN, LC_SNN, loadNetwork, resumeTraining, type Snn } from '../../src/kinds/snn/index.js';
import { openStore } from '../../src/store/index.js';
import { makeFolder } from '../support/make-folder.js';

const small = { nFilters: 6, timeMax: 80, seed: 2, dataset: 'mnist-10k' as const, threads: 1 };
const amplitudes = { cL: true, APos: -0.05, ANeg: -1.6, weightDecay: 1e-4 };
const newDatabase = () => join(makeFolder(), 'networks.db');

/** What can be seen of a network, its place in the database apart. */
async function behaviour(network: Snn) {
  const fed = [await network.feedLabel(2), await network.feedLabel(9, { index: 1 })];
  return {
    record: network.toRecord(),
    name: network.name,
    nIter: network.nIter,
    score: network.score,
    confMatrix: network.confMatrix,
    votes: network.votes,
    text: String(network),
    fed,
  };
}

describe.each<[string, (database: string) => Snn]>([
  ['LC_SNN', (database) => new LC_SNN({ ...small, database })],
  ['LC_SNN with trained competition', (database) => new LC_SNN({ ...small, ...amplitudes, database })],
  [
    'LC_SNN with other rates',
    (database) => new LC_SNN({ ...small, nuPost: 5e-3, thetaPlus: 0.025, tcThetaDecay: 1e5, database }),
  ],
  ['C_SNN', (database) => new C_SNN({ ...small, database })],
  ['FC_SNN', (database) => new FC_SNN({ ...small, meanWeight: 0.3, database })],
])('%s', (type, make) => {
  it('comes back the same from the database, and goes on as if it had never been there', async () => {
    const database = newDatabase();
    const network = make(database);
    await network.train({ nIter: 15 });
    await network.calibrate({ images: 40 });
    await network.calculateAccuracy({ images: 30 });
    const name = network.save();
    expect(name).toBe(network.name);
    const loaded = loadNetwork(name.slice(0, 10), { database, threads: 1 });
    expect(loaded.constructor.name).toBe(type.split(' ')[0]);
    expect(await behaviour(loaded)).toEqual(await behaviour(network));
    expect(loaded.parameters).toEqual(network.parameters);

    // Scores can be made again, and are the same.
    const score = loaded.score;
    await loaded.calculateAccuracy({ images: 30 });
    expect(loaded.score).toEqual(score);
    await network.calibrateLc();
    await loaded.calibrateLc();
    expect(loaded.toRecord().stateHash).toBe(network.toRecord().stateHash);

    for (const each of [network, loaded]) {
      await each.train({ nIter: 12 });
      expect(each.toRecord()).toMatchObject({ parent: name, parameters: { n_iter: 27 } });
    }
    expect(loaded.toRecord()).toEqual(network.toRecord());
    network.dispose();
    loaded.dispose();
  });

  it('comes back untrained from the database, and trains as a new one', async () => {
    const database = newDatabase();
    const network = make(database);
    const loaded = loadNetwork(network.save(), { database });
    expect(loaded.toRecord().stateHash).toBe(network.toRecord().stateHash);
    await network.train({ nIter: 4 });
    await loaded.train({ nIter: 4 });
    expect(loaded.toRecord().stateHash).toBe(network.toRecord().stateHash);
    network.dispose();
    loaded.dispose();
  });
});

describe('names and parents', () => {
  it('a network is named by what it is; saving it again replaces it', async () => {
    const database = newDatabase();
    const network = new LC_SNN({ ...small, database });
    await network.train({ nIter: 3 });
    const name = network.save();
    await network.calibrate({ images: 20, linear: false });
    expect(network.save()).toBe(name);
    const store = openStore(database);
    expect(store.list().map((each) => each.name)).toEqual([name]);
    expect(store.load(name).arrays).toHaveProperty('votes');
    expect(store.load(name)).toMatchObject({
      hash: name,
      nParameters: network.nParameters,
      nOutput: 54,
      parent: null,
      datasetHash: (await network.loadData()).hash,
      parameters: {
        network_type: 'LC_SNN',
        n_filters: 6,
        n_iter: 3,
        train_method: 'basic',
        train_order: 'random',
        dataset: 'mnist-10k',
      },
    });
    store.close();
    network.dispose();
  });

  it('the parent is the network that was saved or loaded, calibrated since or not', async () => {
    const database = newDatabase();
    const network = new LC_SNN({ ...small, database });
    await network.train({ nIter: 2 });
    expect(network.toRecord().parent).toBeNull();
    await network.train({ nIter: 2 });
    expect(network.toRecord().parent).toBeNull();
    const first = network.save();
    await network.calibrate({ images: 20, linear: false });
    await network.train({ nIter: 2 });
    expect(network.toRecord().parent).toBe(first);
    await network.train({ nIter: 2 });
    expect(network.toRecord().parent).toBe(first);
    const second = network.save();
    const loaded = loadNetwork(second, { database });
    expect(loaded.toRecord().parent).toBe(first);
    await loaded.calibrate({ images: 20, linear: false });
    await loaded.train({ nIter: 2 });
    expect(loaded.toRecord().parent).toBe(second);
    network.dispose();
    loaded.dispose();
  });

  it('a given name is kept by saving, loading, training and checkpoints', async () => {
    const database = newDatabase();
    const network = new LC_SNN({ ...small, database });
    await network.train({ nIter: 2 });
    const hash = network.name;
    network.rename('my first');
    expect(network.name).toBe('my first');
    expect(network.save()).toBe('my first');
    for (const key of ['my first', hash]) expect(loadNetwork(key, { database }).name).toBe('my first');
    const loaded = loadNetwork('my first', { database });
    const target = await loaded.nameAfter({ nIter: 20 });
    const controller = new AbortController();
    const onProgress = () => controller.abort();
    await loaded.train({ nIter: 20, checkpoint: 5, signal: controller.signal, onProgress });
    const resumed = resumeTraining(target, { database });
    expect(resumed?.name).toBe('my first');
    await resumed?.continueTraining();
    expect(resumed?.save()).toBe('my first');
    const store = openStore(database);
    expect(store.list()).toHaveLength(1);
    // It took the place of the one it went on from, and is not its own parent.
    expect(store.load('my first')).toMatchObject({ parent: null, parameters: { n_iter: 22 } });
    store.close();
    for (const each of [network, loaded, resumed]) each?.dispose();
  });

  it('renamed after it was saved or loaded, it is saved under the new name alone', async () => {
    const database = newDatabase();
    const network = new LC_SNN({ ...small, database });
    await network.train({ nIter: 2 });
    network.save();
    network.rename('second');
    network.save();
    const loaded = loadNetwork('second', { database });
    loaded.rename('third');
    loaded.save();
    const store = openStore(database);
    expect(store.list().map(({ name }) => name)).toEqual(['third']);
    store.close();
    for (const each of [network, loaded]) each.dispose();
  });

  it('a child of a network with a given name calls it by that name', async () => {
    const database = newDatabase();
    const network = new LC_SNN({ ...small, database });
    await network.train({ nIter: 2 });
    network.rename('mother');
    network.save();
    network.rename('daughter');
    await network.train({ nIter: 2 });
    network.save();
    const store = openStore(database);
    expect(store.load('daughter').parent).toBe('mother');
    store.close();
    network.dispose();
  });

  it.each(['', ' padded ', 'line\nbreak'])(
    'a name that cannot be typed is refused when it is saved: %j',
    (name) => {
      const network = new LC_SNN({ ...small, database: newDatabase() });
      network.rename(name);
      expect(() => network.save()).toThrow('save network: expected a name of 1 to 200 printable characters');
    },
  );

  it('unknown names are not found', () => {
    const database = newDatabase();
    openStore(database).close();
    expect(() => loadNetwork('nothing', { database })).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    );
    expect(resumeTraining('nothing', { database })).toBeNull();
  });
});

describe('what was stored by others', () => {
  it('a type that is not known is named', () => {
    const database = newDatabase();
    const network = new LC_SNN({ ...small, database });
    const record = network.toRecord();
    const store = openStore(database);
    const name = store.save({ ...record, parameters: { ...record.parameters, network_type: 'LCSNN' } });
    store.close();
    expect(() => loadNetwork(name, { database })).toThrow(
      'loadNetwork: unknown network type "LCSNN". Did you mean "LC_SNN"? Known: LC_SNN, C_SNN, FC_SNN.',
    );
  });

  it('arrays that are missing, of another type or another size are named', () => {
    const database = newDatabase();
    const network = new LC_SNN({ ...small, database });
    const record = network.toRecord();
    const { w_xy, theta } = record.arrays;
    const store = openStore(database);
    const cases = [
      [{ w_xy }, 'array "theta": expected float32 54, which is missing'],
      [{ theta }, 'array "w_xy": expected float32 6 × 3 × 3 × 12 × 12, which is missing'],
      [
        { w_xy, theta: { shape: [54], data: new Float64Array(54) } },
        'array "theta": expected float32 54, got float64 54',
      ],
      [
        { w_xy, theta: { shape: [9], data: new Float32Array(9) } },
        'array "theta": expected float32 54, got float32 9',
      ],
      [
        { w_xy: { shape: [5], data: new Float32Array(5) }, theta },
        'array "w_xy": expected float32 6 × 3 × 3 × 12 × 12, got float32 5',
      ],
      [
        { w_xy, theta, votes: { shape: [10, 50], data: new Float32Array(500) } },
        'array "votes": expected float32 n × 54, got float32 10 × 50',
      ],
      [
        { w_xy, theta, vote: { shape: [10, 54], data: new Float32Array(540) } },
        'array "vote": expected no array of this name, only w_xy, ',
      ],
    ] as const;
    cases.forEach(([arrays, message], i) => {
      store.save({ ...record, name: `broken ${i}`, arrays });
      expect(() => loadNetwork(`broken ${i}`, { database })).toThrow(`network "broken ${i}", ${message}`);
    });
    store.close();
  });

  it('a resumed training wants the data that it began with', async () => {
    const database = newDatabase();
    const network = new LC_SNN({ ...small, database });
    const target = await network.nameAfter({ nIter: 30 });
    const controller = new AbortController();
    await network.train({
      nIter: 30,
      checkpoint: 20,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    network.dispose();
    const sqlite = new Database(database);
    sqlite.prepare('UPDATE checkpoints SET dataset_hash = ?').run('0123');
    sqlite.close();
    const resumed = resumeTraining(target, { database });
    await expect(resumed?.continueTraining()).rejects.toThrow(
      'LC_SNN.continueTraining: expected the data set that the training began with (sha-256 0123), got ',
    );
    resumed?.dispose();
  });
});

describe('toString', () => {
  it('says what a network is, how far it is, and how good', async () => {
    const network = new LC_SNN({ ...small, database: newDatabase() });
    expect(String(network)).toMatch(
      /^LC_SNN [0-9a-f]{12}: 6 filters, kernel 12, stride 4, crop 20, mean weight 0.4, competition -100 mV \(fixed\), seed 2\n54 neurons, 8046 synapses; trained on 0 images$/,
    );
    await network.train({ nIter: 10 });
    await network.calibrate({ images: 30, linear: false });
    await network.calculateAccuracy({ images: 20, method: 'patch_voting' });
    const { accuracy, error } = network.score.patch_voting ?? { accuracy: 0, error: 0 };
    expect(String(network)).toContain('trained on 10 images');
    expect(String(network)).toContain(
      `patch_voting: ${(100 * accuracy).toFixed(2)} ± ${(100 * error).toFixed(2)} % of 20 images`,
    );
    network.dispose();
  });
});
