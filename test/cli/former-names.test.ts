/** Options and commands that were renamed work under their former names for one version, with a note. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listCommands } from '../../src/cli/commands/index.js';
import { replaceFormerNames } from '../../src/cli/former-names.js';
import { makeFolder } from '../support/make-folder.js';
import { runHere } from './run-cli.js';

const commands = await listCommands();

const replace = (line: string) => replaceFormerNames(line.split(' '), commands).words.join(' ');

describe('former names', () => {
  it.each([
    ['train lc --data mnist --no-lc --batch 4', 'train lc --dataset mnist --no-linear --gpu-batch 4'],
    ['train lc --data=mnist --lc', 'train lc --dataset=mnist --linear'],
    ['calibrate x --n-iter 10 --no-lc', 'calibrate x --images 10 --no-linear'],
    ['score x --n-iter=10', 'score x --images=10'],
    ['grid lc --no-lc', 'grid lc --no-linear'],
    ['nnmf eval x', 'nnmf score x'],
    ['sbs eval net.json --step 3', 'sbs score net.json --step 3'],
    ['ann eval x --data mnist', 'ann score x --dataset mnist'],
  ])('%s becomes %s', (former, present) => {
    expect(replace(former)).toBe(present);
  });

  it.each(['train lc --n-iter 10 --batch-size 2', 'ls --sort -lc', 'data ls', 'unknown --data x', ''])(
    '%s stays',
    (line) => {
      expect(replaceFormerNames(line.split(' '), commands)).toEqual({ words: line.split(' '), notes: [] });
    },
  );

  it('are noted on stderr, and work', async () => {
    const words = 'train lc --n-filters 4 --time-max 40 --n-iter 4 --calibrate 0 --data mnist-10k'.split(' ');
    const { code, stderr } = await runHere([...words, '--db', join(makeFolder(), 'networks.db')]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^locus: --data is now called --dataset; the former name goes with the next/);
  });

  it('beside their present names are two values for one option', async () => {
    const { code, stderr } = await runHere(['train', 'lc', '--data', 'mnist', '--dataset', 'mnist-10k']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--dataset: expected one value')]);
  });
});
