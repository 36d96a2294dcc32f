/** `locus show` tells the history of a network, `locus diff` in what two networks differ. */
import { copyFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { diffNetworks, LC_SNN, viewNetwork } from '../../src/index.js';
import { makeFolder } from '../support/make-folder.js';
import { runHere, runJson } from './run-cli.js';

const tiny = { nFilters: 2, kernelSize: 6, stride: 2, crop: 8, cW: -20, timeMax: 20, intensity: 500 };

function newNetwork(database: string, seed = 0) {
  const network = new LC_SNN({
    ...tiny,
    cL: true,
    APos: -0.5,
    ANeg: -2,
    seed,
    engine: 'reference',
    dataset: 'mnist-10k',
    database,
  });
  onTestFinished(() => network.dispose());
  return network;
}

const newDatabase = () => join(makeFolder(), 'networks.db');

/** A database of version 0.1.0, with an imported network and others of every kind. */
function oldDatabase(): string {
  const path = newDatabase();
  copyFileSync(resolve('test/fixtures/databases/version-1.db'), path);
  return path;
}

async function show(name: string, db: string): Promise<string[]> {
  const { code, stdout } = await runHere(['show', name, '--db', db]);
  expect(code).toBe(0);
  return stdout.split('\n');
}

describe('locus show', () => {
  it.each([
    [
      { tcThetaDecay: 1e7 },
      ['  note: tc_theta_decay 10,000,000 ms acts as 6,290,000 to 12,600,000 ms in float32 at dt = 1 ms'],
    ],
    [{ tcThetaDecay: 1e7, thetaDecay: 'exact' as const }, []],
    [
      { tcThetaDecay: 1e4, tauPos: 4e7 },
      ['  note: tau_pos 40,000,000 ms does not decay at all in float32 at dt = 1 ms'],
    ],
  ])('notes what float32 makes of slow decays: %o', async (parameters, notes) => {
    const db = newDatabase();
    const network = new LC_SNN({ ...tiny, ...parameters, dataset: 'mnist-10k', database: db });
    onTestFinished(() => network.dispose());
    const name = network.save();
    expect((await show(name, db)).filter((line) => line.includes('note:'))).toEqual(notes);
  });

  it('prints the history image by image, and the networks that it goes back to', async () => {
    const db = newDatabase();
    const network = newNetwork(db);
    await network.train({ nIter: 4, batchSize: 2 });
    network.rename('mother');
    network.save();
    network.rename('daughter');
    network.network.setVariable('Y', 'theta', new Float32Array(network.nOutput).fill(1));
    const [, state] = /set after 4 images to (\w+)/.exec(String(network.publishedParameters.history)) ?? [];
    await network.train({ interval: [10, 13] });
    await network.trainTwoSteps({ nIter: 2, nIterCompetition: 1 });
    network.save();
    const lines = await show('daughter', db);
    const begin = lines.indexOf('History');
    expect(lines.slice(begin, begin + 9)).toEqual([
      'History',
      '  images 1–4: everything learns, at random from 0–6999 of mnist-10k, 2 at once',
      `  after image 4: set by hand to ${state.slice(0, 12)}`,
      '  images 5–7: everything learns, in order from 10–12 of mnist-10k',
      '  images 8–9: XY learns, at random from 0–6999 of mnist-10k',
      '  image 10: competition learns, at random from 0–6999 of mnist-10k',
      'Goes back to',
      expect.stringMatching(/^ {2}mother, trained on 4 images, \d{4}-\d\d-\d\d \d\d:\d\d$/),
      'Not scored yet.',
    ]);
    const { timeline, ancestors } = await runJson('show', 'daughter', '--db', db);
    expect(timeline).toMatchObject([
      { kind: 'trained', from: 1, to: 4, learns: 'both', range: [0, 7000], batchSize: 2, data: 'mnist-10k' },
      { kind: 'set', after: 4, state },
      { from: 5, to: 7, order: 'sequential', range: [10, 13] },
      { from: 8, to: 9, learns: 'xy' },
      { from: 10, to: 10, learns: 'yy' },
    ]);
    expect(ancestors).toMatchObject([{ name: 'mother', isStored: true, nIter: 4 }]);
  });

  it('tells what another program trained, and parents that are gone', async () => {
    const db = oldDatabase();
    const imported = await show('0656225400', db);
    expect(imported).toContain(
      '  images 1–5000: everything learns, at random from 0–49999 of mnist-10k, in the original program',
    );
    expect(imported).toContain('  images 5001–5004: everything learns, at random from 0–6999 of mnist-10k');
    expect(await show('75f7806116c3', db)).toContain(
      '  225deaa4bfc9ecee6cff87cd83eafcce2e5859d40c818626aeb0312e, which is not stored any more',
    );
    expect(await show('relu', db)).not.toContain('History');
  });
});

describe('locus diff', () => {
  it('says where two histories part, and how far apart the networks are', async () => {
    const db = newDatabase();
    const [first, second] = [newNetwork(db), newNetwork(db)];
    await first.train({ nIter: 6 });
    await second.train({ nIter: 4 });
    second.network.setVariable(
      'Y',
      'theta',
      second.theta.map((value) => value + 2),
    );
    await second.train({ nIter: 2 });
    first.rename('first');
    second.rename('second');
    for (const network of [first, second]) network.save();

    const difference = diffNetworks('first', 'second', { database: db });
    expect(difference).toMatchObject({
      a: { name: 'first' },
      equal: false,
      parameters: { history: { b: second.publishedParameters.history } },
      history: {
        common: [{ from: 1, to: 4 }],
        a: [{ from: 5, to: 6 }],
        b: [
          { kind: 'set', after: 4 },
          { from: 5, to: 6 },
        ],
      },
      scores: {},
    });
    expect(difference.parameters.history).not.toHaveProperty('a');
    const [own, other] = [first.theta, second.theta];
    const apart = [...own].map((value, i) => value - other[i]);
    expect(difference.arrays.theta).toMatchObject({
      equal: false,
      maxAbs: Math.max(...apart.map(Math.abs)),
      rms: expect.closeTo(Math.sqrt(apart.reduce((sum, each) => sum + each * each, 0) / own.length), 10),
    });
    const { code, stdout } = await runHere(['diff', 'first', 'second', '--db', db]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^first {3}first\nsecond {2}second\nThey differ\.\nParameters\n {2}history {2}none → both random/,
    );
    expect(stdout).toContain('  both   images 1–4: everything learns');
    expect(stdout).toMatch(/ {2}second after image 4: set by hand to [0-9a-f]{12}\n/);
    expect(stdout).toMatch(/ {2}theta +largest difference \S+, RMS \S+, correlation \S+\n/);
  });

  it('finds no difference between a network and itself under another name', async () => {
    const db = newDatabase();
    const network = newNetwork(db);
    await network.train({ nIter: 3 });
    const name = network.save();
    const again = newNetwork(db);
    await again.train({ nIter: 1 });
    await again.train({ nIter: 2 });
    again.rename('again');
    again.save();
    const { code, stdout } = await runHere(['diff', name, 'again', '--db', db]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('They are equal.\n') });
    expect(diffNetworks(name, 'again', { database: db })).toMatchObject({
      equal: true,
      parameters: {},
      arrays: { theta: { equal: true, maxAbs: 0, rms: 0 } },
    });
  });

  it('compares networks of all kinds', async () => {
    const db = oldDatabase();
    const [lc, c] = ['8a4d179b8119', 'baf84b2a52db'];
    expect(diffNetworks(lc, c, { database: db })).toMatchObject({
      equal: false,
      parameters: { network_type: { a: 'LC_SNN', b: 'C_SNN' }, refrac: { a: 2, b: 5 } },
      arrays: { w_xy: { a: [4, 2, 2, 8, 8], b: [4, 8, 8] } },
      scores: { lc: { a: { nIter: 30 }, b: { nIter: 30 } } },
    });
    const { parameters, arrays } = diffNetworks('relu', lc, { database: db });
    expect(parameters.architecture).toEqual({ a: '784-4-10' });
    expect(arrays.theta).toEqual({ b: viewNetwork(lc, { database: db }).arrays.theta.shape });
    expect(diffNetworks('relu', 'relu', { database: db })).toMatchObject({
      equal: true,
      history: { common: [] },
    });
    const sbs = diffNetworks('3e950e7516a7', 'sbs-from-files', { database: db });
    expect(Object.keys(sbs.parameters)).toEqual(['started_from']);
  });

  it('names a network that is not there', async () => {
    expect(await runHere(['diff', 'nothing', 'relu', '--db', oldDatabase()])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('network "nothing": no such network'),
    });
  });
});
