import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { sampleNetwork } from '../../test/store/sample-network.js';
import { makeFolder } from '../../test/support/make-folder.js';
import { networkName } from './canonical-json.js';
import * as database from './database.js';
import { defaultDatabasePath } from './database-path.js';
import { formatTable } from './format-table.js';
import { openStore } from './network-store.js';

const { viewDatabase, viewNetwork, deleteNetwork, renameNetwork } = database;
const lcName = networkName(sampleNetwork().parameters);

/** The path of a database with an LC and an NNMF network. */
function sampleDatabase(): string {
  const path = join(makeFolder(), 'a.db');
  const store = openStore(path, { now: () => new Date('2026-01-01T12:34:56Z') });
  store.save(sampleNetwork());
  store.save({
    ...sampleNetwork(),
    name: 'layers',
    parameters: { network_type: 'NNMF', epsilon: 0.1, seed: 3, n_iter: 12 },
    scores: { output: { accuracy: 0.98765, error: 0.0011, nIter: 10_000 } },
  });
  store.close();
  return path;
}

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('viewDatabase', () => {
  it('gives rows of published names, truth values and infinities as they are', () => {
    const [row, layered] = viewDatabase({ database: sampleDatabase() });
    expect(row).toEqual({
      name: lcName,
      ...sampleNetwork().parameters,
      nu_pre: 1e-4,
      nu_post: 1e-2,
      theta_plus: 0.05,
      tc_theta_decay: 1e6,
      theta_decay: 'stepwise',
      c_w_max: null,
      patch_voting_accuracy: 0.8179,
      patch_voting_error: 0.0038592692313441936,
      patch_voting_n_iter: 10_000,
      all_voting_accuracy: 0.8183,
      all_voting_error: 0.0038559708245784223,
      all_voting_n_iter: 10_000,
      spikes_first_accuracy: null,
      spikes_first_error: null,
      spikes_first_n_iter: null,
      lc_accuracy: 0.8757,
      lc_error: 0.003299234911308984,
      lc_n_iter: 10_000,
      output_accuracy: null,
      output_error: null,
      output_n_iter: null,
      best_voting_accuracy: 0.8183,
      n_parameters: 37_800,
      n_output: 225,
      dataset_hash: 'd0',
      state_hash: '50',
      parent: null,
      code_version: '0.1.0',
      hash: lcName,
      created: '2026-01-01T12:34:56.000Z',
      updated: '2026-01-01T12:34:56.000Z',
    });
    expect(layered).toMatchObject({
      name: 'layers',
      n_filters: null,
      epsilon: 0.1,
      output_accuracy: 0.98765,
    });
  });

  it('has all names of its rows as filter and sort', () => {
    const path = sampleDatabase();
    for (const row of viewDatabase({ database: path })) {
      for (const [name, value] of Object.entries(row)) {
        const found = viewDatabase({ database: path, filter: { [name]: value as number }, sort: name });
        expect(found).toContainEqual(row);
      }
    }
  });
});

