/** Which file a path means, and which files lie beside it: blanks at the end, file systems without shared memory. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, vi } from 'vitest';
import '../../src/node/engines.js';
import type { LocusError } from '../../src/errors.js';
import { importNetwork } from '../../src/kinds/snn/index.js';
import { cleanDatabase } from '../../src/kinds/clean-database.js';
import { deleteNetwork, openStore, viewDatabase } from '../../src/store/index.js';
import { explainErrors } from '../../src/store/store-error.js';
import { runHere } from '../cli/run-cli.js';
import { writeExample } from '../support/example-originals.js';
import { makeFolder } from '../support/make-folder.js';
import { sampleNetwork } from './sample-network.js';

/** Whatever better-sqlite3 cuts off the end of a path. */
const blanks = [' ', '\t', '\n', '\r', '\u00A0', '\u2003', '\uFEFF', ' \t'];

describe('a path that ends in a blank', () => {
  const uses: [use: string, act: (path: string, other: string) => unknown][] = [
    ['openStore', (path) => openStore(path).close()],
    ['openStore for reading', (path) => openStore(path, { readonly: true }).close()],
    ['a seed', (path, other) => openStore(`${other}.new`, { seedFrom: path }).close()],
    ['viewDatabase', (path) => viewDatabase({ database: path })],
    ['deleteNetwork', (path) => deleteNetwork('mine', { database: path })],
    ['cleanDatabase', (path) => cleanDatabase({ database: path })],
    ['importNetwork', (path) => importNetwork(writeExample('convolutional'), { database: path })],
    [
      'LOCUS_DB',
      (path) => {
        vi.stubEnv('LOCUS_DB', path);
        try {
          viewDatabase();
        } finally {
          vi.unstubAllEnvs();
        }
      },
    ],
    [
      'exportNetworks',
      (path, other) => {
        const store = openStore(other);
        try {
          store.exportNetworks(['mine'], path, { overwrite: true });
        } finally {
          store.close();
        }
      },
    ],
  ];

  it.each(uses)('is refused by %s, and no other file is touched', (_, act) => {
    for (const blank of blanks) {
      const folder = makeFolder();
      const path = join(folder, 'networks.db');
      const store = openStore(path);
      store.save({ ...sampleNetwork(), name: 'mine' });
      store.close();
      const before = readFileSync(path);
      expect(() => act(path + blank, path)).toThrow('expected a path that does not end in a blank, got "');
      expect(readdirSync(folder)).toEqual(['networks.db']);
      expect(readFileSync(path).equals(before)).toBe(true);
    }
  });

  it('is refused with a NUL in it, too, behind which SQLite reads nothing', () => {
    const folder = makeFolder();
    expect(() => openStore(join(folder, 'networks.db\0x'))).toThrow('expected a path without NUL');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is refused by commands', async () => {
    const path = join(makeFolder(), 'networks.db ');
    const { code, stderr } = await runHere(['rm', 'mine', '--yes', '--db', path]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('expected a path that does not end in a blank'),
    ]);
  });

  it('but a blank elsewhere is part of the name', () => {
    const path = join(makeFolder(), ' my networks .db');
    openStore(path).close();
    expect(existsSync(path)).toBe(true);
  });
});

