/** The store under fire: killed processes, competing processes, full and read-only disks, damaged and foreign files. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openStore, stateHash } from '../../src/store/index.js';
import { incompressibleNetwork, sampleNetwork } from './sample-network.js';
import { bundleProcess } from '../support/bundle-process.js';
import { makeFolder } from '../support/make-folder.js';

const command = [process.execPath, bundleProcess('test/store/saving-process.ts')];

function start(...parameters: string[]): ChildProcess & { lines: string[] } {
  const child = spawn(command[0], [...command.slice(1), ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop()!;
    lines.push(...parts);
  });
  return Object.assign(child, { lines });
}

async function finish(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  return { code: child.exitCode, signal: child.signalCode };
}

describe('kill -9', () => {
  interface State {
    readonly generation: number;
    readonly isHalfway: boolean;
  }

  /** Kills a process that saves generations, and looks at what it left in the database. */
  async function killAndLook(path: string, child: ReturnType<typeof start>): Promise<State> {
    child.kill('SIGKILL');
    expect((await finish(child)).signal).toBe('SIGKILL');
    const committed = child.lines.filter((line) => /^\d+$/.test(line)).map(Number);

    const store = openStore(path);
    try {
      expect(store.clean()).toMatchObject({ orphansDropped: 0, repaired: [], renamed: [], corrupt: [] });
      const network = store.list().length === 0 ? undefined : store.load('work');
      const generation = Number(network?.meta.generation ?? 0);
      // What was reported as committed is there; at most the report of one more was lost.
      expect([0, 1]).toContain(generation - (committed.at(-1) ?? generation));
      expect(network && stateHash(network.arrays)).toBe(network?.stateHash);
      // A checkpoint ends in the same transaction in which its network is stored.
      const checkpoint = store.loadCheckpoint('work');
      expect(checkpoint?.meta.generation ?? generation + 1).toBe(generation + 1);
      return { generation, isHalfway: checkpoint !== undefined };
    } finally {
      store.close();
    }
  }

  /**
   * Each process goes on with what the ones before left, and is killed `delay` ms after it began or, if it is to commit something
   * before, after its first commit.
   */
  async function killOneAfterTheOther(commitsBefore: number, delays: readonly number[]): Promise<State[]> {
    const path = join(makeFolder(), 'networks.db');
    const states: State[] = [];
    for (const delay of delays) {
      const child = start('generations', path);
      while (child.lines.length <= commitsBefore) await sleep(1);
      await sleep(delay);
      states.push(await killAndLook(path, child));
    }
    const generations = states.map(({ generation }) => generation);
    expect(generations).toEqual(generations.toSorted((a, b) => a - b));
    return states;
  }

  it('at any of 20 moments of creating and saving leaves the last committed state', async () => {
    const [creating, saving] = await Promise.all([
      killOneAfterTheOther(0, [0, 5, 10, 15, 20, 30, 40, 60]),
      killOneAfterTheOther(1, [0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44]),
    ]);
    expect(creating).toHaveLength(8);
    expect(saving.at(-1)?.generation).toBeGreaterThanOrEqual(12);
  });

  it.each([
    ['a checkpoint', 'INSERT INTO checkpoint_arrays', { generation: 1, isHalfway: false }],
    ['a network before its arrays', 'UPDATE networks', { generation: 1, isHalfway: true }],
    ['the arrays of a network', 'INSERT INTO arrays', { generation: 1, isHalfway: true }],
    ['the end of a checkpoint', 'DELETE FROM checkpoints', { generation: 1, isHalfway: true }],
  ])('in the middle of saving %s leaves the last committed state', async (_, statement, expected) => {
    const path = join(makeFolder(), 'networks.db');
    const store = openStore(path);
    store.save({ ...incompressibleNetwork(1, 0.3), name: 'work' });
    store.close();
    const child = start('generations', path, statement);
    while (!child.lines.includes('held')) await sleep(5);
    expect(await killAndLook(path, child)).toEqual(expected);
  });
});

