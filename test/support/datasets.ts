/** What tests of data sets ask for again and again. */
import { expect } from 'vitest';
import type { Dataset, ImageSet } from '../../src/datasets/index.js';

export const corrupt = (message: string | RegExp) =>
  expect.objectContaining({
    code: 'DATA_CORRUPT',
    message: typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message),
  });

export function countLabels(set: ImageSet): number[] {
  const counts = new Array<number>(10).fill(0);
  for (const label of set.labels) counts[label]++;
  return counts;
}

export function splitSizes({ train, calibration, test }: Dataset): number[] {
  return [train.count, calibration.count, test.count];
}