describe('the database in one call', () => {
  it('shows, renames and deletes', () => {
    const path = sampleDatabase();
    const { row, arrays, meta } = viewNetwork(lcName.slice(0, 7), { database: path });
    expect(row).toEqual(viewDatabase({ database: path })[0]);
    expect(arrays.w_xy).toEqual({ dtype: 'float32', shape: [2, 3], storedBytes: expect.any(Number) });
    expect(meta).toEqual(sampleNetwork().meta);
    renameNetwork(lcName, 'champion', { database: path });
    expect(viewNetwork('champion', { database: path }).row.hash).toBe(lcName);
    expect(deleteNetwork('champi', { database: path })).toBe('champion');
    expect(viewDatabase({ database: path }).map(({ name }) => name)).toEqual(['layers']);
    expect(() => deleteNetwork('champion', { database: path })).toThrow('no such network');
  });

  it('takes the file under the former name of the option, with a note', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const path = sampleDatabase();
    expect(viewDatabase({ path })).toEqual(viewDatabase({ database: path }));
    expect(warn.mock.calls.map(([note]) => note)).toEqual([
      'viewDatabase: path is now called database; the former name goes with the next version.',
    ]);
    // Closed again each time.
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  it('has the published names too', () => {
    expect(database.view_database).toBe(viewDatabase);
    expect(database.delete_network).toBe(deleteNetwork);
    expect(database.rename_network).toBe(renameNetwork);
  });

  it('uses the database that LOCUS_DB names', () => {
    const path = sampleDatabase();
    vi.stubEnv('LOCUS_DB', path);
    expect(viewDatabase()).toEqual(viewDatabase({ database: path }));
    expect(viewNetwork('layers').row.name).toBe('layers');
  });

  it('reads networks/networks.db of the project otherwise, or what a new one would hold, and makes none', () => {
    const project = makeFolder();
    writeFileSync(join(project, 'package.json'), '{}');
    mkdirSync(join(project, 'notebooks'));
    vi.stubEnv('LOCUS_DB', undefined);
    vi.spyOn(process, 'cwd').mockReturnValue(join(project, 'notebooks'));
    const path = join(project, 'networks', 'networks.db');
    const before = viewDatabase();
    expect([existsSync(path), before.length]).toEqual([false, 12]);
    openStore().close();
    expect([existsSync(path), viewDatabase()]).toEqual([true, before]);
  });
});

describe('defaultDatabasePath', () => {
  it('takes LOCUS_DB first, then the nearest project, then the folder itself', () => {
    const root = makeFolder();
    const inner = join(root, 'project', 'src', 'deep');
    mkdirSync(inner, { recursive: true });
    expect(defaultDatabasePath({ LOCUS_DB: 'mine.db' }, inner)).toBe(join(inner, 'mine.db'));
    expect(defaultDatabasePath({ LOCUS_DB: '/elsewhere/x.db' }, inner)).toBe('/elsewhere/x.db');
    expect(defaultDatabasePath({}, inner)).toBe(join(inner, 'networks', 'networks.db'));
    mkdirSync(join(root, 'networks'));
    writeFileSync(join(root, 'networks', 'networks.db'), '');
    expect(defaultDatabasePath({}, inner)).toBe(join(root, 'networks', 'networks.db'));
    writeFileSync(join(root, 'project', 'package.json'), '{}');
    expect(defaultDatabasePath({ LOCUS_DB: '' }, inner)).toBe(join(root, 'networks', 'networks.db'));
  });

  it('takes the nearest package.json where no folder above has a database', () => {
    const root = makeFolder();
    const inner = join(root, 'project', 'src');
    mkdirSync(inner, { recursive: true });
    writeFileSync(join(root, 'project', 'package.json'), '{}');
    expect(defaultDatabasePath({}, inner)).toBe(join(root, 'project', 'networks', 'networks.db'));
  });

  it('finds the database of the project, or the one that comes with it, from a folder with packages of its own', () => {
    const root = makeFolder();
    const notebooks = join(root, 'notebooks');
    mkdirSync(notebooks);
    mkdirSync(join(root, 'networks'));
    writeFileSync(join(notebooks, 'package.json'), '{}');
    writeFileSync(join(root, 'networks', 'published.db'), '');
    expect(defaultDatabasePath({}, notebooks)).toBe(join(root, 'networks', 'networks.db'));
  });
});

describe('formatTable', () => {
  it('shows what people look for', () => {
    const path = sampleDatabase();
    const cells = formatTable(viewDatabase({ database: path, filter: { name: lcName } }))
      .split('\n')
      .filter((line) => line.includes('│'))
      .map((line) =>
        line
          .split('│')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    expect(cells).toEqual([
      [
        'name',
        'network_type',
        'n_filters',
        'kernel_size',
        'mean_weight',
        'c_w',
        'n_iter',
        'seed',
        'voting %',
        'lc %',
        'created',
      ],
      [
        lcName.slice(0, 8),
        'LC_SNN',
        '25',
        '12',
        '0.46',
        '-126.667',
        '4000',
        '0',
        '81.8 ± 0.4',
        '87.6 ± 0.3',
        '2026-01-01 12:34',
      ],
    ]);
  });

  it('shows other types of network, the scores of their output, and given names', () => {
    const path = sampleDatabase();
    renameNetwork('layers', 'a name that is too long for a column', { database: path });
    expect(
      formatTable(viewDatabase({ database: path }))
        .split('\n')
        .slice(3, -1)
        .join('\n'),
    ).toMatchInlineSnapshot(`
      "│ f2451b16                 │ LC_SNN       │        25 │          12 │        0.46 │ -126.667 │   4000 │    0 │ 81.8 ± 0.4 │ 87.6 ± 0.3 │            │ 2026-01-01 12:34 │
      │ a name that is too long… │ NNMF         │           │             │             │          │     12 │    3 │            │            │ 98.8 ± 0.1 │ 2026-01-01 12:34 │"
    `);
  });

  it('has lines of equal width and no colour codes', () => {
    const table = formatTable(viewDatabase({ database: sampleDatabase() }));
    expect(new Set(table.split('\n').map((line) => line.length)).size).toBe(1);
    expect(table).not.toContain('\u001B');
    expect(formatTable([]).split('\n')).toHaveLength(3);
  });
});
