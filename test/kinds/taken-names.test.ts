/** A name that is taken: given again to the same history and its continuation, to anything else only on purpose. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import '../../src/node/engines.js';
import type { KindOptions } from '../../src/kinds/kind.js';
import { makeNnmfNetwork } from '../../src/kinds/nnmf/nnmf-network.js';
import { LC_SNN, loadNetwork, type Snn } from '../../src/kinds/snn/index.js';
import { trainNetwork } from '../../src/kinds/train-network.js';
import { withStore } from '../../src/store/index.js';
import { runHere, runJson } from '../cli/run-cli.js';
import { makeFolder } from '../support/make-folder.js';
import { encodeStateDict } from '../support/state-dict-bytes.js';

const fixtures = resolve('test/fixtures/databases');
const dataDir = join(fixtures, 'version-1-data/mnist');

/** A network of each type in the database of version 0.1.0, and the name that it gets here. */
const bearers = {
  LC_SNN: ['8a4d179b8119', 'local'],
  C_SNN: ['baf84b2a52db', 'convolutional'],
  FC_SNN: ['29d53c4874c8', 'connected'],
  NNMF: ['6a663c001e5c', 'factors'],
  SBS: ['sbs-from-files', 'spikes'],
  ReLU: ['relu', 'relu'],
  ReLU_SNN: ['123c323b0ad5', 'converted'],
} as const;
type Type = keyof typeof bearers;
const types = Object.keys(bearers) as Type[];

let shared: string;
/** The database with all bearers. */
let original: string;
beforeAll(() => {
  shared = mkdtempSync(join(tmpdir(), 'locus-test-'));
  original = join(shared, 'networks.db');
  copyFileSync(join(fixtures, 'version-1.db'), original);
  withStore(original, (store) => {
    for (const [before, name] of Object.values(bearers)) if (before !== name) store.rename(before, name);
  });
});
afterAll(() => rmSync(shared, { recursive: true }));

interface Setting {
  readonly folder: string;
  readonly database: string;
}

/** A copy of the database, in a folder with the configuration of an SbS network. */
function prepare(): Setting {
  const folder = makeFolder();
  const database = join(folder, 'networks.db');
  copyFileSync(original, database);
  cpSync(join(fixtures, 'version-1-data/sbs'), folder, { recursive: true });
  rmSync(join(folder, 'weights'), { recursive: true });
  const config = join(folder, 'net.json5');
  writeFileSync(config, readFileSync(config, 'utf8').replaceAll('./weights/', join(folder, 'weights/')));
  return { folder, database };
}

/** Everything that is stored but the contents of arrays, which the hashes of states stand for. */
const contentOf = (database: string) =>
  withStore(database, (store) => ({
    networks: store.list(),
    checkpoints: store.listCheckpoints().map(({ key, updated }) => [key, updated]),
  }));

const viewOf = ({ database }: Setting, name: string) => withStore(database, (store) => store.view(name));

const small = { nFilters: 4, kernelSize: 8, stride: 4, crop: 12, meanWeight: 0.46, cW: -50, timeMax: 60 };
const connected = { nFilters: 4, crop: 12, meanWeight: 0.3, cW: -80, timeMax: 60 };

/** Tiny trainings: options of the kind, and one of them that makes the training longer. */
const trainings: Readonly<
  Record<Type, { command: string; options: KindOptions; positional?: string; longer?: KindOptions }>
> = {
  LC_SNN: {
    command: 'train lc',
    options: { ...small, nIter: 4, calibrate: 0 },
    longer: { nIter: 6 },
  },
  C_SNN: { command: 'train c', options: { ...small, nIter: 4, calibrate: 0 }, longer: { nIter: 6 } },
  FC_SNN: { command: 'train fc', options: { ...connected, nIter: 4, calibrate: 0 }, longer: { nIter: 6 } },
  NNMF: {
    command: 'nnmf train',
    options: { iterations: 2, batchSize: 1, train: 2, test: 2, epochs: 1 },
    longer: { epochs: 2 },
  },
  SBS: { command: 'sbs train', positional: 'config', options: { test: 2, steps: 1 }, longer: { steps: 2 } },
  ReLU: {
    command: 'ann train',
    options: { network: '784-4-10', train: 20, batchSize: 10, epochs: 1 },
    longer: { epochs: 2 },
  },
  ReLU_SNN: { command: 'convert', positional: 'ann', options: { ann: 'relu', train: 10, duration: 10 } },
};

