/** Custom networks in the database: saved, loaded to the bit, trained further, and all that is done with stored networks. */
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerPart } from '../../src/core/network/description/parts.js';
import { Network } from '../../src/core/network/network.js';
import { AdaptiveLIF, Input } from '../../src/core/network/nodes/index.js';
import { Connection } from '../../src/core/network/topology/index.js';
import type { Precision } from '../../src/core/precision.js';
import { cleanDatabase } from '../../src/kinds/clean-database.js';
import { diffNetworks } from '../../src/kinds/diff-networks.js';
import { unpackNetwork } from '../../src/kinds/network-message.js';
import { loadSavedNetwork, packSavedNetwork, saveNetwork } from '../../src/kinds/network/index.js';
import { restoreNetwork } from '../../src/kinds/network/restore-network.js';
import { loadAllKinds } from '../../src/kinds/registry.js';
import { loadNetwork } from '../../src/kinds/snn/index.js';
import { trainNetwork } from '../../src/kinds/train-network.js';
import { Readout } from '../../src/readout/index.js';
import { openStore, renameNetwork, shippedDatabasePath, viewDatabase } from '../../src/store/index.js';
import { runHere, runJson } from '../cli/run-cli.js';
import { attempt, newDatabase } from '../support/import-database.js';
import { makeFolder } from '../support/make-folder.js';
import { images, labels, makeOwnNetwork, nImages } from '../support/own-network.js';

const encoder = { encoder: 'poisson', time: 40, intensity: 120 } as const;

const train = (network: Network<Precision>, from: number, to: number) =>
  network.present(images, { ...encoder, from, to });

/** Counts of spikes at every image, without learning, and what the network is then. */
async function answer(network: Network<Precision>) {
  const { counts, spikes } = await network.present(images, { ...encoder, learn: false });
  const { arrays } = network.getState();
  return { counts, spikes, arrays };
}

