/** The commands of NNMF and Spike-by-Spike networks, on few images and small networks. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { viewDatabase } from '../../src/store/index.js';
import { writeIdxFolder } from '../support/idx-files.js';
import { sbsConfigText } from '../support/sbs-config.js';
import { runHere, runJson } from './run-cli.js';
import { makeFolder } from '../support/make-folder.js';

describe('locus nnmf', () => {
  const few = 'nnmf train --dataset mnist-10k --train 20 --test 10 --iterations 3 --batch-size 10'.split(' ');

  it('info prints structure and counts', async () => {
    const { code, stdout } = await runHere(['nnmf', 'info']);
    expect(code).toBe(0);
    expect(stdout).toContain('(18): NNMF2d(800, 64, pfunctype=0, local_learning=False)');
    expect(stdout).toContain(
      'cnn_top: 14638   nnmf: 173344   batchnorm2d: 576   total number of parameter: 188558',
    );
  });

  it('trains, stores, lists with its type, and tests what it stored', async () => {
    const db = join(makeFolder(), 'networks.db');
    const trained = await runJson(...few, '--epochs', '2', '--name', 'small', '--db', db);
    expect(trained).toMatchObject({ name: 'small', nParameters: 143_950 });
    expect((trained.history as unknown[]).length).toBe(2);
    expect(viewDatabase({ database: db })).toMatchObject([
      { name: 'small', network_type: 'NNMF', n_output: 10 },
    ]);
    const { accuracy } = await runJson('nnmf', 'score', 'small', '--test', '10', '--db', db);
    expect(accuracy).toBe((trained.score as { output: { accuracy: number } }).output.accuracy);
  });

  it('goes on to the bit with more epochs', async () => {
    const folder = makeFolder();
    const begun = ['--name', 'begun', '--db', join(folder, 'begun.db')];
    await runJson(...few, '--epochs', '1', ...begun);
    await runJson(...few, '--epochs', '2', '--resume', ...begun);
    await runJson(...few, '--epochs', '2', '--name', 'whole', '--db', join(folder, 'whole.db'));
    const hash = (db: string) => viewDatabase({ database: join(folder, db) })[0].state_hash;
    expect(hash('begun.db')).toBe(hash('whole.db'));
  });

  it('refuses a file that is no state_dict', async () => {
    const folder = makeFolder();
    const file = join(folder, 'net.pt');
    writeFileSync(file, 'no zip at all, and long enough to hold the end of one');
    const { code, stderr } = await runHere(['nnmf', 'import', file, '--db', join(folder, 'networks.db')]);
    expect(code).not.toBe(0);
    expect(stderr).toContain("expected a zip archive of PyTorch's");
  });
});

it('a folder in the place of a file is no file', async () => {
  const folder = makeFolder();
  for (const words of [
    ['sbs', 'train'],
    ['sbs', 'score'],
    ['nnmf', 'import'],
  ]) {
    const { code, stderr } = await runHere([...words, folder]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^locus: .*expected a (configuration file|state_dict), found no .*\n$/);
  }
});

describe('locus sbs', () => {
  /** A small data set in MNIST's place, below the folder. */
  const makeDataDir = (folder: string) => {
    const dataDir = join(folder, 'data');
    writeIdxFolder(dataDir, { nTrain: 600, nTest: 60, size: 28 });
    return dataDir;
  };
  const paths = (folder: string) =>
    sbsConfigText.replace(
      'batch_size',
      `weight_path: '${folder}/Weights', eps_xy_path: '${folder}/EpsXY', batch_size`,
    );

  it('names the path of an unknown key', async () => {
    const file = join(makeFolder(), 'net.json');
    writeFileSync(file, sbsConfigText.replace('strides', 'stride'));
    const { code, stderr } = await runHere(['sbs', 'train', file]);
    expect(code).not.toBe(0);
    expect(stderr).toContain('unknown key "network_structure.stride". Did you mean "strides"?');
  });

  it('says where it looked for weights to test, and begins a training that has none to resume', async () => {
    const folder = makeFolder();
    const file = join(folder, 'net.json');
    writeFileSync(file, paths(folder));
    const where = ['--data-dir', makeDataDir(folder), '--db', join(folder, 'networks.db'), '--test', '10'];
    const evaluated = await runHere(['sbs', 'score', file, ...where]);
    expect(evaluated.code).toBe(1);
    expect(evaluated.stderr).toMatch(/sbs eval: expected files Weight_L\*_S\*\.npy in .*, found none/);
    const { code, stderr } = await runHere(['sbs', 'train', file, '--steps', '1', '--resume', ...where]);
    expect(code).toBe(0);
    expect(stderr).toContain('There is no checkpoint of this training; beginning with the first update.');
  });

  it('trains, resumes from its files, stores, and tests files and network alike', async () => {
    const folder = makeFolder();
    const file = join(folder, 'net.json');
    writeFileSync(file, paths(folder));
    const where = ['--data-dir', makeDataDir(folder), '--db', join(folder, 'networks.db'), '--test', '40'];
    await runJson('sbs', 'train', file, '--steps', '1', '--name', 'begun', ...where);
    const { score } = await runJson(
      'sbs',
      'train',
      file,
      '--steps',
      '2',
      '--resume',
      '--name',
      'done',
      ...where,
    );
    const { accuracy } = (score as { output: { accuracy: number } }).output;
    expect(await runJson('sbs', 'score', file, ...where)).toEqual({ accuracy, nIter: 40 });
    expect(await runJson('sbs', 'score', file, '--network', 'done', ...where)).toEqual({
      accuracy,
      nIter: 40,
    });
    const names = viewDatabase({ database: join(folder, 'networks.db') }).map(({ name, network_type }) => [
      name,
      network_type,
    ]);
    expect(names).toEqual([
      ['begun', 'SBS'],
      ['done', 'SBS'],
    ]);
  });

  it('resumes to the bit with the checkpoint of its database, and says where there is none', async () => {
    const folder = makeFolder();
    const db = join(folder, 'networks.db');
    const dataDir = makeDataDir(folder);
    const train = async (name: string, steps: number, inDatabase: string, ...more: string[]) => {
      const file = join(folder, `${name}.json`);
      writeFileSync(file, paths(join(folder, name)));
      const words = ['sbs', 'train', file, '--steps', String(steps), '--name', name, '--test', '20'];
      words.push('--data-dir', dataDir, '--db', inDatabase);
      const { code, stderr } = await runHere([...words, ...more]);
      expect(code).toBe(0);
      return stderr;
    };
    await train('whole', 3, db);
    await train('begun', 2, db);
    expect(await train('begun', 3, db, '--resume')).toContain('Resuming after 2 updates.');
    const hashes = viewDatabase({ database: db }).map(({ state_hash }) => state_hash);
    expect(new Set(hashes).size).toBe(1);
    const elsewhere = join(folder, 'elsewhere.db');
    expect(await train('begun', 4, elsewhere, '--resume')).toContain('starts afresh');
    // A training that began with files leads to another network than an unbroken one, and stays so.
    expect(await train('begun', 5, elsewhere, '--resume')).toContain('Resuming after 4 updates.');
    await train('whole', 5, db);
    const [fromFiles, whole] = [elsewhere, db].map(
      (path) => viewDatabase({ database: path, filter: { n_steps: 5 } })[0],
    );
    expect(fromFiles.started_from).toMatch(/^step 3 of weights [0-9a-f]{56}$/);
    expect(whole.started_from).toBeUndefined();
    expect(fromFiles.hash).not.toBe(whole.hash);
    expect(fromFiles.state_hash).not.toBe(whole.state_hash);
  });
});
