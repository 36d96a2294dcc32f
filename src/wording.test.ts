import { expect, it } from 'vitest';
import { countOf, formatBytes } from './wording.js';

it('one stands alone, everything else is many', () => {
  expect([0, 1, 2].map((count) => countOf(count, 'epoch'))).toEqual(['0 epochs', '1 epoch', '2 epochs']);
});

it('bytes are told in kilobytes and megabytes', () => {
  expect([0, 1234, 99_999, 100_000, 2.34e7].map(formatBytes)).toEqual([
    '0.0 kB',
    '1.2 kB',
    '100.0 kB',
    '0.1 MB',
    '23.4 MB',
  ]);
});
