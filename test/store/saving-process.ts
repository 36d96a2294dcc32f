/**
 * A process that saves, to be killed or to compete with others:  `saving-process.ts TASK PATH …`.
 * It reports by lines on standard output, written at once.
 */
import { rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { LocusError } from '../../src/errors.js';
import { openStore, stateHash, viewDatabase } from '../../src/store/index.js';
import { holdAfter } from '../support/hold-in-save.js';
import { incompressibleNetwork, sampleNetwork } from './sample-network.js';

const [task, path, ...rest] = process.argv.slice(2);

function report(line: unknown): void {
  writeSync(1, `${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
}

function failureOf(action: () => unknown): { code?: string; message?: string } {
  try {
    action();
    return {};
  } catch (error) {
    if (!(error instanceof LocusError)) throw error;
    return { code: error.code, message: error.message };
  }
}

/**
 * Saves one generation after the other of the network "work": a checkpoint of it first, then the network in its place together
 * with the end of the checkpoint.  Says each generation once it is committed.  With `hold`, it stands still in the middle of the
 * transaction that runs a statement that begins so.
 */
function saveGenerations(hold?: string): void {
  if (hold !== undefined) holdAfter(new RegExp(`^\\s*${hold}`), 1, () => report('held'));
  report('start');
  const store = openStore(path);
  const stored = store.list({ filter: { name: 'work' } });
  let generation = stored.length === 0 ? 0 : Number(store.load('work').meta.generation);
  for (;;) {
    generation += 1;
    const network = incompressibleNetwork(generation, 0.3);
    store.saveCheckpoint('work', network);
    store.save({ ...network, name: 'work' }, { overwrite: true, finishes: 'work' });
    report(String(generation));
  }
}

/** Makes `count` databases, the next one at each `interval` ms after `beginning`: as exactly as all other processes do. */
function createInRace(beginning: number, interval: number, count: number): void {
  for (let i = 0; i < count; i += 1) {
    while (Date.now() < beginning + i * interval);
    openStore(join(path, `${i}.db`)).close();
  }
}

/** Saves `count` networks of its own and as often one that all processes share. */
function saveInRace(label: string, count: number): void {
  for (let i = 0; i < count; i += 1) {
    // A connection each time, so that opening and closing compete too.
    const store = openStore(path);
    store.save(incompressibleNetwork(i, 0.05, { label, seed: i }));
    const shared = incompressibleNetwork(i, 0.05, { label });
    store.save({ ...shared, name: 'shared' }, { overwrite: true });
    store.close();
  }
}

/** Saves until the disk is full, then looks at what is there, makes room by deleting the file `ballast`, and goes on. */
function fillDisk(ballast: string): void {
  let store = openStore(path);
  const names: string[] = [];
  const failure = failureOf(() => {
    for (let i = 0; i < 100; i += 1) names.push(store.save(incompressibleNetwork(i, 0.3, { seed: i })));
  });
  const intact = () =>
    names.filter((name) => {
      const network = store.load(name);
      return stateHash(network.arrays) === network.stateHash;
    }).length;
  const afterFailure = intact();
  store.close();
  store = openStore(path);
  const afterOpening = intact();
  rmSync(ballast);
  const { corrupt, orphansDropped } = store.clean();
  store.delete(names.shift()!);
  const later = failureOf(() => names.push(store.save(incompressibleNetwork(100, 0.3, { seed: 100 }))));
  const afterwards = intact();
  store.close();
  report({ failure, saved: afterFailure, afterOpening, corrupt, orphansDropped, later, afterwards });
}

/** Makes a database where there is no room, and again once there is. */
function createOnFullDisk(ballast: string): void {
  const failure = failureOf(() => openStore(path));
  rmSync(ballast);
  report({ failure, later: failureOf(() => openStore(path).close()) });
}

/** Tries everything in a folder that is read-only: `path` holds a database, `exported.db` beside it an exported one. */
function useReadonlyFolder(): void {
  const folder = join(path, '..');
  report({
    open: failureOf(() => openStore(path)),
    create: failureOf(() => openStore(join(folder, 'new.db'))),
    createFolder: failureOf(() => openStore(join(folder, 'new', 'new.db'))),
    exported: viewDatabase({ database: join(folder, 'exported.db') }).length,
    saveExported: failureOf(() => openStore(join(folder, 'exported.db')).save(sampleNetwork({ seed: 1 }))),
    exportInto: failureOf(() =>
      openStore(join(folder, 'exported.db'), { readonly: true }).exportNetworks([], join(folder, 'x.db')),
    ),
  });
}

const tasks: Record<string, () => void> = {
  generations: () => saveGenerations(rest[0]),
  race: () => saveInRace(rest[0], Number(rest[1])),
  createInRace: () => createInRace(Number(rest[0]), Number(rest[1]), Number(rest[2])),
  full: () => fillDisk(rest[0]),
  create: () => createOnFullDisk(rest[0]),
  readonly: useReadonlyFolder,
};
tasks[task]();
