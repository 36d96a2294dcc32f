/** `locus feed`: pictures of either polarity, and networks whose data set is not here. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { writeIdxFolder } from '../support/idx-files.js';
import { makeFolder } from '../support/make-folder.js';
import { runHere, runJson, runProgram } from '../cli/run-cli.js';

/** A published network of 25 filters, trained on MNIST. */
const name = '42d7e5a3';

/** A folder with the published networks, where MNIST is not found. */
function makePlace() {
  const folder = makeFolder();
  const db = join(folder, 'published.db');
  copyFileSync('networks/published.db', db);
  return { folder, db, where: ['--db', db, '--data-dir', join(folder, 'nowhere')] };
}

/** A black stroke on white paper. */
async function drawInk(path: string): Promise<string> {
  const create = { channels: 3, background: '#fff', width: 28, height: 28 } as const;
  const stroke = { ...create, background: '#000', width: 4, height: 20 };
  const input = await sharp({ create: stroke }).png().toBuffer();
  await sharp({ create }).composite([{ input }]).toFile(path);
  return path;
}

describe('locus feed --image', () => {
  it('inverts by the border, or as --invert and --no-invert say', async () => {
    interface Fed {
      readonly inverted: boolean;
      readonly inputSpikes: number;
    }
    const { folder, where } = makePlace();
    const words = ['feed', name, '--image', await drawInk(join(folder, 'ink.png')), ...where];
    const byBorder = await runJson<Fed>(...words);
    const inverted = await runJson<Fed>(...words, '--invert');
    const left = await runJson<Fed>(...words, '--no-invert');
    expect(byBorder.inverted).toBe(true);
    expect(inverted).toEqual(byBorder);
    expect(left.inverted).toBe(false);
    // The paper is light: as it is, nearly all pixels spike.
    expect(left.inputSpikes).toBeGreaterThan(4 * inverted.inputSpikes);
    expect((await runHere([...words, '--invert'])).stdout).toContain('ink.png, inverted: ');
    expect((await runHere([...words, '--no-invert'])).stdout).toContain('ink.png: ');
  });

  it.each(['--invert', '--no-invert'])('%s without a picture is a wrong command line', async (option) => {
    const { where } = makePlace();
    const { code, stderr } = await runHere(['feed', name, '--label', '3', option, ...where]);
    expect(code).toBe(2);
    expect(stderr).toContain('feed: --invert goes with --image only');
  });
});

describe('a network of MNIST, where MNIST is not', () => {
  it.each([
    ['feed', name, '--label', '7'],
    ['figure', 'best-voters', name, '--output', 'page.html'],
    ['figure', 'accuracy-by-top-n', name, '--images', '20', '--output', 'page.html'],
    ['figure', 'health', name, '--images', '20', '--output', 'page.html'],
    ['report', name, '--output', 'page.html'],
  ])('%s %s shows embedded images, and says so', async (...words) => {
    const { folder, where } = makePlace();
    const placed = words.map((word) => (word === 'page.html' ? join(folder, word) : word));
    const { code, stdout, stderr } = await runProgram([...placed, ...where]);
    expect(code).toBe(0);
    expect(stdout).not.toBe('');
    expect(stderr).toMatch(/^locus: Showing images of mnist-10k instead: .* MNIST is not there: no train-/);
    expect((await runProgram([...placed, ...where, '--quiet'])).stderr).toBe('');
  });

  it.each([['score'], ['calibrate']])('%s stores nothing that other images say', async (command) => {
    const { db, where } = makePlace();
    const before = await runJson('show', name, '--db', db);
    const { code, stderr } = await runProgram([command, name, '--images', '20', ...where]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^locus: MNIST is not there: .*`locus data download mnist` fetches them/);
    expect(await runJson('show', name, '--db', db)).toEqual(before);
  });

  it('shows no digits to a network of other images, though they are called mnist', async () => {
    const { folder, db, where } = makePlace();
    const own = join(folder, 'own');
    writeIdxFolder(own, { size: 28 });
    const words = 'train lc --n-filters 4 --n-iter 2 --calibrate 0 --name own --dataset mnist'.split(' ');
    await runJson(...words, '--db', db, '--data-dir', own);
    const { code, stderr } = await runHere(['feed', 'own', '--label', '1', ...where]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^locus: MNIST is not there/);
  });
});
