/** The commands that look after the database, in this process, on a database of their own. */
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type DatabaseRow, openStore, shippedDatabasePath, viewDatabase } from '../../src/store/index.js';
import { sampleNetwork } from '../store/sample-network.js';
import { runHere } from './run-cli.js';
import { makeFolder } from '../support/make-folder.js';

const seeds = [0, 1, 2];

/** A database with three networks: seed 0 is called "first", the others by their hashes. */
function makeDatabase() {
  const path = join(makeFolder(), 'networks.db');
  const store = openStore(path);
  const names = seeds.map((seed) => {
    const lc = { accuracy: 0.9 - seed / 100, error: 0.003, nIter: 10_000 };
    const changes = { scores: { lc }, ...(seed === 0 ? { name: 'first' } : {}) };
    return store.save(sampleNetwork({ seed, n_filters: 25 * (seed + 1) }, changes));
  });
  store.close();
  const run = (...words: string[]) => runHere([...words, '--db', path]);
  const runJson = async (...words: string[]): Promise<unknown> => {
    const { stdout } = await run(...words, '--json');
    return JSON.parse(stdout);
  };
  return { path, names, run, runJson };
}

const namesOf = (rows: unknown) => (rows as DatabaseRow[]).map(({ name }) => name);

describe('ls', () => {
  it('shows the table of viewDatabase, or its rows', async () => {
    const { names, path, run, runJson } = makeDatabase();
    const { code, stdout, stderr } = await run('ls');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/n_filters.*c_w.*lc %/);
    expect(stdout).toMatch(/first .*LC_SNN .* 25 .* 90\.0 ± 0\.3/);
    expect(stdout).toContain(names[1].slice(0, 8));
    const rows = (await runJson('ls')) as DatabaseRow[];
    const infinite = { c_w_min: '-Infinity' };
    expect(rows).toEqual(viewDatabase({ database: path }).map((row) => Object.assign({}, row, infinite)));
  });

  it('filters by values, lists and ranges, sorts and limits', async () => {
    const { names, runJson } = makeDatabase();
    expect(namesOf(await runJson('ls', '--filter', 'n_filters=50'))).toEqual([names[1]]);
    expect(namesOf(await runJson('ls', '--filter', 'n_filters=25,75', 'c_w=-130..-100'))).toEqual([
      names[0],
      names[2],
    ]);
    expect(namesOf(await runJson('ls', '--filter', 'lc=0.885..'))).toEqual([names[0], names[1]]);
    expect(namesOf(await runJson('ls', '--sort', '-n_filters', '--limit', '2'))).toEqual([
      names[2],
      names[1],
    ]);
    expect(namesOf(await runJson('ls', '--sort', 'lc'))).toEqual(names.toReversed());
    expect(await runJson('ls', '--filter', 'c_w=0')).toEqual([]);
  });

  it('says where the filter or the name is wrong', async () => {
    const { run } = makeDatabase();
    expect(await run('ls', '--filter', 'n_filters')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        'expected name=value, name=value,value or name=from..to, got "n_filters"',
      ),
    });
    expect(await run('ls', '--filter', 'n_filter=3')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('unknown name "n_filter". Did you mean "n_filters"?'),
    });
  });

  it('of an empty database says how to begin', async () => {
    const path = join(makeFolder(), 'new.db');
    openStore(path).close();
    const { code, stdout } = await runHere(['ls', '--db', path]);
    expect([code, stdout]).toEqual([0, 'No networks are stored yet: locus start trains the first one.\n']);
  });

  it('finds a name with dots, commas and quotes in it, in quotes', async () => {
    const { names, run } = makeDatabase();
    const name = 'a..b, "c"';
    await run('rename', names[0], name);
    const { code, stdout } = await run('ls', '--json', '--filter', 'name="a..b, ""c"""');
    expect([code, JSON.parse(stdout)]).toEqual([0, [expect.objectContaining({ name })]]);
  });
});

describe('a database that is not there', () => {
  it.each([
    [['ls']],
    [['show', 'a']],
    [['diff', 'a', 'b']],
    [['report', 'a']],
    [['figure', 'database']],
    [['figure', 'confusion', 'a']],
    [['score', 'a']],
    [['calibrate', 'a']],
    [['clean']],
    [['rm', 'a']],
    [['rename', 'a', 'b']],
  ])('%j: says so, and makes none', async (words) => {
    const path = join(makeFolder(), 'nowhere.db');
    const { code, stderr } = await runHere([...words, '--db', path]);
    expect([code, stderr]).toEqual([1, `locus: ${path}: expected a database, found no such file\n`]);
    expect(existsSync(path)).toBe(false);
  });

  // Where no folder can be made, Node's own recursive mkdir never ends.
  it.skipIf(!existsSync('/proc/self'))('nor can be made: a training says so before it begins', async () => {
    const words = ['train', 'lc', '--dataset', 'mnist-10k', '--n-filters', '4', '--db', '/proc/locus/x.db'];
    const { code, stderr } = await runHere(words);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^locus: \/proc\/locus\/x\.db cannot be made/m),
    ]);
    expect(stderr).not.toContain('training:');
  });
});