describe('several processes', () => {
  it('create a database in the same millisecond', async () => {
    const folder = makeFolder();
    const beginning = String(Date.now() + 1500);
    const children = [1, 2].map(() => start('createInRace', folder, beginning, '30', '50'));
    for (const child of children) expect(await finish(child)).toEqual({ code: 0, signal: null });
    expect(readdirSync(folder)).toHaveLength(50);
    for (const file of readdirSync(folder)) {
      const store = openStore(join(folder, file), { readonly: true });
      expect(store.list()).toEqual([]);
      store.close();
    }
  });

  it('create one database and save in it at once, without losing anything', { timeout: 60_000 }, async () => {
    const path = join(makeFolder(), 'networks', 'networks.db');
    const labels = ['a', 'b', 'c'];
    const children = labels.map((label) => start('race', path, label, '10'));
    for (const child of children) expect(await finish(child)).toEqual({ code: 0, signal: null });
    const store = openStore(path);
    for (const label of labels) {
      const networks = store
        .list({ filter: { label }, sort: 'seed' })
        .filter(({ name }) => name !== 'shared');
      expect(networks.map(({ parameters }) => parameters.seed)).toEqual(
        Array.from({ length: 10 }, (_, i) => i),
      );
    }
    for (const { name } of store.list()) {
      const { arrays, stateHash: expected } = store.load(name);
      expect(stateHash(arrays)).toBe(expected);
    }
    expect(store.list()).toHaveLength(31);
    expect(store.clean()).toMatchObject({ checked: 31, orphansDropped: 0, corrupt: [] });
    store.close();
  });

  it('read while another one writes; to write they wait, and say so when it takes too long', () => {
    const path = join(makeFolder(), 'a.db');
    const store = openStore(path, { busyTimeout: 50 });
    const other = new Database(path);
    other.exec('BEGIN IMMEDIATE');
    expect(store.list()).toEqual([]);
    expect(() => store.save(sampleNetwork())).toThrow(
      expect.objectContaining({
        code: 'STORE_UNAVAILABLE',
        message: expect.stringContaining('is busy: another process'),
      }),
    );
    other.exec('COMMIT');
    other.close();
    store.save(sampleNetwork());
    store.close();
  });
});

/** Whether a process may have mounts of its own here, as root or through user namespaces. */
const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

/** Runs a task of the saving process after shell commands in a mount namespace of its own. */
function runMounted(mounts: string, ...parameters: string[]): Record<string, never> {
  const script = `${mounts} && exec "$@"`;
  const output = execFileSync('unshare', ['-rm', 'sh', '-ec', script, 'sh', ...command, ...parameters], {
    encoding: 'utf8',
  });
  return JSON.parse(output) as Record<string, never>;
}

describe('disks', () => {
  it.skipIf(!canMount)('that are full cost nothing that was stored', () => {
    const folder = makeFolder();
    const ballast = join(folder, 'ballast');
    const mount = `mount -t tmpfs -o size=6m none ${folder} && head -c 3M /dev/zero > ${ballast}`;
    const report = runMounted(mount, 'full', join(folder, 'networks', 'networks.db'), ballast);
    expect(report).toMatchObject({
      failure: {
        code: 'STORE_UNAVAILABLE',
        message: expect.stringMatching(/networks\.db .*the disk is full/),
      },
      corrupt: [],
      orphansDropped: 0,
      later: {},
    });
    expect(report.saved).toBeGreaterThan(2);
    expect(report.afterOpening).toBe(report.saved);
    // One was deleted and one saved.
    expect(report.afterwards).toBe(report.saved);
  });

  it.skipIf(!canMount)('that are full from the start are named', () => {
    const folder = makeFolder();
    const ballast = join(folder, 'ballast');
    const mount = `mount -t tmpfs -o size=256k none ${folder} && head -c 250K /dev/zero > ${ballast}`;
    const report = runMounted(mount, 'create', join(folder, 'networks', 'networks.db'), ballast);
    expect(report).toMatchObject({
      failure: {
        code: 'STORE_UNAVAILABLE',
        message: expect.stringMatching(/networks\.db cannot .*the disk is full/),
      },
      later: {},
    });
  });

  it.skipIf(!canMount)('that are read-only are named; an exported database can be read there', () => {
    const folder = makeFolder();
    const path = join(folder, 'networks.db');
    const store = openStore(path);
    store.exportNetworks([store.save(sampleNetwork())], join(folder, 'exported.db'));
    store.close();
    const mount = `mount --bind ${folder} ${folder} && mount -o remount,ro,bind ${folder}`;
    const unavailable = (file: string) => ({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringMatching(new RegExp(`${file} cannot be .*read-only.*LOCUS_DB`)),
    });
    expect(runMounted(mount, 'readonly', path)).toEqual({
      open: unavailable('networks.db'),
      create: unavailable('new.db'),
      createFolder: unavailable('new.db'),
      exported: 1,
      saveExported: unavailable('exported.db'),
      exportInto: unavailable('x.db.*'),
    });
  });
});

