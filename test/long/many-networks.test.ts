/** A database of twenty thousand networks, and one with damaged networks: what is listed, how long it takes, what is marked. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson, openStore, type Parameters, viewDatabase } from '../../src/store/index.js';
import { sha224 } from '../../src/store/canonical-json.js';
import { makeFolder } from '../support/make-folder.js';
import { runHere, runProgram } from '../cli/run-cli.js';

const fixture = join(import.meta.dirname, '../fixtures/databases/version-1.db');
const count = 20_000;

/** Copies of one small network with other seeds, stored one second after the other. */
function writeMany(path: string): void {
  copyFileSync(fixture, path);
  const store = openStore(path);
  const { name } = store.view('8a4d179b8119');
  for (const other of store.list()) if (other.name !== name) store.delete(other.name);
  for (const { key } of store.listCheckpoints()) store.deleteCheckpoint(key);
  store.close();
  const database = new Database(path);
  const network = database.prepare('SELECT * FROM networks').get() as Record<string, string | number>;
  const columns = Object.keys(network).filter((column) => column !== 'id');
  const insert = database.prepare(
    `INSERT INTO networks (${columns.join()}) VALUES (${columns.map((each) => `@${each}`).join()})`,
  );
  const parameters = JSON.parse(String(network.parameters)) as Parameters;
  database.transaction(() => {
    for (let i = 1; i < count; i++) {
      const text = canonicalJson({ ...parameters, c_w_min: -Infinity, seed: i + 1 });
      const hash = sha224(text);
      const created = new Date(Date.UTC(2026, 0, 1) + 1000 * i).toISOString();
      const { lastInsertRowid: id } = insert.run({
        ...network,
        parameters: text,
        hash,
        name: hash,
        seed: i + 1,
        created,
      });
      database
        .prepare('INSERT INTO scores SELECT ?, method, accuracy, error, n_iter FROM scores WHERE network = ?')
        .run(id, network.id);
      database
        .prepare('INSERT INTO arrays SELECT ?, name, data FROM arrays WHERE network = ?')
        .run(id, network.id);
    }
  })();
  database.close();
}

/** Lines of the table that show a network. */
const rowsOf = (table: string) =>
  table
    .split('\n')
    .filter((line) => line.startsWith('│'))
    .slice(1);

describe('twenty thousand networks', () => {
  const folder = mkdtempSync(join(tmpdir(), 'locus-test-'));
  const path = join(folder, 'many.db');
  beforeAll(() => writeMany(path), 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('shows the newest 50 and says how many more there are', async () => {
    const { code, stdout, stderr } = await runHere(['ls', '--db', path]);
    expect([code, stderr]).toEqual([0, '']);
    const rows = rowsOf(stdout);
    expect(rows).toHaveLength(50);
    expect(rows[0]).toContain(` ${count - 49} `);
    expect(rows.at(-1)).toContain(` ${count} `);
    expect(stdout).toMatch(/\n19,950 more: --limit, --filter, --all\n$/);
  });

  it.each([
    [['--limit', '3'], [19_998, 19_999, 20_000], '19,997 more'],
    [['--limit', '2', '--sort', 'seed'], [1, 2], '19,998 more'],
    [['--filter', 'seed=5..7', '--limit', '2'], [6, 7], '1 more'],
    [['--filter', 'seed=5..6'], [5, 6], undefined],
  ])('%j', async (words, seeds, more) => {
    const { stdout } = await runHere(['ls', ...words, '--db', path]);
    expect(rowsOf(stdout).map((row) => Number(row.split('│')[8]))).toEqual(seeds);
    expect(/^(.*): --limit/m.exec(stdout)?.[1]).toBe(more);
  });

  // In processor time, which other programs disturb less. Usual are 2 to 5 s; a quadratic time would be minutes.
  it.each<[string, string[], RegExp]>([
    ['the whole table', ['ls', '--all'], / 20000 /],
    ['all rows as JSON', ['ls', '--json'], /"seed": 20000/],
    ['the figure', ['figure', 'database', '--output', '{folder}/figure.html'], /figure\.html/],
    ['clean', ['clean'], /^20000 networks and checkpoints checked\nnothing to repair\n$/],
  ])(
    'takes seconds for %s',
    async (_, words, expected) => {
      const output = makeFolder();
      const start = process.cpuUsage();
      const filled = words.map((word) => word.replace('{folder}', output));
      const { code, stdout } = await runHere([...filled, '--db', path]);
      const { user, system } = process.cpuUsage(start);
      expect((user + system) / 1e6).toBeLessThan(25);
      expect(code).toBe(0);
      expect(stdout).toMatch(expected);
    },
    120_000,
  );

  it('is cleaned in threads by the built program', async () => {
    const { code, stdout, stderr } = await runProgram(['clean', '--db', path]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`${count} networks and checkpoints checked\nnothing to repair\n`);
  });

  it('wants --limit or --all, not both', async () => {
    const { code, stderr } = await runHere(['ls', '--all', '--limit', '3', '--db', path]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('expected --limit or --all, got both')]);
  });
});

