/** The factors by which the published network was normalised, from all images that its authors took. */
import { describe, expect, it } from 'vitest';
import { compareFactors, publishedCases } from '../conversion/published-factors.js';
import { hasMnist } from '../support/data-folders.js';
import { describeCases } from '../support/walk-cases.js';

describe.skipIf(!hasMnist)('a network as its authors trained it', () => {
  describeCases(publishedCases, ({ folder }) => {
    it('the factors of the normalisation by data: relative error < 1e-6', async () => {
      const { largestError, output } = await compareFactors(folder, 0, 10_000);
      expect(largestError).toBeLessThan(1e-6);
      expect(output).toEqual([1]);
    });
  });
});
