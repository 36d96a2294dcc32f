/** Folders of the original program that are out of the ordinary: what of them imports, by which option, with which values. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { importNetwork, importNetworks, loadNetwork } from '../../src/kinds/snn/index.js';
import { readOriginalNetwork } from '../../src/kinds/snn/original/index.js';
import { runHere } from '../cli/run-cli.js';
import { makeOriginal, writeExample } from '../support/example-originals.js';
import { attempt, newDatabase } from '../support/import-database.js';
import { makeFolder } from '../support/make-folder.js';
import { withFile, withParameters } from '../support/original-folders.js';
import { describeCases, walkCases } from '../support/walk-cases.js';
import { writeOriginal } from '../support/write-original.js';

/** The error [accuracy] that the original wrote for 10,000 test images. */
const errorOf = (accuracy: number) => Math.sqrt((accuracy * (1 - accuracy)) / 10_000);

describe('score.json of the older form', () => {
  const read = (score: object, confusion = makeOriginal('locallyConnected').confusion) =>
    readOriginalNetwork(
      withFile(writeExample('locallyConnected', { confusion }), 'score.json', JSON.stringify(score)),
    ).scores;

  it.each([
    ['patch_voting', 0.7394],
    ['all_voting', 0.0011],
    ['spikes_first', 0.9999],
    ['lc', 0.5],
  ])('holds %s, and its error tells the number of images', (accuracy_method, accuracy) => {
    const error = errorOf(accuracy);
    expect(read({ accuracy, error, accuracy_method })).toEqual({
      [accuracy_method]: { accuracy, error, nIter: 10_000 },
    });
  });

  it('without an error has the images of the confusion matrix, or no score', () => {
    const score = { accuracy: 1, error: 0, accuracy_method: 'lc' };
    const confusion = Int32Array.from({ length: 110 }, (_, i) => (i % 12 === 0 ? 3 : 0));
    expect(read(score, confusion)).toEqual({ lc: { accuracy: 1, error: 0, nIter: 30 } });
    expect(read(score, null)).toEqual({ lc: null });
  });

  it('of a network that was never tested has no score', () => {
    expect(read({ accuracy: null, error: null, accuracy_method: null })).toEqual({});
    expect(read({ accuracy: null, error: null, accuracy_method: 'lc' })).toEqual({ lc: null });
  });

  it.each([
    { accuracy: 2, error: 0, accuracy_method: 'lc' },
    { accuracy: 0.5, error: null, accuracy_method: 'lc' },
    { accuracy: 0.5, error: 3, accuracy_method: 'lc' },
    { accuracy: 0.5, error: 0.1, accuracy_method: 'of mine' },
    { accuracy: 0.5, error: 0.1, accuracy_method: 7 },
  ])('is refused: %j', (score) => {
    const error = attempt(() => read(score));
    expect([error?.code, error?.message]).toEqual(['DATA_CORRUPT', expect.stringContaining('score.json')]);
  });
});

describe('c_l as a number', () => {
  it.each([
    ['trainedCompetition', 1, 'trained'],
    ['locallyConnected', 0, 'fixed'],
  ] as const)('%s: %d', (kind, c_l, competition) => {
    const folder = withParameters(writeExample(kind), { c_l });
    expect(readOriginalNetwork(folder).wYY.kind).toBe(competition);
    const database = newDatabase();
    const network = loadNetwork(importNetwork(folder, { database }), { database, engine: 'reference' });
    expect([network.parameters.cL, network.origin?.parameters.c_l]).toEqual([c_l === 1, c_l]);
  });

  it.each([2, -1, '1', null])('%j is refused', (c_l) => {
    const folder = withParameters(writeExample('trainedCompetition'), { c_l });
    expect(attempt(() => readOriginalNetwork(folder))?.message).toMatch(
      /c_l in parameters\.json: expected true or false/,
    );
  });
});

describe('learning rates of the competition', () => {
  it.each<[string, unknown, [number, number]]>([
    ['a list of lists', [[-0.5], [-2]], [-0.5, -2]],
    ['a list in a list', [[-0.5, -2]], [-0.5, -2]],
    ['none of both', [null, null], [0, 0]],
    ['one of both', [-0.5, [null]], [-0.5, 0]],
  ])('%s', (_, nu, rates) => {
    const { constants, ...original } = makeOriginal('trainedCompetition');
    const yy = { ...constants.yy, nu: nu as [number, number] };
    const folder = writeOriginal({ ...original, constants: { ...constants, yy } });
    expect(readOriginalNetwork(folder).constants.yy.nu).toEqual(rates);
    const database = newDatabase();
    const { parameters } = loadNetwork(importNetwork(folder, { database }), {
      database,
      engine: 'reference',
    });
    expect([parameters.APos, parameters.ANeg]).toEqual(rates);
  });

  it.each([[[1]], [[1, 2, 3]], [[[1, 2], [3]]], [[Infinity, 1]]])('%j are refused', (nu) => {
    const { constants, ...original } = makeOriginal('trainedCompetition');
    const yy = { ...constants.yy, nu: nu as unknown as [number, number] };
    const folder = writeOriginal({ ...original, constants: { ...constants, yy } });
    expect(attempt(() => readOriginalNetwork(folder))?.message).toMatch(
      /Y_to_Y\.nu: expected two learning rates/,
    );
  });
});