describe('a damaged network', () => {
  it.each([
    ['a hash that does not fit', `hash = '00'`, /parameters: expected hash 00, got 8a4d/],
    ['parameters that are no JSON', `parameters = '{'`, /parameters: expected hash 8a4d/],
    ['meta data that are no JSON', `meta = '{'`, /meta: expected JSON, got /],
    ['meta data that are no object', `meta = '[]'`, /meta: expected an object, got \[\]/],
  ])('%s: is marked, and the others are listed', async (_, change, message) => {
    for (const isOld of [false, true]) {
      const path = join(makeFolder(), 'damaged.db');
      copyFileSync(fixture, path);
      // A database of version 1 is brought up to date although a network in it is damaged.
      if (!isOld) openStore(path).close();
      const database = new Database(path);
      database.exec(`UPDATE networks SET ${change} WHERE name LIKE '8a4d179b8119%'`);
      const names = database.prepare('SELECT name FROM networks').pluck().all() as string[];
      database.close();
      const table = await runHere(['ls', '--db', path]);
      expect(table.code).toBe(1);
      expect(table.stderr).toMatch(/^locus: network "8a4d179b8119\w*", /);
      expect(table.stderr).toMatch(message);
      expect(rowsOf(table.stdout)).toHaveLength(names.length);
      expect(rowsOf(table.stdout).filter((row) => row.includes(' damaged '))).toEqual([
        expect.stringMatching(/^│ 8a4d179b /),
      ]);
      const json = await runHere(['ls', '--json', '--db', path]);
      const rows = JSON.parse(json.stdout) as { name: string; damage?: string }[];
      expect([json.code, rows.length]).toEqual([1, names.length]);
      expect(rows.filter(({ damage }) => damage !== undefined)).toEqual([
        { name: expect.stringMatching(/^8a4d179b8119/), damage: expect.stringMatching(message) },
      ]);
      const output = join(makeFolder(), 'figure.html');
      const figure = await runHere(['figure', 'database', '--output', output, '--db', path]);
      expect([figure.code, figure.stderr]).toEqual([0, expect.stringMatching(message)]);
    }
  });
});

describe('viewDatabase with columns', () => {
  it('takes published names in any spelling, and gives null where a network has no such value', () => {
    const rows = viewDatabase({ database: copyFixture(), columns: ['name', 'nFilters', 'lc_accuracy'] });
    expect(Object.keys(rows[0])).toEqual(['name', 'n_filters', 'lc_accuracy']);
    expect(rows.find(({ name }) => name === 'relu')).toEqual({
      name: 'relu',
      n_filters: null,
      lc_accuracy: null,
    });
  });

  it('gives the short columns of locus ls, so that console.table fits a terminal', () => {
    const rows = viewDatabase({ database: copyFixture(), columns: 'compact' });
    expect(rows[0]).toMatchObject({
      name: '8a4d179b',
      network_type: 'LC_SNN',
      n_filters: 4,
      'voting %': '16.7 ± 6.8',
    });
    const width = Object.keys(rows[0]).reduce(
      (sum, column) => sum + 3 + Math.max(column.length, ...rows.map((row) => String(row[column]).length)),
      0,
    );
    expect(width).toBeLessThan(170);
  });

  it.each([
    [['n_filter'], 'columns: unknown name "n_filter". Did you mean "n_filters"?'],
    ['small', 'viewDatabase: expected columns to be a list of at least 1, got "small"'],
    [[''], 'viewDatabase: expected columns[0] to be text that is not empty, got ""'],
  ])('refuses %j', (columns, message) => {
    expect(() => viewDatabase({ database: copyFixture(), columns: columns as string[] })).toThrow(message);
  });
});

function copyFixture(): string {
  const path = join(makeFolder(), 'networks.db');
  copyFileSync(fixture, path);
  return path;
}
