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
  it('gives back the labels, whatever they are', () => {
    expect([...parseIdxLabels(idxLabels([3, 0, 9, 26, 255]), path)]).toEqual([3, 0, 9, 26, 255]);
  });

  it.each<[string, number, readonly number[], readonly number[]]>([
    ['signed bytes', 0x09, [255, 3], [-1, 3]],
    ['16 bits', 0x0b, [0xff, 0xfe, 1, 0], [-2, 256]],
    ['32 bits', 0x0c, [0xff, 0xff, 0xff, 0xff, 0, 1, 0, 0], [-1, 65536]],
  ])('reads %s', (_, type, content, expected) => {
    const file = Uint8Array.from([0, 0, type, 1, 0, 0, 0, 2, ...content]);
    expect([...parseIdxLabels(file, path)]).toEqual(expected);
    for (let length = 0; length < file.length; length++) {
      expect(() => parseIdxLabels(file.subarray(0, length), path)).toThrow(
        expect.objectContaining({
          code: 'DATA_CORRUPT',
          message: expect.stringContaining(`${path}: expected`),
        }),
      );
    }
    expect(() => parseIdxLabels(Buffer.concat([file, file]), path)).toThrow('with something behind them');
  });

  it('refuses numbers that are not whole, images and a truncated file', () => {
    const floats = Uint8Array.from([0, 0, 0x0d, 1, 0, 0, 0, 1, 0, 0, 0, 0]);
    expect(() => parseIdxLabels(floats, path)).toThrow(
      `${path}: expected an IDX file of labels (one dimension of integers), got bytes that begin 00 00 0d 01`,
    );
    expect(() => parseIdxLabels(idxLabels([1, 2, 3]).subarray(0, 10), path)).toThrow('truncated');
    expect(() => parseIdxLabels(idxImages(1, 2, 2), path)).toThrow('an IDX file of images');
  });
});
