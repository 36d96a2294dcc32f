/** Files that commands write: their folder is made, and what cannot be written is said before the work. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../support/make-folder.js';
import { runHere, runProgram } from '../cli/run-cli.js';

const network = '42d7e5a3';
const tiny = '--n-iter 10 --calibrate 20 --threads 1 --dataset mnist-10k';

/** Commands that end with the option whose value is the file, and the file's extension. */
const writers: readonly (readonly [words: string, extension: string])[] = [
  [`figure health ${network} --output`, '.html'],
  [`report ${network} --output`, '.html'],
  [`reproduce --rows 12 --runs 1 --test 20 ${tiny} --figure`, '.html'],
  [`reproduce --rows 12 --runs 1 --test 20 ${tiny} --markdown`, '.md'],
  [`grid fc --over c_w=-90 dt=1 --n-filters 4 --validate 20 ${tiny} --figure`, '.html'],
  ['bench --models fc --filters 4 --images 2 --repetitions 1 --threads 1 --out', '.json'],
];

describe.each(writers)('locus %s', (words, extension) => {
  /** Runs the command, as a program because its threads need one, in a folder of its own. */
  async function write(file: string, prepare: (folder: string) => void = () => {}) {
    const folder = makeFolder();
    const db = join(folder, 'networks.db');
    copyFileSync('networks/published.db', db);
    prepare(folder);
    const path = join(folder, file);
    return { path, ...(await runProgram([...words.split(' '), path, '--db', db])) };
  }

  it('makes the folder of its file', async () => {
    const { path, code, stderr } = await write(`some/folder/result${extension}`);
    expect(code).toBe(0);
    // A thread hands its warnings on; Node itself would add its own name and a hint.
    expect(stderr).not.toContain('(node:');
    expect(readFileSync(path, 'utf8').length).toBeGreaterThan(100);
  });

  it('says before its work what cannot be written', async () => {
    const folders = await write(`result${extension}`, (folder) =>
      mkdirSync(join(folder, `result${extension}`)),
    );
    expect(folders.code).toBe(1);
    expect(folders.stderr).toMatch(
      /^locus: [^\n]*expected a file that can be written, got [^\n]*it is a folder\)\n$/,
    );
    const inFile = await write(`file/result${extension}`, (folder) =>
      writeFileSync(join(folder, 'file'), 'x'),
    );
    expect(inFile.code).toBe(1);
    expect(inFile.stderr).toMatch(/^locus: [^\n]*expected a file that can be written, got [^\n]*\n$/);
  });
});

describe('a file of an unknown form', () => {
  it.each([
    [['figure', 'health', network], 'figure.write: expected a path that ends in .html, .png, .svg or .pdf'],
    [['report', network], 'report.write: expected a path that ends in .html or .pdf'],
  ])('is refused before the work of locus %s', async (words, message) => {
    const folder = makeFolder();
    const path = join(folder, 'page.htm');
    const { code, stderr } = await runHere([
      ...words,
      '--output',
      path,
      '--db',
      join(folder, 'no-networks.db'),
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(existsSync(path)).toBe(false);
  });
});
