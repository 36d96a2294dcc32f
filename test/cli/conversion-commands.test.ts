/** `locus ann` and `locus convert` on few images and small networks: trained, stored, converted, resumed. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { viewDatabase } from '../../src/store/index.js';
import { makeFolder } from '../support/data-folders.js';
import { runHere } from './run-cli.js';

async function runJson(...words: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await runHere([...words, '--json']);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Record<string, unknown>;
}

const few = '--data mnist-10k --train 200 --test 20'.split(' ');
const train = ['ann', 'train', '--network', '28x28-2c5-2s-10o', ...few];

it('trains, tests and converts a network; both are stored, the spiking one with its parent', async () => {
  const db = join(makeFolder(), 'networks.db');
  const trained = await runJson(...train, '--epochs', '2', '--name', 'relu', '--db', db);
  expect(trained).toMatchObject({ name: 'relu', nParameters: 2 * 25 + 288 * 10 });
  expect(trained.history).toHaveLength(2);
  const { accuracy } = await runJson('ann', 'eval', 'relu', '--test', '20', '--db', db);
  expect(accuracy).toBe((trained.score as { output: { accuracy: number } }).output.accuracy);

  const options = ['--duration', '12', '--threads', '1', '--db', db];
  const converted = await runJson('convert', 'relu', ...few, ...options, '--name', 'spiking');
  expect(converted).toMatchObject({ name: 'spiking', ann: { name: 'relu', accuracy }, images: 20 });
  expect(converted.milliseconds).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(converted.accuracy).toHaveLength(12);
  expect(converted.spikesPerImage).toBeGreaterThan(0);
  const rows = viewDatabase({ path: db, sort: 'network_type' });
  expect(rows.map(({ name, network_type, parent }) => [name, network_type, parent])).toEqual([
    ['relu', 'ReLU', null],
    ['spiking', 'ReLU_SNN', 'relu'],
  ]);
});

it('goes on to the bit with more epochs', async () => {
  const folder = makeFolder();
  const begun = ['--name', 'begun', '--db', join(folder, 'begun.db')];
  await runJson(...train, '--epochs', '2', '--name', 'whole', '--db', join(folder, 'whole.db'));
  await runJson(...train, '--epochs', '1', ...begun);
  await runJson(...train, '--epochs', '2', '--resume', ...begun);
  const hash = (db: string) => viewDatabase({ path: join(folder, db) })[0].state_hash;
  expect(hash('begun.db')).toBe(hash('whole.db'));
});

it('says what it needs', async () => {
  const db = ['--db', join(makeFolder(), 'networks.db')];
  for (const [words, message] of [
    [['convert'], 'expected the name of a network or --npy, got neither'],
    [['convert', 'a', '--npy', 'b'], 'got a and --npy b'],
    [['convert', '--npy', '/nowhere', ...few], 'found no /nowhere/meta.json'],
    [['convert', 'nobody'], 'network "nobody": no such network'],
    [['ann', 'train', '--network', '784-x-10', ...few], 'expected a layer such as 12c5'],
  ] as const) {
    const { code, stderr } = await runHere([...words, ...db]);
    expect(code).not.toBe(0);
    expect(stderr).toContain(message);
  }
});
