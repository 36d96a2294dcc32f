/** The IDX format: what is read, and what a wrong file is told. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idxImages, idxLabels } from '../../test/support/idx-files.js';
import { parseIdxImages, parseIdxLabels } from './idx.js';

const path = '/data/train-images-idx3-ubyte';

describe('parseIdxImages', () => {
  it('gives back the pixels of any file, wherever it lies in its buffer', () => {
    const sizes = fc.tuple(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
    );
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 5 }), ([count, height, width], offset) => {
        const file = idxImages(count, height, width);
        const padded = new Uint8Array(offset + file.length);
        padded.set(file, offset);
        const parsed = parseIdxImages(padded.subarray(offset), path);
        expect(parsed).toMatchObject({ count, height, width });
        expect(Buffer.compare(parsed.images, file.subarray(16))).toBe(0);
      }),
    );
  });

  it('names the file, what was expected and what came, wherever it is cut off', () => {
    const file = idxImages(3, 4, 5);
    for (let length = 0; length < file.length; length++) {
      expect(() => parseIdxImages(file.subarray(0, length), path)).toThrow(
        expect.objectContaining({
          code: 'DATA_CORRUPT',
          message: expect.stringMatching(/^\/data\/train-images.*: expected .*, got /),
        }),
      );
    }
    expect(() => parseIdxImages(file.subarray(0, 50), path)).toThrow(
      'expected 76 bytes for 3 images of 4 × 5, got 50 (truncated)',
    );
    expect(() => parseIdxImages(Buffer.concat([file, file]), path)).toThrow(
      'got 152 (with something behind them)',
    );
  });

  it.each([
    ['a web page', Buffer.from('<!DOCTYPE html><html><body>404'), 'a web page ("<!DOCTYPE html>'],
    ['labels', idxLabels([1, 2]), 'an IDX file of labels (magic 0x00000801)'],
    ['CIFAR-10', new Uint8Array(2 * 3073).fill(9), 'what looks like CIFAR-10 (2 records of 3073 bytes)'],
    ['CIFAR-100', new Uint8Array(2 * 3074).fill(9), 'what looks like CIFAR-100 (2 records of 3074 bytes)'],
    ['gzip twice', Uint8Array.of(0x1f, 0x8b, 8, 0), 'gzip data'],
    ['ZIP', Buffer.from('PK\u0003\u0004rest'), 'a ZIP archive'],
    ['PNG', Uint8Array.of(0x89, 0x50, 0x4e, 0x47), 'a PNG picture'],
    ['a Git LFS pointer', Buffer.from('version https://git-lfs.github.com/spec/v1'), 'a Git LFS pointer'],
    ['nothing', new Uint8Array(0), 'an empty file'],
    ['text', Buffer.from('hello\n'), 'text ("hello\\n")'],
    ['something else', Uint8Array.of(0, 0, 9, 3, 250), 'bytes that begin 00 00 09 03 fa'],
  ])('recognises %s', (_what, bytes, got) => {
    expect(() => parseIdxImages(bytes, path)).toThrow(
      `${path}: expected an IDX file of images (magic 0x00000803), got ${got}`,
    );
  });

  it('refuses a file without images', () => {
    expect(() => parseIdxImages(idxImages(0, 28, 28), path)).toThrow('got 0 images of 28 × 28');
  });
});

describe('parseIdxLabels', () => {
  it('gives back the labels', () => {
    expect([...parseIdxLabels(idxLabels([3, 0, 9]), path, 10)]).toEqual([3, 0, 9]);
  });

  it('names the first label that is no class', () => {
    expect(() => parseIdxLabels(idxLabels([3, 10, 11]), path, 10)).toThrow(
      `${path}: expected labels from 0 to 9, got label 10 of image 1`,
    );
  });

  it('refuses a truncated file and images', () => {
    expect(() => parseIdxLabels(idxLabels([1, 2, 3]).subarray(0, 10), path, 10)).toThrow('truncated');
    expect(() => parseIdxLabels(idxImages(1, 2, 2), path, 10)).toThrow('an IDX file of images');
  });
});