describe('files', () => {
  const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

  /** The error of opening the file, and whether the file and its folder are as they were. */
  function open(path: string, readonly: boolean): { code: unknown; message: unknown; isUntouched: boolean } {
    const before = digest(path);
    let error: { code?: unknown; message?: unknown } = {};
    try {
      openStore(path, { readonly }).close();
    } catch (thrown) {
      error = thrown as typeof error;
    }
    const isUntouched = digest(path) === before && readdirSync(join(path, '..')).length === 1;
    return { code: error.code, message: error.message, isUntouched };
  }

  it.each([false, true])('that are no database are refused and left alone (readonly %s)', (readonly) => {
    const path = join(makeFolder(), 'networks.db');
    writeFileSync(path, 'PyTorch network '.repeat(1000));
    expect(open(path, readonly)).toEqual({
      code: 'STORE_CORRUPT',
      message: expect.stringMatching(/networks\.db is not a database/),
      isUntouched: true,
    });
  });

  it.each([false, true])('of other programs are refused and left alone (readonly %s)', (readonly) => {
    const path = join(makeFolder(), 'places.sqlite');
    const foreign = new Database(path);
    foreign.exec('CREATE TABLE bookmarks (url TEXT); PRAGMA user_version = 3;');
    foreign.close();
    expect(open(path, readonly)).toEqual({
      code: 'STORE_CORRUPT',
      message: expect.stringMatching(/places\.sqlite is .* of another program/),
      isUntouched: true,
    });
  });

  it('from a newer version are refused and left alone', () => {
    const path = join(makeFolder(), 'networks.db');
    const store = openStore(path);
    store.save(sampleNetwork());
    store.close();
    const database = new Database(path);
    database.pragma('user_version = 99');
    database.close();
    expect(open(path, false)).toEqual({
      code: 'STORE_VERSION',
      message: expect.stringMatching(
        /networks\.db has schema version 99, .* knows \d+: upgrade Locus\. The file was left as it is/,
      ),
      isUntouched: true,
    });
  });

  /** What opening and loading gives: the error's code, or whether every bit of the network is right. */
  function outcomeOfLoading(path: string, name: string): unknown {
    try {
      const store = openStore(path, { readonly: true });
      try {
        const { arrays, parameters } = store.load(name);
        const expected = sampleNetwork();
        return isDeepStrictEqual([arrays, parameters], [expected.arrays, expected.parameters])
          ? 'right'
          : 'wrong';
      } finally {
        store.close();
      }
    } catch (error) {
      return (error as { code?: string }).code ?? error;
    }
  }

  it('that are damaged anywhere give an error, or the right network', () => {
    const folder = makeFolder();
    const path = join(folder, 'networks.db');
    const store = openStore(path);
    const name = store.save(sampleNetwork());
    store.close();
    const sound = readFileSync(path);
    mkdirSync(join(folder, 'damaged'));
    const damaged = join(folder, 'damaged', 'networks.db');
    const outcomes: unknown[] = [];
    // A block of 512 bytes lost at a time, over the whole file; and the file cut off there.
    for (let offset = 0; offset < sound.length; offset += 512) {
      for (const bytes of [
        Buffer.from(sound).fill(0xa5, offset, offset + 512),
        sound.subarray(0, offset + 100),
      ]) {
        writeFileSync(damaged, bytes);
        outcomes.push(outcomeOfLoading(damaged, name));
      }
    }
    const allowed = new Set(['right', 'STORE_CORRUPT', 'STORE_VERSION', 'STORE_UNAVAILABLE', 'NOT_FOUND']);
    expect(outcomes.filter((outcome) => !allowed.has(String(outcome)))).toEqual([]);
    expect(outcomes.filter((outcome) => outcome === 'right').length).toBeGreaterThan(20);
    expect(outcomes.filter((outcome) => outcome === 'STORE_CORRUPT').length).toBeGreaterThan(20);
  });
});