describe('votes that are no numbers', () => {
  const nNeurons = 12;
  const withVotes = (isMissing: (label: number, neuron: number) => boolean, value = Number.NaN) => {
    const votes = makeOriginal('locallyConnected').votes!;
    const changed = votes.map((vote, i) =>
      isMissing(Math.floor(i / nNeurons), i % nNeurons) ? value : vote,
    );
    return { votes, folder: writeExample('locallyConnected', { votes: changed }) };
  };

  it.each<[string, (label: number, neuron: number) => boolean, RegExp]>([
    [
      'of a label',
      (label) => label === 4,
      /votes: expected numbers, got NaN for all neurons at the labels 4\./,
    ],
    [
      'of two labels',
      (label) => label % 7 === 0,
      /NaN for all neurons at the labels 0, 7\. .*--repair-votes/,
    ],
    [
      'of a neuron',
      (_, neuron) => neuron === 3,
      /the neurons 3 at the labels 0, 1, 2, 3, 4, 5, 6, 7, 8, 9\. /,
    ],
    [
      'of one neuron at one label',
      (label, neuron) => label === 2 && neuron === 11,
      /the neurons 11 at the labels 2\. /,
    ],
  ])('%s', (_, isMissing, message) => {
    const { votes, folder } = withVotes(isMissing);
    const database = newDatabase();
    expect(attempt(() => importNetwork(folder, { database }))?.message).toMatch(message);
    const name = importNetwork(folder, { database, repairVotes: true });
    const network = loadNetwork(name, { database, engine: 'reference' });
    const expected = votes.map((vote, i) => (isMissing(Math.floor(i / nNeurons), i % nNeurons) ? 0 : vote));
    expect(network.votes).toEqual(expected);
    expect(network.origin?.changed).toEqual({ votes: expected.filter((vote) => vote === 0).length });
  });

  it.each([Infinity, -1])('no option takes %d', (value) => {
    const { folder } = withVotes((label) => label === 1, value);
    const error = attempt(() => importNetwork(folder, { database: newDatabase(), repairVotes: true }));
    expect(error?.message).toContain(`votes: expected mean spike counts ≥ 0, got ${value}`);
  });
});

/** The folder with other weights between neurons [source, target] of the dense competition. */
function withCompetition(
  folder: string,
  changes: readonly [source: number, target: number, weight: number][],
): string {
  const { wYY, nNeurons, convSize } = makeOriginal('trainedCompetition');
  if (wYY.kind !== 'trained') throw new Error('expected trained competition');
  const file = readFileSync(join(folder, 'network'));
  const first = Buffer.alloc(4);
  // From filter 0 to filter 1 at position 0.
  first.writeFloatLE(wYY.weights[1]);
  const start = file.indexOf(first) - 4 * convSize ** 2;
  for (const [source, target, weight] of changes)
    file.writeFloatLE(weight, start + 4 * (source * nNeurons + target));
  return withFile(folder, 'network', file);
}

describe('competition outside the receptive fields', () => {
  it.each<[string, [number, number, number][], number, number]>([
    ['between positions', [[0, 1, -7.5]], 1, 7.5],
    ['of a neuron with itself', [[5, 5, 3]], 1, 3],
    [
      'of many sizes',
      [
        [0, 1, -1],
        [0, 2, 2],
        [3, 10, -1500],
      ],
      3,
      1500,
    ],
  ])('%s', (_, changes, count, largest) => {
    const original = writeExample('trainedCompetition');
    const folder = withCompetition(original, changes);
    const database = newDatabase();
    const error = attempt(() => importNetwork(folder, { database }));
    expect(error?.message).toContain(
      `got ${count} ${count === 1 ? 'weight' : 'weights'} outside, as large as ${largest} mV. To leave them out: dropOutside`,
    );
    const name = importNetwork(folder, { database, dropOutside: true });
    const network = loadNetwork(name, { database, engine: 'reference' });
    expect(network.origin?.changed).toEqual({ outside: { count, largest } });
    const { wYY } = readOriginalNetwork(original);
    expect(wYY.kind === 'trained' && network.weightsYY?.data).toEqual(wYY.kind === 'trained' && wYY.weights);
  });
});

describe('a folder without a file', () => {
  it.each(['parameters.json', 'network'])('%s: the error names it', (file) => {
    const folder = writeExample('convolutional');
    rmSync(join(folder, file));
    const error = attempt(() => importNetwork(folder, { database: newDatabase() }));
    expect([error?.code, error?.message]).toEqual([
      'DATA_MISSING',
      expect.stringContaining(`${join(folder, file)}: there is no such file`),
    ]);
  });
});

