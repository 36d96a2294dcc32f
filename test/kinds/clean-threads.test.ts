/** Cleaning in threads, which only a bundled program can start: the report and the database are those of one thread alone. */
import { hash } from 'node:crypto';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeArray, openStore, type SoundSearch, type StoredArray } from '../../src/store/index.js';
import { makeFolder } from '../support/make-folder.js';

type CleanDatabase = typeof import('../../src/kinds/clean-database.js');
type CleanThreads = typeof import('../../src/kinds/clean-threads.js');
type Registry = typeof import('../../src/kinds/registry.js');

const fixture = resolve('test/fixtures/databases/version-1.db');
const count = 60;
const alone = { from: Infinity, mostThreads: 1 };
const together = { from: 0, mostThreads: 3 };

/** In `node_modules`, where bundled modules find their packages. */
const outdir = resolve('node_modules/.cache', `clean-${process.pid}`);
let { cleanInThreads } = {} as CleanDatabase;
let { startCleanThreads } = {} as CleanThreads;

/** The modules of cleaning and of its threads, bundled as in the package. */
async function bundle(): Promise<string> {
  mkdirSync(outdir, { recursive: true });
  writeFileSync(join(outdir, 'package.json'), '{ "type": "module" }');
  const contents = `export { cleanInThreads } from './clean-database.js';
    export { startCleanThreads } from './clean-threads.js';
    export { loadAllKinds } from './registry.js';`;
  await build({
    stdin: { contents, resolveDir: 'src/kinds', sourcefile: 'clean.ts' },
    entryPoints: { 'clean-worker': 'src/kinds/clean-worker.ts' },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
  return pathToFileURL(join(outdir, 'stdin.js')).href;
}

beforeAll(async () => {
  const bundled = (await import(await bundle())) as Registry & CleanDatabase & CleanThreads;
  await bundled.loadAllKinds();
  ({ cleanInThreads, startCleanThreads } = bundled);
});

afterAll(() => rmSync(outdir, { recursive: true }));

/** Copies of a small network with other seeds, named n0, n1, …; every fifth is named by its hash. */
function makeDatabase(journal: 'wal' | 'delete'): string {
  const path = join(makeFolder(), 'networks.db');
  copyFileSync(fixture, path);
  const store = openStore(path, { journal });
  const { parameters, ...record } = store.load('8a4d179b8119');
  for (let i = 0; i < count; i += 1) {
    const name = i % 5 === 0 ? undefined : `n${i}`;
    store.save({ ...record, parameters: { ...parameters, seed: 1000 + i }, name });
  }
  store.close();
  return path;
}

/** All that `clean` can find, here and there among the networks. */
function damage(path: string): void {
  const database = new Database(path);
  database.pragma('foreign_keys = OFF');
  const arrays = new Map<string, StoredArray>([
    ['not a number', { shape: [16], data: new Float32Array(16).fill(NaN) }],
    ['dtype', { shape: [16], data: new Float64Array(16) }],
    ['shape', { shape: [4, 4], data: new Float32Array(16) }],
  ]);
  const theta = `name = 'theta' AND network = (SELECT id FROM networks WHERE name = ?)`;
  const put = (name: string, what: string) =>
    database
      .prepare(`UPDATE arrays SET data = ? WHERE ${theta}`)
      .run(encodeArray(arrays.get(what)!, what), name);
  put('n1', 'not a number');
  put('n2', 'dtype');
  put('n3', 'shape');
  database.prepare(`UPDATE arrays SET data = substr(data, 1, length(data) - 3) WHERE ${theta}`).run('n11');
  database.prepare(`DELETE FROM arrays WHERE ${theta}`).run('n12');
  const set = (change: string, seed: number) =>
    database.prepare(`UPDATE networks SET ${change} WHERE seed = ?`).run(1000 + seed);
  set(`meta = json_set(meta, '$.trainingSetSize', -1)`, 13);
  set(`meta = '{'`, 14);
  set(`parameters = '{'`, 16);
  set(`parameters = replace(parameters, '"seed":', ' "seed": 9')`, 20);
  set('refrac = 77', 21);
  set(`parameters = replace(parameters, 'LC_SNN', 'Unheard')`, 22);
  set(`parameters = replace(parameters, 'LC_SNN', 'NNMF')`, 23);
  // The same as the network of seed 1030, which has the name that both should have.
  set(`parameters = replace(parameters, '1025', '1030')`, 25);
  // The damaged network of seed 1035 has the name that the next one, an edited one, should have.
  set(`meta = '['`, 35);
  set(`parameters = replace(parameters, '1040', '1035')`, 40);
  database.exec(`DELETE FROM networks WHERE seed = 1050`);
  database.exec(
    `UPDATE checkpoint_arrays SET data = 'x' WHERE rowid = (SELECT min(rowid) FROM checkpoint_arrays)`,
  );
  database.close();
}

/** All rows of the tables, blobs by their hashes. */
function dump(path: string): string[] {
  const database = new Database(path, { readonly: true });
  const tables = ['networks', 'arrays', 'checkpoints', 'checkpoint_arrays', 'scores', 'aliases'];
  const rows = tables.flatMap(
    (table) => database.prepare(`SELECT * FROM ${table}`).raw().all() as unknown[][],
  );
  database.close();
  return rows.map((row) =>
    row.map((value) => (value instanceof Buffer ? hash('sha1', value) : String(value))).join(' | '),
  );
}

describe.skipIf(availableParallelism() < 2)('clean in threads', () => {
  it.each([
    ['wal', false],
    ['wal', true],
    ['delete', false],
    ['delete', true],
  ] as const)('reports and leaves the same: journal %s, dropCorrupt %s', (journal, dropCorrupt) => {
    const one = makeDatabase(journal);
    damage(one);
    const several = join(makeFolder(), 'networks.db');
    copyFileSync(one, several);
    const expected = cleanInThreads({ database: one, dropCorrupt }, alone);
    expect(expected.corrupt.length).toBeGreaterThanOrEqual(10);
    expect(expected.corrupt.map(({ kind }) => kind)).toContain('checkpoint');
    expect(expected).toMatchObject({
      unknownTypes: ['Unheard'],
      repaired: { length: expect.any(Number) },
      conflicts: { length: dropCorrupt ? 1 : 2 },
    });
    expect(expected.repaired.length).toBeGreaterThanOrEqual(4);
    expect(expected.orphansDropped).toBeGreaterThan(0);
    expect(expected.corruptDropped > 0).toBe(dropCorrupt);
    expect(cleanInThreads({ database: several, dropCorrupt }, together)).toEqual(expected);
    expect(dump(several)).toEqual(dump(one));
  });

  /** A search over all networks of the database, in which this thread takes no part. */
  function startSearch(path: string): SoundSearch & { readonly names: readonly string[] } {
    const database = new Database(path, { readonly: true });
    const rows = database.prepare('SELECT id, name FROM networks ORDER BY id').all() as {
      id: number;
      name: string;
    }[];
    database.close();
    const ids = new Float64Array(new SharedArrayBuffer(8 * rows.length));
    ids.set(rows.map(({ id }) => id));
    const sound = new Uint8Array(new SharedArrayBuffer(rows.length));
    const state = new Int32Array(new SharedArrayBuffer(8));
    return { ids, sound, state, names: rows.map(({ name }) => name) };
  }

  it('finds in the other threads which networks are sound', async () => {
    const path = makeDatabase('wal');
    damage(path);
    const threads = startCleanThreads(path, together)!;
    const { names, ...search } = startSearch(path);
    threads.search(search);
    while (search.state[0] < names.length || Atomics.load(search.state, 1) > 0) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    threads.end();
    const found = names.filter((name, i) => /^n\d+$/.test(name) && search.sound[i] === 0);
    const damaged = [1, 2, 3, 11, 12, 13, 14, 16, 21, 22, 23].map((i) => `n${i}`);
    expect(found).toEqual(damaged);
  });

  it('warns of a thread that ends early, and waits for none', async () => {
    const path = makeDatabase('delete');
    const threads = startCleanThreads(path, { from: 0, mostThreads: 2 })!;
    const { names: _, ...search } = startSearch(path);
    rmSync(path);
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
    threads.search(search);
    expect((await warned).message).toContain('a thread that helped to clean ended');
    expect([...search.state]).toEqual([0, 0]);
    threads.end();
  });
});