describe('too many images', () => {
  it.each(['calibrate', 'score'])('%s names option, limit and value', async (command) => {
    const path = join(makeFolder(), 'networks.db');
    copyFileSync('test/fixtures/databases/version-1.db', path);
    const words = [command, '8a4d179b8119', '--images', '99999999', '--engine', 'wasm', '--db', path];
    const { code, stderr } = await runHere(words);
    const message = /expected images ≤ 14913080 of 12 × 12 pixels, got 99999999\n$/;
    expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
  });

  it.each(['calibrate', 'test'])('train --%s says so before the training', async (option) => {
    const words = ['train', 'lc', '--dataset', 'mnist-10k', '--n-filters', '4', `--${option}`, '99999999'];
    const { code, stderr } = await runHere([...words, '--db', join(makeFolder(), 'new.db')]);
    const message = `train: expected ${option} ≤ 5368709 of 20 × 20 pixels, got 99999999`;
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    expect(stderr).not.toContain('training:');
  });
});

it('a network that no memory holds is refused before its weights are drawn', async () => {
  const start = performance.now();
  const words = ['train', 'lc', '--dataset', 'mnist-10k', '--n-filters', '1000000'];
  const { code, stderr } = await runHere([...words, '--db', join(makeFolder(), 'new.db')]);
  expect([code, stderr]).toEqual([1, expect.stringContaining('WebAssembly: 4.8 GB are needed')]);
  expect(performance.now() - start).toBeLessThan(20_000);
});

describe('show', () => {
  it('shows parameters, scores and arrays of one network', async () => {
    const { names, run, runJson } = makeDatabase();
    const { stdout } = await run('show', 'first');
    expect(stdout).toMatch(/^first\n {2}network_type +LC_SNN\n/);
    expect(stdout).toMatch(/lc {2}90\.00 ± 0\.30 % of 10000 images/);
    expect(stdout).toMatch(/w_xy +float32 2 × 3/);
    expect(await runJson('show', names[1].slice(0, 8))).toMatchObject({
      row: { name: names[1], n_filters: 50, c_w_min: '-Infinity', lc_accuracy: 0.89 },
      arrays: { w_xy: { dtype: 'float32', shape: [2, 3] } },
      meta: { classifier: { C: 0.01 } },
    });
  });

  it('of a name that nothing has: exit code 1, and the nearest name', async () => {
    const { run } = makeDatabase();
    expect(await run('show', 'frist')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^locus: network "frist": no such network .*Did you mean "first"\?\n$/),
    });
  });
});

describe('rename', () => {
  it('gives another name, and refuses one that is taken', async () => {
    const { names, path, runJson, run } = makeDatabase();
    expect(await runJson('rename', names[1].slice(0, 8), 'second')).toEqual({ from: names[1], to: 'second' });
    expect(namesOf(viewDatabase({ database: path }))).toEqual(['first', 'second', names[2]]);
    expect(await run('rename', 'second', 'first')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('"first" already means the network "first"'),
    });
  });
});

describe('rm', () => {
  it('deletes what it is told to with --yes', async () => {
    const { names, path, runJson } = makeDatabase();
    expect(await runJson('rm', 'first', names[2], '--yes')).toEqual({ deleted: ['first', names[2]] });
    expect(namesOf(viewDatabase({ database: path }))).toEqual([names[1]]);
  });

  it('deletes nothing if one of the names means nothing, or if it cannot ask', async () => {
    const { path, run } = makeDatabase();
    expect((await run('rm', 'first', 'nothing', '--yes')).code).toBe(1);
    expect(await run('rm', 'first')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('expected --yes, as there is no terminal to ask on'),
    });
    expect(viewDatabase({ database: path })).toHaveLength(seeds.length);
  });

  it.each([
    ['y', 0, seeds.length - 1],
    ['n', 1, seeds.length],
    ['', 1, seeds.length],
  ])('asks on a terminal; the answer "%s" gives exit code %i', async (answer, code, left) => {
    const { path } = makeDatabase();
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    const stderr = Object.assign(new PassThrough(), { isTTY: true });
    stdin.write(`${answer}\n`);
    const ran = runHere(['rm', 'first', '--db', path], { stdin, stderr });
    stderr.resume();
    expect((await ran).code).toBe(code);
    expect(viewDatabase({ database: path })).toHaveLength(left);
  });
});

describe('clean', () => {
  it('reports that there is nothing to repair', async () => {
    const path = join(makeFolder(), 'networks.db');
    copyFileSync(shippedDatabasePath(), path);
    const { stdout } = await runHere(['clean', '--db', path]);
    expect(stdout).toBe('12 networks and checkpoints checked\nnothing to repair\n');
    const json = await runHere(['clean', '--db', path, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      checked: 12,
      corrupt: [],
      repaired: [],
      unknownTypes: [],
    });
  });
});

describe('an error', () => {
  it('of the database is one line with exit code 1; --debug shows where it comes from', async () => {
    const path = join(makeFolder(), 'networks.db');
    writeFileSync(path, 'this is no database, however long one looks at it');
    const { code, stdout, stderr } = await runHere(['ls', '--db', path, '--json']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^locus: .*networks\.db.*\n$/);
    expect((await runHere(['ls', '--db', path, '--debug'])).stderr).toMatch(/\n {4}at /);
  });

  it('that no one foresaw shows its stack and asks to be reported', async () => {
    const broken = new PassThrough();
    broken.write = () => {
      throw new TypeError('broken');
    };
    const { code, stderr } = await runHere(['--version'], { stdout: broken });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^TypeError: broken\n {4}at [\s\S]*please report it/);
  });
});
