import { existsSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocusError } from '../errors.js';
import { makeFolder as makeTestFolder } from '../../test/support/make-folder.js';
import { makeFolder, prepareFolder } from './make-folder.js';

describe('makeFolder', () => {
  it('makes every missing folder, and leaves one that is there', () => {
    const path = join(makeTestFolder(), 'a', 'b', 'c');
    makeFolder(path);
    makeFolder(path);
    expect(statSync(path).isDirectory()).toBe(true);
  });

  it('throws below a file, in the place of a file and at a link to nowhere', () => {
    const folder = makeTestFolder();
    writeFileSync(join(folder, 'file'), '');
    symlinkSync(join(folder, 'nowhere'), join(folder, 'link'));
    expect(() => makeFolder(join(folder, 'file', 'below'))).toThrow('ENOTDIR');
    expect(() => makeFolder(join(folder, 'file'))).toThrow('EEXIST');
    expect(() => makeFolder(join(folder, 'link'))).toThrow('EEXIST');
  });

  // Node's own recursive mkdir never ends there.
  it.skipIf(!existsSync('/proc/self'))('throws where the file system makes no folders', () => {
    expect(() => makeFolder('/proc/locus/below')).toThrow('ENOENT');
  });
});

it('prepareFolder says what for', () => {
  const folder = makeTestFolder();
  writeFileSync(join(folder, 'file'), '');
  const prepare = () => prepareFolder('saveSbsFiles', join(folder, 'file', 'below'));
  expect(prepare).toThrow(LocusError);
  expect(prepare).toThrow(/^saveSbsFiles: expected a folder that can be made, got .*below \(ENOTDIR/);
});
