/** Ctrl-C: what was done is kept, and the same command goes on to the same network, bit for bit. */
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore, viewDatabase } from '../../src/store/index.js';
import { runHere, runProgram, startProgram } from './run-cli.js';
import { makeFolder } from '../support/make-folder.js';

const trainWith = (nIter: number, nCalibrate: number) =>
  `train lc --n-filters 25 --n-iter ${nIter} --calibrate ${nCalibrate} --test 100 --no-linear --dataset mnist-10k`.split(
    ' ',
  );

function checkpointsIn(path: string): number {
  const store = openStore(path);
  try {
    return store.listCheckpoints().length;
  } finally {
    store.close();
  }
}

/** Starts the program and sends it a signal when stderr says that so much is under way. */
async function interrupt(words: readonly string[], when: RegExp, signal: NodeJS.Signals) {
  const child = startProgram(words);
  let seen = '';
  for (;;) {
    const [chunk] = (await once(child.stderr as NodeJS.ReadableStream, 'data')) as [Buffer];
    seen += chunk.toString();
    if (when.test(seen)) break;
  }
  child.kill(signal);
  return child.finished;
}

describe('an interrupted training', () => {
  it('leaves a checkpoint; --resume gives the network of an uninterrupted one, also with other threads', async () => {
    const folder = makeFolder();
    const train = trainWith(1500, 100);
    const whole = runProgram([...train, '--json', '--db', join(folder, 'whole.db')]);
    const path = join(folder, 'interrupted.db');
    const { code, stdout, stderr } = await interrupt(
      [...train, '--threads', '1', '--db', path],
      /training: \d+ of/,
      'SIGINT',
    );
    expect([code, stdout]).toEqual([130, '']);
    const [, done, hint] =
      /locus: interrupted after (\d+) images, which are saved as a checkpoint\. To go on: locus (.*)\n$/.exec(
        stderr,
      ) ?? [];
    expect(Number(done)).toBeGreaterThan(0);
    expect(Number(done)).toBeLessThan(1500);
    expect(hint).toBe(`${[...train, '--threads', '1', '--db', path].join(' ')} --resume`);
    expect([checkpointsIn(path), viewDatabase({ database: path })]).toEqual([1, []]);

    const resumed = await runProgram([...hint.replace('--threads 1', '--threads 2').split(' '), '--json']);
    expect(resumed.code).toBe(0);
    const { name, stateHash } = JSON.parse((await whole).stdout) as Record<string, string>;
    expect(JSON.parse(resumed.stdout)).toMatchObject({ name, stateHash });
    expect(checkpointsIn(path)).toBe(0);
  });

  it('keeps the trained network when calibration is interrupted; --resume calibrates and scores it', async () => {
    const path = join(makeFolder(), 'networks.db');
    const words = [...trainWith(100, 1500), '--db', path];
    const { code, stderr } = await interrupt(words, /calibrating: \d+ of/, 'SIGTERM');
    expect(code).toBe(130);
    expect(stderr).toMatch(/is stored as it was before\. To go on: locus train lc .* --resume\n$/);
    expect(viewDatabase({ database: path })).toMatchObject([{ n_iter: 100, patch_voting_accuracy: null }]);
    const resumed = await runHere([...words, '--resume']);
    expect(resumed.stderr).toContain('This network is trained already; calibrating and scoring it.');
    expect(viewDatabase({ database: path })).toMatchObject([{ n_iter: 100, patch_voting_n_iter: 100 }]);
  });

  it('--resume without a checkpoint says so and begins with the first image', async () => {
    const words = 'train fc --n-filters 4 --n-iter 20 --calibrate 0 --dataset mnist-10k --resume --db'.split(
      ' ',
    );
    const { code, stderr } = await runHere([...words, join(makeFolder(), 'networks.db')]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^There is no checkpoint of this training; beginning with the first image\.\n/);
  });
});

describe('Ctrl-C', () => {
  const slow =
    'train lc --n-filters 4 --engine reference --n-iter 1000 --dataset mnist-10k --json --db'.split(' ');

  it('a second time ends at once; with --json stdout stays empty', async () => {
    const signals = new EventEmitter();
    const running = runHere([...slow, join(makeFolder(), 'networks.db')], { signals });
    while (signals.listenerCount('SIGINT') === 0) await new Promise(setImmediate);
    signals.emit('SIGINT');
    signals.emit('SIGINT');
    const { code, stdout, exits } = await running;
    expect(exits).toEqual([130]);
    expect([code, stdout]).toEqual([130, '']);
    expect(signals.listenerCount('SIGINT') + signals.listenerCount('SIGTERM')).toBe(0);
  });

  it('before the first image leaves nothing', async () => {
    const path = join(makeFolder(), 'networks.db');
    const signals = new EventEmitter();
    const running = runHere([...slow, path], { signals });
    while (signals.listenerCount('SIGINT') === 0) await new Promise(setImmediate);
    signals.emit('SIGINT');
    expect(await running).toMatchObject({ code: 130, stderr: 'locus: interrupted before the first image\n' });
    expect([checkpointsIn(path), viewDatabase({ database: path })]).toEqual([0, []]);
  });
});
