/** Output files that are there already. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from '../../test/support/make-folder.js';
import { writeOutput } from './output-file.js';

it('are replaced, but not where that is forbidden', async () => {
  const path = join(makeFolder(), 'file');
  expect(await writeOutput('test', path, 'first', { overwrite: false })).toBe(path);
  await expect(writeOutput('test', path, 'second', { overwrite: false })).rejects.toMatchObject({
    code: 'NAME_TAKEN',
    message: `test: ${path} is there already; overwrite: true replaces it.`,
  });
  expect(readFileSync(path, 'utf8')).toBe('first');
  await writeOutput('test', path, 'second');
  expect(readFileSync(path, 'utf8')).toBe('second');
});