/** Options of the kind in the API. */
function optionsOf(type: Type, { folder }: Setting, changes: KindOptions = {}): KindOptions {
  const where = type === 'SBS' ? { config: join(folder, 'net.json5') } : { dataset: 'mnist' };
  return { seed: 99, ...trainings[type].options, ...where, dataDir, threads: 1, ...changes };
}

/** The same on the command line. */
function wordsOf(type: Type, setting: Setting, changes: KindOptions = {}): string[] {
  const { command, positional = '' } = trainings[type];
  const { [positional]: given, ...options } = optionsOf(type, setting, changes) as Record<
    string,
    string | number
  >;
  const toFlag = (name: string) => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const flags = Object.entries(options).flatMap(([name, value]) => [toFlag(name), String(value)]);
  return [...command.split(' '), ...(given === undefined ? [] : [String(given)]), ...flags];
}

const train = (
  type: Type,
  setting: Setting,
  { changes, ...lifecycle }: { changes?: KindOptions; name: string; overwrite?: boolean; resume?: boolean },
) => trainNetwork(type, optionsOf(type, setting, changes), { database: setting.database, ...lifecycle });

const taken = (setting: Setting, name: string) => {
  const { parameters, hash } = viewOf(setting, name);
  return `the name "${name}" belongs to another network (${String(parameters.network_type)}, ${hash.slice(0, 12)}). Choose another name, rename that network, or overwrite it on purpose (overwrite: true, --overwrite).`;
};

describe.each(types)('%s', (type) => {
  it.each(types)('does not take the name of %s, on the command line and in the API', async (other) => {
    const setting = prepare();
    const { database, folder } = setting;
    const name = bearers[other][1];
    const before = contentOf(database);
    const words = [...wordsOf(type, setting), '--name', name, '--db', database];
    const { code, stdout, stderr } = await runHere(words);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(`locus: train: ${taken(setting, name)}`);
    // Progress and results of epochs and updates.
    expect(stderr).not.toMatch(/\d+ of \d+|^Epoch|^Step/m);
    const tasks: string[] = [];
    const onProgress = ({ task }: { task: string }) => tasks.push(task);
    await expect(
      trainNetwork(type, optionsOf(type, setting), { database, name, onProgress }),
    ).rejects.toMatchObject({ code: 'NAME_TAKEN', message: `train: ${taken(setting, name)}` });
    expect(tasks).toEqual([]);
    expect(contentOf(database)).toEqual(before);
    expect(existsSync(join(folder, 'weights'))).toBe(false);
  });

  it('replaces what bears its name with --overwrite and overwrite: true', async () => {
    const setting = prepare();
    const { database } = setting;
    const count = contentOf(database).networks.length;
    const other = types[(types.indexOf(type) + 1) % types.length];
    const [fromLine, fromApi] = [bearers[other][1], bearers[type][1]];
    await runJson(...wordsOf(type, setting), '--name', fromLine, '--overwrite', '--db', database);
    await train(type, setting, { name: fromApi, overwrite: true });
    const [line, api] = [fromLine, fromApi].map((name) => viewOf(setting, name));
    expect(line.parameters).toMatchObject({ network_type: type, seed: 99 });
    expect(api).toMatchObject({ hash: line.hash, stateHash: line.stateHash });
    expect(contentOf(database).networks).toHaveLength(count);
  });

  it('writes its name again with the same history, not with another seed', async () => {
    const setting = prepare();
    const { stateHash, ...first } = await save('mine');
    const before = contentOf(setting.database).networks.map(({ name }) => name);
    expect(await save('mine')).toMatchObject({ ...first, stateHash });
    expect(contentOf(setting.database).networks.map(({ name }) => name)).toEqual(before);
    await expect(train(type, setting, { name: 'mine', changes: { seed: 98 } })).rejects.toThrow(
      taken(setting, 'mine'),
    );

    async function save(name: string) {
      await train(type, setting, { name });
      const { hash, stateHash: state } = viewOf(setting, name);
      return { hash, stateHash: state };
    }
  });

  it.each([
    ['a line break', 'line\nbreak'],
    ['201 characters', 'x'.repeat(201)],
    ['blank ends', ' padded '],
  ])('is not trained for a name of %s', async (_, name) => {
    const setting = prepare();
    const before = contentOf(setting.database);
    const ran = await runHere([...wordsOf(type, setting), `--name=${name}`, '--db', setting.database]);
    const message = 'train: expected a name of 1 to 200 printable characters, got ';
    expect([ran.code, ran.stderr.startsWith(`locus: ${message}`)]).toEqual([1, true]);
    await expect(train(type, setting, { name })).rejects.toThrow(message);
    expect(contentOf(setting.database)).toEqual(before);
  });
});

