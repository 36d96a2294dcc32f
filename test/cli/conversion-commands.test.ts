/** `locus ann` and `locus convert` on few images and small networks: trained, stored, converted, resumed. */
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { viewDatabase } from '../../src/store/index.js';
import { makeFolder } from '../support/make-folder.js';
import { runHere, runJson } from './run-cli.js';

const few = '--dataset mnist-10k --train 200 --test 20'.split(' ');
const train = ['ann', 'train', '--network', '28x28-2c5-2s-10o', ...few];

it('trains, tests and converts a network; both are stored, the spiking one with its parent', async () => {
  const db = join(makeFolder(), 'networks.db');
  const trained = await runJson(...train, '--epochs', '2', '--name', 'relu', '--db', db);
  expect(trained).toMatchObject({ name: 'relu', nParameters: 2 * 25 + 288 * 10 });
  expect(trained.history).toHaveLength(2);
  const { accuracy } = await runJson('ann', 'score', 'relu', '--test', '20', '--db', db);
  expect(accuracy).toBe((trained.score as { output: { accuracy: number } }).output.accuracy);

  const options = ['--duration', '12', '--threads', '1', '--db', db];
  const converted = await runJson('convert', 'relu', ...few, ...options, '--name', 'spiking');
  expect(converted).toMatchObject({ name: 'spiking', ann: { name: 'relu', accuracy }, images: 20 });
  expect(converted.milliseconds).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(converted.accuracy).toHaveLength(12);
  expect(converted.spikesPerImage).toBeGreaterThan(0);
  const rows = viewDatabase({ database: db, sort: 'network_type' });
  expect(rows.map(({ name, network_type, parent }) => [name, network_type, parent])).toEqual([
    ['relu', 'ReLU', null],
    ['spiking', 'ReLU_SNN', 'relu'],
  ]);
});

it('draws the figures of both networks', async () => {
  const folder = makeFolder();
  const db = ['--db', join(folder, 'networks.db')];
  await runJson(...train, '--epochs', '2', '--name', 'relu', ...db);
  for (const normalization of ['data', 'none']) {
    const words = ['--duration', '12', '--threads', '1', '--normalization', normalization];
    await runJson('convert', 'relu', ...few, ...words, '--name', normalization, ...db);
  }
  const draw = async (kind: string, name: string, ...words: string[]) => {
    const path = join(folder, `${kind}.html`);
    expect(await runJson('figure', kind, name, '--output', path, ...words, ...db)).toEqual({ kind, path });
    return readFileSync(path, 'utf8');
  };
  expect(await draw('training-curves', 'relu')).toContain('"epoch"');
  const byTime = await draw('accuracy-by-time', 'data');
  for (const name of ['normalization: data', 'normalization: none', 'ReLU network'])
    expect(byTime).toContain(`"name":"${name}"`);
  expect(await draw('rates-by-activation', 'data', '--images', '5')).toContain('Firing rates of conv1');
  expect(await draw('rate-threshold', 'data', '--images', '5')).toContain('"text":"input rate [Hz]"');
  for (const [words, message] of [
    [['weights-xy', 'relu'], 'weights-xy is not of ReLU networks; those have training-curves'],
    [['robustness', 'data'], 'robustness is not of ReLU_SNN networks; those have accuracy-by-time'],
    [['rates-by-activation', 'data', '--layer', '9'], 'expected layer from 0 to 2, got 9'],
    [['rate-threshold', 'data', '--images', '99999'], 'expected images from 1 to '],
  ] as const) {
    const { code, stderr } = await runHere(['figure', ...words, ...db]);
    expect([code, stderr]).toEqual([expect.any(Number), expect.stringContaining(message)]);
    expect(code).not.toBe(0);
  }
});

it('goes on to the bit with more epochs', async () => {
  const folder = makeFolder();
  const begun = ['--name', 'begun', '--db', join(folder, 'begun.db')];
  await runJson(...train, '--epochs', '2', '--name', 'whole', '--db', join(folder, 'whole.db'));
  await runJson(...train, '--epochs', '1', ...begun);
  await runJson(...train, '--epochs', '2', '--resume', ...begun);
  const hash = (db: string) => viewDatabase({ database: join(folder, db) })[0].state_hash;
  expect(hash('begun.db')).toBe(hash('whole.db'));
});

it('is interrupted between two batches: says what is saved and how to go on', async () => {
  const db = join(makeFolder(), 'networks.db');
  const words = [...train, '--epochs', '9', '--db', db];
  const interruptAt = async (line: string, ...more: string[]) => {
    const [signals, stderr] = [new EventEmitter(), new PassThrough()];
    let text = '';
    stderr.on('data', (chunk: Buffer) => {
      text += String(chunk);
      if (text.includes(line)) signals.emit('SIGINT');
    });
    const { code } = await runHere([...words, ...more], { signals, stderr });
    return { code, text };
  };
  const first = await interruptAt('Sequential');
  expect([first.code, first.text]).toEqual([
    130,
    expect.stringMatching(/^locus: interrupted in the first epoch$/m),
  ]);
  const hint = `locus ${words.join(' ')} --resume`;
  const saved = /interrupted after (.*), which are saved as a checkpoint\. To go on: (.*)\n/;
  const second = await interruptAt('Epoch 1:');
  const [, reached, howToGoOn] = saved.exec(second.text) ?? [];
  expect([second.code, howToGoOn]).toEqual([130, hint]);
  expect(reached).toMatch(/^2 epochs( and \d+ images)?$/);
  const third = await interruptAt('Epoch 2:', '--resume');
  expect(third.text).toContain(`Resuming after ${reached}.`);
  expect(saved.exec(third.text)?.[1]).toMatch(/^3 epochs( and \d+ images)?$/);
});

it('says what it needs', async () => {
  const db = ['--db', join(makeFolder(), 'networks.db')];
  for (const [words, message] of [
    [['convert'], 'expected the name of a network (ann) or a folder (npy, --npy), got neither'],
    [['convert', 'a', '--npy', 'b'], 'got a and b'],
    [['convert', '--npy', '/nowhere', ...few], 'found no /nowhere/meta.json'],
    [['convert', '--npy', '/', '--engine', 'gpuu', ...few], 'engine: unknown engine "gpuu"'],
    [['convert', 'nobody'], 'expected a database, found no such file'],
    [['ann', 'train', '--network', '784-x-10', ...few], 'expected a layer such as 12c5'],
  ] as const) {
    const { code, stderr } = await runHere([...words, ...db]);
    expect(code).not.toBe(0);
    expect(stderr).toContain(message);
  }
});