/** A folder with networks at two depths: three good ones, two that are refused for the same reason and one without parameters. */
function makeFolders(): string {
  const root = makeFolder();
  mkdirSync(join(root, 'inner'));
  const place = (folder: string, name: string) => renameSync(folder, join(root, name));
  place(writeExample('convolutional'), 'a');
  place(writeExample('fullyConnected'), 'inner/b');
  place(writeExample('trainedCompetition'), 'c');
  const votes = makeOriginal('locallyConnected').votes!.map((vote, i) => (i < 12 ? Number.NaN : vote));
  place(writeExample('locallyConnected', { votes }), 'bad1');
  place(
    writeExample('locallyConnected', { votes: votes.map((vote, i) => (i > 20 ? vote : Number.NaN)) }),
    'inner/bad2',
  );
  place(writeExample('convolutional'), 'inner/bad3');
  rmSync(join(root, 'inner/bad3/parameters.json'));
  writeFileSync(join(root, 'notes.txt'), '');
  return root;
}

describe('a folder of folders', () => {
  it('imports what it can, tells its progress, and gives the reasons', async () => {
    const [root, database] = [makeFolders(), newDatabase()];
    const progress: number[] = [];
    const { imported, refused } = await importNetworks(root, {
      database,
      onProgress: ({ done, total }) => progress.push(done / total),
    });
    expect(imported.map(({ name }) => name)).toEqual(['a', 'c', 'b']);
    expect(refused.map(({ folder, reason }) => [basename(folder), reason])).toEqual([
      ['bad1', 'votes: expected numbers'],
      ['bad2', 'votes: expected numbers'],
      ['bad3', 'parameters.json: there is no such file'],
    ]);
    expect(progress).toEqual([1, 2, 3, 4, 5, 6].map((done) => done / 6));
    const again = await importNetworks([root], { database, repairVotes: true });
    expect(again.imported.map(({ name }) => name)).toEqual(['bad1', 'bad2']);
    expect(again.refused.map(({ reason }) => reason)).toEqual([
      'the name is taken',
      'the name is taken',
      'the name is taken',
      'parameters.json: there is no such file',
    ]);
    const over = await importNetworks(root, { database, repairVotes: true, overwrite: true });
    expect(over.imported).toHaveLength(5);
  });

  it('stops where it is asked to', async () => {
    const [root, database] = [makeFolders(), newDatabase()];
    const controller = new AbortController();
    const stopped = importNetworks(root, {
      database,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({
      code: 'INTERRUPTED',
      message: 'interrupted after 1 of 6 folders; 1 networks are stored',
    });
  });

  it('is one command', async () => {
    const [root, db] = [makeFolders(), newDatabase()];
    const { code, stdout, stderr } = await runHere(['import', root, '--db', db]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /Imported 3 of 6 networks\.\nRefused:\n {5}2 {2}votes: expected numbers\n {5}1 {2}parameters\.json: there is no such file\n$/,
    );
    expect(stderr.trimEnd().split('\n')).toHaveLength(3);
    const repaired = await runHere(['import', root, '--db', db, '--repair-votes', '--overwrite']);
    expect(repaired.stdout).toContain('12 votes were no numbers and are 0 now.');
    expect(repaired.stdout).toContain('Imported 5 of 6 networks.');
  });

  it.each([[7], [''], [[7]]])('%j is refused', async (folders) => {
    await expect(importNetworks(folders as string)).rejects.toThrow(
      'importNetworks: expected folders to be a path',
    );
  });
});

describe('a name that is taken', () => {
  it('by a network of another kind or history: the error of all kinds', () => {
    const database = newDatabase();
    const folder = writeExample('convolutional');
    importNetwork(folder, { database });
    const another = writeExample('fullyConnected');
    const named = join(makeFolder(), basename(folder));
    renameSync(another, named);
    const error = attempt(() => importNetwork(named, { database }));
    expect(error?.code).toBe('NAME_TAKEN');
    expect(error?.message).toMatch(
      /the name "\w+" belongs to another network \(C_SNN, \w{12}\)\. Choose another name/,
    );
    expect(importNetwork(named, { database, overwrite: true })).toBe(basename(folder));
    expect(attempt(() => importNetwork(named, { database }))?.message).toMatch(
      /belongs to this network already \(FC_SNN/,
    );
  });
});

describe('a folder that was refused', () => {
  describeCases(walkCases('original-networks-refused'), ({ folder }) => {
    it('imports with the options that its error names', () => {
      const database = newDatabase();
      const name = importNetwork(folder, { database, repairVotes: true, dropOutside: true });
      expect(loadNetwork(name, { database, engine: 'reference' }).name).toBe(basename(folder));
      const error = attempt(() => importNetwork(folder, { database: newDatabase() }));
      expect(error?.message ?? '--repair-votes').toMatch(/--(repair-votes|drop-outside)$/);
    });
  });
});