it.each(['', 5, null])('a name is text: trainNetwork refuses %j', async (name) => {
  const { database } = prepare();
  await expect(trainNetwork('NNMF', {}, { database, name: name as string })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: `trainNetwork: expected name to be text that is not empty, got ${JSON.stringify(name)}`,
  });
});

describe.each(types.filter((type) => trainings[type].longer))('%s that is continued', (type) => {
  const { longer } = trainings[type];

  it('keeps its name, in one go or resumed; the shorter training does not get it back', async () => {
    for (const resume of [false, true]) {
      const setting = prepare();
      await train(type, setting, { name: 'mine' });
      const { hash } = viewOf(setting, 'mine');
      await train(type, setting, { name: 'mine', changes: longer, resume });
      const after = viewOf(setting, 'mine');
      expect(after.hash).not.toBe(hash);
      await expect(train(type, setting, { name: 'mine' })).rejects.toThrow(taken(setting, 'mine'));
      expect(viewOf(setting, 'mine')).toEqual(after);
    }
  });
});

it('an interrupted continuation is resumed under the name of the shorter training', async () => {
  const setting = prepare();
  const { database } = setting;
  await train('LC_SNN', setting, { name: 'mine' });
  const options = optionsOf('LC_SNN', setting, { nIter: 200 });
  const stop = new AbortController();
  const interrupted = trainNetwork('LC_SNN', options, {
    database,
    name: 'mine',
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  await expect(interrupted).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(viewOf(setting, 'mine').parameters.n_iter).toBe(4);
  const notes: string[] = [];
  await trainNetwork('LC_SNN', options, {
    database,
    name: 'mine',
    resume: true,
    onNote: (n) => notes.push(n),
  });
  expect(notes).toContainEqual(expect.stringMatching(/^Resuming after \d+ images\.$/));
  expect(viewOf(setting, 'mine').parameters.n_iter).toBe(200);
});

describe('convert', () => {
  it('leaves its source, unless it is to replace it; then its parent is still told', async () => {
    const setting = prepare();
    const words = [...wordsOf('ReLU_SNN', setting), '--name', 'relu', '--db', setting.database];
    const source = viewOf(setting, 'relu');
    expect((await runHere(words)).stderr).toContain(taken(setting, 'relu'));
    expect(viewOf(setting, 'relu')).toEqual(source);
    await runJson(...words, '--overwrite');
    expect(viewOf(setting, 'relu')).toMatchObject({
      parent: source.hash,
      parameters: { network_type: 'ReLU_SNN' },
    });
  });
});

describe('a name that is taken during the training', () => {
  it.each(types)('leaves both networks: %s is stored under its hash', async (type) => {
    const setting = prepare();
    const { database } = setting;
    const takeName = () => withStore(database, (store) => store.rename('in-order', 'ours'));
    let isTaken = false;
    const onProgress = () => {
      if (!isTaken) takeName();
      isTaken = true;
    };
    const training = trainNetwork(type, optionsOf(type, setting), { database, name: 'ours', onProgress });
    const error = (await training.catch((thrown: unknown) => thrown)) as Error;
    expect(error).toMatchObject({ code: 'NAME_TAKEN' });
    expect(error.message).toContain(taken(setting, 'ours'));
    const [, kept = ''] = /The trained network is stored as ([0-9a-f]{56})\.$/.exec(error.message) ?? [];
    expect(viewOf(setting, kept).parameters).toMatchObject({ network_type: type, seed: 99 });
    expect(viewOf(setting, 'ours').parameters).toMatchObject({ network_type: 'LC_SNN', seed: 1 });
  });
});

describe('Snn.save', () => {
  const make = ({ database }: Setting, seed: number): Snn => {
    const network = new LC_SNN({ ...small, seed, dataset: 'mnist', dataDir, threads: 1, database });
    onTestFinished(() => network.dispose());
    return network;
  };

  it.each(types)('does not take the name of %s, and leaves both; overwrite: true replaces it', (type) => {
    const setting = prepare();
    const name = bearers[type][1];
    const network = make(setting, 99);
    const saved = network.save();
    const before = contentOf(setting.database);
    network.rename(name);
    expect(() => network.save()).toThrow(`save network: ${taken(setting, name)}`);
    expect(contentOf(setting.database)).toEqual(before);
    network.rename('mine');
    network.save();
    network.rename(name);
    expect(network.save({ overwrite: true })).toBe(name);
    expect(viewOf(setting, name)).toMatchObject({ hash: saved, parameters: { seed: 99 } });
  });

  it('takes its name again after more training, not after training that is not a continuation', async () => {
    const setting = prepare();
    const network = make(setting, 99);
    network.rename('mine');
    await network.train({ nIter: 3 });
    network.save();
    await network.calibrate({ nIter: 5, lc: false });
    network.save();
    await network.train({ nIter: 2 });
    network.save();
    expect(viewOf(setting, 'mine').parameters.n_iter).toBe(5);
    const other = make(setting, 99);
    other.rename('mine');
    await other.train({ nIter: 6, interval: [0, 6] });
    expect(() => other.save()).toThrow(taken(setting, 'mine'));
  });

  it('of two processes that save different networks at once, the later one is refused', async () => {
    const setting = prepare();
    const words = ['--import', 'tsx', resolve('test/support/naming-process.ts'), setting.database, 'ours'];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      lines.push(line);
      if (line !== 'held') continue;
      // The other process is in the middle of its transaction: nothing is committed yet, and this one has to wait for it.
      const network = make(setting, 98);
      network.rename('ours');
      expect(contentOf(setting.database).networks.map(({ name }) => name)).not.toContain('ours');
      expect(() => network.save()).toThrow(expect.objectContaining({ code: 'NAME_TAKEN' }));
    }
    if (child.exitCode === null) await once(child, 'close');
    expect(lines).toEqual(['held', 'ours']);
    expect(viewOf(setting, 'ours').parameters.seed).toBe(97);
  });
});

describe('commands on stored networks', () => {
  it('calibrate and score store under the name that the network has', async () => {
    const setting = prepare();
    const where = ['--db', setting.database, '--threads', '1'];
    const before = contentOf(setting.database).networks.map(({ name }) => name);
    const { hash } = viewOf(setting, 'local');
    await runJson('calibrate', 'local', '--images', '20', ...where);
    await runJson('score', hash, '--images', '7', ...where);
    expect(viewOf(setting, 'local')).toMatchObject({ hash, scores: { patch_voting: { nIter: 7 } } });
    expect(
      contentOf(setting.database)
        .networks.map(({ name }) => name)
        .toSorted(),
    ).toEqual(before.toSorted());
    expect(loadNetwork('local', { database: setting.database }).name).toBe('local');
  });

  it('nnmf import takes a name again with the same file, and no other one', async () => {
    const setting = prepare();
    const { folder, database } = setting;
    const files = [1, 2].map((seed) => {
      const path = join(folder, `${seed}.pt`);
      const { network } = makeNnmfNetwork({ inputChannels: 1, inputSize: 24, seed });
      writeFileSync(path, encodeStateDict(network));
      return path;
    });
    const load = (file: string, name: string, ...more: string[]) =>
      runHere(['nnmf', 'import', file, '--dataset', 'mnist', '--name', name, '--db', database, ...more]);
    for (const type of types) {
      const { code, stderr } = await load(files[0], bearers[type][1]);
      expect([code, stderr]).toEqual([1, `locus: save network: ${taken(setting, bearers[type][1])}\n`]);
    }
    expect((await load(files[0], 'theirs')).code).toBe(0);
    expect((await load(files[0], 'theirs')).code).toBe(0);
    expect((await load(files[1], 'theirs')).stderr).toContain(taken(setting, 'theirs'));
    const { stateHash } = viewOf(setting, 'theirs');
    expect((await load(files[1], 'theirs', '--overwrite')).code).toBe(0);
    expect(viewOf(setting, 'theirs').stateHash).not.toBe(stateHash);
  });
});