describe('journal', () => {
  /** The files in the folder while a database is open there, after something was saved. */
  function filesWhileOpen(path: string, folder: string, journal?: 'wal' | 'delete'): string[] {
    const store = openStore(path, { journal });
    store.save(sampleNetwork({ seed: Math.floor(performance.now()) }));
    const files = readdirSync(folder);
    store.close();
    return files;
  }

  const modeOf = (path: string) => {
    const database = new Database(path, { readonly: true });
    const mode: unknown = database.pragma('journal_mode', { simple: true });
    database.close();
    return mode;
  };

  it("'delete' keeps a new database in one file, and stays", () => {
    const folder = makeFolder();
    const path = join(folder, 'networks.db');
    expect(filesWhileOpen(path, folder, 'delete')).toEqual(['networks.db']);
    expect(filesWhileOpen(path, folder)).toEqual(['networks.db']);
    expect(modeOf(path)).toBe('delete');
    expect(filesWhileOpen(path, folder, 'wal')).toEqual([
      'networks.db',
      'networks.db-shm',
      'networks.db-wal',
    ]);
  });

  it("'delete' changes one that has a write-ahead log, and lets others in", () => {
    const folder = makeFolder();
    const path = join(folder, 'networks.db');
    expect(filesWhileOpen(path, folder)).toContain('networks.db-shm');
    const store = openStore(path, { journal: 'delete' });
    expect(viewDatabase({ database: path })).toHaveLength(1);
    const other = openStore(path, { busyTimeout: 100 });
    other.save({ ...sampleNetwork(), name: 'of another' });
    other.close();
    expect(store.list()).toHaveLength(2);
    store.close();
    expect(modeOf(path)).toBe('delete');
  });

  it('is an option of every command with a database', async () => {
    const path = join(makeFolder(), 'networks.db');
    const { code } = await runHere(['ls', '--journal', 'delete', '--db', path]);
    expect([code, modeOf(path)]).toEqual([0, 'delete']);
    expect((await runHere(['ls', '--journal', 'off', '--db', path])).code).toBe(2);
    expect(() => openStore(path, { journal: 'off' as 'wal' })).toThrow('unknown journal "off"');
  });
});

describe('a file system', () => {
  const explained = (code: string) => {
    openStore(join(makeFolder(), 'any.db')).close();
    try {
      explainErrors('/mnt/networks.db', () => {
        throw new Database.SqliteError('disk I/O error', code);
      });
    } catch (error) {
      return error as LocusError;
    }
    throw new Error('expected an error');
  };

  it.each(['SQLITE_IOERR_SHMMAP', 'SQLITE_IOERR_SHMOPEN', 'SQLITE_IOERR_SHMLOCK'])(
    'without shared memory (%s) is named, with the way out and its price',
    (code) => {
      const { code: own, message } = explained(code);
      expect(own).toBe('STORE_UNAVAILABLE');
      expect(message).toMatch(/^\/mnt\/networks\.db lies on a file system without shared memory, as sshfs/);
      expect(message).toMatch(
        /--journal delete .*journal: 'delete'.* a reader then waits while another process writes/,
      );
    },
  );

  it.each([
    ['SQLITE_IOERR_LOCK', /without file locks/],
    ['SQLITE_IOERR_SHMSIZE', /the disk is full or failing/],
    ['SQLITE_IOERR_WRITE', /the disk is full or failing/],
  ])('that fails otherwise (%s)', (code, message) => {
    expect(explained(code).message).toMatch(message);
  });

  // Files of at most 8 kB: what a write-ahead log shares with other processes has 32 kB.
  it('where opening fails keeps no files of it', () => {
    const folder = makeFolder();
    const path = join(folder, 'networks.db');
    const open = `import { openStore } from ${JSON.stringify(join(import.meta.dirname, '../../src/store/index.ts'))};
      try { openStore(${JSON.stringify(path)}).close(); } catch (error) { console.log(error.code, error.message); }`;
    const { stdout } = spawnSync(
      'bash',
      ['-c', 'ulimit -f 8; exec "$0" --import tsx --input-type=module --eval "$1"', process.execPath, open],
      { encoding: 'utf8' },
    );
    expect(stdout).toMatch(/^STORE_UNAVAILABLE .*SQLITE_IOERR/);
    expect(readdirSync(folder)).toEqual([]);
    // One that was there stays, with what is in it.
    openStore(path).close();
    const before = readFileSync(path);
    copyFileSync(path, `${path}.copy`);
    spawnSync(
      'bash',
      ['-c', 'ulimit -f 8; exec "$0" --import tsx --input-type=module --eval "$1"', process.execPath, open],
      { encoding: 'utf8' },
    );
    expect(readdirSync(folder)).toEqual(['networks.db', 'networks.db.copy']);
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});
