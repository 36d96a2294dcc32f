/** A new kind of network is one folder and one line: a toy kind from outside `src/` gets everything that networks have. */
import { EventEmitter } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerKind } from '../../src/kinds/registry.js';
import { trainNetwork } from '../../src/kinds/train-network.js';
import { openStore, viewDatabase } from '../../src/store/index.js';
import { runHere, runJson } from '../cli/run-cli.js';
import { makeFolder } from '../support/make-folder.js';
import { toyEntry } from '../support/toy-kind.js';

beforeAll(() => registerKind(toyEntry));

const newDatabase = () => join(makeFolder(), 'networks.db');

describe('a kind from elsewhere', () => {
  it('has a training command, which the help shows', async () => {
    const { stdout } = await runHere(['train', '--help']);
    expect(stdout).toMatch(/locus train toy\s+count bright pixels/);
    const wrong = await runHere(['train', 'toy', '--n-iter', 'many']);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--n-iter: expected a number')]);
  });

  it('is trained, listed, shown, reported, exported and deleted', async () => {
    const db = newDatabase();
    const trained = await runJson('train', 'toy', '--n-iter', '30', '--name', 'counts', '--db', db);
    expect(trained).toMatchObject({ name: 'counts', brightest: expect.any(Number) });
    expect(viewDatabase({ database: db })).toMatchObject([
      { name: 'counts', network_type: 'Toy', n_iter: 30 },
    ]);
    expect((await runHere(['ls', '--db', db])).stdout).toMatch(/counts.*Toy/);
    expect((await runHere(['show', 'counts', '--db', db])).stdout).toContain('float32 28 × 28');
    const page = join(makeFolder(), 'report.html');
    await runJson('report', 'counts', '--output', page, '--db', db);
    expect(readFileSync(page, 'utf8')).toContain(`The brightest pixel: ${String(trained.brightest)}`);
    const exported = join(makeFolder(), 'exported.db');
    const store = openStore(db);
    store.exportNetworks(['counts'], exported);
    store.close();
    expect(viewDatabase({ database: exported })).toMatchObject([{ name: 'counts' }]);
    await runJson('rm', 'counts', '--yes', '--db', db);
    expect(viewDatabase({ database: db })).toEqual([]);
  });

  it('goes on after Ctrl-C from its checkpoint, to the same state', async () => {
    const [db, whole] = [newDatabase(), newDatabase()];
    const words = ['train', 'toy', '--n-iter', '5000'];
    const signals = new EventEmitter();
    const running = runHere([...words, '--db', db], { signals });
    const store = openStore(db);
    while (store.listCheckpoints().length === 0) await new Promise(setImmediate);
    signals.emit('SIGINT');
    const { code, stderr } = await running;
    expect(code).toBe(130);
    const [, done] = /interrupted after (\d+) images, which are saved as a checkpoint/.exec(stderr) ?? [];
    expect(Number(done)).toBeGreaterThan(0);
    expect(Number(done)).toBeLessThan(5000);
    expect(stderr).toContain(`To go on: locus ${words.join(' ')} --db ${db} --resume`);
    const resumed = await runHere([...words, '--db', db, '--resume']);
    expect(resumed.stderr).toContain(`Resuming after ${done} images.`);
    expect(store.listCheckpoints()).toEqual([]);
    store.close();
    await trainNetwork('Toy', { nIter: 5000 }, { database: whole });
    const stateOf = (path: string) => viewDatabase({ database: path })[0].state_hash;
    expect(stateOf(db)).toBe(stateOf(whole));
  });

  it('keeps others from its name, and continues its own', async () => {
    const database = newDatabase();
    await trainNetwork('Toy', { nIter: 20 }, { database, name: 'counts' });
    await trainNetwork('Toy', { nIter: 40 }, { database, name: 'counts' });
    expect(viewDatabase({ database })).toMatchObject([{ name: 'counts', n_iter: 40 }]);
    await expect(trainNetwork('Toy', { nIter: 40, seed: 1 }, { database, name: 'counts' })).rejects.toThrow(
      /"counts" belongs to another network \(Toy, /,
    );
    await trainNetwork('Toy', { nIter: 40, seed: 1 }, { database, name: 'counts', overwrite: true });
    expect(viewDatabase({ database })).toMatchObject([{ name: 'counts', seed: 1 }]);
    expect(existsSync(database)).toBe(true);
  });
});