describe('a custom network', () => {
  it.each([
    ['reference', 'wasm'],
    ['wasm', 'reference'],
  ])(
    'saved on %s and loaded on %s gives the same spikes, and learns on to the same bits',
    async (engine, other) => {
      const database = newDatabase();
      const network = makeOwnNetwork({ engine, own: true });
      await train(network, 0, 10);
      const name = saveNetwork(network, { name: 'bars', database });
      const { network: loaded, ...saved } = loadSavedNetwork('bars', { database, engine: other });
      expect(name).toBe('bars');
      expect(saved).toMatchObject({ name: 'bars', readout: null, encoder: null, notes: null, parent: null });
      expect(loaded.describe()).toEqual(network.describe());
      expect(loaded.getState()).toEqual(network.getState());
      const [expected, got] = [await answer(network), await answer(loaded)];
      expect(expected.spikes.Z.some((spikes) => spikes > 0)).toBe(true);
      expect(got).toEqual(expected);
      const next = saved.history.at(-1)!.images;
      for (const each of [network, loaded]) await train(each, next, nImages);
      expect(await answer(loaded)).toEqual(await answer(network));
      const whole = makeOwnNetwork({ engine, own: true });
      await train(whole, 0, nImages);
      expect((await answer(loaded)).arrays).toEqual((await answer(whole)).arrays);
    },
  );

  it('comes back with its readout, encoder, score and notes', async () => {
    const database = newDatabase();
    const network = makeOwnNetwork();
    await train(network, 0, nImages);
    const { counts } = await answer(network);
    const readout = Readout.fit(counts.Y, labels, { method: 'allActivity', nClasses: 6 });
    const score = readout.score(counts.Y, labels);
    saveNetwork(network, { name: 'bars', database, readout, score, encoder, notes: 'rows of bars' });
    const saved = loadSavedNetwork('bars', { database });
    const again = await saved.network.present(images, { ...saved.encoder, learn: false });
    expect(saved.readout!.predict(again.counts.Y)).toEqual(readout.predict(counts.Y));
    expect(saved.readout!.score(again.counts.Y, labels)).toEqual(score);
    expect(saved.confMatrix).toEqual(score.confusion);
    expect(saved).toMatchObject({ encoder, notes: 'rows of bars' });
    const { accuracy, error, nIter } = score;
    expect(saved.scores).toEqual({ all_activity: { accuracy, error, nIter } });
  });

  it('goes through a message', async () => {
    const database = newDatabase();
    const network = makeOwnNetwork({ own: true });
    await train(network, 0, 10);
    saveNetwork(network, { name: 'bars', database, encoder });
    const message = unpackNetwork(packSavedNetwork('bars', { database }).buffer);
    const restored = restoreNetwork(message, { engine: 'reference' });
    expect(restored.encoder).toEqual(encoder);
    expect(await answer(restored.network)).toEqual(await answer(network));
    expect(() => restoreNetwork({ ...message, parameters: { network_type: 'NNMF' } })).toThrow(
      'network "bars": expected a network of type Network',
    );
  });

  it('is named by description, encoder and what it has learned, whatever the order of options', async () => {
    const database = newDatabase();
    const make = (options: ConstructorParameters<typeof Connection>[0], seed = 0) =>
      new Network({ seed })
        .addLayer('X', new Input({ shape: [6, 6] }))
        .addLayer('Y', new AdaptiveLIF({ shape: 3 }))
        .addConnection('X', 'Y', new Connection(options));
    const name = saveNetwork(make({ norm: 4, wMax: 1 }), { database });
    expect(saveNetwork(make({ wMax: 1, norm: 4 }), { database, readout: undefined })).toBe(name);
    const others = [
      saveNetwork(make({ wMax: 1, norm: 5 }), { database }),
      saveNetwork(make({ wMax: 1, norm: 4 }, 1), { database }),
      saveNetwork(make({ wMax: 1, norm: 4 }), { database, encoder }),
    ];
    const shown = make({ wMax: 1, norm: 4 });
    await shown.present(images, { ...encoder, learn: false });
    expect(saveNetwork(shown, { database })).toBe(name);
    expect(new Set([name, ...others]).size).toBe(4);
    expect(viewDatabase({ database })).toHaveLength(4);
  });

  it('trained further has another hash, keeps its name, and says what it goes back to', async () => {
    const database = newDatabase();
    const network = makeOwnNetwork();
    const untrained = saveNetwork(network, { database });
    await train(network, 0, 8);
    const trained = saveNetwork(network, { database });
    expect(trained).not.toBe(untrained);
    saveNetwork(network, { name: 'bars', database });
    await train(network, 8, 16);
    saveNetwork(network, { name: 'bars', database });
    const { network: loaded } = loadSavedNetwork('bars', { database });
    await train(loaded, 16, nImages);
    saveNetwork(loaded, { name: 'bars', database });
    const saved = loadSavedNetwork('bars', { database });
    expect(saved.history.map((moment) => moment.images)).toEqual([0, 8, 16, nImages]);
    expect(viewDatabase({ database }).map(({ name, n_iter }) => [name, n_iter])).toEqual([
      [untrained, 0],
      ['bars', nImages],
    ]);
    expect(saved.parent).toBe(trained);
  });

  it('leaves the name of another network, and of one that was trained otherwise, alone', async () => {
    const database = newDatabase();
    const [first, second] = [makeOwnNetwork(), makeOwnNetwork()];
    await train(first, 0, 8);
    saveNetwork(first, { name: 'bars', database });
    await train(second, 0, 9);
    expect(() => saveNetwork(second, { name: 'bars', database })).toThrow(
      /"bars" belongs to another network \(Network, /,
    );
    expect(() => saveNetwork(makeOwnNetwork({ seed: 4 }), { name: 'bars', database })).toThrow(
      /another network/,
    );
    saveNetwork(second, { name: 'bars', database, overwrite: true });
    expect(loadSavedNetwork('bars', { database }).network.getState()).toEqual(second.getState());
  });
});

describe('what cannot be saved or loaded', () => {
  it.each([
    [{ readout: {} }, 'saveNetwork: expected readout to be a Readout'],
    [{ encoder: { encoder: 'poison' } }, 'encoder'],
    [{ encoder: { batchSize: 3 } }, 'batchSize'],
    [{ note: 'x' }, 'Did you mean "notes"?'],
    [
      { score: { accuracy: 1, error: 0, nIter: 5, confusion: new Int32Array(42) } },
      'the readout that is saved',
    ],
  ])('is refused by name: %j', (options, message) => {
    const database = newDatabase();
    expect(() => saveNetwork(makeOwnNetwork(), { database, ...(options as object) })).toThrow(message);
  });

  it('is no network', () => {
    expect(() => saveNetwork({} as Network)).toThrow(
      'saveNetwork: expected network to be an instance of Network, got {}',
    );
  });

  it('is a weight that is no number', () => {
    const database = newDatabase();
    const network = makeOwnNetwork();
    network.setVariable('Y', 'theta', new Float32Array(12).fill(NaN));
    expect(() => saveNetwork(network, { name: 'bars', database })).toThrow(
      'save network "bars", array "layers.Y.theta"[0]: expected a number or an infinity, got NaN',
    );
  });

  it('is a network of another type, or trained by another function', async () => {
    const database = newDatabase();
    saveNetwork(makeOwnNetwork(), { name: 'bars', database });
    expect(() => loadNetwork('bars', { database })).toThrow('loadSavedNetwork loads it');
    const table = newDatabase();
    copyFileSync(shippedDatabasePath(), table);
    const [ofTable] = viewDatabase({ database: table, limit: 1 });
    expect(() => loadSavedNetwork(ofTable.name, { database: table })).toThrow(
      'expected a custom network, got',
    );
    await expect(trainNetwork('Network', {}, { database })).rejects.toThrow('saveNetwork');
    expect(() => loadSavedNetwork('bars', { database, engine: 'was' })).toThrow('Did you mean "wasm"?');
    expect(() => loadSavedNetwork('baz', { database })).toThrow('no such network');
  });

  it('is one whose class is not registered here, which clean leaves alone', async () => {
    await loadAllKinds();
    class Mine extends AdaptiveLIF {}
    registerPart('Mine', Mine);
    const database = newDatabase();
    const network = new Network()
      .addLayer('X', new Input({ shape: 2 }))
      .addLayer('Y', new Mine({ shape: 3 }));
    saveNetwork(network, { name: 'mine', database });
    expect(loadSavedNetwork('mine', { database }).network.getState()).toEqual(network.getState());
    const file = new Database(database);
    const meta = file.prepare('SELECT meta FROM networks').pluck().get() as string;
    file.prepare('UPDATE networks SET meta = ?').run(meta.replace('"Mine"', '"Theirs"'));
    file.close();
    const error = attempt(() => loadSavedNetwork('mine', { database }));
    expect(error).toMatchObject({ code: 'UNKNOWN_NAME' });
    expect(error!.message).toContain('"Theirs"');
    expect(cleanDatabase({ database })).toMatchObject({ corrupt: [], unchecked: [{ name: 'mine' }] });
  });
});

describe('all that is done with stored networks', () => {
  beforeAll(() => loadAllKinds());

  it('is done with custom networks: listed, shown, compared, renamed, exported, reported, deleted', async () => {
    const database = newDatabase();
    const network = makeOwnNetwork({ own: true });
    saveNetwork(network, { name: 'before', database });
    const store = openStore(database);
    await train(network, 0, 8);
    saveNetwork(network, { name: 'bars', database, encoder, notes: 'rows <of> bars' });
    expect(viewDatabase({ database })).toMatchObject([
      { name: 'before', network_type: 'Network', n_iter: 0 },
      { name: 'bars', network_type: 'Network', n_iter: 8 },
    ]);
    expect((await runHere(['ls', '--db', database])).stdout).toMatch(/bars.*Network/);
    const { stdout } = await runHere(['show', 'bars', '--db', database]);
    expect(stdout).toContain('connections.X->Y.w');
    expect(stdout).toContain('before, trained on 0 images');
    expect(diffNetworks('before', 'bars', { database })).toMatchObject({
      equal: false,
      arrays: {
        'connections.X->Y.w': { equal: false },
        'options.connections.Y->Z.pairs.source': { equal: true },
      },
    });
    renameNetwork('bars', 'rows', { database });
    const exported = join(makeFolder(), 'exported.db');
    store.exportNetworks(['rows'], exported);
    expect(loadSavedNetwork('rows', { database: exported }).network.getState()).toEqual(network.getState());
    const page = join(makeFolder(), 'report.html');
    await runJson('report', 'rows', '--output', page, '--db', database);
    const html = readFileSync(page, 'utf8');
    expect(html).toContain('rows &lt;of&gt; bars');
    expect(html).toContain('AdaptiveLIF');
    const figure = join(makeFolder(), 'network.html');
    await runJson('figure', 'network', 'rows', '--output', figure, '--db', database);
    expect(readFileSync(figure, 'utf8')).toContain('Y->Z'.replace('>', '&gt;'));
    expect(cleanDatabase({ database })).toMatchObject({
      checked: 2,
      corrupt: [],
      unchecked: [],
      unknownTypes: [],
    });
    await runJson('rm', 'rows', '--yes', '--db', database);
    expect(viewDatabase({ database })).toMatchObject([{ name: 'before' }]);
    store.close();
  });

  it.each<[what: string, change: (meta: any) => void, problem: RegExp]>([
    ['a layer without options', (meta) => delete meta.description.layers[0].layer.options, /layers\[0\]/],
    ['another description', (meta) => (meta.description.dt = 2), /description.*whose hash/],
    ['a state of other connections', (meta) => (meta.state.connections = {}), /X->Y.*missing/],
    ['a signal that nothing reads', (meta) => (meta.state.signals.reward = 1), /reward/],
    ['no history', (meta) => (meta.history = []), /meta\.history/],
    [
      'a readout of no classes',
      (meta) => (meta.readout = { method: 'votes', nClasses: 0, state: {} }),
      /nClasses/,
    ],
    ['a field too many', (meta) => (meta.more = 1), /meta\.more/],
  ])('finds %s, on loading and on cleaning', (_, change, problem) => {
    const database = newDatabase();
    saveNetwork(makeOwnNetwork(), { name: 'bars', database });
    const file = new Database(database);
    const meta = JSON.parse(file.prepare('SELECT meta FROM networks').pluck().get() as string) as object;
    change(meta);
    file.prepare('UPDATE networks SET meta = ?').run(JSON.stringify(meta));
    file.close();
    const error = attempt(() => loadSavedNetwork('bars', { database }));
    expect(error).toMatchObject({ code: 'STORE_CORRUPT', message: expect.stringMatching(problem) as string });
    const { corrupt } = cleanDatabase({ database });
    expect(corrupt).toEqual([
      { kind: 'network', name: 'bars', problem: error!.message.replace('network "bars", ', '') },
    ]);
  });

  it('finds an encoder that is no JSON', () => {
    const database = newDatabase();
    saveNetwork(makeOwnNetwork(), { name: 'bars', database, encoder });
    const file = new Database(database);
    file.prepare("UPDATE networks SET parameters = json_set(parameters, '$.encoder', '{time')").run();
    file.close();
    cleanDatabase({ database });
    expect(() => loadSavedNetwork('bars', { database })).toThrow(
      /^network "bars", parameters.*encoder.*"{time"$/,
    );
    expect(cleanDatabase({ database }).corrupt).toHaveLength(1);
  });

  it('finds an array that is missing, or of another length', () => {
    const database = newDatabase();
    saveNetwork(makeOwnNetwork(), { name: 'bars', database });
    const file = new Database(database);
    file.prepare("DELETE FROM arrays WHERE name = 'layers.Y.theta'").run();
    file.close();
    expect(() => loadSavedNetwork('bars', { database })).toThrow(
      'network "bars", array "layers.Y.theta": expected float32 12, which is missing',
    );
    expect(cleanDatabase({ database }).corrupt).toHaveLength(1);
  });
});
